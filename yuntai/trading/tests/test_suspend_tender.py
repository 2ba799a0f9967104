"""suspend_tender and resume_tender …"""

from datetime import timedelta

import pytest

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.tenders.models import Suspension
from yuntai.trading.tenders.queries import lots_wanting_keys
from yuntai.trading.tenders.refusals import NotSuspended, TenderNotFound
from yuntai.trading.tenders.running import resume_tender, suspend_tender
from yuntai.trading.tests import people, world
from yuntai.trading.worker import act_on_due_lots

pytestmark = pytest.mark.django_db(transaction=True)
PAUSE = timedelta(days=3)
BEGAN = world.OPENED + timedelta(days=2)


def resume(place: world.World) -> None:
    resume_tender(
        tender_code=place.tender.code,
        reason="已改正",
        directive_id="d-2",
        caller=Caller.system("supervision-construction"),
        now=BEGAN + PAUSE,
    )


def test_stops_the_clock_and_says_so() -> None:
    place = world.publish()

    world.suspend(place)

    assert act_on_due_lots(now=world.CLOSED) == 0
    message = OutboxMessage.objects.get(type="trading.tender.suspended.v1")
    assert message.body["directive_id"] == "d-1"


def test_obeys_a_directive_once() -> None:
    place = world.publish()

    world.suspend(place)
    world.suspend(place)

    assert Suspension.objects.count() == 1
    assert OutboxMessage.objects.filter(type="trading.tender.suspended.v1").count() == 1


def test_answers_a_second_directive_without_a_second_pause() -> None:
    place = world.publish()

    world.suspend(place)
    world.suspend(place, directive_id="d-9")

    assert Suspension.objects.filter(ended_at=None).count() == 1
    assert OutboxMessage.objects.filter(type="trading.tender.suspended.v1").count() == 2


def test_gives_the_lost_days_back() -> None:
    place = world.publish()
    world.suspend(place)

    resume(place)

    lot = place.fresh_lot()
    assert lot.tender.bids_due_at == world.DUE + PAUSE
    assert lot.next_due_at == world.DUE + PAUSE


def test_asks_the_holders_to_move_their_keys_along() -> None:
    place = world.publish()
    world.suspend(place)
    assert list(lots_wanting_keys("T")) == []

    resume(place)

    assert [lot.code for lot in lots_wanting_keys("T")] == [place.lot.code]


def test_after_it_bids_are_taken_again() -> None:
    place = world.publish()
    world.suspend(place)
    resume(place)

    world.hand_in(place, people.bidder(), now=world.DUE + PAUSE - timedelta(microseconds=1))


def test_resuming_what_runs_is_refused() -> None:
    place = world.publish()

    with pytest.raises(NotSuspended):
        resume(place)


def test_an_unknown_tender_is_refused() -> None:
    with pytest.raises(TenderNotFound):
        suspend_tender(
            tender_code="E3207000001000099001",
            reason="",
            directive_id="d-1",
            directed_by="",
            caller=Caller.system("supervision-construction"),
            now=world.OPENED,
        )
