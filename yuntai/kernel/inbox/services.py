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
from yuntai.kernel.inbox.acceptance import Examined, NotAuthentic, examine
from yuntai.kernel.inbox.door import Door
from yuntai.kernel.inbox.models import InboxStream
from yuntai.kernel.peers import own_key
from yuntai.standard.envelope import NO_PREVIOUS
from yuntai.standard.messages import SystemListed
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch
from yuntai.standard.receipts import sign as sign_receipts

State = Literal["received", "duplicate", "rejected"]
OnStored = Callable[[Sequence[Examined], datetime], None]


def receive_batch(*, batch: Batch, address: str, now: datetime) -> ReceiptBatch:
    """Store what is new in `batch` and return a signed receipt for each message that was decided.

    A repeated message gets the receipt "duplicate", one that may not be acted on "rejected": it keeps its
    number, and the stream goes on.  From a hole, or from a message that is not to be believed, on nothing is
    decided: `expected_seq` says where to go on.

    :raises NotAuthentic: the first message is not by a connected system, or not for us; nothing is stored.
    :raises Forked: the first message has the number of another one, or denies its predecessor.
    """
    examined = _authentic_start(batch)
    receipts: list[Receipt] = []
    with transaction.atomic():
        door = Door(_locked_stream(examined[0]), examined)
        for each in examined:
            try:
                receipt = _take(door, each, now)
            except DomainError:
                if each is examined[0]:
                    raise
                break  # what came before it is safe; the next batch begins with it and is refused
            if receipt is None:
                break
            receipts.append(receipt)
        _close_door(door, address=address, now=now)
    return sign_receipts(
        receiver=settings.SYSTEM_CODE,
        receipts=receipts,
        expected_seq=door.stream.last_seq + 1,
        private_key=own_key(),
    )


def _authentic_start(batch: Batch) -> list[Examined]:
    """Examine the messages up to the first that is not authentic, before anything is locked."""
    examined = [examine(batch.messages[0])]
    for signed in batch.messages[1:]:
        if isinstance(examined[-1].message, SystemListed):
            break  # it may tell of the author or the key of what follows, which comes again after it
        try:
            examined.append(examine(signed))
        except NotAuthentic:
            break
    return examined


def _receipt(examined: Examined, state: State, reason: str, now: datetime) -> Receipt:
    payload = examined.signed.payload
    return Receipt(
        iss=payload.iss,
        stream=payload.stream,
        seq=payload.seq,
        digest=examined.digest,
        state=state,
        reason=reason,
        received_at=now,
    )


def _locked_stream(examined: Examined) -> InboxStream:
    # Locked before the first look: two deliveries of one stream take turns.
    facts = {"iss": examined.signed.payload.iss, "stream": examined.signed.payload.stream}
    InboxStream.objects.get_or_create(**facts, defaults={"last_digest": NO_PREVIOUS})
    return InboxStream.objects.select_for_update().get(**facts)


def _take(door: Door, examined: Examined, now: datetime) -> Receipt | None:
    """Decide one message; None behind a hole."""
    if door.is_known(examined):
        door.require_same(examined)
        return _receipt(examined, "duplicate", "", now)
    if not door.is_next(examined):
        return None
    refusal = door.admit(examined, now)
    return _receipt(examined, "rejected" if refusal else "received", refusal, now)


def _close_door(door: Door, *, address: str, now: datetime) -> None:
    door.save()
    on_stored: OnStored | None = import_string(settings.INBOX_ON_STORED) if settings.INBOX_ON_STORED else None
    if on_stored and door.taken:
        on_stored(door.taken, now)
    sender = Caller.system(door.stream.iss)
    write_entry(
        caller=Caller(sender.person_id, sender.person_name, "", "", sender.roles, "system", address),
        act="receive-messages",
        object_type="inbox.stream",
        object_id=str(door.stream),
        now=now,
        detail={"count": len(door.rows), "to": door.stream.last_seq},
    )
