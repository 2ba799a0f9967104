"""Taking messages in: verify, store once in the sender's order, answer with signed receipts."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Literal

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.door import Door, refusal_of, require_authentic
from yuntai.kernel.inbox.models import InboxMessage, InboxStream
from yuntai.kernel.peers import own_key
from yuntai.standard.envelope import NO_PREVIOUS, SignedMessage, payload_digest
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch
from yuntai.standard.receipts import sign as sign_receipts

State = Literal["received", "duplicate", "rejected"]
MOST_REASON = 200  # characters, as the standard has it
OnStored = Callable[[Sequence[InboxMessage], datetime], None]


def receive_batch(*, batch: Batch, address: str, now: datetime) -> ReceiptBatch:
    """Store what is new in `batch` and return a signed receipt for each message that was decided.

    A repeated message gets the receipt "duplicate", one that breaks the standard "rejected": it keeps its
    number, and the stream goes on.  From a hole, or from a message that is not to be believed, on nothing is
    decided: `expected_seq` says where to go on.

    :raises NotAuthentic: the first message is not by a connected system, or not for us; nothing is stored.
    :raises Forked: the first message has the number of another one, or denies its predecessor.
    """
    first = batch.messages[0]
    require_authentic(first)
    receipts: list[Receipt] = []
    with transaction.atomic():
        door = _open_door(first.payload.iss, first.payload.stream)
        stored = []
        for message in batch.messages:
            try:
                receipt, row = _take(door, message, now)
            except DomainError:
                if message is first:
                    raise
                break  # what came before it is safe; the next batch begins with it and is refused
            if receipt is None:
                break
            receipts.append(receipt)
            stored += [row] if row else []
        _close_door(door, stored, address=address, now=now)
    return _signed(receipts, expected=door.stream.last_seq + 1)


def _signed(receipts: list[Receipt], *, expected: int) -> ReceiptBatch:
    return sign_receipts(
        receiver=settings.SYSTEM_CODE, receipts=receipts, expected_seq=expected, private_key=own_key()
    )


def _receipt(message: SignedMessage, state: State, reason: str, now: datetime) -> Receipt:
    payload = message.payload
    return Receipt(
        iss=payload.iss,
        stream=payload.stream,
        seq=payload.seq,
        digest=payload_digest(payload),
        state=state,
        reason=reason[:MOST_REASON],
        received_at=now,
    )


def _open_door(iss: str, stream: str) -> Door:
    # Locked before the first look: two deliveries of one stream take turns.
    InboxStream.objects.get_or_create(iss=iss, stream=stream, defaults={"last_digest": NO_PREVIOUS})
    return Door(InboxStream.objects.select_for_update().get(iss=iss, stream=stream))


def _take(door: Door, message: SignedMessage, now: datetime) -> tuple[Receipt | None, InboxMessage | None]:
    """Decide one message: its receipt (None behind a hole) and the row to store (None when not new)."""
    payload = message.payload
    require_authentic(message)
    if payload.seq <= door.stream.last_seq:
        door.require_same(payload)
        return _receipt(message, "duplicate", "", now), None
    if payload.seq != door.stream.last_seq + 1:
        return None, None
    door.require_chained(payload)
    refusal = refusal_of(payload)[:MOST_REASON]
    row = door.admit(message, refusal, now)
    return _receipt(message, "rejected" if refusal else "received", refusal, now), row


def _close_door(door: Door, stored: list[InboxMessage], *, address: str, now: datetime) -> None:
    InboxMessage.objects.bulk_create(stored)
    door.stream.save()
    on_stored: OnStored | None = import_string(settings.INBOX_ON_STORED) if settings.INBOX_ON_STORED else None
    good = [row for row in stored if not row.refusal]
    if on_stored and good:
        on_stored(good, now)
    sender = Caller.system(door.stream.iss)
    write_entry(
        caller=Caller(sender.person_id, sender.person_name, "", "", sender.roles, "system", address),
        act="receive-messages",
        object_type="inbox.stream",
        object_id=str(door.stream),
        now=now,
        detail={"count": len(stored), "to": door.stream.last_seq},
    )
