"""Answering another system's question about a stream between the two."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.conf import settings

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.acceptance import NotAuthentic
from yuntai.kernel.peers import UnknownPeer, active_peer, own_key
from yuntai.kernel.reconciliation.keeping import Kept
from yuntai.standard import reconciliation as standard
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.receipts import MOST_BATCH_BYTES
from yuntai.standard.reconciliation import Answer, Asked, HourTold, Question, hour_of

MOST_SKEW = timedelta(minutes=5)


class OldQuestion(DomainError):
    """A question from another time, which somebody else may be repeating."""

    code = "question-old"
    status = 400


def answer_question(*, question: Question, now: datetime) -> Answer:
    """Return what this system keeps of the stream: digests of what the asker has sent or received, no more.

    :raises NotAuthentic: the question is not by a connected system, or not for this one.
    :raises OldQuestion: its time is over five minutes off.
    """
    asked = question.asked
    _require_author(question)
    if abs(asked.at - now) > MOST_SKEW:
        minutes = MOST_SKEW.seconds // 60
        raise OldQuestion(f"对账询问的时刻与本系统时钟相差超过 {minutes} 分钟。请校准时钟后重新签名发送。")
    kept, closed_until = Kept(asked.author, asked.reader, asked.stream), hour_of(now)
    hours: list[HourTold] = []
    following = None
    if asked.hours is not None:
        hours, following = kept.hours(asked.hours.since, min(asked.hours.until, closed_until))
    answer = Answer(
        receiver=settings.SYSTEM_CODE,
        sender=asked.iss,
        question=standard.asked_digest(asked),
        answered_at=now,
        closed_until=closed_until,
        hours=tuple(hours),
        next=following,
        parts=tuple(kept.parts([each for each in asked.parts if each.hour < closed_until])),
        messages=tuple(_within_bytes(_wanted(kept, asked))),
    )
    return standard.sign_answer(answer, own_key())


def _require_author(question: Question) -> None:
    asked = question.asked
    try:
        asker = active_peer(asked.iss, question.key_id)
    except UnknownPeer as error:
        raise NotAuthentic(str(error)) from error
    if asked.aud != settings.SYSTEM_CODE:
        raise NotAuthentic(f"被询问的系统是 {settings.SYSTEM_CODE}，询问写的是 {asked.aud}。请核对接收地址。")
    if not standard.verify(question, asker.key(question.key_id)):
        raise NotAuthentic(f"{asked.iss} 的对账询问签名不符。请用登记的密钥重新签名。")


def _wanted(kept: Kept, asked: Asked) -> Iterable[SignedMessage]:
    return kept.messages(asked.wanted).values() if asked.wanted else ()


def _within_bytes(messages: Iterable[SignedMessage]) -> Iterator[SignedMessage]:
    """Yield what one answer can carry, at least one; the rest is asked for again."""
    size = 0
    for place, each in enumerate(messages):
        size += len(each.model_dump_json().encode())
        if place and size > MOST_BATCH_BYTES:
            return
        yield each
