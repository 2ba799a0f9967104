"""The public page of a tender and its documents."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from yuntai.kernel.accounts.caller import Caller
from yuntai.trading.tenders.models import Document, FinalStatus
from yuntai.trading.tenders.queries import locked_lot
from yuntai.trading.tenders.running import end_lot, resume_tender
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, publish_two_lots, set_clock, words
from yuntai.trading.tests.world import DUE, OPENED

pytestmark = pytest.mark.django_db(transaction=True)

PDF = f"/documents/{world.SHA_OF_DOCUMENT}/招标文件.pdf"


def page(code: str) -> str:
    return reverse("tender", args=[code])


def test_shows_everyone_the_four_facts(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, DUE - timedelta(days=5))

    shown = words(browser().get(page(place.tender.code)))

    assert "演示小学教学楼施工" in shown
    assert "招标内容 房屋建筑和市政工程公开招标 施工一标段" in shown
    assert "最高投标限价 10,000,000.00 元 估算价 9,500,000.00 元" in shown
    assert "投标截止 2026-03-22 周日 09:00 还剩 5 天" in shown
    assert "招标人 测试单位第001号 自行招标" in shown
    assert "自招标文件开始发出至投标截止不少于 20 日 依据：《招标投标法》第二十四条" in shown
    assert "公告正文" in shown


def test_a_draft_is_not_there_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    draft = world.make_draft()
    set_clock(monkeypatch, OPENED)

    for reader in (None, people.bidder(), people.other_initiator(), people.expert()):
        response = browser(reader).get(page(draft.code))
        assert response.status_code == 404
        assert "演示小学" not in words(response)
    assert (
        browser(people.initiator()).get(page(draft.code)).headers["Location"]
        == f"/tenders/{draft.code}/draft"
    )


def test_documents_are_free_without_login(monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish()
    set_clock(monkeypatch, OPENED)

    response = browser().get(PDF)

    assert b"".join(response.streaming_content) == b"test"  # type: ignore[attr-defined]
    assert response.headers["Content-Disposition"].startswith("attachment")
    response.close()


def test_documents_of_a_draft_are_its_owners(monkeypatch: pytest.MonkeyPatch) -> None:
    world.make_draft()
    set_clock(monkeypatch, OPENED)

    assert browser().get(PDF).status_code == 404
    assert browser(people.bidder()).get(PDF).status_code == 404
    own = browser(people.initiator()).get(PDF)
    assert (own.status_code, own.headers["Cache-Control"]) == (200, "private, no-store")
    own.close()


def test_a_sealed_bid_is_no_document(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())
    set_clock(monkeypatch, OPENED + timedelta(days=2))

    assert not Document.objects.filter(sha256=envelope.body_sha256).exists()
    assert browser().get(f"/documents/{envelope.body_sha256}/bid").status_code == 404


def test_each_reader_sees_the_own_next_act(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, DUE - timedelta(seconds=1))
    address = page(place.tender.code)

    assert "递交投标文件" not in words(browser().get(address))
    assert "现在可以办理" not in words(browser(people.initiator()).get(address))
    assert "递交投标文件" in words(browser(people.bidder()).get(address))

    set_clock(monkeypatch, DUE)
    assert "现在可以办理" not in words(browser(people.bidder()).get(address))


def test_a_visitor_is_told_to_log_in_for_bidding(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    set_clock(monkeypatch, OPENED)
    page = browser().get(f"/tenders/{place.tender.code}")
    assert "施工一标段 投标人用证书登录；下载招标文件无须登录" in words(page)
    assert f'href="/lots/{place.lot.code}/bid"' in page.content.decode()
    assert browser().get(f"/lots/{place.lot.code}/bid").headers["Location"].startswith("/login?next=")

    set_clock(monkeypatch, DUE)
    assert "登录后投标" not in words(browser().get(f"/tenders/{place.tender.code}"))


def test_shows_the_opening_record_to_everyone(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    set_clock(monkeypatch, world.CLOSED)

    shown = words(browser().get(page(place.tender.code)))

    assert "开标记录：3 份投标文件" in shown
    assert "测试单位第100号 91" in shown
    assert "8,800,000.00 180 已解密" in shown
    assert "评审" in words(browser(people.expert()).get(page(place.tender.code)))


def test_tells_the_state_of_a_suspended_tender(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    world.suspend(place)
    set_clock(monkeypatch, OPENED + timedelta(days=3))

    shown = words(browser().get(page(place.tender.code)))

    assert "本项目已暂停" in shown
    assert "依 测试监督部门 孙监督 的监督指令暂停" in shown
    assert "原因：投标期限不足" in shown
    assert "现在可以办理" not in words(browser(people.bidder()).get(page(place.tender.code)))


def test_a_tender_suspended_while_bids_came_is_not_shown_as_past_bidding(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The days lost are given back, so the deadline on the page has not passed."""
    place = world.publish()
    world.suspend(place)
    set_clock(monkeypatch, DUE + timedelta(days=30))

    shown = words(browser().get(page(place.tender.code)))

    assert "当前阶段 招标投标 原定 2026-03-22 周日 09:00 投标截止，恢复后顺延" in shown
    assert "2026-03-22 周日 09:00 结束" not in shown
    assert "原定 2026-03-22 周日 09:00 在开标大厅公开开标，恢复后顺延" in shown


