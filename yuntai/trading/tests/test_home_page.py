"""The public list of tenders."""

from datetime import datetime, timedelta

import pytest

from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.world import DUE, OPENED

pytestmark = pytest.mark.django_db(transaction=True)

TITLE = "演示小学教学楼施工"
LAST_MOMENT = timedelta(microseconds=1)


def shown(address: str = "/") -> str:
    return words(browser().get(address))


def test_says_when_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)

    assert "还没有招标项目" in shown()
    assert "没有符合条件的项目" in shown("/?q=道路")


def test_lists_what_is_published_and_no_draft(monkeypatch: pytest.MonkeyPatch) -> None:
    world.make_draft()
    set_clock(monkeypatch, OPENED)
    assert TITLE not in shown()

    world.publish()
    assert (
        f"招标公告 演示 {TITLE} 招标投标 连云港市海州区 2026-03-22 周日 09:00 投标截止 还剩 20 天" in shown()
    )
    assert "共 1 个项目" in shown()


@pytest.mark.parametrize(
    ("stage", "first", "last"),
    [("bidding", OPENED, DUE - LAST_MOMENT), ("opening", DUE, DUE + timedelta(days=9))],
)
def test_a_stage_holds_from_its_first_to_its_last_moment(
    stage: str, first: datetime, last: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish()

    for now in (first, last):
        set_clock(monkeypatch, now)
        assert TITLE in shown(f"/?stage={stage}")
    for now in (first - LAST_MOMENT, last + LAST_MOMENT):
        set_clock(monkeypatch, now)
        assert (TITLE in shown(f"/?stage={stage}")) is (stage == "opening" and now > last)


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (world.STANDSTILL_CLOSES - LAST_MOMENT, "standstill"),
        (world.STANDSTILL_CLOSES, "award"),
    ],
)
def test_a_lot_stands_in_one_stage_only(now: datetime, stage: str, monkeypatch: pytest.MonkeyPatch) -> None:
    world.stand_still()
    set_clock(monkeypatch, now)

    found = [
        code
        for code in (
            "bidding",
            "opening",
            "evaluation",
            "candidates",
            "standstill",
            "award",
            "contract",
            "ended",
        )
        if TITLE in shown(f"/?stage={code}")
    ]

    assert found == [stage]


def test_ended_and_suspended_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot(prices=("8800000.00",), letters="")
    set_clock(monkeypatch, world.CLOSED)
    assert f"流标公告 演示 {TITLE} 流标" in shown("/?stage=ended")
    assert TITLE not in shown("/?stage=suspended")

    other = world.publish()
    world.suspend(other)
    assert f"{TITLE} 已暂停" in shown("/?stage=suspended")
    assert place.tender.code != other.tender.code


def test_finds_by_title_initiator_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, OPENED)

    for text in ("教学楼", "测试单位第001", place.tender.code, place.tender.code[:9].lower()):
        assert TITLE in shown(f"/?q={text}")
    assert TITLE not in shown("/?q=道路")


def test_pages_keep_the_filters(monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        world.publish()
    set_clock(monkeypatch, OPENED)
    monkeypatch.setattr("yuntai.trading.pages.lists.ROWS", 2)

    response = browser().get("/?stage=bidding")

    assert "共 3 个项目，第 1 / 2 页" in words(response)
    assert 'href="?stage=bidding&amp;page=2"' in response.content.decode()
    assert words(browser().get("/?stage=bidding&page=2")).count(TITLE) == 1


def test_the_bidding_list_tells_a_bidder_nothing_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.hand_in(place, people.bidder(1))
    set_clock(monkeypatch, OPENED + timedelta(days=2))

    assert people.bidder(1).subject.organization_name not in words(browser(people.bidder(2)).get("/"))
