"""suspend_tender and resume_tender …"""

from datetime import timedelta

import pytest
from django.db import transaction
from pytest_django import Settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import Peer
from yuntai.standard.messages import SuspensionDirected
from yuntai.trading.handlers import HANDLERS
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
    told = OutboxMessage.objects.get(type="trading.tender.resumed.v1").body
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


@pytest.mark.parametrize(
    ("kind", "industry", "target", "obeyed"),
    [
        ("supervision", "construction", "trading-construction", True),
        ("supervision", "water", "trading-construction", False),
        ("trading", "construction", "trading-construction", False),
        ("supervision", "construction", "trading-water", False),
    ],
)
def test_obeys_only_the_authority_of_its_industry(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, kind: str, industry: str, target: str, obeyed: bool
) -> None:
    place = world.publish()
    settings.SYSTEM_CODE = "trading-construction"
    author = Peer("author", "", kind, industry, "", b"")
    monkeypatch.setattr("yuntai.trading.handlers.peer", lambda code: author)
    directive = SuspensionDirected(
        occurred_at=BEGAN,
        directive_id="d-7",
        tender_code=place.tender.code,
        target_system=target,
        authority_code=people.stranger().subject.organization_code,
        authority_name="测试监督部门",
        clause="etendering/52",
        reason="投标期限不足",
        directed_by="孙监督",
        directed_at=BEGAN,
    )

    with transaction.atomic():
        HANDLERS[SuspensionDirected](directive, Delivery("author", "m", BEGAN), BEGAN)

    assert Suspension.objects.exists() is obeyed
