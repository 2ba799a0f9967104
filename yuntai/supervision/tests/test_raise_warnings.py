"""A notice with too short a bid period raises one warning, in its message's transaction, and tells it."""

import pytest
from django.db import IntegrityError, transaction

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.supervision.intake.models import WatchedNotice
from yuntai.supervision.monitoring.models import TenderWarning
from yuntai.supervision.rules.short_bid_period import RULE
from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)


def test_keeps_evidence_rule_version_level_and_clause() -> None:
    tender = make.watched_tender()
    notice = make.notice_published(tender.tender_code, bids_due_at=make.DUE_TOO_SOON)

    make.tell(notice)

    warning = TenderWarning.objects.get()
    assert (warning.tender, warning.rule, warning.rule_version) == (tender, "short-bid-period", "1")
    assert (warning.level, warning.clause, warning.raised_at) == ("serious", "tendering/24", make.NOW)
    assert warning.evidence == RULE.check(notice)


def test_tells_the_platform() -> None:
    warning = make.open_warning()

    sent = OutboxMessage.objects.get()
    assert (sent.destination, sent.type) == ("publicservice", "supervision.warning.raised.v1")
    assert sent.body["warning_id"] == warning.warning_id
    assert sent.body["tender_code"] == warning.tender.tender_code
    assert sent.body["evidence"] == warning.evidence


def test_leaves_an_audit_entry() -> None:
    warning = make.open_warning()

    entry = AuditEntry.objects.get(act="raise-warning")
    assert (entry.object_type, entry.object_id) == ("monitoring.tenderwarning", warning.warning_id)
    assert entry.version_after != ""


def test_raises_once_when_the_message_is_applied_twice() -> None:
    tender = make.watched_tender()
    notice = make.notice_published(tender.tender_code, bids_due_at=make.DUE_TOO_SOON)

    make.tell(notice)
    make.tell(notice)

    assert TenderWarning.objects.count() == 1
    assert OutboxMessage.objects.count() == 1


def test_raises_anew_for_a_new_notice_that_is_still_too_short() -> None:
    warning = make.open_warning()

    make.tell(
        make.notice_published(warning.tender.tender_code, bids_due_at=make.DUE_TOO_SOON, occurred_at=make.NOW)
    )

    assert TenderWarning.objects.filter(tender=warning.tender).count() == 2


def test_the_database_itself_refuses_a_second_warning_of_one_rule_on_one_notice() -> None:
    warning = make.open_warning()
    warning.pk, warning.warning_id = None, "other"

    with pytest.raises(IntegrityError, match="warning_once_per_notice"), transaction.atomic():
        warning.save(force_insert=True)


def test_is_silent_about_a_lawful_notice() -> None:
    tender = make.watched_tender()

    make.tell(make.notice_published(tender.tender_code))

    assert WatchedNotice.objects.filter(tender=tender).exists()
    assert not TenderWarning.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_is_silent_about_a_notice_of_another_system() -> None:
    tender = make.watched_tender()

    notice = make.notice_published(tender.tender_code, bids_due_at=make.DUE_TOO_SOON)
    make.tell(notice, origin=make.FOREIGN)

    assert not TenderWarning.objects.exists()
    assert not OutboxMessage.objects.exists()
