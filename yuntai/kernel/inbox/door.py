"""The checks at the door of one stream: is it the next one, and does it continue the chain."""

from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.inbox.memory import Memory
from yuntai.kernel.inbox.models import InboxMessage, InboxStream

MOST_REASON = 2000  # characters, as the standard has it


class Forked(DomainError):
    """The sender's history splits: one number with two contents, or a predecessor that is not ours."""

    code = "stream-forked"


class Door:
    """One stream while a batch is taken in; the caller holds the stream's row lock.

    taken: what was new and may be acted on.  rows: what is to be stored, refused messages too.
    """

    def __init__(self, stream: InboxStream, batch: Sequence[Examined]) -> None:
        self.stream = stream
        self.taken: list[Examined] = []
        self.rows: list[InboxMessage] = []
        repeated = [each.signed.payload.seq for each in batch if self.is_known(each)]
        self._memory = Memory([each for each in batch if not self.is_known(each)])
        self._digests = _digests(stream, repeated) if repeated else {}

    def is_known(self, examined: Examined) -> bool:
        """Return whether a message with its number is stored."""
        return examined.signed.payload.seq <= self.stream.last_seq

    def is_next(self, examined: Examined) -> bool:
        """Return whether its number is the one that the stream waits for."""
        return examined.signed.payload.seq == self.stream.last_seq + 1

    def require_same(self, examined: Examined) -> None:
        """Check that a repeated message is the one that is stored.

        :raises Forked: it has another content.
        """
        seq = examined.signed.payload.seq
        if self._digests.get(seq) != examined.digest:
            raise Forked(f"第 {seq} 号已收到内容不同的报文，不能改写。更正请另发新报文。")

    def admit(self, examined: Examined, now: datetime) -> str:
        """Move the stream on; return why the message is kept without being acted on, "" when it is.

        :raises Forked: the message denies its predecessor.
        """
        payload = examined.signed.payload
        if payload.prev != self.stream.last_digest:
            raise Forked(f"第 {payload.seq} 号报文的 prev 与上一号的摘要不符。请从该号起按序重新生成。")
        refusal = (examined.refusal or self._memory.why_repeated(examined))[:MOST_REASON]
        if not refusal:
            self._memory.remember(examined)
            self.taken.append(examined)
        self.rows.append(_row(examined, refusal, now))
        self.stream.last_seq, self.stream.last_digest = payload.seq, examined.digest
        return refusal

    def save(self) -> None:
        """Write what was admitted."""
        InboxMessage.objects.bulk_create(self.rows)
        self._memory.save()
        self.stream.save()


def _digests(stream: InboxStream, numbers: Sequence[int]) -> dict[int, str]:
    stored = InboxMessage.objects.filter(iss=stream.iss, stream=stream.stream, seq__in=numbers)
    return dict(stored.values_list("seq", "digest"))


def _row(examined: Examined, refusal: str, now: datetime) -> InboxMessage:
    payload = examined.signed.payload
    return InboxMessage(
        iss=payload.iss,
        stream=payload.stream,
        seq=payload.seq,
        digest=examined.digest,
        origin=examined.written.iss,
        msg_id=examined.written.msg_id,
        type=payload.type,
        subject=payload.obj,
        signed=examined.signed.to_json(),
        received_at=now,
        refusal=refusal,
    )
