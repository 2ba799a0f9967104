"""The bidders' side: each seals on its own and hands in; one seals wrongly, one thinks better of it."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from yuntai.bidtool import PublishedLot, SealedBid, read_holders, seal_bid, submit, upload, withdraw
from yuntai.city.demo.archive import public_key_of
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.played import HandedIn, PlayedTender
from yuntai.city.sandbox.people import Person
from yuntai.standard.bidfile import BidForm

AT_ONCE = 4
SPOILT = "R"


@dataclass(frozen=True)
class Offer:
    """What one bidder hands in.  is_sealed_wrongly: it will not open, by the bidder's own fault."""

    bidder: Person
    price: Decimal
    is_sealed_wrongly: bool = False


class Bidding:
    """Bidders at work in the trading system."""

    def __init__(self, cast: Cast, now: Callable[[], datetime]) -> None:
        self._cast = cast
        self._now = now
        self._system_key = public_key_of(cast.city.folder.peers_file, cast.trading)
        self._holders = read_holders(cast.city.folder.holders_file(cast.trading))

    def hand_in_all(
        self, tender: PlayedTender, lot: PublishedLot, offers: Sequence[Offer], done: Callable[[], None]
    ) -> None:
        """Let every bidder hand in, several at a time; `done` is called after each."""

        def hand_in(offer: Offer) -> HandedIn:
            handed_in = self.hand_in(lot, offer)
            done()
            return handed_in

        with ThreadPoolExecutor(AT_ONCE) as pool:
            tender.bids.extend(pool.map(hand_in, offers))

    def hand_in(self, lot: PublishedLot, offer: Offer) -> HandedIn:
        """Seal, upload, submit, and check the receipt against the system's public key."""
        bid = self.seal(lot, offer)
        session = self._cast.at_trading(offer.bidder)
        upload(session, bid)
        receipt = submit(session, bid, system_key=self._system_key)
        return HandedIn(offer.bidder, offer.price, bid, receipt, offer.is_sealed_wrongly)

    def replace(self, tender: PlayedTender, lot: PublishedLot, offer: Offer) -> None:
        """Let a bidder take its bid back and hand in another."""
        first = next(each for each in tender.bids if each.bidder == offer.bidder)
        withdraw(self._cast.at_trading(offer.bidder), first.bid)
        tender.bids.remove(first)
        tender.withdrawn.append(first)
        tender.bids.append(self.hand_in(lot, offer))

    def seal(self, lot: PublishedLot, offer: Offer) -> SealedBid:
        """Check the holders' keys as a bidder does, and seal an offer."""
        lot.check_holders(self._holders)
        bidder = offer.bidder
        form = BidForm(
            tender_code=lot.tender_code,
            lot_code=lot.code,
            bidder_code=bidder.organization.code,
            bidder_name=bidder.organization.name,
            price_yuan=offer.price,
            duration_days=240 + len(bidder.id),
            project_lead=f"{bidder.name[0]}工",
            quality="合格",
            note="演示报价，由带种子的模型生成。",
            made_at=self._now(),
        )
        bid = seal_bid(form, {}, lot=lot, bundle=self._cast.key(bidder))
        return spoilt(bid) if offer.is_sealed_wrongly else bid


def spoilt(bid: SealedBid) -> SealedBid:
    """Return the bid as a bidder sends it who gives one holder a share that is none.

    The other three can still find the key, and then everybody sees what he did.
    """
    wrapped = dict(bid.header.wrapped_shares)
    wrapped[SPOILT] = wrapped["T"]
    return replace(bid, header=replace(bid.header, wrapped_shares=wrapped))
