"""Keeping the figures of days that are over, and corrections."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.peers import Peer
from yuntai.law.days import SHANGHAI
from yuntai.publicservice.quality.counting import count, day_bounds
from yuntai.publicservice.quality.models import Correction, QualityDay
from yuntai.standard.messages import Message, RecordCorrected

DAYS_BACK = 14
SETTLED_AFTER = timedelta(minutes=10)
"""What was received before midnight is stored by then."""

_RECORDS = ("exchange.record.submitted.v1", "exchange.record.corrected.v1")
_closed_until: list[date] = []


def close_days(*, now: datetime) -> int:
    """Count the days that are over and were not counted yet; return how many rows were written."""
    yesterday = (now - SETTLED_AFTER).astimezone(SHANGHAI).date() - timedelta(days=1)
    if _closed_until and _closed_until[-1] >= yesterday:
        return 0
    last = QualityDay.objects.aggregate(last=Max("day"))["last"]
    first = max(last + timedelta(days=1), yesterday - timedelta(days=DAYS_BACK)) if last else None
    first = first or yesterday - timedelta(days=DAYS_BACK)
    days = [first + timedelta(days=ahead) for ahead in range((yesterday - first).days + 1)]
    written = sum(_close(day, now) for day in days)
    _closed_until[:] = [yesterday]
    return written


def why_not_correctable(message: Message, author: Peer) -> str:
    """Return why a correction must be rejected at the door, one Chinese sentence; "" when it may pass."""
    if not isinstance(message, RecordCorrected):
        return ""
    wrong = InboxMessage.objects.filter(
        origin=author.code, msg_id=message.corrects, refusal="", type__in=_RECORDS
    ).first()
    if wrong is None:
        return (
            f"没有收到过 {author.code} 编号 {message.corrects} 的记录报文，不能更正。"
            "被退回的报文请直接另发，不必更正；请核对 corrects。"
        )
    told = wrong.signed["payload"]["body"]
    if (told["data_set"], told["data_key"]) != (message.data_set, message.data_key):
        return (
            f"被更正的报文是数据集 {told['data_set']} 的 {told['data_key']}，"
            "更正须是同一条记录。请核对 data_set 和 data_key。"
        )
    return ""


def note_correction(message: RecordCorrected, delivery: Delivery, now: datetime) -> None:
    """Keep which message corrects which, so that both are shown."""
    with transaction.atomic():
        correction = Correction.objects.create(
            system=delivery.origin,
            corrected=message.corrects,
            correcting=delivery.message_id,
            data_set=message.data_set,
            data_key=message.data_key,
            reason=message.reason,
            at=delivery.received_at,
        )
        record(caller=delivery.caller, act="note-correction", subject=correction, before="", now=now)


def _close(day: date, now: datetime) -> int:
    counted = count(*day_bounds(day))
    rows = [
        QualityDay(
            system=system,
            day=day,
            delay_p50=each.delay_p50,
            delay_p99=each.delay_p99,
            **vars(each.counts),
        )
        for system, each in counted.items()
    ]
    if not rows:
        return 0
    with transaction.atomic():
        # Two workers count the same; whoever is later adds nothing.
        written = QualityDay.objects.bulk_create(rows, ignore_conflicts=True)
        write_entry(
            caller=Caller.system(settings.SYSTEM_CODE),
            act="close-quality-day",
            object_type="quality.qualityday",
            object_id=day.isoformat(),
            now=now,
        )
    return len(written)
