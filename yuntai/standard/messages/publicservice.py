"""What the public service platform tells: participants it registered, and messages it passes on."""

from typing import ClassVar, Literal

from pydantic import Field

from yuntai.standard.envelope import SignedMessage
from yuntai.standard.fields import Instant, Line, LineOrEmpty, OrganizationCode, RegionCode, Word
from yuntai.standard.messages.base import Message, SystemKind, released


class PlatformMessage(Message):
    """A message of the public service platform."""

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"publicservice"})


class ParticipantFacts(PlatformMessage):
    """What is in force of an organization's registration; the message with the highest version counts.

    roles: "initiator", "agency", "bidder", and what later lists add: declared by the organization itself, so
    they hold at once.  verified_roles: those that the operator verified.  Verifying is a mark, never a gate:
    no system may refuse an organization because it is not verified yet.
    address, legal_representative: as on the business licence, "" when not given.
    version: of the registration as submitted, counted from 1.  verified_at: null before the first.
    """

    SUBJECT_FIELD: ClassVar[str] = "organization_code"

    organization_code: OrganizationCode
    name: Line
    roles: tuple[Word, ...] = Field(min_length=1)
    region_code: RegionCode
    address: LineOrEmpty = ""
    legal_representative: LineOrEmpty = ""
    contact_name: LineOrEmpty
    registered_at: Instant
    version: int = Field(default=1, ge=1)
    verified_roles: tuple[Word, ...] = ()
    verified_at: Instant | None = None


@released
class ParticipantRegistered(ParticipantFacts):
    """An organization was registered once for all connected systems (市场主体注册)."""

    type: Literal["registry.participant.registered.v1"] = "registry.participant.registered.v1"


@released
class ParticipantChanged(ParticipantFacts):
    """Something in force of a registration has changed."""

    type: Literal["registry.participant.changed.v1"] = "registry.participant.changed.v1"


@released
class ParticipantVerified(ParticipantFacts):
    """The operator has held a registration against its papers, and from now on it is in force (核实)."""

    type: Literal["registry.participant.verified.v1"] = "registry.participant.verified.v1"


@released
class MessageForwarded(PlatformMessage):
    """A message of another system, passed on with its own signature, so that the receiver need not trust us.

    origin: the signed message as it came; written again it is the same, byte for byte.
    """

    type: Literal["exchange.message.forwarded.v1"] = "exchange.message.forwarded.v1"
    origin: SignedMessage

    @property
    def subject(self) -> str:
        """The object of the message inside, so that an object's messages stay in order."""
        return self.origin.payload.obj
