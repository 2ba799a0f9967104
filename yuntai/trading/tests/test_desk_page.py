"""The desk: what each role does next, and for whom it waits."""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from django.utils.http import urlencode
from pytest_django import Settings

from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record
from yuntai.trading.contracts.services import draw_up_contract
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.tests.people import Person
from yuntai.trading.tests.world import DUE, OPENED

pytestmark = pytest.mark.django_db(transaction=True)

NAME = "演示小学教学楼施工"


def desk(person: Person) -> str:
    return words(browser(person).get("/desk"))


def test_asks_for_the_login_first(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)

    assert browser().get("/desk").headers["Location"] == f"/login?{urlencode({'next': '/desk'})}"


@pytest.mark.parametrize(
    ("person", "first"),
    [
        (people.initiator(), "还没有招标项目 先新建招标项目"),
        (people.bidder(), "还没有参加投标 先从正在招标的项目中选择标段"),
        (people.expert(), "还没有评审过的项目"),
    ],
    ids=["initiator", "bidder", "expert"],
)
def test_an_empty_desk_says_what_to_do_first(
    person: Person, first: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(monkeypatch, OPENED)

    shown = desk(person)

    assert "没有待办事项。" in shown
    assert first in shown


def test_a_draft_is_due_on_its_last_lawful_day(monkeypatch: pytest.MonkeyPatch) -> None:
    world.make_draft()  # due on 22 March: published on 2 March at the latest
    set_clock(monkeypatch, OPENED)
    assert (
        "演示小学教学楼施工 草稿，尚未公开 2026-03-02 周一 23:59 前 还剩 14 小时 59 分 发布招标公告"
        in desk(people.initiator())
    )

    assert "周日 发布" not in desk(people.initiator())  # the day of drafting is no day of publishing

    set_clock(monkeypatch, datetime(2026, 3, 3, tzinfo=OPENED.tzinfo))
    shown = desk(people.initiator())
    assert "距投标截止已不足法定期限（最迟 2026-03-02 发布），不能再发布" in shown
    assert "查看草稿" in shown


def test_shows_what_the_initiator_waits_for(monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish()
    set_clock(monkeypatch, OPENED)
    assert f"{NAME} 等待投标截止 2026-03-22 周日 09:00 还剩 20 天" in desk(people.initiator())

    set_clock(monkeypatch, DUE)
    assert f"{NAME} 等待密钥保管方释放份额后开标" in desk(people.initiator())


def test_the_initiator_publishes_awards_and_contracts(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.award_lot()
    set_clock(monkeypatch, world.STANDSTILL_CLOSES)
    assert f"{NAME} 已定标 2026-04-25 周六 23:59 前 还剩 30 天 拟定合同" in desk(people.initiator())
    assert f"{NAME} 等待招标人拟定合同" in desk(people.bidder(0))  # the cheapest is the nearest to A×K

    draw_up_contract(lot_code=place.lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES)
    assert f"{NAME} 合同已拟定 2026-04-25 周六 23:59 前 还剩 30 天 签署合同" in desk(people.initiator())
    assert f"{NAME} 本单位中标 2026-04-25 周六 23:59 前 还剩 30 天 签署合同" in desk(people.bidder(0))
    assert "签署合同" not in desk(people.bidder(1))
    assert "演示小学教学楼施工" in desk(people.bidder(1))


def test_the_standstill_moves_from_waiting_to_doing(monkeypatch: pytest.MonkeyPatch) -> None:
    world.stand_still()
    set_clock(monkeypatch, world.STANDSTILL_CLOSES - timedelta(seconds=1))
    assert f"{NAME} 等待公示期满" in desk(people.initiator())

    set_clock(monkeypatch, world.STANDSTILL_CLOSES)
    assert f"{NAME} 公示期已满 不限时间 定标" in desk(people.initiator())


def test_candidates_are_due_within_three_days(monkeypatch: pytest.MonkeyPatch) -> None:
    world.evaluate()  # on Sunday 22 March
    set_clock(monkeypatch, world.EVALUATED)

    assert f"{NAME} 已收到评标报告 2026-03-25 周三 23:59 前" in desk(people.initiator())


def test_an_expert_evaluates_what_is_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    world.open_lot()
    set_clock(monkeypatch, world.CLOSED)

    assert f"{NAME} 已开标，等待评标报告 不限时间 评审" in desk(people.expert())


def test_an_expert_of_a_bidder_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    world.open_lot()
    related = people.person("投标0", 100, "bidder", "expert")
    set_clock(monkeypatch, world.CLOSED)

    assert "评审" not in desk(related)


def test_a_bidder_waits_from_the_bid_to_the_opening(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.hand_in(place, people.bidder(1))
    set_clock(monkeypatch, OPENED + timedelta(days=2))

    assert f"{NAME} 等待投标截止（此前可撤回） 2026-03-22 周日 09:00" in desk(people.bidder(1))
    assert NAME not in desk(people.bidder(2))


def test_a_suspended_tender_waits_for_the_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.suspend(place)
    set_clock(monkeypatch, OPENED + timedelta(days=3))

    assert f"{NAME} 等待测试监督部门 孙监督 准予恢复" in desk(people.initiator())


def test_whoever_has_lost_every_role_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    set_clock(monkeypatch, OPENED)
    client = browser(people.bidder())
    account = Account.objects.get(person_id=people.bidder().subject.person_id)
    account.roles = []
    with transaction.atomic():
        account.save()
        record(caller=people.bidder().caller, act="log-in", subject=account, before="", now=OPENED)

    assert "没有可办理的业务 当前单位在本系统没有角色。" in words(client.get("/desk"))


def test_an_agency_waits_for_its_initiator_to_award(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.stand_still()
    agency = people.person("郑代理", 60, "agency")
    with transaction.atomic():
        place.tender.agency_code = agency.subject.organization_code
        place.tender.save()
        record(caller=agency.caller, act="test", subject=place.tender, before="", now=OPENED)
    set_clock(monkeypatch, world.STANDSTILL_CLOSES)

    assert f"{NAME} 等待招标人定标" in desk(agency)


def test_the_operator_sees_what_waits_for_shares_and_has_no_act(
    monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    place = world.publish()
    operator = people.person("吴运营", 70)
    settings.OPERATOR_CODE = operator.subject.organization_code
    set_clock(monkeypatch, DUE)

    shown = desk(operator)

    assert "没有待办事项。" in shown
    assert f"{NAME} 等待密钥保管方释放份额" in shown
    assert place.tender.title in shown
