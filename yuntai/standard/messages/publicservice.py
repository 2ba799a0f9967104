"""What the public service platform tells: participants it registered, and messages it passes on."""

from typing import ClassVar, Literal

from pydantic import Field

from yuntai.standard.envelope import SignedMessage
from yuntai.standard.fields import Instant, Line, LineOrEmpty, OrganizationCode, RegionCode, Word
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

    @property
    def subject(self) -> str:
        """The object of the message inside, so that an object's messages stay in order."""
        return self.origin.payload.obj
