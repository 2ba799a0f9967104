"""The opening hall, and that before the opening no page tells anyone of a bid."""

from datetime import timedelta

import pytest
from django.urls import reverse
from pytest_django import Settings

from yuntai.trading.opening.services import close_bidding, open_bids
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, without_tokens, words
from yuntai.trading.tests.world import CLOSED, DUE, OPENED

pytestmark = pytest.mark.django_db(transaction=True)


def hall(place: world.World) -> str:
    return words(browser().get(reverse("opening", args=[place.lot.code])))


def test_counts_down_to_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, DUE - timedelta(seconds=90))

    shown = hall(place)

    assert "距投标截止 还剩 1 分 30 秒" in shown
    assert "等待投标截止" in shown


def test_says_each_step_of_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    set_clock(monkeypatch, DUE)
    assert "正在封标" in hall(place)

    close_bidding(lot_code=place.lot.code, now=CLOSED)
    set_clock(monkeypatch, CLOSED)
    assert "等待保管方释放份额" in hall(place)
    assert "T：招标人 保管方 T 未到达" in hall(place)
    assert "3 份" not in hall(place)

    world.release(place, "T")
    assert "T：招标人 保管方 T 已到达 2026-03-22 周日 09:00:05 P：交易系统运营机构 保管方 P 未到达" in hall(
        place
    )

    for letter in "CR":
        world.release(place, letter)
    open_bids(lot_code=place.lot.code, now=CLOSED)
    shown = hall(place)
    assert "已开标 2026-03-22 周日 09:00:05 由保管方 C、R、T 的份额打开。" in shown
    assert "开标记录：3 份投标文件" in shown
    assert "测试单位第100号" in shown


def test_says_what_helps_while_holders_do_not_answer(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    place = world.close_lot()
    set_clock(monkeypatch, CLOSED)
    world.release(place, "P")

    advice = "别的保管方几分钟后仍未到的，请运营机构联系保管方 R（保管方 R），由其人员释放这个标段的份额。"
    settings.SANDBOX = False
    assert advice in hall(place)
    assert "yuntai city release" not in hall(place)

    settings.SANDBOX = True
    assert f"{advice}演示城市里在终端执行：.venv/bin/yuntai city release {place.lot.code}" in hall(place)

    world.release(place, "R")
    assert "别的保管方几分钟后仍未到的" not in hall(place)


def test_the_fragment_comes_only_with_news(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, DUE - timedelta(minutes=1))
    address = reverse("opening-inside", args=[place.lot.code])
    client = browser()
    first = client.get(address).content.decode()
    seen = first.partition("?seen=")[2][:16]

    set_clock(monkeypatch, DUE - timedelta(seconds=1))
    assert client.get(f"{address}?seen={seen}").status_code == 204

    set_clock(monkeypatch, DUE)
    changed = client.get(f"{address}?seen={seen}")
    assert (changed.status_code, "正在封标" in words(changed)) == (200, True)


def test_a_finished_hall_asks_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    set_clock(monkeypatch, CLOSED)

    assert "hx-get" not in browser().get(reverse("opening-inside", args=[place.lot.code])).content.decode()


def test_says_why_nothing_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.suspend(place)
    set_clock(monkeypatch, DUE)

    assert "本项目已暂停 2026-03-04 周三 09:00 起暂停，恢复前不开标。原因：投标期限不足" in hall(place)


def test_a_drafts_hall_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)

    for page in ("opening", "opening-inside"):
        address = reverse(page, args=[draft.lots.get().code])
        assert browser(people.initiator()).get(address).status_code == 404


def test_no_page_differs_by_the_bids_handed_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page that anyone else can open before the opening reads the same with three bids as with none."""
    place = world.publish()
    set_clock(monkeypatch, OPENED + timedelta(days=3))
    code, lot = place.tender.code, place.lot.code
    addresses = [
        "/",
        f"/tenders/{code}",
        f"/tenders/{code}/check",
        f"/lots/{lot}/opening",
        f"/lots/{lot}/opening/now",
    ]
    readers = {
        None: browser(),
        "initiator": browser(people.initiator()),
        "expert": browser(people.expert()),
        "other bidder": browser(people.bidder(9)),
    }
    own = {
        "initiator": [f"/lots/{lot}/candidates", f"/lots/{lot}/award"],
        "expert": [f"/lots/{lot}/evaluation"],
    }

    def read() -> dict[tuple[str | None, str], str]:
        return {
            (name, address): without_tokens(client.get(address))
            for name, client in readers.items()
            for address in [*addresses, *(["/desk"] if name else []), *own.get(name or "", [])]
        }

    before = read()
    for number in range(3):
        world.hand_in(place, people.bidder(number), now=OPENED + timedelta(days=2))

    assert read() == before
    set_clock(monkeypatch, CLOSED)
    before = read()
    close_bidding(lot_code=lot, now=CLOSED)
    assert people.bidder(0).subject.organization_name not in "".join(read().values())
