"""Taking messages in: verify, store once in the sender's order, answer with signed receipts."""

from collections.abc import Callable, Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.acceptance import Examined, NotAuthentic, examine
from yuntai.kernel.inbox.door import Door, Forked, note_forks
from yuntai.kernel.inbox.models import InboxStream, StreamFork
from yuntai.kernel.inbox.pressure import credit
from yuntai.kernel.peers import own_key
from yuntai.standard.envelope import NO_PREVIOUS
from yuntai.standard.messages import SystemListed
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.standard.receipts import sign as sign_receipts

OnStored = Callable[[Sequence[Examined], datetime], None]
OnFork = Callable[[Sequence[StreamFork], datetime], None]


def receive_batch(*, batch: Batch, address: str, now: datetime) -> ReceiptBatch:
    """Store what is new in `batch` and return a signed receipt for each message that was decided or kept.

    A repeated message gets its receipt again; one that may not be acted on "rejected": it keeps its number,
    and the stream goes on.  Behind a hole messages are "held" while there is room, and `missing` names what
    must come first.  From a message that is not to be believed on nothing is decided.

    :raises Overloaded: too many messages wait to be acted on.
    :raises NotAuthentic: the first message is not by a connected system, or not for us; nothing is stored.
    :raises Forked: the first message has the number of another one, or denies its predecessor; it is kept as
        evidence only.
    """
    room = credit()
    examined = _authentic_start(batch)
    with transaction.atomic():
        door = Door(_locked_stream(examined[0]))
        receipts = door.take(examined, now)
        _close_door(door, address=address, now=now)
    if door.forks and door.forks[0].examined is examined[0]:
        raise Forked(door.forks[0].refusal)
    return sign_receipts(
        receiver=settings.SYSTEM_CODE,
        receipts=receipts,
        expected_seq=door.stream.last_seq + 1,
        missing=door.missing(),
        credit=room,
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


def _locked_stream(examined: Examined) -> InboxStream:
    payload = examined.signed.payload
    return locked_stream(payload.iss, payload.stream)


def locked_stream(iss: str, name: str) -> InboxStream:
    """Return a stream, new or known, locked before the first look: two deliveries of it take turns."""
    streams = InboxStream.objects.select_for_update()
    found = streams.filter(iss=iss, stream=name).first()
    if found is None:
        InboxStream.objects.get_or_create(iss=iss, stream=name, defaults={"last_digest": NO_PREVIOUS})
        found = streams.get(iss=iss, stream=name)
    return found


def _close_door(door: Door, *, address: str, now: datetime) -> None:
    door.save()
    forks = note_forks(door, now)
    if door.taken and settings.INBOX_ON_STORED:
        on_stored: OnStored = import_string(settings.INBOX_ON_STORED)
        on_stored(door.taken, now)
    if forks and settings.INBOX_ON_FORK:
        on_fork: OnFork = import_string(settings.INBOX_ON_FORK)
        on_fork(forks, now)
    sender = Caller.system(door.stream.iss)
    write_entry(
        caller=Caller(sender.person_id, sender.person_name, "", "", sender.roles, "system", address),
        act="receive-messages",
        object_type="inbox.stream",
        object_id=str(door.stream),
        now=now,
        detail={"count": len(door.rows), "to": door.stream.last_seq}
        | ({"restored": door.restored} if door.restored else {})
        | ({"forks": [fork.examined.digest for fork in door.forks]} if door.forks else {}),
    )
