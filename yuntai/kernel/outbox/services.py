"""Publishing: put a message into the transaction of the act that it tells of."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction

from yuntai.kernel.bulk import insert_rows
from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.standard.canonical import canonical
from yuntai.standard.messages import Message, MessageForwarded
from yuntai.standard.receipts import MOST_BODY_BYTES

PLATFORM = "publicservice"


class MessageTooLarge(DomainError):
    """The act's message would not fit into a batch: nobody could take it, nor any that comes after it."""

    code = "message-too-large"
    status = 422


def publish(message: Message, *, now: datetime, destination: str = PLATFORM) -> None:
    """Queue `message` for `destination`; it leaves only when the surrounding transaction commits."""
    publish_all([message], now=now, destination=destination)


def publish_all(messages: Iterable[Message], *, now: datetime, destination: str = PLATFORM) -> None:
    """Queue `messages` in their order for `destination`.

    :raises MessageTooLarge: a body of ours has more than MOST_BODY_BYTES bytes.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("publish belongs into the transaction of the act")
    insert_rows(
        [
            OutboxMessage(
                destination=destination,
                type=(body := _sendable(message))["type"],
                subject=message.subject,
                body=body,
                created_at=now,
            )
            for message in messages
        ]
    )


def _sendable(message: Message) -> dict[str, Any]:
    body = message.body()
    # What is forwarded was judged at our door; its receivers leave room for the envelope around it.
    if isinstance(message, MessageForwarded) or (size := len(canonical(body))) <= MOST_BODY_BYTES:
        return body
    raise MessageTooLarge(
        f"这一步要报送的内容有 {size} 字节，超过每条报文 {MOST_BODY_BYTES} 字节的上限，没有办理。"
        "请精简文字后重试。"
    )
