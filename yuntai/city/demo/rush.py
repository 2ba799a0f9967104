"""Many bidders at once: bids sealed and uploaded ahead, then only the small submits, as before a deadline."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from yuntai.bidtool import BidToolError, PublishedLot, SealedBid, Session, submit, upload
from yuntai.city.demo import prices
from yuntai.city.demo.bidding import Bidding, Offer
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.play import Play
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.scenes import PastTender, Scene
from yuntai.city.sandbox.people import Person

PART = "rush"


@dataclass(frozen=True)
class Ready:
    """A sealed and uploaded bid, ready to be submitted."""

    session: Session
    bid: SealedBid


@dataclass
class Outcome:
    """What became of the submits.  failed: with the sentence why; whether they took effect is not known."""

    acknowledged: list[SealedBid] = field(default_factory=list)
    failed: list[tuple[Ready, str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock, repr=False)


def get_ready(
    play: Play, past: Sequence[PastTender], bidders: Sequence[Person], *, at_once: int = 4
) -> list[Ready]:
    """Put out a tender for each of `past`, and have every bidder seal and upload a bid for each.

    The order is by tender, then by bidder.
    """
    play.register([play.cast.one("initiator"), *bidders])
    put_out = play.put_out([Scene(PART, tender, len(bidders)) for tender in past])
    work = [(lot, offer) for tender, lot in put_out for offer in _offers(tender, bidders)]
    bidding = play.bidding

    def make(pair: tuple[PublishedLot, Offer]) -> Ready:
        return _ready(play.cast, bidding, *pair)

    with ThreadPoolExecutor(at_once) as pool, play.teller.counting("密封并上传", len(work)) as done:
        ready = []
        for each in pool.map(make, work):
            ready.append(each)
            done()
    return ready


def submit_all(
    ready: Sequence[Ready],
    *,
    at_once: int,
    acknowledged: Callable[[int], None] = lambda count: None,
) -> Outcome:
    """Submit all, `at_once` at a time, and return what became of each; a failure does not stop the others.

    acknowledged: called after each receipt with how many there are.
    """
    outcome = Outcome()

    def hand_in(one: Ready) -> None:
        try:
            submit(one.session, one.bid)
        except BidToolError as error:
            with outcome.lock:
                outcome.failed.append((one, str(error)))
            return
        with outcome.lock:
            outcome.acknowledged.append(one.bid)
            count = len(outcome.acknowledged)
        acknowledged(count)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(hand_in, ready))
    return outcome


def _offers(tender: PlayedTender, bidders: Sequence[Person]) -> list[Offer]:
    drawn = prices.draw_prices(tender.tender_code, tender.ceiling, len(bidders))
    return [Offer(bidder, price) for bidder, price in zip(bidders, drawn, strict=True)]


def _ready(cast: Cast, bidding: Bidding, lot: PublishedLot, offer: Offer) -> Ready:
    bid = bidding.seal(lot, offer)
    session = cast.at_trading(offer.bidder)
    upload(session, bid)
    return Ready(session, bid)
