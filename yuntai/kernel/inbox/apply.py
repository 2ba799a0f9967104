"""Applies stored messages in order: one handler a type, one savepoint a message."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.messages import Message, MessageForwarded, parse

log = logging.getLogger(__name__)
AT_ONCE = 50
TRIES = 5


@dataclass(frozen=True)
class Delivery:
    """Where a message came from.  origin: code of the system that wrote it.  message_id: its msg_id."""

    origin: str
    message_id: str
    received_at: datetime

    @property
    def caller(self) -> Caller:
        """Return the sending system as the one who acts."""
        return Caller.system(self.origin)


Handler = Callable[[Message, Delivery, datetime], None]


def apply_messages(*, now: datetime) -> int:
    """Apply the oldest unapplied messages; return how many were dealt with.

    A handler that fails leaves the message and blocks only its own object, not the stream; after 5 tries
    it is left to an operator.
    """
    handlers: Mapping[type[Message], Handler] = import_string(settings.INBOX_HANDLERS)
    with transaction.atomic():
        waiting = InboxMessage.objects.select_for_update(skip_locked=True).filter(applied_at=None, refusal="")
        rows = list(waiting.exclude(subject__in=_blocked()).order_by("id")[:AT_ONCE])
        stuck: set[str] = set()
        for row in rows:
            if row.subject not in stuck and not _apply_one(row, handlers, now):
                stuck.add(row.subject)
        InboxMessage.objects.bulk_update(rows, ["applied_at", "attempts", "fault"])
        if rows:
            write_entry(
                caller=Caller.system(settings.SYSTEM_CODE),
                act="apply-messages",
                object_type="inbox.message",
                object_id=f"{rows[0]} +{len(rows) - 1}",
                now=now,
            )
    return len(rows) - len(stuck)


def _blocked() -> list[str]:
    worn_out = InboxMessage.objects.filter(applied_at=None, refusal="", attempts__gte=TRIES)
    return list(worn_out.values_list("subject", flat=True))


def _apply_one(row: InboxMessage, handlers: Mapping[type[Message], Handler], now: datetime) -> bool:
    signed = SignedMessage.model_validate(row.signed)
    message = parse(signed.payload.body)
    if isinstance(message, MessageForwarded):
        signed = message.origin
        message = parse(signed.payload.body)
    handler = handlers.get(type(message))
    try:
        with transaction.atomic():
            if handler is not None:
                handler(message, Delivery(row.origin, signed.payload.msg_id, row.received_at), now)
    except Exception as error:  # a fault of one message must not stop the others
        row.attempts += 1
        row.fault = f"{type(error).__name__}: {error}"
        log.exception("message %s was not applied (try %d of %d)", row, row.attempts, TRIES)
        return False
    row.applied_at = now
    return True
