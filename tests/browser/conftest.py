"""One city with two tenders, open for bids; and a browser."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.chromium import chromium
from tests.running_city import running_city
from yuntai.bidtool import PublishedLot
from yuntai.city.city import City
from yuntai.city.demo import prices
from yuntai.city.demo.bidding import Offer
from yuntai.city.demo.cast import Cast, cast_of
from yuntai.city.demo.play import Play
from yuntai.city.demo.played import PlayedTender
from yuntai.city.demo.scenes import Scene, past_tenders
from yuntai.city.demo.teller import SilentTeller
from yuntai.city.demo.traffic import wait_until_quiet


@dataclass(frozen=True)
class OpenCity:
    """A running city in which one tender takes bids; two bidders have bid by the bid tool."""

    city: City
    cast: Cast
    play: Play
    tender: PlayedTender
    lot: PublishedLot

    def at_trading(self, path: str) -> str:
        """Return the address of a page of the trading system."""
        return f"{self.city.url(self.cast.trading)}{path}"

    def at_supervision(self, path: str) -> str:
        """Return the address of a page of the supervision system."""
        return f"{self.city.url(self.cast.supervision)}{path}"

    def at_platform(self, path: str) -> str:
        """Return the address of a page of the public service platform."""
        return f"{self.city.url(self.cast.platform)}{path}"


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; a message of fault in its console fails the test."""
    faults: list[str] = []
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    yield page
    context.close()
    assert faults == []


def log_in(page: Page, address: str, person: str) -> None:
    """Log in at the system of `address` by picking a person of the sandbox, and arrive at `address`."""
    origin, path = address.split("/", 3)[:3], "/" + address.split("/", 3)[3]
    page.goto("/".join(origin) + f"/login?next={path}")
    page.get_by_role("button", name=person).click()
    page.wait_for_url(address)


@pytest.fixture(scope="package")
def open_city(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenCity]:
    with running_city(tmp_path_factory.mktemp("browser")) as city, cast_of(city) as cast:
        play = Play(cast, SilentTeller())
        crowd = cast.crowd()[:2]
        main = [cast.one(role) for role in ("initiator", "agency", "bidder")]
        play.register([*main, *crowd])
        ((tender, lot),) = play.put_out([Scene("browser", past_tenders()[0], 3)])
        drawn = prices.draw_prices("browser", tender.ceiling, len(crowd))
        play.hand_in(tender, lot, [Offer(bidder, price) for bidder, price in zip(crowd, drawn, strict=True)])
        wait_until_quiet(city)
        yield OpenCity(city, cast, play, tender, lot)
