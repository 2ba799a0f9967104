"""The checks at the door of one stream: is it authentic, is it the next one, is it a known message."""

from datetime import datetime

from django.conf import settings

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.models import InboxMessage, InboxStream
from yuntai.kernel.peers import UnknownPeer, peer
from yuntai.standard.envelope import Payload, SignedMessage, payload_digest, verify
from yuntai.standard.messages import (
    InvalidMessage,
    MessageForwarded,
    UnknownMessageType,
    parse,
)


class NotAuthentic(DomainError):
    """The message is not by a connected system, or not for this one.  Nothing of it is stored."""

    code = "message-not-authentic"
    status = 400


class Forked(DomainError):
    """The sender's history splits: one number with two contents, or a predecessor that is not ours."""

    code = "stream-forked"


def require_authentic(message: SignedMessage) -> None:
    """Check that the sender is connected, wrote to this system and signed it.

    :raises NotAuthentic: it is not so.
    """
    payload = message.payload
    try:
        sender = peer(payload.iss)
    except UnknownPeer as error:
        raise NotAuthentic(str(error)) from error
    if payload.aud != settings.SYSTEM_CODE:
        raise NotAuthentic(f"收件系统是 {settings.SYSTEM_CODE}，报文写的是 {payload.aud}。请核对接收地址。")
    if not verify(message, sender.public_key):
        raise NotAuthentic(f"{payload.iss} 第 {payload.seq} 号报文签名不符。请用登记的密钥重新签名。")


class Door:
    """One stream while a batch is taken in; the caller holds the stream's row lock."""

    def __init__(self, stream: InboxStream) -> None:
        self.stream = stream
        self._admitted: dict[int, str] = {}

    def require_same(self, payload: Payload) -> None:
        """Check that a repeated message is the one that is stored.

        :raises Forked: it has another content.
        """
        if self._known_digest(payload.seq) != payload_digest(payload):
            raise Forked(f"第 {payload.seq} 号已收到内容不同的报文，不能改写。更正请另发新报文。")

    def require_chained(self, payload: Payload) -> None:
        """Check that the next message names the last one's digest.

        :raises Forked: it names another.
        """
        if payload.prev != self.stream.last_digest:
            raise Forked(f"第 {payload.seq} 号报文的 prev 与上一号的摘要不符。请从该号起按序重新生成。")

    def _known_digest(self, seq: int) -> str:
        if seq in self._admitted:
            return self._admitted[seq]
        row = InboxMessage.objects.filter(iss=self.stream.iss, stream=self.stream.stream, seq=seq).first()
        return row.digest if row else ""

    def admit(self, message: SignedMessage, refusal: str, now: datetime) -> InboxMessage:
        """Move the stream on and return the row to store."""
        payload, digest = message.payload, payload_digest(message.payload)
        self.stream.last_seq, self.stream.last_digest = payload.seq, digest
        self._admitted[payload.seq] = digest
        return InboxMessage(
            iss=payload.iss,
            stream=payload.stream,
            seq=payload.seq,
            digest=digest,
            origin=origin_of(payload),
            type=payload.type,
            subject=payload.obj,
            signed=message.to_json(),
            received_at=now,
            refusal=refusal,
        )


def origin_of(payload: Payload) -> str:
    """Return the code of the system whose message this is, also when the platform forwarded it."""
    match payload.body:
        case {"type": "exchange.message.forwarded.v1", "origin": {"payload": {"iss": str(author)}}}:
            return author
    return payload.iss


def refusal_of(payload: Payload) -> str:
    """Return why the body is not acceptable under the published standard, "" when it is."""
    try:
        message = parse(payload.body)
        if isinstance(message, MessageForwarded):
            return _refusal_of_forwarded(message, payload)
    except (UnknownMessageType, InvalidMessage) as error:
        return str(error)
    if message.subject != payload.obj:
        return f"报文头的对象 {payload.obj} 与正文的 {message.subject} 不一致。"
    return ""


def _refusal_of_forwarded(message: MessageForwarded, payload: Payload) -> str:
    # The forwarded message keeps its author's signature: the platform can pass it on, not write it.
    origin = message.origin
    try:
        author = peer(origin.payload.iss)
    except UnknownPeer as error:
        return str(error)
    if not verify(origin, author.public_key):
        return f"转发的报文（{origin.payload.iss} 第 {origin.payload.seq} 号）原签名不符，不予接收。"
    parse(origin.payload.body)
    return ""
