"""May a received message be acted on?  Asked of each message once, without the database.

Whether it is the next of its stream, `door` judges; whether it came before, `memory`.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from yuntai.kernel.errors import DomainError
from yuntai.kernel.peers import Peer, UnknownPeer, active_peer, peer
from yuntai.standard.envelope import Payload, SignedMessage, verified_digest
from yuntai.standard.messages import (
    InvalidMessage,
    Message,
    MessageForwarded,
    UnknownMessageType,
    parse,
    type_of,
)

OwnRules = Callable[[Message, Peer], str]
PLATFORM = "publicservice"  # the kind, not the code


class NotAuthentic(DomainError):
    """The message is not by a connected system, or not for this one.  Nothing of it is stored."""

    code = "message-not-authentic"
    status = 400


@dataclass(frozen=True)
class Examined:
    """An authentic message.

    sender, digest: who sent it, and the SHA-256 of its payload.
    written: the payload that the message's author signed; the sender's own unless the platform forwarded it.
    message: what the sender says; None when it breaks the standard.
    refusal: why it must not be acted on, one Chinese sentence, "" when it may.
    """

    signed: SignedMessage
    digest: str
    sender: Peer
    written: Payload
    message: Message | None
    refusal: str

    @property
    def is_forwarded(self) -> bool:
        """Whether another system wrote it."""
        return self.written is not self.signed.payload


def examine(signed: SignedMessage) -> Examined:
    """Check one message by itself.

    :raises NotAuthentic: its sender is not connected, wrote to another system or did not sign it.
    """
    sender, digest = _authenticated(signed)
    message, written = None, signed.payload
    try:
        message = parse(signed.payload.body)
        refusal = _why_not_from(sender, message, signed.payload)
        if not refusal and isinstance(message, MessageForwarded):
            written, refusal = _forwarded(message, signed.payload)
        elif not refusal:
            refusal = _why_not_here(message, sender)
    except (UnknownMessageType, InvalidMessage, UnknownPeer) as error:
        refusal = str(error)
    return Examined(signed, digest, sender, written, message, " ".join(refusal.split()))


def _authenticated(signed: SignedMessage) -> tuple[Peer, str]:
    payload = signed.payload
    try:
        sender = active_peer(payload.iss, signed.key_id)
    except UnknownPeer as error:
        raise NotAuthentic(str(error)) from error
    if payload.aud != settings.SYSTEM_CODE:
        raise NotAuthentic(f"收件系统是 {settings.SYSTEM_CODE}，报文写的是 {payload.aud}。请核对接收地址。")
    digest = verified_digest(signed, sender.key(signed.key_id))
    if digest is None:
        raise NotAuthentic(f"{payload.iss} 第 {payload.seq} 号报文签名不符。请用登记的密钥重新签名。")
    return sender, digest


def _why_not_from(sender: Peer, message: Message, payload: Payload) -> str:
    if PLATFORM not in (settings.SYSTEM_KIND, sender.kind):
        return f"{settings.SYSTEM_CODE} 只接收公共服务平台的报文。请把报文发给公共服务平台，由它转发。"
    return _why_not_spoken(message, sender) or _why_not_about(message, payload)


def _why_not_spoken(message: Message, author: Peer) -> str:
    if author.kind in message.SPEAKERS:
        return ""
    return f"{author.code} 不是可以发送“{type_of(message)}”的系统。请核对报文类型与对接登记的系统类别。"


def _why_not_about(message: Message, payload: Payload) -> str:
    if message.subject == payload.obj:
        return ""
    return f"报文头的对象 {payload.obj} 与正文的 {message.subject} 不一致。请改为一致后另发新报文。"


def _why_not_here(message: Message, author: Peer) -> str:
    if not settings.INBOX_REFUSAL:
        return ""
    own_rules: OwnRules = import_string(settings.INBOX_REFUSAL)
    return own_rules(message, author)


def _forwarded(message: MessageForwarded, outer: Payload) -> tuple[Payload, str]:
    """Return whose payload it is, and why it is refused.

    The forwarded message keeps its author's signature: the platform can pass it on, not write it.
    """
    origin = message.origin
    author = peer(origin.payload.iss, origin.key_id)
    named = f"转发的报文（{author.code} 第 {origin.payload.seq} 号）"
    if verified_digest(origin, author.key(origin.key_id)) is None:
        return outer, f"{named}原签名不符，不予接收。请核对后原样转发。"
    return origin.payload, _why_not_passed_on(origin.payload, author, outer, named)


def _why_not_passed_on(inner: Payload, author: Peer, outer: Payload, named: str) -> str:
    if inner.aud != outer.iss:
        return f"{named}是写给 {inner.aud} 的，不能由 {outer.iss} 转发。请由收件系统转发。"
    message = parse(inner.body)
    if isinstance(message, MessageForwarded):
        return f"{named}本身又是转发。请转发原报文。"
    return (
        _why_not_spoken(message, author) or _why_not_about(message, inner) or _why_not_here(message, author)
    )
