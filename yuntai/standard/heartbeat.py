"""The heartbeat: a sender tells how far its streams have come, and hears what is missing and what was done.

By it a gap is seen also when the last message was lost, and the receipts for the handling come back.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from yuntai.standard import receipts
from yuntai.standard.canonical import canonical, digest
from yuntai.standard.envelope import KeyId
from yuntai.standard.fields import Base64Url, Instant, LineOrEmpty, Sha256, SystemCode, Word
from yuntai.standard.receipts import NO_SIGNATURE, Count, Credit, Spans, statement_of
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

SECONDS = 30
"""How often a sender tells of its streams."""

MOST_STREAMS = 20
MOST_PROCESSED = 1000
"""Receipts for the handling in one answer; when there are as many, ask again at once."""

Outcome = Literal["ok", "rejected", "quarantined"]


class StreamTold(BaseModel):
    """How far the sender is.  last_seq: the last number it signed, 0 for none.

    awaiting: numbers whose handling it has no receipt for yet; written also when there are none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: Word
    last_seq: int = Field(ge=0, le=2**53 - 1, strict=True)
    awaiting: Spans


class Told(BaseModel):
    """What a heartbeat says.  at: the instant of signing, later than that of the system's last one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1]
    iss: SystemCode
    aud: SystemCode
    at: Instant
    streams: tuple[StreamTold, ...] = Field(max_length=MOST_STREAMS)


class Heartbeat(BaseModel):
    """What a system tells, with its Ed25519 signature over `canonical(told)`, and the id of the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    told: Told
    signature: Base64Url
    key_id: KeyId


class Processed(BaseModel):
    """The receipt for the handling of one message.

    outcome: "ok" (acted on), "rejected" (at the door), "quarantined" (its handling failed to the end; it and
    later messages about the same object wait for the receiver's operator; "ok" may follow).
    reason: one sentence, "" when ok.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: Count
    digest: Sha256
    outcome: Outcome
    reason: LineOrEmpty = ""
    processed_at: Instant


class StreamState(BaseModel):
    """How one stream stands at the receiver.

    expected_seq: the number it waits for.  missing: numbers that have not come, up to the last one told.
    processed: of the numbers asked for, those whose handling has come to an end, by number.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    stream: Word
    expected_seq: Count
    missing: Spans = ()
    processed: Annotated[tuple[Processed, ...], Field(max_length=MOST_PROCESSED)] = ()


class HeartbeatAnswer(BaseModel):
    """The receiver's signed answer.

    heartbeat: `told_digest` of what it answers.  credit: how many messages it takes in the next batch.
    signature: Ed25519 over `canonical` of all fields but signature and key_id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    receiver: SystemCode
    sender: SystemCode
    heartbeat: Sha256
    answered_at: Instant
    credit: Credit
    streams: tuple[StreamState, ...] = Field(max_length=MOST_STREAMS)
    signature: Base64Url
    key_id: KeyId


def told_digest(told: Told) -> str:
    """Return the SHA-256 of the canonical form of what was told, as 64 hex digits."""
    return digest(told.model_dump(mode="json"))


def sign(told: Told, private_key: bytes) -> Heartbeat:
    """Sign a heartbeat with a system's Ed25519 key (32 bytes raw)."""
    signature = base64url(signing.sign(private_key, canonical(told.model_dump(mode="json"))))
    return Heartbeat(told=told, signature=signature, key_id=signing.key_id(signing.public_key(private_key)))


def verify(heartbeat: Heartbeat, public_key: bytes) -> bool:
    """Tell whether `heartbeat` bears the signature of this key (32 bytes raw)."""
    statement: dict[str, Any] = heartbeat.told.model_dump(mode="json")
    return heartbeat.key_id == signing.key_id(public_key) and receipts.is_statement_signed(
        statement, heartbeat.signature, public_key
    )


def sign_answer(
    *,
    receiver: str,
    to: Told,
    streams: Sequence[StreamState],
    credit: int,
    now: datetime,
    private_key: bytes,
) -> HeartbeatAnswer:
    """Sign the answer to the heartbeat that told `to`."""
    unsigned = HeartbeatAnswer(
        receiver=receiver,
        sender=to.iss,
        heartbeat=told_digest(to),
        answered_at=now,
        credit=credit,
        streams=tuple(streams),
        signature=NO_SIGNATURE,
        key_id=signing.key_id(signing.public_key(private_key)),
    )
    signature = base64url(signing.sign(private_key, canonical(statement_of(unsigned))))
    return unsigned.model_copy(update={"signature": signature})


def verify_answer(answer: HeartbeatAnswer, *, to: Told, receiver: str, public_key: bytes) -> bool:
    """Tell whether `answer` is `receiver`'s to this very heartbeat and bears the signature of this key."""
    return (
        (answer.receiver, answer.sender, answer.heartbeat) == (receiver, to.iss, told_digest(to))
        and answer.key_id == signing.key_id(public_key)
        and receipts.is_statement_signed(statement_of(answer), answer.signature, public_key)
    )
