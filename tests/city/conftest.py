"""One city with one small tender, played from the notice to the contract, for all tests of this folder."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.running_city import running_city
from yuntai.bidtool import PublishedLot
from yuntai.city.city import City
from yuntai.city.demo import prices
from yuntai.city.demo.bidding import Offer
from yuntai.city.demo.cast import Cast, cast_of
from yuntai.city.demo.findings import Findings, last_audit_row
from yuntai.city.demo.play import Play
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.scenes import Scene, past_tenders
from yuntai.city.demo.secrecy import Secrecy
from yuntai.city.demo.teller import SilentTeller
from yuntai.city.demo.traffic import wait_until_quiet

BIDS = 5


@dataclass(frozen=True)
class SmallCity:
    """A running city in which one tender came to its contract and another takes bids."""

    city: City
    cast: Cast
    findings: Findings
    secrecy: Secrecy
    open_lot: PublishedLot


@pytest.fixture(scope="package")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest.fixture(scope="package")
def played(city: City) -> Iterator[SmallCity]:
    """Play a tender with five bidders to the contract, and put out another."""
    with cast_of(city) as cast:
        play = Play(cast, SilentTeller())
        audit_start, secrecy = last_audit_row(cast), Secrecy(cast)
        main = [cast.one(role) for role in ("initiator", "agency", "bidder")]
        play.register([*main, *cast.crowd()[:BIDS]])
        ((tender, lot),) = play.put_out([Scene("small", past_tenders()[0], BIDS, by_agency=True)])
        secrecy.look_before()
        play.hand_in(tender, lot, offers(cast, tender))
        play.bidding.replace(tender, lot, offers(cast, tender)[2])
        secrecy.look_after(play.played)
        play.pass_deadline([tender])
        play.evaluate(tender)
        play.conclude([tender])
        ((_, open_lot),) = play.put_out([Scene("open", past_tenders()[1], 0)])
        wait_until_quiet(city)
        findings = Findings.read(cast, play.played, audit=(audit_start, last_audit_row(cast)))
        yield SmallCity(city, cast, findings, secrecy, open_lot)


def offers(cast: Cast, tender: PlayedTender) -> list[Offer]:
    """Return five offers: one sealed wrongly, one above the ceiling."""
    drawn = prices.draw_prices("small", tender.ceiling, BIDS)
    made = [Offer(bidder, price) for bidder, price in zip(cast.crowd(), drawn, strict=False)]
    made[3] = Offer(made[3].bidder, drawn[3], is_sealed_wrongly=True)
    made[4] = Offer(made[4].bidder, prices.above(tender.ceiling))
    return made
