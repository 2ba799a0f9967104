"""Reconciliation (对账): two systems compare what each keeps of a stream without sending it all again.

Both know of each message its number, its digest and the instant of signing (`iat`), so both sort it into the
same hour.  An hour, or a part of one, is told as a count and a Merkle root; what differs is asked for in
smaller parts, down to the messages.
"""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from yuntai.standard import receipts
from yuntai.standard.canonical import canonical, digest
from yuntai.standard.envelope import KeyId, SignedMessage
from yuntai.standard.fields import Base64Url, Instant, Sha256, SystemCode, Word
from yuntai.standard.receipts import NO_SIGNATURE, Count, statement_of
from yuntai.trust import merkle, signing
from yuntai.trust.base64url import base64url

HOUR = timedelta(hours=1)
MOST_HOURS = 1000
"""Hours in one answer; when there are more, `next` says where to go on."""
MOST_PARTS = 64
MOST_LISTED = 64
"""Messages of a part that are told one by one."""
MOST_WANTED = 20
_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)

Number = Annotated[int, Field(ge=0, le=2**53 - 1, strict=True)]


def hour_of(instant: datetime) -> datetime:
    """Return the start of the hour; hours are the same everywhere, since zones here differ by whole ones."""
    return instant.replace(minute=0, second=0, microsecond=0)


def _full(instant: datetime) -> datetime:
    if instant != hour_of(instant):
        raise ValueError("须为整点，如 2026-03-02T01:00:00Z")
    return instant


Hour = Annotated[Instant, AfterValidator(_full)]
"""The start of an hour; the hour's end belongs to the next one."""


class Part(BaseModel):
    """The messages that were signed in the hour and have a number from `first` to `last`, both included."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hour: Hour
    first: Count
    last: Count


class Window(BaseModel):
    """The hours from `since`, and before `until`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    since: Hour
    until: Hour


class Asked(BaseModel):
    """What is asked about one stream: its hours, parts of them, or messages themselves.

    at: the instant of signing.  author: who writes the stream, `iss` or `aud`; the other one receives it.
    wanted: numbers of messages to hand over with their signatures.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    iss: SystemCode
    aud: SystemCode
    at: Instant
    author: SystemCode
    stream: Word
    hours: Window | None = None
    parts: tuple[Part, ...] = Field(default=(), max_length=MOST_PARTS)
    wanted: tuple[Count, ...] = Field(default=(), max_length=MOST_WANTED)

    @model_validator(mode="after")
    def _author_is_one_of_the_two(self) -> Self:
        if self.author not in (self.iss, self.aud):
            raise ValueError("author 须是 iss 或 aud：对账只在流的发送方和接收方之间进行")
        return self

    @property
    def reader(self) -> str:
        """Who receives the stream."""
        return self.aud if self.author == self.iss else self.iss


class Question(BaseModel):
    """What is asked, with the Ed25519 signature over `canonical(asked)`, and the id of the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked: Asked
    signature: Base64Url
    key_id: KeyId


class HourTold(BaseModel):
    """What is kept of one hour.  first, last: lowest and highest number.  root: `root_of` its digests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hour: Hour
    count: Count
    first: Count
    last: Count
    root: Sha256


class PartTold(BaseModel):
    """What is kept of a part.  messages: number and digest of each; left out when there are over 64."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hour: Hour
    first: Count
    last: Count
    count: Number
    root: Sha256
    messages: Annotated[tuple[tuple[Count, Sha256], ...], Field(max_length=MOST_LISTED)] = ()


class Answer(BaseModel):
    """The signed answer.

    question: `asked_digest` of what it answers.  closed_until: start of the running hour by the answerer's
    clock; what was signed from then on is left out.
    hours: those asked for in which anything was signed, the earliest first.  next: where to ask on, null
    when these are all.  parts: those asked for, in that order.  messages: of those wanted what is kept.
    signature: Ed25519 over `canonical` of all fields but signature and key_id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    receiver: SystemCode
    sender: SystemCode
    question: Sha256
    answered_at: Instant
    closed_until: Hour
    hours: Annotated[tuple[HourTold, ...], Field(max_length=MOST_HOURS)] = ()
    next: Hour | None = None
    parts: Annotated[tuple[PartTold, ...], Field(max_length=MOST_PARTS)] = ()
    messages: Annotated[tuple[SignedMessage, ...], Field(max_length=MOST_WANTED)] = ()
    signature: Base64Url = NO_SIGNATURE
    key_id: KeyId = "0" * 16


def root_of(digests: Sequence[str]) -> str:
    """Return the Merkle root (RFC 6962) over the digests, by rising number; leaves are their 32 bytes.

    A text that is no digest counts as its own SHA-256: a damaged row must differ, not stop the comparison.
    """
    return merkle.root([_leaf(each) for each in digests]).hex()


def told_digest(text: str) -> str:
    """Return what is told of a stored digest: itself, or the SHA-256 of a text that is none."""
    return text if _DIGEST.fullmatch(text) else sha256(text.encode()).hexdigest()


def _leaf(text: str) -> bytes:
    return bytes.fromhex(told_digest(text))


def asked_digest(asked: Asked) -> str:
    """Return the SHA-256 of the canonical form of what was asked, as 64 hex digits."""
    return digest(asked.model_dump(mode="json"))


def sign(asked: Asked, private_key: bytes) -> Question:
    """Sign a question with a system's Ed25519 key (32 bytes raw)."""
    signature = base64url(signing.sign(private_key, canonical(asked.model_dump(mode="json"))))
    return Question(asked=asked, signature=signature, key_id=signing.key_id(signing.public_key(private_key)))


def verify(question: Question, public_key: bytes) -> bool:
    """Tell whether `question` bears the signature of this key (32 bytes raw)."""
    statement: dict[str, Any] = question.asked.model_dump(mode="json")
    return question.key_id == signing.key_id(public_key) and receipts.is_statement_signed(
        statement, question.signature, public_key
    )


def sign_answer(answer: Answer, private_key: bytes) -> Answer:
    """Return the answer with signature and key id of this key (32 bytes raw), whatever stood there."""
    named = answer.model_copy(update={"key_id": signing.key_id(signing.public_key(private_key))})
    signature = base64url(signing.sign(private_key, canonical(statement_of(named))))
    return named.model_copy(update={"signature": signature})


def verify_answer(answer: Answer, *, to: Asked, receiver: str, public_key: bytes) -> bool:
    """Tell whether `answer` is `receiver`'s to this very question and bears the signature of this key."""
    return (
        (answer.receiver, answer.sender, answer.question) == (receiver, to.iss, asked_digest(to))
        and answer.key_id == signing.key_id(public_key)
        and receipts.is_statement_signed(statement_of(answer), answer.signature, public_key)
    )
