"""Every page at desktop and phone width: no fault in the console, nothing for axe, nothing sticks out."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser.conftest import OpenCity, log_in

pytestmark = pytest.mark.browser
WIDTHS = (1280, 390)

Address = Callable[[OpenCity], str]
PUBLIC: dict[str, Address] = {
    "portal home": lambda city: city.at_platform("/"),
    "portal tender": lambda city: city.at_platform(f"/tenders/{city.tender.tender_code}"),
    "portal systems": lambda city: city.at_platform("/systems"),
    "portal system": lambda city: city.at_platform(f"/systems/{city.cast.trading}"),
    "portal corrections": lambda city: city.at_platform(f"/systems/{city.cast.trading}/corrections"),
    "portal certification": lambda city: city.at_platform("/certification"),
    "portal registry": lambda city: city.at_platform("/registry"),
    "portal login": lambda city: city.at_platform("/login"),
    "citizen's registration": lambda city: city.at_platform("/citizens/register"),
    "self-test": lambda city: city.at_trading("/selftest"),
    "logged out": lambda city: city.at_trading("/logged-out"),
    "portal nothing found": lambda city: city.at_platform("/?q=查无此项目"),
    "trading home": lambda city: city.at_trading("/"),
    "trading tender": lambda city: city.at_trading(f"/tenders/{city.tender.tender_code}"),
    "trading opening": lambda city: city.at_trading(f"/lots/{city.lot.code}/opening"),
    "trading login": lambda city: city.at_trading("/login"),
    "supervision public": lambda city: city.at_supervision("/public"),
}
OWN: dict[str, tuple[str, Address]] = {
    "initiator's desk": ("李招标", lambda city: city.at_trading("/desk")),
    "new tender": ("李招标", lambda city: city.at_trading("/tenders/new")),
    "bidder's desk": ("王投标", lambda city: city.at_trading("/desk")),
    "expert's desk": ("钱专家", lambda city: city.at_trading("/desk")),
    "board": ("孙监督", lambda city: city.at_supervision("/")),
    "watched tender": ("孙监督", lambda city: city.at_supervision(f"/tenders/{city.tender.tender_code}")),
    "registration": ("王投标", lambda city: city.at_platform("/registry/register")),
    "bidder's desk at the platform": ("王投标", lambda city: city.at_platform("/desk")),
    "passkeys": ("王投标", lambda city: city.at_platform("/passkeys")),
    "operator's desk": ("周平台", lambda city: city.at_platform("/desk")),
    "entering a system": ("王投标", lambda city: city.at_platform("/systems/enter")),
}


def look_at(page: Page, address: str) -> None:
    """Open a page and hold against it what must hold of every page."""
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    answer = page.goto(address)
    assert answer is not None
    assert answer.status == 200
    page.wait_for_load_state("load")
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], [node["html"] for node in fault["nodes"]][:2]) for fault in found] == []


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(name: str, width: int, open_city: OpenCity, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": width, "height": 900})

    look_at(page, PUBLIC[name](open_city))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("name", OWN)
def test_page_of_one_who_is_logged_in(name: str, width: int, open_city: OpenCity, browser: Browser) -> None:
    person, address = OWN[name]
    page = browser.new_page(viewport={"width": width, "height": 900})
    log_in(page, address(open_city), person)

    look_at(page, address(open_city))


@pytest.mark.parametrize("name", PUBLIC)
def test_the_largest_font_fits_a_phone(name: str, open_city: OpenCity, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(PUBLIC[name](open_city))

    page.get_by_role("button", name="特大", exact=True).click()

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_message_is_one_line_on_a_phone(open_city: OpenCity, browser: Browser) -> None:
    page = browser.new_page(viewport={"width": 390, "height": 900})
    page.goto(PUBLIC["portal tender"](open_city))

    row = page.locator("#record tbody tr").first.bounding_box()

    assert row is not None
    assert row["height"] < 50
