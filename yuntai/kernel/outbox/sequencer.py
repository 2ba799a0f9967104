"""Numbers and signs messages after their acts committed, so that a late commit can never be skipped."""

from datetime import datetime
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.bulk import update_rows
from yuntai.kernel.outbox.models import OutboxMessage, OutboxStream
from yuntai.kernel.peers import own_key
from yuntai.standard.envelope import NO_PREVIOUS, Position, sign_plain

AT_MOST = 500


def number_messages(*, now: datetime) -> int:
    """Number the unnumbered messages of every destination; return how many.

    It drains what has no number, and never remembers a last row, so nothing committed late is lost.
    """
    waiting = OutboxMessage.objects.filter(seq=None).values_list("destination", flat=True).distinct()
    return sum(_number_one(destination, now=now) for destination in waiting)


def _number_one(destination: str, *, now: datetime) -> int:
    with transaction.atomic():
        OutboxStream.objects.get_or_create(destination=destination, defaults={"last_digest": NO_PREVIOUS})
        # The stream's row lock makes two sequencers take turns.
        stream = OutboxStream.objects.select_for_update().get(destination=destination)
        first = stream.last_seq + 1
        rows = list(OutboxMessage.objects.filter(destination=destination, seq=None).order_by("id")[:AT_MOST])
        for row in rows:
            _sign_row(row, stream, now=now)
        update_rows(rows, ["seq", "digest", "signed", "signed_at"])
        stream.save()
        write_entry(
            caller=Caller.system(settings.SYSTEM_CODE),
            act="number-messages",
            object_type="outbox.stream",
            object_id=destination,
            now=now,
            detail={"from": first, "to": stream.last_seq},
        )
    return len(rows)


def _sign_row(row: OutboxMessage, stream: OutboxStream, *, now: datetime) -> None:
    position = Position(
        settings.SYSTEM_CODE, row.destination, row.destination, stream.last_seq + 1, stream.last_digest
    )
    row.signed, row.digest = sign_plain(
        position, body=row.body, subject=row.subject, msg_id=uuid4(), now=now, private_key=own_key()
    )
    row.seq, row.signed_at = position.seq, now
    stream.last_seq, stream.last_digest = row.seq, row.digest
