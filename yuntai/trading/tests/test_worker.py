"""The worker acts on what is due …"""

from datetime import timedelta

import pytest

from yuntai.kernel.audit.models import AuditEntry
from yuntai.trading.opening.models import BidSetClose, Opening
from yuntai.trading.opening.services import close_bidding
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tests import people, world
from yuntai.trading.worker import PAUSE_AFTER_FAULT, act_on_due_lots

pytestmark = pytest.mark.django_db(transaction=True)


def test_closes_three_seconds_after_the_deadline_and_opens_on_the_third_share() -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))

    assert act_on_due_lots(now=world.DUE + timedelta(seconds=3) - timedelta(microseconds=1)) == 0
    assert act_on_due_lots(now=world.CLOSED) == 1
    assert act_on_due_lots(now=world.CLOSED) == 0
    for letter in "TPC":
        assert act_on_due_lots(now=world.CLOSED) == 0
        world.release(place, letter)
    assert act_on_due_lots(now=world.CLOSED) == 1
    assert Opening.objects.count() == 1


def make_due(place: world.World) -> None:
    with world.tampering():
        Lot.objects.filter(pk=place.lot.pk).update(next_due_at=world.CLOSED)


def test_a_fault_in_one_lot_pauses_it_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = world.publish(), world.publish()

    def close(*, lot_code: str, now: object) -> object:
        if lot_code == broken.lot.code:
            raise RuntimeError("planted")
        return close_bidding(lot_code=lot_code, now=now)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr("yuntai.trading.worker.close_bidding", close)

    assert act_on_due_lots(now=world.CLOSED) == 1

    assert BidSetClose.objects.get().lot == sound.lot
    assert broken.fresh_lot().next_due_at == world.CLOSED + PAUSE_AFTER_FAULT
    assert AuditEntry.objects.get(act="put-off-lot").detail["why"] == "fault: RuntimeError"
    assert act_on_due_lots(now=world.CLOSED + timedelta(seconds=30)) == 0


def test_takes_up_a_paused_lot_again(monkeypatch: pytest.MonkeyPatch) -> None:
    world.publish()
    with monkeypatch.context() as patched:
        patched.setattr("yuntai.trading.worker.close_bidding", lambda **_: 1 / 0)
        act_on_due_lots(now=world.CLOSED)

    assert act_on_due_lots(now=world.CLOSED + PAUSE_AFTER_FAULT + timedelta(seconds=3)) == 1
    assert BidSetClose.objects.exists()


def test_lets_go_of_a_closed_lot_that_lacks_shares() -> None:
    place = world.close_lot()
    make_due(place)

    assert act_on_due_lots(now=world.CLOSED) == 0
    assert place.fresh_lot().next_due_at is None


def test_lets_go_of_an_opened_lot() -> None:
    place = world.open_lot()
    make_due(place)

    assert act_on_due_lots(now=world.CLOSED) == 0
    assert place.fresh_lot().next_due_at is None


def test_lets_go_of_a_suspended_lot() -> None:
    place = world.close_lot()
    for letter in "TPC":
        world.release(place, letter)
    world.suspend(place, now=world.CLOSED)
    make_due(place)

    assert act_on_due_lots(now=world.CLOSED) == 0
    assert place.fresh_lot().next_due_at is None
    assert not Opening.objects.exists()


def test_keeps_what_was_made_due_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    place = world.close_lot()
    make_due(place)
    later = world.CLOSED + timedelta(seconds=1)

    def nothing(**_: object) -> None:
        with world.tampering():
            Lot.objects.filter(pk=place.lot.pk).update(next_due_at=later)

    monkeypatch.setattr("yuntai.trading.worker.open_bids", nothing)

    assert act_on_due_lots(now=world.CLOSED) == 0
    assert place.fresh_lot().next_due_at == later
