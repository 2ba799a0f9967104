"""Taking in what trading systems tell of their tenders.  Each act may come twice and changes things once.

All run in the transaction of the inbox; the tender's row lock makes two messages of one tender take turns.
"""

from datetime import datetime

from django.conf import settings
from django.db import models, transaction

from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.inbox.apply import Delivery
from yuntai.standard.canonical import digest
from yuntai.standard.messages import (
    TenderEnded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
)
from yuntai.supervision.intake.models import SuspensionEvent, Turn, WatchedLot, WatchedNotice, WatchedTender


class UnknownTender(NotFound):
    """A message tells of a tender or lot that was never registered here."""

    code = "unknown-tender"


class OtherIndustry(DomainError):
    """The tender belongs to the trades that another authority watches."""

    code = "other-industry"


class ForeignMessage(DomainError):
    """A system tells of a tender that is another system's."""

    code = "foreign-message"
    status = 403


def watch_tender(*, message: TenderRegistered, delivery: Delivery, now: datetime) -> None:
    """Begin to watch a tender and its lots; remember which system it belongs to.

    :raises OtherIndustry: it is not of this authority's industry.
    :raises ForeignMessage: another system registered a tender under this code before.
    """
    if message.industry != settings.SUPERVISION_INDUSTRY:
        raise OtherIndustry(
            f"{message.tender_code} 属于 {message.industry} 行业，"
            f"本系统只监管 {settings.SUPERVISION_INDUSTRY}。请核对公共服务平台的转发设置。"
        )
    with transaction.atomic():
        if WatchedTender.objects.filter(tender_code=message.tender_code).exists():
            tender_told_by(message.tender_code, delivery)
            return
        facts = message.model_dump(exclude={"type", "occurred_at", "lots"})
        tender = WatchedTender.objects.create(
            **facts, origin=delivery.origin, registered_at=message.occurred_at
        )
        WatchedLot.objects.bulk_create(WatchedLot(tender=tender, **lot.model_dump()) for lot in message.lots)
        detail = {"lots": [lot.lot_code for lot in message.lots]}
        record(caller=delivery.caller, act="watch-tender", subject=tender, before="", now=now, detail=detail)


def note_notice(*, message: TenderNoticePublished, delivery: Delivery, now: datetime) -> WatchedNotice:
    """Keep a published notice and return it; the same notice told again is returned as it stands.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    with transaction.atomic():
        tender = tender_told_by(message.tender_code, delivery)
        notice_sha256 = digest(message.body())
        known = WatchedNotice.objects.filter(tender=tender, notice_sha256=notice_sha256).first()
        if known is not None:
            return known
        facts = message.model_dump(include={field.name for field in WatchedNotice._meta.concrete_fields})
        notice = WatchedNotice.objects.create(
            **facts, tender=tender, notice_sha256=notice_sha256, published_at=message.occurred_at
        )
        record(caller=delivery.caller, act="note-notice", subject=notice, before="", now=now)
    return notice


def note_suspension(*, message: TenderSuspended | TenderResumed, delivery: Delivery, now: datetime) -> None:
    """Keep that the trading system suspended a tender or let it go on, and by which directive.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    if isinstance(message, TenderSuspended):
        turn, happened_at, bids_due_at = Turn.SUSPENDED, message.suspended_at, None
    else:
        turn, happened_at, bids_due_at = Turn.RESUMED, message.resumed_at, message.bids_due_at
    with transaction.atomic():
        tender = tender_told_by(message.tender_code, delivery)
        event, is_new = SuspensionEvent.objects.get_or_create(
            tender=tender,
            turn=turn,
            directive_id=message.directive_id,
            happened_at=happened_at,
            defaults={"reason": message.reason, "bids_due_at": bids_due_at},
        )
        if is_new:
            record(caller=delivery.caller, act="note-suspension", subject=event, before="", now=now)


def note_end(*, message: TenderEnded, delivery: Delivery, now: datetime) -> None:
    """Keep how a tender ended; it has one end, the first that was told.

    :raises UnknownTender, ForeignMessage: see `tender_told_by`.
    """
    with transaction.atomic():
        tender = tender_told_by(message.tender_code, delivery)
        if tender.final_status:
            return
        before = version_of(tender)
        tender.final_status = message.final_status
        tender.ended_at = message.occurred_at
        tender.end_reason, tender.end_clause = message.reason, message.clause
        tender.save()
        record(caller=delivery.caller, act="note-end", subject=tender, before=before, now=now)


def tender_told_by(tender_code: str, delivery: Delivery) -> WatchedTender:
    """Lock and return the tender that a message tells of.

    :raises UnknownTender: it was not registered here; an operator finds out why.
    :raises ForeignMessage: the message was written by another system than the tender's own.
    """
    tender = WatchedTender.objects.select_for_update().filter(tender_code=tender_code).first()
    if tender is None:
        raise UnknownTender(f"没有登记过编号为 {tender_code} 的项目，不能记入。请先转发该项目的登记报文。")
    if tender.origin != delivery.origin:
        raise ForeignMessage(
            f"{tender_code} 是 {tender.origin} 的项目，{delivery.origin} 无权报送它的数据，未记入。"
        )
    return tender


def changed_facts(instance: models.Model, facts: dict[str, object]) -> bool:
    """Set `facts` on `instance`, unsaved, and return whether any of them is new."""
    changed = {name: value for name, value in facts.items() if getattr(instance, name) != value}
    for name, value in changed.items():
        setattr(instance, name, value)
    return bool(changed)
