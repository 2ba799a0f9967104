"""Numbers, chains and signs the messages of one stream, and keeps in a file what is not yet delivered.

For a connected system without a database of its own; one process at a time may use the file.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from uuid import uuid4

from yuntai.standard import envelope
from yuntai.standard.envelope import Position, SignedMessage
from yuntai.standard.heartbeat import Processed, StreamTold
from yuntai.standard.messages import Message
from yuntai.standard.receipts import ReceiptBatch, spans_of


class StreamFileBroken(ValueError):
    """The file is not what this module wrote."""


@dataclass(frozen=True)
class Rejected:
    """A message the receiver keeps but will not act on, and why."""

    seq: int
    reason: str


class Stream:
    """One stream from `iss` to `aud`.

    Every signed message is in the file before `next` returns it, so that a number, once used, is never
    used for another message: the receiver would take that for a forged history.
    A message is kept until its handling came to an end, and is sent again when the receiver misses it.
    File: one JSON value a line: {"seq", "prev"} to start from, a signed message, {"settled": seq},
    {"reopened": seq} or {"processed": seq}.
    """

    def __init__(self, *, iss: str, aud: str, stream: str, private_key: bytes, file: Path) -> None:
        self.iss = iss
        self.private_key = private_key
        self._file = file
        self._position = Position(iss, aud, stream)
        self._kept: dict[int, SignedMessage] = {}
        self._settled: set[int] = set()
        self._read()

    @property
    def unsettled(self) -> tuple[SignedMessage, ...]:
        """Messages without a receipt yet, by number."""
        return tuple(each for seq, each in self._kept.items() if seq not in self._settled)

    def told(self) -> StreamTold:
        """Return what a heartbeat says of this stream."""
        return StreamTold(
            stream=self._position.stream,
            last_seq=self._position.seq - 1,
            awaiting=spans_of(sorted(self._settled)),
        )

    def next(self, message: Message, *, now: datetime) -> SignedMessage:
        """Give `message` the next number, chain and sign it, and keep it until its receipt comes."""
        payload = envelope.payload_for(
            self._position, body=message.body(), subject=message.subject, msg_id=uuid4(), now=now
        )
        signed = envelope.sign(payload, self.private_key)
        self._append(signed.to_json())
        self._take(signed)
        return signed

    def settle(self, answer: ReceiptBatch) -> tuple[Rejected, ...]:
        """Note the messages `answer` has receipts for; return those that were rejected.

        A receipt for another stream, or with another digest than ours, settles nothing.
        """
        digests = {each.payload.seq: envelope.payload_digest(each.payload) for each in self.unsettled}
        settled = [
            receipt
            for receipt in answer.receipts
            if (receipt.iss, receipt.stream) == (self._position.iss, self._position.stream)
            and digests.get(receipt.seq) == receipt.digest
            and receipt.state != "held"
        ]
        self._note("settled", [receipt.seq for receipt in settled])
        return tuple(
            Rejected(receipt.seq, receipt.reason) for receipt in settled if receipt.state == "rejected"
        )

    def finish(self, processed: Sequence[Processed]) -> None:
        """Forget the messages whose handling came to an end; one in quarantine is kept."""
        kept = {
            each.seq: each for each in processed if each.seq in self._kept and each.outcome != "quarantined"
        }
        ended = [
            seq
            for seq, each in kept.items()
            if envelope.payload_digest(self._kept[seq].payload) == each.digest
        ]
        self._note("processed", ended)
        if not self._kept:
            self._compact()

    def reopen(self, missing: Sequence[tuple[int, int]]) -> None:
        """Have messages sent again that the receiver misses although it once gave a receipt."""
        self._note(
            "reopened", [seq for seq in sorted(self._settled) if any(a <= seq <= b for a, b in missing)]
        )

    def _note(self, what: str, numbers: Sequence[int]) -> None:
        self._append(*({what: seq} for seq in numbers))
        for seq in numbers:
            self._change(what, seq)

    def _change(self, what: str, seq: int) -> None:
        if what == "settled":
            self._settled.add(seq)
            return
        self._settled.discard(seq)
        if what == "processed":
            self._kept.pop(seq, None)

    def _take(self, signed: SignedMessage) -> None:
        self._position = self._position.after(signed.payload)
        self._kept[signed.payload.seq] = signed

    def _read(self) -> None:
        if not self._file.exists():
            return
        content = self._file.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if whole != content:  # cut off while writing: that message was never handed out
            os.truncate(self._file, len(whole))
        for line in whole.splitlines():
            try:
                self._replay(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise StreamFileBroken(
                    f"{self._file} 已损坏：{error}。请从备份恢复，切勿删除后重新编号。"
                ) from error

    def _replay(self, entry: dict[str, object]) -> None:
        if "seq" in entry:
            self._position = replace(self._position, seq=int(str(entry["seq"])), prev=str(entry["prev"]))
        elif "payload" not in entry:
            ((what, seq),) = entry.items()
            self._change(what, int(str(seq)))
        else:
            signed = SignedMessage.model_validate(entry)
            if signed.payload.seq != self._position.seq or signed.payload.prev != self._position.prev:
                raise ValueError(f"第 {signed.payload.seq} 条报文与前文不衔接")
            self._take(signed)

    def _append(self, *entries: object) -> None:
        _write_through(self._file, "ab", b"".join(map(_line, entries)))

    def _compact(self) -> None:
        """Keep only the position; by a rename, so that a crash leaves the old file or the new one."""
        fresh = self._file.with_name(self._file.name + ".new")
        _write_through(fresh, "wb", _line({"seq": self._position.seq, "prev": self._position.prev}))
        fresh.replace(self._file)


def _line(entry: object) -> bytes:
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _write_through(path: Path, mode: Literal["ab", "wb"], content: bytes) -> None:
    """Write, and come back only when the bytes are on the disk."""
    with path.open(mode) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