def test_a_tender_with_one_contract_is_called_complete(monkeypatch: pytest.MonkeyPatch) -> None:
    tender, (first, second), _ = publish_two_lots()
    with transaction.atomic():
        end_lot(
            locked_lot(first.code),
            FinalStatus.UNSUCCESSFUL,
            reason="投标人少于三个",
            clause="tendering/28",
            caller=Caller.system("t"),
            now=DUE,
        )
        end_lot(
            locked_lot(second.code),
            FinalStatus.COMPLETE,
            reason="",
            clause="",
            caller=Caller.system("t"),
            now=DUE,
        )
    set_clock(monkeypatch, DUE)

    assert "当前状态 已完成" in words(browser().get(page(tender.code)))
    assert "流标公告" not in words(browser().get("/"))


def test_a_past_suspension_and_the_moved_deadline_stay_on_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.publish()
    caller = Caller.system("supervision-construction")
    for day, directive in ((2, "d-1"), (9, "d-2")):
        world.suspend(place, now=OPENED + timedelta(days=day), directive_id=directive)
        again = OPENED + timedelta(days=day, hours=1)
        world.suspend(place, now=again, directive_id=f"{directive}-again")
        for lifted, hours in ((f"{directive}-again", 2), (directive, 72)):
            resume_tender(
                tender_code=place.tender.code,
                reason="已改正",
                directive_id=f"{lifted}-end",
                lifted_directive_id=lifted,
                caller=caller,
                now=OPENED + timedelta(days=day, hours=hours),
            )
    set_clock(monkeypatch, OPENED + timedelta(days=13))

    shown = words(browser().get(page(place.tender.code)))

    assert (
        "2026-03-04 周三 09:00 至 2026-03-07 周六 09:00，依 测试监督部门 孙监督 的监督指令暂停，已恢复。"
        "原因：投标期限不足。投标截止时间由 2026-03-22 周日 09:00 顺延至 2026-03-25 周三 09:00。"
    ) in shown
    assert (
        "2026-03-11 周三 09:00 至 2026-03-14 周六 09:00，依 测试监督部门 孙监督 的监督指令暂停，已恢复。"
        "原因：投标期限不足。投标截止时间由 2026-03-25 周三 09:00 顺延至 2026-03-28 周六 09:00。"
    ) in shown
    assert (
        "2026-03-04 周三 10:00 至 2026-03-04 周三 11:00，依 测试监督部门 孙监督 的监督指令暂停，"
        "此项暂停已解除，项目当时仍因另一指令暂停。"
    ) in shown
    assert shown.count("顺延至") == 2


def test_a_suspension_after_the_deadline_moves_none(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot()
    world.suspend(place, now=DUE + timedelta(days=1))
    set_clock(monkeypatch, DUE + timedelta(days=2))
    assert "起依 测试监督部门 孙监督 的监督指令暂停，尚未恢复。" in words(
        browser().get(page(place.tender.code))
    )

    resume_tender(
        tender_code=place.tender.code,
        reason="已改正",
        directive_id="d-2",
        lifted_directive_id="d-1",
        caller=Caller.system("supervision-construction"),
        now=DUE + timedelta(days=4),
    )
    set_clock(monkeypatch, DUE + timedelta(days=5))

    shown = words(browser().get(page(place.tender.code)))
    assert "已恢复。原因：投标期限不足。" in shown
    assert "顺延至" not in shown
    assert "暂停和恢复" not in words(browser().get(page(world.publish().tender.code)))


def test_tells_why_a_tender_was_unsuccessful(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.open_lot(prices=("8800000.00", "9000000.00"), letters="")
    set_clock(monkeypatch, world.CLOSED)

    shown = words(browser().get(page(place.tender.code)))

    assert "本项目已流标 投标人 2 家，少于 3 家，不予开标。" in shown
    assert "没有开标：投标人 2 家，少于 3 家，不予开标（流标）。" in shown


def test_checks_hold_and_name_what_was_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.stand_still()
    set_clock(monkeypatch, world.EVALUATED)
    address = reverse("tender-check", args=[place.tender.code])

    shown = words(browser().get(address))
    assert shown.count("验证通过。") == 3
    assert "由 3 份密封包重算的默克尔树根与封标时一致" in shown
    assert "按评标办法重算 3 家的得分和排名，与评标报告一致" in shown

    changed = type(place.tender).objects.filter(pk=place.tender.pk)
    monkeypatch.setattr(
        "yuntai.trading.pages.checks.digest", lambda listed: "0" * 64
    )  # as if a document of the list had been swapped
    shown = words(browser().get(address))
    assert shown.count("验证未通过：") == 1
    assert f"{changed.get().code} 的文件清单摘要为 {'0' * 64}" in shown


def test_several_lots_stand_in_one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    tender, lots, _ = publish_two_lots()
    set_clock(monkeypatch, OPENED)

    response = browser().get(page(tender.code))

    shown = words(response)
    assert "估算价 14,500,000.00 元 部分标段设最高投标限价，见各标段" in shown
    assert f"一标段 {lots[0].code} 9,000,000.00 9,500,000.00 招标投标" in shown
    assert f"二标段 {lots[1].code} 没有设 5,000,000.00 招标投标" in shown
    assert response.content.decode().count('class="stage-timeline"') == 1


def test_a_bid_for_one_lot_is_none_for_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    tender, lots, keys = publish_two_lots()
    world.hand_in(world.World(tender, lots[1], keys[lots[1].code]), people.bidder(), "4900000.00")
    set_clock(monkeypatch, OPENED + timedelta(days=2))

    shown = words(browser(people.bidder()).get(page(tender.code)))
    assert "一标段 下载招标文件后，在本机制作并密封" in shown
    assert "二标段 已递交，截止前可以撤回" in shown
    desk = words(browser(people.bidder()).get("/desk"))
    assert "演示道路施工（二标段） 等待投标截止" in desk
    assert "演示道路施工（一标段）" not in desk
