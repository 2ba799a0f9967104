"""Forwarding: what came in goes out to whoever must know, in the transaction that stored it."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.outbox.services import publish_all
from yuntai.kernel.peers import peer, peers
from yuntai.publicservice.exchange.routing import destinations, why_not_routed
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.messages import MessageForwarded, parse

log = logging.getLogger(__name__)


def forward(rows: Sequence[InboxMessage], now: datetime) -> None:
    """Queue each of `rows` for the systems that the routing table names, with its author's own signature.

    Runs in the storing transaction, so a message is forwarded exactly once: a repeated delivery stores
    nothing and so forwards nothing.  What its sender may not send stays here; an audit row says why.
    """
    systems = peers()
    queued: dict[str, list[MessageForwarded]] = defaultdict(list)
    for row in rows:
        signed = SignedMessage.model_validate(row.signed)
        message, sender = parse(signed.payload.body), peer(row.iss)
        reason = why_not_routed(message, sender, systems)
        if reason:
            _note_kept_back(row, reason, now=now)
            continue
        for destination in destinations(message, sender.industry, systems):
            queued[destination].append(MessageForwarded(occurred_at=now, origin=signed))
    for destination, messages in queued.items():
        publish_all(messages, now=now, destination=destination)


def _note_kept_back(row: InboxMessage, reason: str, *, now: datetime) -> None:
    log.warning("message %s is not forwarded: %s", row, reason)
    write_entry(
        caller=Caller.system(row.iss),
        act="keep-back-message",
        object_type=row._meta.label_lower,
        object_id=str(row),
        now=now,
        detail={"type": row.type, "reason": reason},
    )
