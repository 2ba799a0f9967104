"""Applies stored messages in order: one handler a type, one savepoint a message."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.module_loading import import_string

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.bulk import update_rows
from yuntai.kernel.inbox.models import WAITING, InboxMessage
from yuntai.standard.messages import MESSAGE_TYPES, Message, MessageForwarded, parse

log = logging.getLogger(__name__)
AT_ONCE = 50
APPLIED = "applied"
FORWARDED = str(MessageForwarded.model_fields["type"].default)
# How long a message whose handler failed waits before the next try.  The first is short: what it refers to
# may just not have come yet.
PAUSES = (timedelta(seconds=1), timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))
TRIES = len(PAUSES) + 1


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
Thing = tuple[str, str]
"""What must stay in order: the author of messages, and the object that they are about."""


def apply_messages(*, now: datetime) -> int:
    """Apply the oldest messages that are due; return how many were dealt with.

    A handler that fails leaves the message and holds up only the same author's messages about the same
    object; it is tried again after `PAUSES`, then left to an operator (the command `stuck`).
    """
    handlers: Mapping[type[Message], Handler] = import_string(settings.INBOX_HANDLERS)
    with transaction.atomic():
        rows = list(_due(now).select_for_update(skip_locked=True).order_by("id")[:AT_ONCE])
        held = _held_elsewhere(rows)
        tried, failed = [], set[Thing]()
        for row in rows:
            thing = (row.origin, row.subject)
            if thing in failed or held.get(thing, row.pk) < row.pk:
                continue
            tried.append(row)
            if not _apply_one(row, handlers, now):
                failed.add(thing)
        _keep(tried, now)
    return len(tried) - len(failed)


def _due(now: datetime) -> QuerySet[InboxMessage]:
    later = Q(attempts__gte=TRIES) | Q(next_try_at__gt=now)
    waiting = InboxMessage.objects.filter(WAITING)
    same_thing = waiting.filter(later, origin=OuterRef("origin"), subject=OuterRef("subject"))
    return waiting.exclude(later).exclude(Exists(same_thing))


def _held_elsewhere(rows: Sequence[InboxMessage]) -> dict[Thing, int]:
    """Return, of each thing of `rows`, its oldest waiting message that another worker has in hand.

    Looked up after the rows are locked: what the other worker committed by then no longer waits.
    """
    others = InboxMessage.objects.filter(WAITING, subject__in={row.subject for row in rows})
    others = others.exclude(pk__in=[row.pk for row in rows]).order_by("-id")
    return {(origin, subject): key for origin, subject, key in others.values_list("origin", "subject", "pk")}


def _keep(tried: list[InboxMessage], now: datetime) -> None:
    if not tried:
        return
    update_rows(tried, ["applied_at", "attempts", "fault", "next_try_at", "quarantined_at"])
    write_entry(
        caller=Caller.system(settings.SYSTEM_CODE),
        act="apply-messages",
        object_type="inbox.message",
        object_id=f"{tried[0]} +{len(tried) - 1}",
        now=now,
        # By this a message whose row gets lost is not acted on twice (`restoring`).
        detail={APPLIED: [str(row) for row in tried if row.applied_at]},
    )


def _apply_one(row: InboxMessage, handlers: Mapping[type[Message], Handler], now: datetime) -> bool:
    handler = _handler(row, handlers)
    try:
        if handler is not None:
            with transaction.atomic():
                handler(_authored(row), Delivery(row.origin, row.msg_id, row.received_at), now)
    except Exception as error:  # a fault of one message must not stop the others
        _note_fault(row, error, now)
        return False
    row.applied_at, row.next_try_at = now, None
    return True


def _handler(row: InboxMessage, handlers: Mapping[type[Message], Handler]) -> Handler | None:
    """Return who applies the message; None when it is only kept, as records are, and need not be read."""
    body = row.signed["payload"]["body"]
    inner = body["origin"]["payload"]["body"] if body["type"] == FORWARDED else body
    return handlers.get(MESSAGE_TYPES[inner["type"]])


def _authored(row: InboxMessage) -> Message:
    message = parse(row.signed["payload"]["body"])
    return parse(message.origin.payload.body) if isinstance(message, MessageForwarded) else message


def _note_fault(row: InboxMessage, error: Exception, now: datetime) -> None:
    row.attempts += 1
    row.fault = f"{type(error).__name__}: {error}"
    log.exception("message %s was not applied (try %d of %d)", row, row.attempts, TRIES)
    if row.attempts < TRIES:
        row.next_try_at = now + PAUSES[row.attempts - 1]
        return
    row.next_try_at, row.quarantined_at = None, now
    log.error(
        "报文 %s 办理 %d 次均未成功，不再重试；%s 关于 %s 的后续报文一并等候。"
        "请用管理命令 stuck 查看原因，排除后用 stuck --release 放行。",
        row,
        TRIES,
        row.origin,
        row.subject,
    )
