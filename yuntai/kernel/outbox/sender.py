"""Sends numbered messages in order and keeps the receiver's signed receipts."""

import logging
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.bulk import update_rows
from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.peers import active_peer
from yuntai.standard.client import ExchangeClient, ExchangeError
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.receipts import ReceiptBatch

log = logging.getLogger(__name__)
BATCH = 100
MESSAGES_PATH = "/exchange/v1/messages"
LONGEST_WAIT = timedelta(seconds=30)


@dataclass
class Sender:
    """Sends to every destination; one that does not answer is tried again later and holds up no other."""

    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))
    _failures: dict[str, int] = field(default_factory=dict)
    _not_before: dict[str, datetime] = field(default_factory=dict)

    def send_due(self, *, now: datetime) -> int:
        """Send one batch to each destination that has messages waiting; return how many were receipted."""
        waiting = OutboxMessage.objects.filter(delivered_at=None, seq__isnull=False)
        destinations = waiting.values_list("destination", flat=True).distinct()
        return sum(self._try(each, now=now) for each in destinations if self._may_try(each, now))

    def _may_try(self, destination: str, now: datetime) -> bool:
        not_before = self._not_before.get(destination)
        return not_before is None or now >= not_before

    def _try(self, destination: str, *, now: datetime) -> int:
        try:
            sent = self._send_batch(destination, now=now)
        except (httpx.HTTPError, ExchangeError, DomainError) as error:
            failures = self._failures[destination] = self._failures.get(destination, 0) + 1
            wait = min(timedelta(seconds=0.25 * 2 ** min(failures, 8)), LONGEST_WAIT)
            self._not_before[destination] = now + wait
            log.warning("%s does not take messages (try %d): %s", destination, failures, error)
            return 0
        self._failures.pop(destination, None)
        self._not_before.pop(destination, None)
        return sent

    def _send_batch(self, destination: str, *, now: datetime) -> int:
        receiver = active_peer(destination)
        rows = list(
            OutboxMessage.objects.filter(
                destination=destination, delivered_at=None, seq__isnull=False
            ).order_by("seq")[:BATCH]
        )
        client = ExchangeClient(
            url=f"{receiver.url}{MESSAGES_PATH}",
            receiver_code=destination,
            receiver_public_key=receiver.public_key,
            transport=self.http,
        )
        answer = client.send([SignedMessage.model_validate(row.signed) for row in rows])
        return keep_receipts(destination, rows, answer, now=now)


def keep_receipts(destination: str, rows: list[OutboxMessage], answer: ReceiptBatch, *, now: datetime) -> int:
    """Note the receipts of `answer` on `rows`; what has none stays to be sent again."""
    receipts = {(receipt.seq, receipt.digest): receipt for receipt in answer.receipts}
    kept = []
    for row in rows:
        receipt = receipts.get((row.seq or 0, row.digest))
        if receipt is not None:
            row.delivered_at = now
            row.receipt = answer.model_dump(mode="json", exclude={"receipts"}) | {
                "receipt": receipt.model_dump(mode="json")
            }
            row.refusal = receipt.reason if receipt.state == "rejected" else ""
            kept.append(row)
    if kept:
        with transaction.atomic():
            update_rows(kept, ["delivered_at", "receipt", "refusal"])
            write_entry(
                caller=Caller.system(settings.SYSTEM_CODE),
                act="keep-receipts",
                object_type="outbox.stream",
                object_id=destination,
                now=now,
                detail={"from": kept[0].seq, "to": kept[-1].seq},
            )
    return len(kept)
