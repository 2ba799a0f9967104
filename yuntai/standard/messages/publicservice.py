"""What the public service platform tells: participants, messages that it passes on, forks of streams."""

from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from yuntai.standard.envelope import SignedMessage
from yuntai.standard.fields import (
    Instant,
    Line,
    LineOrEmpty,
    OrganizationCode,
    RegionCode,
    SystemCode,
    Word,
    instant_text,
)
from yuntai.standard.messages.base import Message, SystemKind, released


class PlatformMessage(Message):
    """A message of the public service platform."""

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"publicservice"})


@released
class ParticipantRegistered(PlatformMessage):
    """An organization was registered once for all connected systems (市场主体注册).

    roles: "initiator", "agency", "bidder", and what later lists add.
    """

    SUBJECT_FIELD: ClassVar[str] = "organization_code"

    type: Literal["registry.participant.registered.v1"] = "registry.participant.registered.v1"
    organization_code: OrganizationCode
    name: Line
    roles: tuple[Word, ...] = Field(min_length=1)
    region_code: RegionCode
    contact_name: LineOrEmpty
    registered_at: Instant


@released
class MessageForwarded(PlatformMessage):
    """A message of another system, passed on with its own signature, so that the receiver need not trust us.

    origin: the signed message as it came; written again it is the same, byte for byte.
    """

    type: Literal["exchange.message.forwarded.v1"] = "exchange.message.forwarded.v1"
    origin: SignedMessage

    def body(self) -> dict[str, Any]:
        """Return the message as JSON types; the one inside is there already."""
        return {
            "occurred_at": instant_text(self.occurred_at),
            "type": self.type,
            "origin": self.origin.to_json(),
        }

    @property
    def subject(self) -> str:
        """The object of the message inside, so that an object's messages stay in order."""
        return self.origin.payload.obj


@released
class StreamForked(PlatformMessage):
    """A system signed two histories of one stream (分叉告警); the signatures in it prove that, not our word.

    kept: the message the platform holds: of the same number, or of the number before when `contradicting`
    denies it.  contradicting: the message it refused.
    """

    SUBJECT_FIELD: ClassVar[str] = "system_code"

    type: Literal["exchange.stream.forked.v1"] = "exchange.stream.forked.v1"
    system_code: SystemCode
    kept: SignedMessage
    contradicting: SignedMessage
    seen_at: Instant

    @model_validator(mode="after")
    def _two_of_one_stream(self) -> Self:
        kept, other = self.kept.payload, self.contradicting.payload
        if not (self.system_code, kept.stream) == (kept.iss, other.stream) == (other.iss, kept.stream):
            raise ValueError("kept 与 contradicting 须是 system_code 同一流的报文")
        if kept.seq not in (other.seq, other.seq - 1):
            raise ValueError("kept 须与 contradicting 同号，或为其上一号")
        return self
