"""Answering heartbeats: what is missing of each stream, and what became of the messages asked for."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.acceptance import NotAuthentic
from yuntai.kernel.inbox.holes import Hole
from yuntai.kernel.inbox.models import InboxMessage, InboxStream, LastHeartbeat
from yuntai.kernel.inbox.pressure import Overloaded, credit
from yuntai.kernel.peers import Peer, UnknownPeer, own_key, peer
from yuntai.standard import heartbeat as standard
from yuntai.standard.heartbeat import (
    MOST_PROCESSED,
    Heartbeat,
    HeartbeatAnswer,
    Outcome,
    Processed,
    StreamState,
    StreamTold,
    Told,
)

MOST_SKEW = timedelta(minutes=5)
QUARANTINED = "多次办理均未成功，已停办；同一对象的后续报文一并等候，待接收方运营机构处理。无须重发。"


class OldHeartbeat(DomainError):
    """A heartbeat from another time: its system may be down and somebody else may repeat it."""

    code = "heartbeat-old"
    status = 400


def answer_heartbeat(*, heartbeat: Heartbeat, now: datetime) -> HeartbeatAnswer:
    """Note that a system is there and how far its streams are; return how they stand here.

    :raises NotAuthentic: it is not by a connected system, or not for this one.
    :raises OldHeartbeat: its time is over five minutes off, or not later than that of the last one.
    """
    told = heartbeat.told
    sender = _author(heartbeat)
    if abs(told.at - now) > MOST_SKEW:
        raise OldHeartbeat(f"心跳时刻与本系统时钟相差超过 {MOST_SKEW.seconds // 60} 分钟。请校准时钟后重发。")
    with transaction.atomic():
        _note(sender, told, now)
    streams = [_state(sender, each) for each in told.streams]
    return standard.sign_answer(
        receiver=settings.SYSTEM_CODE,
        to=told,
        streams=_at_most(streams),
        credit=_credit(),
        now=now,
        private_key=own_key(),
    )


def _author(heartbeat: Heartbeat) -> Peer:
    told = heartbeat.told
    try:
        sender = peer(told.iss)
    except UnknownPeer as error:
        raise NotAuthentic(str(error)) from error
    if told.aud != settings.SYSTEM_CODE:
        raise NotAuthentic(f"收件系统是 {settings.SYSTEM_CODE}，心跳写的是 {told.aud}。请核对接收地址。")
    if not standard.verify(heartbeat, sender.public_key):
        raise NotAuthentic(f"{told.iss} 的心跳签名不符。请用登记的密钥重新签名。")
    return sender


def _note(sender: Peer, told: Told, now: datetime) -> None:
    LastHeartbeat.objects.get_or_create(
        iss=sender.code, defaults={"told_at": told.at - timedelta(microseconds=1), "heard_at": now}
    )
    last = LastHeartbeat.objects.select_for_update().get(iss=sender.code)
    # A sandbox may set its clock back; then what was heard "later" than now says nothing.
    if told.at <= last.told_at and last.heard_at <= now:
        raise OldHeartbeat("心跳时刻不晚于上一次心跳，不予采信。请以当前时刻重新签名后发送。")
    last.told_at, last.heard_at = told.at, now
    last.streams = {each.stream: each.last_seq for each in told.streams}
    last.save()


def _state(sender: Peer, told: StreamTold) -> StreamState:
    stream = InboxStream.objects.filter(iss=sender.code, stream=told.stream).first()
    stream = stream or InboxStream(iss=sender.code, stream=told.stream)
    return StreamState(
        stream=told.stream,
        expected_seq=stream.last_seq + 1,
        missing=Hole(stream).missing(told.last_seq),
        processed=tuple(_processed(stream, told)),
    )


def _processed(stream: InboxStream, told: StreamTold) -> Iterable[Processed]:
    asked = Q()
    for first, last in told.awaiting:
        asked |= Q(seq__range=(first, last))
    if not asked:
        return
    ended = Q(applied_at__isnull=False) | Q(quarantined_at__isnull=False) | ~Q(refusal="")
    rows = InboxMessage.objects.filter(asked, ended, iss=stream.iss, stream=stream.stream)
    for row in rows.defer("signed").order_by("seq")[:MOST_PROCESSED]:
        yield processed_of(row)


def processed_of(row: InboxMessage) -> Processed:
    """Return the receipt for the handling of a message whose handling has come to an end."""
    outcome: Outcome = "ok"
    reason, at = "", row.applied_at
    if row.refusal:
        outcome, reason, at = "rejected", row.refusal, row.received_at
    elif row.applied_at is None:
        outcome, reason, at = "quarantined", QUARANTINED, row.quarantined_at
    if at is None:
        raise ValueError(f"{row} is not processed")
    return Processed(seq=row.seq, digest=row.digest, outcome=outcome, reason=reason, processed_at=at)


def _at_most(streams: Sequence[StreamState]) -> list[StreamState]:
    """Cut the receipts to what one answer may carry; the sender asks for the rest again."""
    left, cut = MOST_PROCESSED, []
    for each in streams:
        cut.append(each.model_copy(update={"processed": each.processed[:left]}))
        left -= len(cut[-1].processed)
    return cut


def _credit() -> int:
    try:
        return credit()
    except Overloaded:
        return 0
