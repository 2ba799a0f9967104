"""Forwarding: what came in goes out to whoever must know, in the transaction that stored it."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.inbox.models import StreamFork
from yuntai.kernel.outbox.services import publish, publish_all
from yuntai.kernel.peers import Peer, peers
from yuntai.publicservice.exchange.routing import destinations, why_not_routed
from yuntai.publicservice.exchange.scenes import Scenes, scene_of, why_outside
from yuntai.publicservice.quality.services import why_not_correctable
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.messages import Message, MessageForwarded, StreamForked


def why_refused(message: Message, author: Peer) -> str:
    """Return why the hub rejects `message` at its door, one Chinese sentence; "" when it does not."""
    return why_not_routed(message, author, peers()) or (
        why_outside(message, author) or why_not_correctable(message, author)
    )


def forward(taken: Sequence[Examined], now: datetime) -> None:
    """Queue each message for the systems that the routing table names, with its author's own signature.

    Runs in the storing transaction, so a message is forwarded exactly once: a repeated delivery stores
    nothing and so forwards nothing.
    """
    systems, scenes = peers(), Scenes(taken)
    queued: dict[str, list[MessageForwarded]] = defaultdict(list)
    for each in taken:
        if each.message is None:
            continue
        for destination in destinations(each.message, scenes.of(each), systems):
            queued[destination].append(MessageForwarded(occurred_at=now, origin=each.signed))
    for destination, messages in queued.items():
        publish_all(messages, now=now, destination=destination)


def tell_of_forks(forks: Sequence[StreamFork], now: datetime) -> None:
    """Queue an alarm about each new fork for the supervision systems concerned, with both signed messages."""
    systems = peers()
    for fork in forks:
        if not fork.kept:
            continue  # our own row is gone: there is nothing to hold against it, and the evidence stays here
        alarm = StreamForked(
            occurred_at=now,
            system_code=fork.iss,
            kept=SignedMessage.model_validate(fork.kept),
            contradicting=SignedMessage.model_validate(fork.signed),
            seen_at=fork.seen_at,
        )
        for destination in destinations(alarm, scene_of(systems[fork.iss]), systems):
            publish(alarm, now=now, destination=destination)
