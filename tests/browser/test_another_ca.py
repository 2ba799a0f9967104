"""A system first bound to CA A takes a bidder of CA B, who does everything in Chromium, with SM2."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import OpenCity, log_in
from tests.browser.test_bid import fill
from tests.running_city import running_city
from yuntai.city.demo import prices
from yuntai.city.demo.bidding import Offer
from yuntai.city.demo.cast import cast_of
from yuntai.city.demo.play import Play
from yuntai.city.demo.portal import wait_until_published
from yuntai.city.demo.scenes import Scene, past_tenders
from yuntai.city.demo.teller import SilentTeller
from yuntai.city.demo.traffic import wait_until_quiet
from yuntai.standard.messages import OpeningRecorded
from yuntai.trust.suites import NATIONAL

pytestmark = pytest.mark.browser
OF_B = "zhao-toubiao"
NAME_OF_B = "海州演示数字证书认证中心"


@pytest.fixture
def city_of_a(browser: Browser, tmp_path: Path) -> Iterator[OpenCity]:
    """A city that recognises CA A alone, where a tender sealed in the national suite has two bids."""
    with running_city(tmp_path, recognised_cas=["A"]) as city, cast_of(city) as cast:
        play = Play(cast, SilentTeller())
        crowd = [person for person in cast.crowd() if person.ca == "A"][:2]
        play.register([cast.one("initiator"), *crowd])
        ((tender, lot),) = play.put_out([Scene("browser", past_tenders()[0], 3, suite=NATIONAL.code)])
        drawn = prices.draw_prices("browser", tender.ceiling, len(crowd))
        play.hand_in(tender, lot, [Offer(*pair) for pair in zip(crowd, drawn, strict=True)])
        wait_until_quiet(city)
        yield OpenCity(city, cast, play, tender, lot)


def publish_list_with_b(city_of_a: OpenCity, page: Page, folder: Path) -> None:
    """Let the platform's operator publish the version in which the officers recognise CA B too."""
    signed = city_of_a.city.trust_list.signed("AB", seq=2, now=city_of_a.play.clock.now())
    (folder / "trust-list.json").write_text(json.dumps(signed), encoding="utf-8")
    log_in(page, city_of_a.at_platform("/trust-list"), "周平台")
    page.locator("[name=file]").set_input_files(folder / "trust-list.json")
    page.get_by_role("button", name="验证签名并发布").click()
    expect(page.get_by_role("status")).to_contain_text("新名单已生效")
    expect(page.get_by_role("rowheader", name=NAME_OF_B)).to_be_visible()
    wait_until_quiet(city_of_a.city)


def expect_not_recognised(city_of_a: OpenCity, browser: Browser) -> None:
    # On a page of its own: the refusal shows in its console, as it should.
    page = browser.new_page(locale="zh-CN")
    page.goto(city_of_a.at_platform("/login"))
    page.get_by_role("button", name="赵投标").click()
    expect(page.get_by_role("alert")).to_contain_text("不在本市互认名单内")
    page.close()


def register(page: Page, address: str) -> None:
    log_in(page, address, "赵投标")
    page.locator("[name=bidder]").check()
    page.locator("[name=region_code]").select_option("320703")
    page.locator("[name=contact_name]").fill("赵投标")
    page.locator("[name=contact_phone]").fill("0518-00000000")
    page.get_by_role("button", name="登记本单位").click()
    expect(page.get_by_role("status")).to_be_visible()


def test_a_bidder_of_ca_b_registers_signs_seals_and_is_opened_with_sm2(
    city_of_a: OpenCity, browser: Browser, page: Page, tmp_path: Path
) -> None:
    expect_not_recognised(city_of_a, browser)
    publish_list_with_b(city_of_a, page, tmp_path)
    register(page, city_of_a.at_platform("/registry/register"))
    wait_until_quiet(city_of_a.city)
    paper = tmp_path / "技术标.pdf"
    paper.write_bytes(b"%PDF-1.7 " + bytes(range(256)) * 400)
    price = f"{city_of_a.tender.ceiling - 12345:.2f}"
    log_in(page, city_of_a.at_trading(f"/lots/{city_of_a.lot.code}/bid"), "赵投标")

    fill(page, price, paper)
    page.get_by_role("button", name="递交投标文件").click()

    expect(page.get_by_role("heading", name="投标文件已递交")).to_be_visible(timeout=60_000)
    city_of_a.play.pass_deadline([city_of_a.tender])
    record = wait_until_published(city_of_a.cast, city_of_a.tender.tender_code, OpeningRecorded)
    zhao = city_of_a.cast.person(OF_B).organization
    (opened,) = [bid for bid in record.bids if bid.bidder_code == zhao.code]
    assert (opened.outcome, f"{opened.price_yuan}") == ("opened", price)
    page.goto(city_of_a.at_trading(f"/lots/{city_of_a.lot.code}/opening"))
    expect(page.get_by_text(zhao.name).first).to_be_visible()
