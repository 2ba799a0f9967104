"""Fork alarms (分叉告警): a connected system signed two histories; kept when its own signatures prove it."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.audit.services import record, write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.peers import peers
from yuntai.standard.envelope import verified_digest
from yuntai.standard.messages import StreamForked
from yuntai.supervision.intake.models import ForkAlarm

SHOWN = 5


def note_fork(*, message: StreamForked, delivery: Delivery, now: datetime) -> None:
    """Keep the alarm once; one that the accused system's key does not prove is only noted in the trail."""
    kept, contradicting = _digests(message)
    with transaction.atomic():
        if not (kept and contradicting) or kept == contradicting:
            write_entry(
                caller=delivery.caller,
                act="refuse-fork-alarm",
                object_type="inbox.message",
                object_id=delivery.message_id,
                now=now,
                detail={"system": message.system_code, "refusal": "两份报文的签名不符或内容相同"},
            )
            return
        payload = message.contradicting.payload
        alarm, is_new = ForkAlarm.objects.get_or_create(
            system_code=message.system_code,
            stream=payload.stream,
            seq=payload.seq,
            contradicting_sha256=contradicting,
            defaults={"kept_sha256": kept, "seen_at": message.seen_at},
        )
        if is_new:
            record(caller=delivery.caller, act="note-fork-alarm", subject=alarm, before="", now=now)


def _digests(message: StreamForked) -> list[str | None]:
    """Return the digests of what the accused system signed; None of what it did not."""
    accused = peers().get(message.system_code)
    messages = (message.kept, message.contradicting)
    return [verified_digest(each, accused.public_key) if accused else None for each in messages]


def latest_forks() -> list[ForkAlarm]:
    """Return the latest alarms, the newest first."""
    return list(ForkAlarm.objects.order_by("-seen_at", "-id")[:SHOWN])
