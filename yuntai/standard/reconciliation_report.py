"""The report of a reconciliation (对账报告): signed by the platform, published, checked by anyone."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from yuntai.standard import receipts
from yuntai.standard.canonical import canonical
from yuntai.standard.envelope import KeyId
from yuntai.standard.fields import Base64Url, Instant, LineOrEmpty, Sha256, SystemCode, Word
from yuntai.standard.receipts import Count, Span
from yuntai.standard.reconciliation import Hour, Number
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

MOST_NAMED = 1000
"""Of differing hours, spans and contradictions; beyond, `complete` is false."""

State = Literal["equal", "differs", "unanswered"]
Reason = Literal["nightly", "recheck", "ordered", "command"]
Finding = Literal["forked", "damaged-at-platform", "damaged-at-system", "unexplained"]
Spans = Annotated[tuple[Span, ...], Field(max_length=MOST_NAMED)]


class HourCompared(BaseModel):
    """An hour that differed.  A root over nothing is the SHA-256 of nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hour: Hour
    count_at_platform: Number
    count_at_system: Number
    root_at_platform: Sha256
    root_at_system: Sha256


class Contradiction(BaseModel):
    """One number with two digests.

    finding: "forked" (both contents bear the author's signature: the supervision systems are told), or which
    side's row no longer holds what was signed, or "unexplained" (the system did not hand its message over).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    seq: Count
    at_platform: str = Field(max_length=64)
    at_system: Sha256
    finding: Finding


class StreamCompared(BaseModel):
    """One stream.

    author: who writes it, the platform or the system.
    hours, messages: how many were compared; messages as the platform keeps them.
    root_at_platform, root_at_system: Merkle roots over the roots of all hours compared, the earliest first.
    lacking_at_platform, lacking_at_system: numbers that only the other side has.
    restored: of those lacking, what the sender sent again by the end of this run and the platform took in.
    sent_again: of those lacking at the system, what the platform has queued to send again.
    under_way: how many have not been receipted yet; no difference.
    complete: whether every difference is named.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    author: SystemCode
    stream: Word
    hours: Number
    messages: Number
    root_at_platform: Sha256
    root_at_system: Sha256
    differing: Annotated[tuple[HourCompared, ...], Field(max_length=MOST_NAMED)] = ()
    lacking_at_platform: Spans = ()
    lacking_at_system: Spans = ()
    restored: Spans = ()
    sent_again: Spans = ()
    contradicting: Annotated[tuple[Contradiction, ...], Field(max_length=MOST_NAMED)] = ()
    under_way: Number = 0
    complete: bool = True


class Statement(BaseModel):
    """What the platform signs.

    at: when the run began.
    since, until: the hours compared; the running hour is never among them.
    fault: why the system gave no answer, one Chinese sentence; "" when it did.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1] = 1
    platform: SystemCode
    system: SystemCode
    at: Instant
    reason: Reason
    since: Hour
    until: Hour
    state: State
    fault: LineOrEmpty = ""
    streams: Annotated[tuple[StreamCompared, ...], Field(max_length=100)] = ()


class Report(BaseModel):
    """The statement with the platform's Ed25519 signature over `canonical(statement)`, and the key's id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    statement: Statement
    signature: Base64Url
    key_id: KeyId


def sign(statement: Statement, private_key: bytes) -> Report:
    """Sign with the platform's key (32 bytes raw)."""
    signature = base64url(signing.sign(private_key, canonical(statement.model_dump(mode="json"))))
    return Report(
        statement=statement, signature=signature, key_id=signing.key_id(signing.public_key(private_key))
    )


def verify(report: Report, public_key: bytes) -> bool:
    """Tell whether `report` bears the signature of this key (32 bytes raw)."""
    statement: dict[str, Any] = report.statement.model_dump(mode="json")
    return report.key_id == signing.key_id(public_key) and receipts.is_statement_signed(
        statement, report.signature, public_key
    )
