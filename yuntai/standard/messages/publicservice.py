"""What the public service platform tells: participants, messages that it passes on, forks of streams."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import Field, JsonValue, StringConstraints, model_validator

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
from yuntai.standard.messages.base import Facts, Message, SystemKind, released


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


class OfficerSignature(Facts):
    """officer: by which the keys of those who may sign are known.  signature: Ed25519, base64url."""

    officer: Line
    signature: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]


@released
class TrustListPublished(PlatformMessage):
    """A new version of the list of recognised CAs (证书互认名单); receivers check its signatures themselves.

    seq: of the version; one that is not newer than the receiver's is passed over.
    document: as docs/connect/certificates.md describes it.
    """

    type: Literal["identity.trust-list.published.v1"] = "identity.trust-list.published.v1"
    seq: int = Field(ge=1)
    document: dict[str, JsonValue]
    signatures: tuple[OfficerSignature, ...] = Field(min_length=2, max_length=20)

    @property
    def subject(self) -> str:
        """There is one list, so its versions stay in order."""
        return "trust-list"

    @property
    def signed(self) -> dict[str, object]:
        """Return the list with its signatures, as `read_trust_list` reads it."""
        return {"list": self.document, "signatures": [each.model_dump() for each in self.signatures]}


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
