"""Messages that were taken in once and whose rows are gone: taken in again, and not acted on twice.

That such a message is the one that stood there, the chain proves; when it came and whether it was acted on,
the audit trail says.
"""

from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.inbox.apply import APPLIED
from yuntai.kernel.inbox.models import InboxMessage, InboxStream


class Restoring:
    """What is known of lost messages of one stream; the caller holds the stream's row lock.

    lost: by rising number, each up to the stream's last one.
    """

    def __init__(self, stream: InboxStream, lost: Sequence[Examined]) -> None:
        self._stream = stream
        numbers = [each.signed.payload.seq for each in lost]
        self._beside = _beside(stream, numbers)
        self._applied_at = _applied_at([_name(stream, number) for number in numbers])
        self._received_at = _received_at(stream, numbers)

    def contradicted_by(self, each: Examined) -> int | None:
        """Return the number beside `each` whose message denies it; None when it fits what is kept."""
        payload = each.signed.payload
        before, after = self._beside.get(payload.seq - 1), self._beside.get(payload.seq + 1)
        if before is not None and before[0] != payload.prev:
            return payload.seq - 1
        if after is not None and after[1] != each.digest:
            return payload.seq + 1
        if payload.seq == self._stream.last_seq and each.digest != self._stream.last_digest:
            return payload.seq
        self._beside[payload.seq] = (each.digest, payload.prev)
        return None

    def row(self, each: Examined, row: InboxMessage) -> InboxMessage:
        """Return `row`, made as of a new message, with what the trail says of the old one."""
        row.received_at = self._received_at.get(row.seq, row.received_at)
        row.applied_at = self._applied_at.get(_name(self._stream, row.seq))
        if row.applied_at is not None:
            row.refusal = ""
        return row


def _name(stream: InboxStream, seq: int) -> str:
    return f"{stream}/{seq}"


def _beside(stream: InboxStream, numbers: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return digest and `prev` of what is kept before and after each of the numbers."""
    wanted = {number + step for number in numbers for step in (-1, 1)}
    rows = InboxMessage.objects.filter(iss=stream.iss, stream=stream.stream, seq__in=wanted)
    found = rows.values_list("seq", "digest", "signed__payload__prev")
    return {seq: (digest, prev) for seq, digest, prev in found}


def _applied_at(names: Sequence[str]) -> dict[str, datetime]:
    """Return when each was acted on; what never was is not in it."""
    rounds = AuditEntry.objects.filter(
        object_type="inbox.message", act="apply-messages", detail__applied__has_any_keys=list(names)
    )
    found: dict[str, datetime] = {}
    for at, detail in rounds.order_by("id").values_list("recorded_at", "detail"):
        found |= {name: at for name in detail[APPLIED] if name in names}
    return found


def _received_at(stream: InboxStream, numbers: Sequence[int]) -> dict[int, datetime]:
    """Return when each came: with the first batch after which the stream had come that far."""
    batches = AuditEntry.objects.filter(
        object_type="inbox.stream", object_id=str(stream)[:120], act="receive-messages"
    )
    came = batches.filter(detail__to__gte=numbers[0]).order_by("id").values_list("detail__to", "recorded_at")
    found: dict[int, datetime] = {}
    for until, at in came.iterator():
        found |= {number: at for number in numbers if number <= until and number not in found}
        if len(found) == len(numbers):
            break
    return found
