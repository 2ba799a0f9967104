"""Signed messages come through the platform into the inbox and are applied; one told twice warns once."""

import pytest

from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.supervision.intake import queries
from yuntai.supervision.intake.models import WatchedTender
from yuntai.supervision.monitoring.models import TenderWarning
from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def take_in(*, twice: bool) -> str:
    """Have a tender and its short notice come in, and apply them; return the tender's code."""
    registered = make.tender_registered()
    notice = make.notice_published(registered.tender_code, bids_due_at=make.DUE_TOO_SOON)
    batch = make.forwarded([registered, notice, notice] if twice else [registered, notice])
    receive_batch(batch=batch, address="", now=make.NOW)
    receive_batch(batch=batch, address="", now=make.NOW)
    while apply_messages(now=make.NOW):
        pass
    return registered.tender_code


@pytest.mark.parametrize("twice", [False, True])
def test_raises_one_warning_whether_the_notice_came_once_or_twice(twice: bool) -> None:
    code = take_in(twice=twice)

    assert TenderWarning.objects.get().tender.tender_code == code
    assert OutboxMessage.objects.filter(type="supervision.warning.raised.v1").count() == 1
    assert not InboxMessage.objects.filter(applied_at=None).exists()


def test_remembers_who_wrote_a_message_not_who_forwarded_it() -> None:
    code = take_in(twice=False)

    tender = queries.tender(code, now=make.NOW)
    assert tender.origin == make.TRADING
    told = [(each.payload.iss, each.payload.seq, each.payload.type) for each in queries.messages_of(tender)]
    assert told == [
        (make.TRADING, 2, "trading.tender.notice-published.v1"),
        (make.TRADING, 1, "trading.tender.registered.v1"),
    ]


def test_another_systems_code_is_rejected_at_the_door() -> None:
    """Whoever told first of the next code would keep its tender from being watched."""
    taken = make.tender_registered(tender_code="E3207000003000009001")
    batch = make.forwarded([taken])

    receive_batch(batch=batch, address="", now=make.NOW)
    while apply_messages(now=make.NOW):
        pass

    assert "平台编号 0003 属于" in InboxMessage.objects.get().refusal
    assert not WatchedTender.objects.exists()
