"""A lot stays sealed, whole, as long as more shares may still decide it, or when its set was touched …"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.documents import store
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.opening.models import (
    ActFault,
    BidSetClose,
    FailedOpening,
    OpenedBid,
    Opening,
    Outcome,
    ShareRelease,
    StaysSealed,
)
from yuntai.trading.opening.queries import closes_wanting, standing_releases
from yuntai.trading.opening.services import WrongRelease, open_bids
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import browser, set_clock, words
from yuntai.trading.worker import act_on_due_lots

pytestmark = pytest.mark.django_db(transaction=True)
GARBAGE = "A" * 43
LATER = world.CLOSED + timedelta(minutes=1)


def hall(place: world.World) -> str:
    return words(browser().get(reverse("opening", args=[place.lot.code])))


def assert_sealed(place: world.World, why: StaysSealed) -> None:
    """Check that nothing was stored as opened, and that the reason stands once."""
    assert not Opening.objects.exists()
    assert not OpenedBid.objects.exists()
    assert Milestone.OPENED not in place.fresh_lot().schedule
    assert place.fresh_lot().final_status == ""
    assert FailedOpening.objects.get().why == why
    assert not OutboxMessage.objects.filter(type="trading.tender.opening-recorded.v1").exists()


def test_one_bad_holder_does_not_end_a_lot_but_waits_for_the_fourth(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.close_lot()
    world.release(place, "T")
    world.release(place, "P", garbage=GARBAGE)
    world.release(place, "C")

    act_on_due_lots(now=world.CLOSED)

    assert_sealed(place, StaysSealed.SHARES_LACKING)
    assert place.fresh_lot().next_due_at is None
    noted = AuditEntry.objects.get(act="keep-sealed")
    assert (noted.detail["letters"], noted.detail["doubtful"]) == ("CPT", "P")
    set_clock(monkeypatch, world.CLOSED)
    shown = hall(place)
    assert "保管方 P 的份额未通过核对" in shown
    assert "等待保管方 R 释放份额后开标" in shown
    assert "已到达，有份额未通过核对" in shown
    assert act_on_due_lots(now=LATER) == 0

    world.release(place, "R", now=LATER)
    assert act_on_due_lots(now=LATER) == 1

    assert set(OpenedBid.objects.values_list("outcome", flat=True)) == {Outcome.OPENED}
    assert list(world.opening(place).holder_faults.values()) == [["P"]] * 3


def test_a_holder_that_released_badly_may_release_again() -> None:
    place = world.close_lot()
    world.release(place, "T")
    world.release(place, "P", garbage=GARBAGE)
    world.release(place, "C")
    act_on_due_lots(now=world.CLOSED)
    assert [close.lot for close in closes_wanting("P")] == [place.lot]
    assert list(closes_wanting("T")) == []

    world.release(place, "P", now=LATER)

    assert ShareRelease.objects.filter(letter="P").count() == 2
    assert standing_releases(place.lot)["P"].misfits == []
    assert AuditEntry.objects.filter(act="release-shares-again").count() == 1
    assert act_on_due_lots(now=LATER) == 1
    assert world.opening(place).letters == "CPT"


def test_a_recorded_bad_release_pushes_out_no_later_one() -> None:
    place = world.close_lot()
    world.release(place, "P", garbage=GARBAGE)
    world.release(place, "P", garbage="B" * 43)

    world.release(place, "P", garbage=GARBAGE)

    assert ShareRelease.objects.count() == 2
    assert set(standing_releases(place.lot)["P"].statement["shares"].values()) == {"B" * 43}


def test_good_shares_are_not_replaced() -> None:
    place = world.close_lot()
    world.release(place, "P")

    world.release(place, "P", garbage=GARBAGE)

    assert ShareRelease.objects.get().misfits == []


def test_no_release_is_taken_once_the_lot_is_open() -> None:
    place = world.open_lot()

    with pytest.raises(WrongRelease):
        world.release(place, "R")

    assert place.fresh_lot().next_due_at is None


def test_with_all_four_a_lot_that_two_bad_holders_spoil_is_left_open_and_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    place = world.close_lot()
    for letter in "TP":
        world.release(place, letter, garbage=GARBAGE)
    for letter in "CR":
        world.release(place, letter)

    act_on_due_lots(now=world.CLOSED)

    assert_sealed(place, StaysSealed.NOTHING_OPENS)
    set_clock(monkeypatch, world.CLOSED)
    assert "此属异常情况，不作流标处理" in hall(place)

    world.release(place, "T", now=LATER)
    assert act_on_due_lots(now=LATER) == 1
    assert list(world.opening(place).holder_faults.values()) == [["P"]] * 3


def test_a_lot_whose_ciphertexts_came_back_opens_without_another_release() -> None:
    place = world.close_lot()
    kept = {path: path.read_bytes() for path in map(store.path_of, body_digests())}
    for path in kept:
        path.unlink()
    for letter in "TPC":
        world.release(place, letter)
    act_on_due_lots(now=world.CLOSED)
    assert_sealed(place, StaysSealed.NOTHING_OPENS)
    again_at = place.fresh_lot().next_due_at
    assert again_at is not None
    assert act_on_due_lots(now=again_at) == 0  # still gone: noted once, looked at again
    assert FailedOpening.objects.count() == 1

    for path, content in kept.items():
        path.write_bytes(content)
    again_at = place.fresh_lot().next_due_at

    assert again_at is not None
    assert act_on_due_lots(now=again_at) == 1


def body_digests() -> list[str]:
    return list(Envelope.objects.values_list("body_sha256", flat=True))


def test_too_few_left_by_platform_faults_alone_is_said_and_not_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.close_lot()
    store.path_of(body_digests()[0]).unlink()
    for letter in "TPC":
        world.release(place, letter)

    open_bids(lot_code=place.lot.code, now=world.CLOSED)

    assert place.fresh_lot().final_status == ""
    set_clock(monkeypatch, world.CLOSED)
    assert "1 份投标文件因非投标人原因未能解密，视为撤回" in hall(place)
    assert "已解密的 2 份因此少于 3 份；系统不据此作流标处理" in hall(place)
    outcomes = AuditEntry.objects.get(act="open-bids").detail["outcomes"]
    assert outcomes == {"opened": 2, "bidder-fault": 0, "platform-fault": 1}


def drop_an_envelope() -> None:
    Envelope.objects.filter(pk=Envelope.objects.latest("id").pk).delete()


def alter_a_header() -> None:
    victim = Envelope.objects.latest("id")
    Envelope.objects.filter(pk=victim.pk).update(header=victim.header | {"body_sha256": "0" * 64})


def spoil_a_header() -> None:
    Envelope.objects.filter(pk=Envelope.objects.latest("id").pk).update(header={})


def withdraw_late() -> None:
    Envelope.objects.filter(pk=Envelope.objects.latest("id").pk).update(withdrawn_at=world.CLOSED)


def drop_an_act() -> None:
    SealedAct.objects.filter(pk=SealedAct.objects.latest("id").pk).delete()


def sign_another_root() -> None:
    close = BidSetClose.objects.get()
    BidSetClose.objects.update(root="0" * 64, statement=close.statement | {"root": "0" * 64})


@pytest.mark.parametrize(
    "touch",
    [drop_an_envelope, alter_a_header, spoil_a_header, withdraw_late, drop_an_act, sign_another_root],
)
def test_a_set_touched_after_the_close_is_not_opened(
    monkeypatch: pytest.MonkeyPatch, touch: Callable[[], None]
) -> None:
    place = world.close_lot(4)
    for letter in "TPC":
        world.release(place, letter)
    with world.tampering():
        touch()

    act_on_due_lots(now=world.CLOSED)

    assert_sealed(place, StaysSealed.SET_CHANGED)
    assert "停止开标" in AuditEntry.objects.get(act="keep-sealed").detail["says"]
    set_clock(monkeypatch, world.CLOSED)
    assert "开标没有完成" in hall(place)
    assert "请运营机构和监督部门核查" in hall(place)


def test_a_sealed_act_that_is_not_what_was_committed_to_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.close_lot()
    liar = SealedAct.objects.latest("id")
    with world.tampering():
        SealedAct.objects.filter(pk=liar.pk).update(commitment="0" * 64)
    for letter in "TPC":
        world.release(place, letter)

    open_bids(lot_code=place.lot.code, now=world.CLOSED)

    assert world.opening(place).act_faults == {liar.act_id: ActFault.DOES_NOT_MATCH}
    noted = AuditEntry.objects.get(act="reveal-fault")
    assert (noted.object_id, noted.detail["fault"]) == (liar.act_id, "does-not-match")
    assert noted.organization_code.startswith(people.bidder().subject.organization_code[:2])
    assert AuditEntry.objects.filter(act="reveal-submit-bid").count() == 2
    set_clock(monkeypatch, world.CLOSED)
    assert f"{liar.act_id} 与操作留痕中的承诺不符" in hall(place)


def test_a_sealed_act_that_does_not_open_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.close_lot()
    lost = SealedAct.objects.latest("id")
    with world.tampering():
        SealedAct.objects.filter(pk=lost.pk).update(body=b"")
    for letter in "TPC":
        world.release(place, letter)

    open_bids(lot_code=place.lot.code, now=world.CLOSED)

    assert world.opening(place).act_faults == {lost.act_id: ActFault.DID_NOT_OPEN}
    assert AuditEntry.objects.get(act="reveal-fault").detail["commitment"] == lost.commitment
    set_clock(monkeypatch, world.CLOSED)
    assert f"{lost.act_id} 未能打开" in hall(place)
