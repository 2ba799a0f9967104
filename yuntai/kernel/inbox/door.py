"""The checks at the door of one stream: the next number, the chain, one history only.

What a message says is examined before (`acceptance`); what waits behind a hole is in `holes`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from yuntai.kernel.bulk import insert_rows
from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.acceptance import Examined
from yuntai.kernel.inbox.holes import Hole
from yuntai.kernel.inbox.memory import Memory
from yuntai.kernel.inbox.models import InboxMessage, InboxStream, StreamFork
from yuntai.kernel.inbox.restoring import Restoring
from yuntai.standard.canonical import digest
from yuntai.standard.receipts import Receipt

MOST_REASON = 2000  # characters, as the standard has it
State = Literal["received", "rejected", "held"]


class Forked(DomainError):
    """The sender's history splits: one number with two contents, or a predecessor that is not ours."""

    code = "stream-forked"


@dataclass(frozen=True)
class Fork:
    """A message that contradicts what is kept.  refusal: one Chinese sentence."""

    examined: Examined
    refusal: str
    kept_seq: int


class Door:
    """One stream while a batch is taken in; the caller holds the stream's row lock.

    taken: what was new and may be acted on.  rows: what is to be stored, refused messages too.
    restored: numbers taken in once before whose rows were gone; they are among `rows`, not `taken`.
    forks: messages that contradict what is kept; nothing else of them is stored.
    """

    def __init__(self, stream: InboxStream) -> None:
        self.stream = stream
        self.taken: list[Examined] = []
        self.rows: list[InboxMessage] = []
        self.restored: list[int] = []
        self.forks: list[Fork] = []
        self._hole = Hole(stream)

    def take(self, batch: Sequence[Examined], now: datetime) -> list[Receipt]:
        """Decide the messages of `batch` by number; what follows a fork is left for another time."""
        known = [each for each in batch if _seq(each) <= self.stream.last_seq]
        receipts = self._repeat(known, now)
        if self.forks:
            return receipts
        new = self._not_contradicting_held([each for each in batch if _seq(each) > self.stream.last_seq])
        run = self._hole.run(new)
        memory = Memory(run)
        for each in run:
            if not self._continues(each):
                break
            self._admit(each, memory, now)
        memory.save()
        decided = {row.seq: row for row in self.rows}
        receipts += [receipt_of(decided[_seq(each)]) for each in new if _seq(each) in decided]
        behind = [] if self.forks else [each for each in new if _seq(each) not in decided]
        return receipts + [
            _receipt(each, "held", "", held_at) for each, held_at in self._hole.keep(behind, now)
        ]

    def missing(self) -> tuple[tuple[int, int], ...]:
        """Return the numbers that must come before what is held is taken in."""
        return self._hole.missing()

    def save(self) -> None:
        """Write what was admitted and kept."""
        insert_rows(self.rows)
        self._hole.save()
        self.stream.save()

    def _repeat(self, known: Sequence[Examined], now: datetime) -> list[Receipt]:
        """Return the receipts that are kept of messages that came before; take in again what was lost."""
        stored = _stored(self.stream, [_seq(each) for each in known])
        self._restore([each for each in known if _seq(each) not in stored], now)
        stored |= {row.seq: row for row in self.rows}
        receipts = []
        for each in known:
            seq = _seq(each)
            if seq not in stored:
                break  # it, or one before it, does not fit where it was lost
            if stored[seq].digest != each.digest:
                self._fork(each, f"第 {seq} 号已收到内容不同的报文，不能改写。更正请另发新报文。", seq)
                break
            receipts.append(receipt_of(stored[seq]))
        return receipts

    def _restore(self, lost: Sequence[Examined], now: datetime) -> None:
        if not lost:
            return
        restoring = Restoring(self.stream, lost)
        for each in lost:
            beside = restoring.contradicted_by(each)
            if beside is not None:
                said = (
                    f"第 {_seq(each)} 号与已收到的第 {beside} 号前后摘要不符，不予接收。请核对后重发原报文。"
                )
                self._fork(each, said, beside)
                return
            self.rows.append(restoring.row(each, _row(each, each.refusal[:MOST_REASON], now)))
            self.restored.append(_seq(each))

    def _not_contradicting_held(self, new: Sequence[Examined]) -> list[Examined]:
        """Return the messages up to the first that contradicts a held one.

        Which of the two the chain continues with, nobody knows before the hole is filled, so the held one
        stays and its sender is told.
        """
        for place, each in enumerate(new):
            if self._hole.contradicts(each):
                seq = _seq(each)
                self._fork(each, f"第 {seq} 号已收到内容不同的报文，不能改写。更正请另发新报文。", seq)
                return list(new[:place])
        return list(new)

    def _continues(self, each: Examined) -> bool:
        payload = each.signed.payload
        if payload.prev == self.stream.last_digest:
            return True
        said = f"第 {payload.seq} 号报文的 prev 与上一号的摘要不符。请从该号起按序重新生成。"
        self._fork(each, said, payload.seq - 1)
        self._hole.drop(payload.seq)
        return False

    def _admit(self, each: Examined, memory: Memory, now: datetime) -> None:
        refusal = (each.refusal or memory.why_repeated(each))[:MOST_REASON]
        if not refusal:
            memory.remember(each)
            self.taken.append(each)
        self.rows.append(_row(each, refusal, now))
        self.stream.last_seq, self.stream.last_digest = _seq(each), each.digest
        self._hole.drop(_seq(each))

    def _fork(self, each: Examined, refusal: str, kept_seq: int) -> None:
        self.forks.append(Fork(each, refusal, kept_seq))


