"""What the platform tells of connected systems, offers them in their trial, and issues as codes."""

from typing import ClassVar, Literal

from pydantic import Field

from yuntai.standard.fields import (
    Base64Url,
    CertificateText,
    ClauseKey,
    Code,
    Instant,
    Line,
    LineOrEmpty,
    OrganizationCodeOrEmpty,
    RegionCode,
    RegionCodeOrEmpty,
    SystemCode,
    UnifiedCodeText,
    WebAddress,
    WordOrEmpty,
)
from yuntai.standard.messages.base import Facts, Message, SystemKind, released
from yuntai.standard.messages.publicservice import PlatformMessage
from yuntai.standard.system_entry import EnteredKind


class ResponsibleFacts(Facts):
    """Who answers for a system, published by law.  duty: what for, as 主要负责人 or 技术负责人."""

    name: Line
    duty: Line


class SystemKeyFacts(Facts):
    """One key of a system, with what proves that its operator wants it and that the system holds it.

    number: from 1, rising.  public_key: Ed25519, 32 bytes.  valid_until: null while it is the present one.
    certificate, signature: of a person of the operator, over `EntryStatement.to_sign`; both "" for a system
    that the platform's own deployment lists.
    nonce, possession: the challenge, and the key's own signature over `EntryStatement.challenge`.
    """

    number: int = Field(ge=1, le=9999)
    public_key: Base64Url
    valid_from: Instant
    valid_until: Instant | None = None
    certificate: CertificateText = ""
    signature: Base64Url = ""
    nonce: str = Field(default="", pattern=r"^([0-9a-f]{32})?$")
    possession: Base64Url = ""


@released
class SystemListed(PlatformMessage):
    """A system was connected, or something about it changed (对接系统名录): how it stands now, whole.

    version: one more with each change; an older one counts no more.  state, reason: why it is suspended, a
    word of the published list, with its clause; "" while it is connected.
    keys: the present one last.
    """

    SUBJECT_FIELD: ClassVar[str] = "system_code"

    type: Literal["exchange.system.listed.v1"] = "exchange.system.listed.v1"
    system_code: SystemCode
    version: int = Field(ge=1)
    title: Line
    kind: EnteredKind
    industry: WordOrEmpty = ""
    region_code: RegionCodeOrEmpty = ""
    url: WebAddress = ""
    operator_code: OrganizationCodeOrEmpty
    operator_name: LineOrEmpty
    responsible: tuple[ResponsibleFacts, ...] = Field(default=(), max_length=10)
    state: Literal["connected", "suspended"]
    reason: WordOrEmpty = ""
    clause: ClauseKey = ""
    keys: tuple[SystemKeyFacts, ...] = Field(min_length=1, max_length=100)


@released
class TrialOffered(PlatformMessage):
    """A message without consequence, which a system on trial receives and receipts (对接测试报文)."""

    SUBJECT_FIELD: ClassVar[str] = "system_code"

    type: Literal["exchange.trial.offered.v1"] = "exchange.trial.offered.v1"
    system_code: SystemCode
    text: Line


class IssuedCodeFacts(Facts):
    """object_code: the lot (标段、包、宗地、标的), as its system writes it."""

    object_code: Code
    unified_code: UnifiedCodeText


@released
class UnifiedCodesIssued(PlatformMessage):
    """The platform issued unified transaction codes (统一交易标识码), one a lot.

    tender_code: of the tender that the lots belong to.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["exchange.code.issued.v1"] = "exchange.code.issued.v1"
    tender_code: Code
    codes: tuple[IssuedCodeFacts, ...] = Field(min_length=1, max_length=500)


@released
class UnifiedCodeRequested(Message):
    """A system asks for the unified codes of lots that it did not register by an event (申请赋码).

    category: the first three characters of the code, as A02.
    """

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"trading", "connected"})
    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["exchange.code.requested.v1"] = "exchange.code.requested.v1"
    tender_code: Code
    object_codes: tuple[Code, ...] = Field(min_length=1, max_length=500)
    category: str = Field(pattern=r"^[A-Z][0-9A-Z]{2}$")
    region_code: RegionCode
