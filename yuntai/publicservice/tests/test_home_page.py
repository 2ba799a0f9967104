"""The front page: what is listed, what its filters keep, and what it says when there is nothing."""

import re
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from yuntai.publicservice.pages.home import filters_of
from yuntai.publicservice.portal.search import Search, choices
from yuntai.publicservice.portal.stages import BY_CODE, IN_ORDER
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import DAY, NOW, TENDER, shown

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yuntai.trust.clock.now", lambda: NOW)


def page(client: Client, **asked: Any) -> str:
    answer = client.get("/", asked)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


def test_a_line_says_what_where_how_much_and_until_when(client: Client) -> None:
    shown(factories.registered(), factories.noticed())

    text = page(client)

    assert f'<a href="/tenders/{TENDER}">连云新城道路提升工程施工招标公告</a>' in text
    assert "工程建设" in text
    assert '<span class="demonstration">演示</span>' in text
    assert '<span class="status status--open">投标中</span>' in text
    assert "限价 11,880,000.00 元" in text
    assert "连云区" in text
    assert "2026-03-23 周一 09:00</time> 投标截止" in text
    assert "还剩 1 天" in text
    assert "共 1 个项目" in text


def test_a_tender_of_the_past_shows_its_day_of_opening_and_no_mark(client: Client) -> None:
    shown(factories.history())

    text = page(client)

    assert "2023-08-30 周三</time> 开标" in text
    assert "历史项目</span>" in text
    assert "demonstration" not in text


def test_filters_stay_in_the_address_of_every_further_page(client: Client) -> None:
    shown(*(factories.history(title=f"公路{number}") for number in range(21)))

    text = page(client, q="公路", kind="transport", sort="price")

    assert 'value="公路"' in text
    assert '<option value="transport" selected>交通工程 21</option>' in text
    assert "?q=%E5%85%AC%E8%B7%AF&amp;kind=transport&amp;sort=price&amp;page=2" in text
    assert "/feed.atom?q=%E5%85%AC%E8%B7%AF&amp;kind=transport&amp;sort=price" in text


def test_offers_the_whole_city_and_its_counties(client: Client) -> None:
    shown(factories.history(), factories.history(region_code="331122"))

    text = page(client, place="331100")

    assert '<option value="331100" selected>丽水市 2</option>' in text
    assert '<option value="331121">青田县 1</option>' in text


def test_a_picture_has_its_numbers_beside_it(client: Client) -> None:
    shown(factories.history(), factories.history(), factories.history(region_code="331122"))

    text = page(client)

    assert "每月有多少项目" in text
    assert '<a class="truncate" href="?place=331121">青田县</a>' in text
    assert 'width="100" height="10"' in text
    assert 'width="50" height="10"' in text


def test_says_what_to_do_when_nothing_fits(client: Client) -> None:
    shown(factories.history())

    text = page(client, q="没有这样的项目")

    assert "没有符合条件的项目" in text
    assert "减少查询词" in text
    assert 'href="/">查看全部项目' in text


def test_says_so_when_there_is_nothing_yet(client: Client) -> None:
    text = page(client)

    assert "还没有公开的项目" in text
    assert "没有符合条件的项目" not in text


@pytest.mark.parametrize("number", ["0", "-1", "x", "²", "9" * 30, "2"])
def test_any_page_number_is_answered(client: Client, number: str) -> None:
    shown(factories.history(title="唯一"))

    assert "唯一" in page(client, page=number)


@pytest.mark.parametrize("address", ["/?q=%00", "/registry?q=%00", "/tenders/E%00", "/api/v1/tenders?q=%00"])
def test_a_nul_in_the_address_is_refused(client: Client, address: str) -> None:
    answer = client.get(address)

    assert (answer.status_code, "空字符" in answer.content.decode()) == (400, True)


def test_has_no_style_or_script_in_place(client: Client) -> None:
    shown(factories.registered(), factories.noticed())

    text = page(client)

    assert " style=" not in text
    assert not re.findall(r"<script(?![^>]*src=)", text)


def test_the_feed_lists_what_the_address_asks_for(client: Client) -> None:
    shown(factories.registered(), factories.noticed(), factories.history(title="旧桥"))

    answer = client.get("/feed.atom", {"q": "连云新城"})

    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 - our own answer
    atom = {"a": "http://www.w3.org/2005/Atom"}
    titles = [each.text for each in root.findall("a:entry/a:title", atom)]
    assert titles == ["（演示）连云新城道路提升工程施工招标公告"]
    links = [each.attrib["href"] for each in root.findall("a:entry/a:link", atom)]
    assert links == [f"http://localhost:8000/tenders/{TENDER}"]
    assert "2026-03-23 周一 09:00 截止" in answer.content.decode()


def test_a_long_list_stays_small(client: Client) -> None:
    for number in range(20):
        code = f"E{number}"
        shown(
            factories.registered(tender_code=code),
            factories.noticed(tender_code=code, title="很长的项目名称" * 20, bids_due_at=NOW + number * DAY),
        )

    assert len(page(client).encode()) < 100_000


def test_the_stages_to_choose_from_follow_the_procedure() -> None:
    (stages,) = [each for each in filters_of(Search(), choices()) if each.name == "stage"]

    assert " ".join(option.label for option in stages.options) == (
        "全部阶段 待公告 投标中 待开标 评标中 公示中 待定标 已定标 已签合同 已完成 流标 终止 已暂停 历史项目"
    )
    assert set(IN_ORDER) == set(BY_CODE)
