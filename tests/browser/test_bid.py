"""A bid is sealed and handed in with Chromium; the holders release, and Python opens it."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenCity, log_in
from yuntai.city.demo.portal import wait_until_published
from yuntai.standard.messages import OpeningRecorded

pytestmark = pytest.mark.browser
PERSON = "王投标"


def fill(page: Page, price: str, paper: Path) -> None:
    for name, value in {
        "price_yuan": price,
        "duration_days": "210",
        "project_lead": PERSON,
        "quality": "合格",
    }.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("[name=files]").set_input_files(paper)


def test_a_price_above_the_ceiling_is_refused_before_anything_leaves_the_device(
    open_city: OpenCity, page: Page, tmp_path: Path
) -> None:
    paper = tmp_path / "技术标.pdf"
    paper.write_bytes(b"%PDF-1.7 test")
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(request.url) if request.method in {"PUT", "POST"} else None
    )
    log_in(page, open_city.at_trading(f"/lots/{open_city.lot.code}/bid"), PERSON)
    sent.clear()

    fill(page, f"{open_city.tender.ceiling + 1:.2f}", paper)
    page.get_by_role("button", name="递交投标文件").click()

    expect(page.locator("[aria-invalid=true][name=price_yuan]")).to_be_visible()
    assert sent == []


def test_the_price_typed_in_the_browser_is_the_price_opened(
    open_city: OpenCity, page: Page, tmp_path: Path
) -> None:
    paper = tmp_path / "技术标.pdf"
    paper.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 400)
    price = f"{open_city.tender.ceiling - 12345:.2f}"
    address = open_city.at_trading(f"/lots/{open_city.lot.code}/bid")
    log_in(page, address, PERSON)

    fill(page, price, paper)
    page.get_by_role("button", name="递交投标文件").click()

    expect(page.get_by_role("heading", name="投标文件已递交")).to_be_visible(timeout=30_000)
    page.goto(address)
    expect(page.get_by_role("heading", name="投标文件已递交")).to_be_visible()
    page.get_by_role("link", name="撤回投标文件").click()
    page.get_by_role("button", name="撤回投标文件").click()
    expect(page.locator("[data-withdrawn]")).to_be_visible()
    fill(page, price, paper)
    page.get_by_role("button", name="递交投标文件").click()
    expect(page.get_by_role("heading", name="投标文件已递交")).to_be_visible(timeout=30_000)
    expect(page.locator("[data-withdrawn]")).to_have_count(0)  # said of the bid before this one
    open_city.play.pass_deadline([open_city.tender])
    record = wait_until_published(open_city.cast, open_city.tender.tender_code, OpeningRecorded)
    wang = open_city.cast.person("wang-toubiao").organization
    (opened,) = [bid for bid in record.bids if bid.bidder_code == wang.code]
    assert (opened.outcome, f"{opened.price_yuan}", opened.duration_days) == ("opened", price, 210)
    assert opened.bidder_name == wang.name


def test_a_page_of_another_lot_cannot_be_reached_by_a_stranger(open_city: OpenCity, page: Page) -> None:
    page.goto(open_city.at_trading(f"/lots/{open_city.lot.code}/bid"))

    assert "/login?next=" in page.url
