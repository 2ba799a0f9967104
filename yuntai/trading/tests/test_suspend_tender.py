"""suspend_tender …"""

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
from yuntai.trading.tenders.refusals import TenderNotFound
from yuntai.trading.tenders.running import suspend_tender
from yuntai.trading.tests import people, world
from yuntai.trading.worker import act_on_due_lots

pytestmark = pytest.mark.django_db(transaction=True)
BEGAN = world.OPENED + timedelta(days=2)


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


def test_a_second_directive_stands_beside_the_first_and_is_answered() -> None:
    place = world.publish()

    world.suspend(place)
    world.suspend(place, directive_id="d-9")

    assert Suspension.objects.filter(ended_at=None).count() == 2
    assert OutboxMessage.objects.filter(type="trading.tender.suspended.v1").count() == 2


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
