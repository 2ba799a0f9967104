"""Keeps what receivers answer: receipts at the door, receipts for the handling, numbers that they miss."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.bulk import update_rows
from yuntai.kernel.outbox.models import KeptAnswer, OutboxMessage
from yuntai.standard.heartbeat import HeartbeatAnswer, Processed
from yuntai.standard.receipts import ReceiptBatch, spans_of

MOST_AWAITED = 5_000  # numbers asked for at once

Spans = Sequence[tuple[int, int]]


def keep_receipts(
    destination: str, rows: Iterable[OutboxMessage], answer: ReceiptBatch, *, now: datetime
) -> int:
    """Note the receipts of `answer` on `rows`; what has none, or is only held, stays to be sent again."""
    receipts = {(each.seq, each.digest): each for each in answer.receipts if each.state != "held"}
    kept = [row for row in rows if (row.seq or 0, row.digest) in receipts]
    if not kept:
        return 0
    with transaction.atomic():
        whole = _keep(destination, answer, now)
        for row in kept:
            receipt = receipts[row.seq or 0, row.digest]
            row.delivered_at, row.receipt = now, whole
            row.refusal = receipt.reason if receipt.state == "rejected" else ""
        update_rows(kept, ["delivered_at", "receipt", "refusal"])
        _write("keep-receipts", destination, now, [row.seq or 0 for row in kept])
    return len(kept)


def awaiting(destination: str) -> tuple[tuple[int, int], ...]:
    """Return the numbers whose handling has no receipt yet, the oldest first."""
    rows = _numbered(destination).filter(processed_at=None, delivered_at__isnull=False)
    numbers = rows.order_by("seq").values_list("seq", flat=True)[:MOST_AWAITED]
    return spans_of(number for number in numbers if number is not None)


def keep_handling(destination: str, answer: HeartbeatAnswer, *, now: datetime) -> int:
    """Note the receipts for the handling, and send again what is missing; return how many receipts ended."""
    ended = 0
    for state in answer.streams:
        if state.stream == destination:
            ended += _keep_processed(destination, state.processed, answer, now)
            reopen(destination, state.missing, now=now)
    return ended


def reopen(destination: str, missing: Spans, *, now: datetime) -> int:
    """Have messages sent again that the receiver misses although it once gave a receipt; return how many."""
    wanted = Q()
    for first, last in missing:
        wanted |= Q(seq__range=(first, last))
    if not wanted:
        return 0
    with transaction.atomic():
        rows = _numbered(destination).filter(wanted, delivered_at__isnull=False).select_for_update()
        lost = list(rows.order_by("seq").values_list("pk", "seq"))
        if lost:
            OutboxMessage.objects.filter(pk__in=[key for key, _ in lost]).update(
                delivered_at=None, receipt=None, processed_at=None, handling=None
            )
            _write("reopen-messages", destination, now, [seq or 0 for _, seq in lost])
    return len(lost)


def _keep_processed(
    destination: str, processed: Sequence[Processed], answer: HeartbeatAnswer, now: datetime
) -> int:
    receipts = {each.seq: each for each in processed}
    if not receipts:
        return 0
    with transaction.atomic():
        rows = _numbered(destination).filter(seq__in=receipts, processed_at=None, delivered_at__isnull=False)
        kept = [
            row
            for row in rows.only("seq", "digest", "refusal", "handling").select_for_update()
            if receipts[row.seq or 0].digest == row.digest
        ]
        ended = [row for row in kept if receipts[row.seq or 0].outcome != "quarantined"]
        new = [row for row in kept if row in ended or row.handling_id is None]
        if not new:
            return 0
        whole = _keep(destination, answer, now)
        for row in new:
            receipt = receipts[row.seq or 0]
            row.handling = whole
            row.processed_at = None if receipt.outcome == "quarantined" else receipt.processed_at
            row.refusal = receipt.reason if receipt.outcome == "rejected" else row.refusal
        update_rows(new, ["handling", "processed_at", "refusal"])
        _write("keep-handling", destination, now, [row.seq or 0 for row in new])
    return len(ended)


def _numbered(destination: str) -> QuerySet[OutboxMessage]:
    return OutboxMessage.objects.filter(destination=destination, seq__isnull=False)


def _keep(destination: str, answer: ReceiptBatch | HeartbeatAnswer, now: datetime) -> KeptAnswer:
    content = answer.model_dump(mode="json")
    return KeptAnswer.objects.create(destination=destination, answer=content, kept_at=now)


def _write(act: str, destination: str, now: datetime, numbers: Sequence[int]) -> None:
    write_entry(
        caller=Caller.system(settings.SYSTEM_CODE),
        act=act,
        object_type="outbox.stream",
        object_id=destination,
        now=now,
        detail={"from": min(numbers), "to": max(numbers)},
    )
