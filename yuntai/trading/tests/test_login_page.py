"""The login page and the page of a refusal."""

import pytest
from pytest_django import Settings

from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import DUE, OPENED

pytestmark = pytest.mark.django_db(transaction=True)


def test_offers_people_in_a_sandbox_only(settings: Settings) -> None:
    settings.SANDBOX_URL = ""
    assert "演示人员" not in words(browser().get("/login"))

    settings.SANDBOX_URL = "http://localhost:8090"
    page = browser().get("/login")
    assert "或以演示人员登录" in words(page)
    assert 'data-challenge-url="/login/challenge" data-answer-url="/login/answer"' in page.content.decode()


def test_tells_who_is_logged_in_and_leads_on(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)

    page = browser(people.bidder()).get("/login?next=/lots/E1/bid")

    assert "已以 测试单位第100号 投标0 登录。" in words(page)
    assert 'href="/lots/E1/bid"' in page.content.decode()


def test_a_refusal_says_what_and_shows_the_way_back(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, DUE)

    missing = browser().get("/tenders/E0")
    assert "没有找到 没有编号为 E0 的招标项目或标段，请核对编号。" in words(missing)
    forbidden = browser(people.expert()).get(f"/lots/{place.lot.code}/bid", headers={"Referer": "/desk"})
    assert "不能查看或办理" in words(forbidden)
    assert '<a class="btn btn-primary" href="/desk">返回上一页</a>' in forbidden.content.decode()
    unknown = browser().post(f"/lots/{place.lot.code}/award")
    assert (unknown.status_code, "须先登录" in words(unknown)) == (401, True)


def test_a_refusal_cites_its_clause(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    related = people.person("投标0", 100, "bidder", "expert")
    set_clock(monkeypatch, world.CLOSED)

    refused = browser(related).get(f"/lots/{place.lot.code}/evaluation")

    assert "依据：《招标投标法》第三十七条" in words(refused)