def receipt_of(row: InboxMessage) -> Receipt:
    """Return the receipt for a stored message: the same each time it is asked for."""
    return Receipt(
        iss=row.iss,
        stream=row.stream,
        seq=row.seq,
        digest=row.digest,
        state="rejected" if row.refusal else "received",
        reason=row.refusal,
        received_at=row.received_at,
    )


def note_forks(door: Door, now: datetime) -> list[StreamFork]:
    """Keep the evidence of the door's forks; return what was not known before."""
    new = []
    for fork in door.forks:
        signed, kept = fork.examined.signed.to_json(), _kept(door.stream, fork.kept_seq)
        if kept and fork.kept_seq > _seq(fork.examined):
            signed, kept = kept, signed  # it is the later one that denies its predecessor
        evidence, is_new = StreamFork.objects.get_or_create(
            iss=door.stream.iss,
            stream=door.stream.stream,
            seq=signed["payload"]["seq"],
            digest=digest(signed["payload"]),
            defaults={"signed": signed, "kept": kept, "seen_at": now},
        )
        new += [evidence] if is_new else []
    return new


def _kept(stream: InboxStream, seq: int) -> dict[str, Any]:
    facts = {"iss": stream.iss, "stream": stream.stream, "seq": seq}
    row = InboxMessage.objects.filter(**facts).first() or Hole.held(**facts)
    found: dict[str, Any] = row.signed if row else {}
    return found


def _seq(examined: Examined) -> int:
    return examined.signed.payload.seq


def _stored(stream: InboxStream, numbers: Sequence[int]) -> dict[int, InboxMessage]:
    if not numbers:
        return {}
    rows = InboxMessage.objects.filter(iss=stream.iss, stream=stream.stream, seq__in=numbers)
    return {row.seq: row for row in rows.defer("signed")}


def _receipt(examined: Examined, state: State, reason: str, at: datetime) -> Receipt:
    payload = examined.signed.payload
    return Receipt(
        iss=payload.iss,
        stream=payload.stream,
        seq=payload.seq,
        digest=examined.digest,
        state=state,
        reason=reason,
        received_at=at,
    )


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
        signed_at=payload.iat,
        received_at=now,
        refusal=refusal,
    )
