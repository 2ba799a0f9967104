"""Publishing: put a message into the transaction of the act that it tells of."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from yuntai.kernel.bulk import insert_rows
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.standard.messages import Message

PLATFORM = "publicservice"


def publish(message: Message, *, now: datetime, destination: str = PLATFORM) -> None:
    """Queue `message` for `destination`; it leaves only when the surrounding transaction commits."""
    publish_all([message], now=now, destination=destination)


def publish_all(messages: Iterable[Message], *, now: datetime, destination: str = PLATFORM) -> None:
    """Queue `messages` in their order for `destination`."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish belongs into the transaction of the act")
    insert_rows(
        [
            OutboxMessage(
                destination=destination,
                type=(body := message.body())["type"],
                subject=message.subject,
                body=body,
                created_at=now,
            )
            for message in messages
        ]
    )
