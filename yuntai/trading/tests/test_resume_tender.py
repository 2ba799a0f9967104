"""resume_tender …"""

from datetime import datetime, timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import Peer
from yuntai.procedures.vocabulary import Milestone
from yuntai.standard.messages import ResumptionDirected
from yuntai.trading.awards.services import StandstillRunning, award
from yuntai.trading.handlers import HANDLERS
from yuntai.trading.opening.services import close_bidding
from yuntai.trading.tenders.models import Suspension, Tender
from yuntai.trading.tenders.queries import lots_wanting_keys
from yuntai.trading.tenders.refusals import NotSuspended
from yuntai.trading.tenders.running import resume_tender
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)
PAUSE = timedelta(days=3)
BEGAN = world.OPENED + timedelta(days=2)
DAY = timedelta(days=1)
RESUMED = "trading.tender.resumed.v1"


def is_suspended(of: Tender) -> bool:
    return of.suspensions.filter(ended_at=None).exists()


def resume(
    place: world.World,
    *,
    lifts: str = "d-1",
    directive_id: str = "d-2",
    now: datetime = BEGAN + PAUSE,
) -> None:
    resume_tender(
        tender_code=place.tender.code,
        reason="已改正",
        directive_id=directive_id,
        lifted_directive_id=lifts,
        caller=Caller.system("supervision-construction"),
        now=now,
    )


def answered() -> list[str]:
    """Return the directives whose resumption was told, in order."""
    told = OutboxMessage.objects.filter(type=RESUMED).order_by("id")
    return [message.body["directive_id"] for message in told]


def test_gives_the_lost_days_back() -> None:
    place = world.publish()
    world.suspend(place)

    resume(place)

    lot = place.fresh_lot()
    assert lot.tender.bids_due_at == world.DUE + PAUSE
    assert lot.next_due_at == world.DUE + PAUSE
    told = OutboxMessage.objects.get(type=RESUMED).body
    assert told["bids_due_at"] == "2026-03-25T01:00:00Z"


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


def test_a_recorded_resumption_lifts_no_later_suspension() -> None:
    place = world.publish()
    world.suspend(place)
    resume(place)
    world.suspend(place, directive_id="d-3", now=BEGAN + PAUSE + DAY)

    resume(place, now=BEGAN + PAUSE + DAY)

    assert is_suspended(place.tender)
    assert answered() == ["d-2"]


def test_a_resumption_of_one_suspension_lifts_no_other() -> None:
    place = world.publish()
    world.suspend(place, directive_id="d-3")

    with pytest.raises(NotSuspended, match="d-1"):
        resume(place)

    assert is_suspended(place.tender)
    assert answered() == []


def test_resuming_what_runs_is_refused() -> None:
    place = world.publish()

    with pytest.raises(NotSuspended):
        resume(place)


def test_of_two_suspensions_each_is_lifted_on_its_own() -> None:
    place = world.publish()
    world.suspend(place)
    world.suspend(place, directive_id="d-3", now=BEGAN + DAY)

    resume(place, now=BEGAN + 2 * DAY)

    assert is_suspended(place.tender)
    assert place.fresh_lot().next_due_at is None
    assert answered() == []
    assert AuditEntry.objects.filter(act="lift-suspension").count() == 1

    resume(place, lifts="d-3", directive_id="d-4", now=BEGAN + PAUSE)

    assert not is_suspended(place.tender)
    assert place.fresh_lot().tender.bids_due_at == world.DUE + PAUSE
    assert answered() == ["d-2", "d-4"]


def test_a_suspension_lifted_while_an_older_one_stood_is_answered_too() -> None:
    place = world.publish()
    world.suspend(place)
    world.suspend(place, directive_id="d-3", now=BEGAN + DAY)

    resume(place, lifts="d-3", directive_id="d-4", now=BEGAN + 2 * DAY)
    resume(place, now=BEGAN + PAUSE)

    assert place.fresh_lot().tender.bids_due_at == world.DUE + PAUSE
    assert answered() == ["d-4", "d-2"]


def test_a_pause_that_was_over_is_not_given_back_again() -> None:
    place = world.publish()
    world.suspend(place)
    resume(place)
    world.suspend(place, directive_id="d-3", now=BEGAN + PAUSE)

    resume(place, lifts="d-3", directive_id="d-4", now=BEGAN + PAUSE + DAY)

    assert place.fresh_lot().tender.bids_due_at == world.DUE + PAUSE + DAY
    assert answered() == ["d-2", "d-4"]


def test_moves_the_end_of_a_standstill_that_was_ahead() -> None:
    place = world.stand_still()
    ends_at = world.STANDSTILL_CLOSES
    world.suspend(place, now=ends_at - DAY)

    resume(place, now=ends_at + DAY)

    assert place.fresh_lot().schedule[Milestone.STANDSTILL_CLOSED] == ends_at + 2 * DAY
    caller = people.initiator().caller
    with pytest.raises(StandstillRunning, match="2026-03-28"):
        award(lot_code=place.lot.code, caller=caller, now=ends_at + 2 * DAY - timedelta(microseconds=1))
    award(lot_code=place.lot.code, caller=caller, now=ends_at + 2 * DAY)


def test_leaves_a_standstill_that_was_over() -> None:
    place = world.stand_still()
    world.suspend(place, now=world.STANDSTILL_CLOSES)

    resume(place, now=world.STANDSTILL_CLOSES + DAY)

    assert place.fresh_lot().schedule[Milestone.STANDSTILL_CLOSED] == world.STANDSTILL_CLOSES


def test_gives_the_worker_nothing_to_do_with_an_opened_lot() -> None:
    place = world.open_lot()
    world.suspend(place, now=world.CLOSED)

    resume(place, now=world.CLOSED + DAY)

    assert place.fresh_lot().next_due_at is None


def test_lets_the_worker_look_at_a_lot_that_waits_for_its_opening() -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    close_bidding(lot_code=place.lot.code, now=world.CLOSED)
    world.suspend(place, now=world.CLOSED)

    resume(place, now=world.CLOSED + DAY)

    assert place.fresh_lot().next_due_at == world.CLOSED + DAY
    assert place.fresh_lot().tender.bids_due_at == world.DUE


@pytest.mark.parametrize(("lifts", "acts"), [("d-1", 0), ("d-8", 1)])
def test_a_refused_directive_is_noted_and_holds_nothing_up(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, lifts: str, acts: int
) -> None:
    place = world.publish()
    world.suspend(place)
    settings.SYSTEM_CODE = "trading-construction"
    author = Peer("author", "", "supervision", "construction", "", b"")
    monkeypatch.setattr("yuntai.trading.handlers.peer", lambda code: author)
    directive = ResumptionDirected(
        occurred_at=BEGAN,
        directive_id="d-7",
        lifted_directive_id=lifts,
        tender_code=place.tender.code,
        target_system="trading-construction",
        authority_code=people.stranger().subject.organization_code,
        authority_name="测试监督部门",
        clause="etendering/52",
        reason="已改正",
        directed_by="孙监督",
        directed_at=BEGAN,
    )

    with transaction.atomic():
        HANDLERS[ResumptionDirected](directive, Delivery("author", "m", BEGAN), BEGAN + PAUSE)

    noted = AuditEntry.objects.filter(act="refuse-directive")
    assert noted.count() == acts
    assert Suspension.objects.filter(ended_at=None).count() == acts
    assert all("d-8" in entry.detail["reason"] for entry in noted)
