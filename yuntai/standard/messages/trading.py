"""What a trading system tells: from a registered tender to its end.

No message tells of a bid before the opening: who bids, and how many, stays unknown until then.
"""

from typing import ClassVar, Literal, Self

from pydantic import Field, model_validator

from yuntai.standard.fields import (
    Base64Url,
    ClauseKey,
    Code,
    CodeOrEmpty,
    Day,
    EnvelopeId,
    Instant,
    Line,
    LineOrEmpty,
    OrganizationCode,
    OrganizationCodeOrEmpty,
    PointsText,
    RegionCode,
    Sha256,
    Text,
    Version,
    WebAddress,
    Word,
)
from yuntai.standard.messages.base import Facts, Message, SystemKind, released
from yuntai.standard.money import YuanText


class TradingMessage(Message):
    """A message of a trading system."""

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"trading"})


class LotFacts(Facts):
    """A lot (标段) of a tender."""

    lot_code: Code
    title: Line
    estimated_yuan: YuanText


@released
class TenderRegistered(TradingMessage):
    """A tender (招标项目) was registered, before its notice.

    procedure_edition: first day in force of the rules it follows.
    must_tender: whether the law requires tendering.  demonstration: made up for a demonstration.
    agency_code, agency_name: "" when the initiator acts for itself.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["trading.tender.registered.v1"] = "trading.tender.registered.v1"
    tender_code: Code
    project_code: Code
    industry: Word
    procedure: Word
    procedure_edition: Day
    title: Line
    region_code: RegionCode
    place: Line
    initiator_code: OrganizationCode
    initiator_name: Line
    agency_code: OrganizationCodeOrEmpty = ""
    agency_name: LineOrEmpty = ""
    must_tender: bool
    lots: tuple[LotFacts, ...] = Field(min_length=1)
    demonstration: bool


class HolderFacts(Facts):
    """A holder of a share of the key that opens a lot's bids.

    letter: T procuring entity, P trading system, C public service platform, R recovery.
    public_key: 65 bytes, base64url.
    """

    lot_code: Code
    letter: Literal["T", "P", "C", "R"]
    name: Line
    public_key: Base64Url


@released
class TenderNoticePublished(TradingMessage):
    """A tender notice (招标公告) was published and the tender documents can be had.

    bids_due_at: a bid that comes at this instant is late.
    ceiling_price_yuan: a bid above it is rejected; None when none was set.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["trading.tender.notice-published.v1"] = "trading.tender.notice-published.v1"
    tender_code: Code
    procedure: Word
    title: Line
    text: Text
    documents_open_at: Instant
    bids_due_at: Instant
    must_tender: bool
    estimated_yuan: YuanText
    ceiling_price_yuan: YuanText | None = None
    documents_sha256: Sha256
    url: WebAddress
    holders: tuple[HolderFacts, ...] = ()


class OpenedBidFacts(Facts):
    """One bid of an opening record.

    outcome: "opened", or why it did not open: "bidder-fault" (视为撤销) or "platform-fault" (视为撤回).
    A bid that did not open has no price, and no bidder either when nobody can read who sent it.
    """

    bidder_code: OrganizationCodeOrEmpty
    bidder_name: LineOrEmpty
    price_yuan: YuanText | None
    duration_days: int | None = Field(gt=0)
    outcome: Literal["opened", "bidder-fault", "platform-fault"]
    envelope_id: EnvelopeId
    header_sha256: Sha256

    @model_validator(mode="after")
    def _opened_bids_are_complete(self) -> Self:
        complete = (
            self.bidder_code and self.bidder_name and self.price_yuan is not None and self.duration_days
        )
        if self.outcome == "opened" and not complete:
            raise ValueError("已解密的投标须有投标人、报价和工期")
        if self.outcome != "opened" and (self.price_yuan is not None or self.duration_days is not None):
            raise ValueError("未解密的投标不得有报价或工期")
        return self


@released
class OpeningRecorded(TradingMessage):
    """The bids of a lot were opened (开标记录).

    set_root: Merkle root over the envelopes held at the close.
    """

    SUBJECT_FIELD: ClassVar[str] = "lot_code"

    type: Literal["trading.tender.opening-recorded.v1"] = "trading.tender.opening-recorded.v1"
    lot_code: Code
    tender_code: Code
    opened_at: Instant
    set_root: Sha256
    bids: tuple[OpenedBidFacts, ...]


class CandidateFacts(Facts):
    """An award candidate (中标候选人).  rank: 1 is first.  score: points as published."""

    rank: int = Field(ge=1)
    bidder_code: OrganizationCode
    bidder_name: Line
    price_yuan: YuanText
    score: PointsText


@released
class CandidatesPublished(TradingMessage):
    """The award candidates of a lot were published (中标候选人公示).

    rule, rule_version, rule_parameters: with the opening record, all it takes to work the ranks out again.
    """

    SUBJECT_FIELD: ClassVar[str] = "lot_code"

    type: Literal["trading.tender.candidates-published.v1"] = "trading.tender.candidates-published.v1"
    lot_code: Code
    tender_code: Code
    candidates: tuple[CandidateFacts, ...] = Field(min_length=1)
    standstill_opens_at: Instant
    standstill_closes_at: Instant
    rule: Word
    rule_version: Version
    rule_parameters: dict[str, str]
    url: WebAddress


@released
class AwardPublished(TradingMessage):
    """The award of a lot was published (中标结果公告)."""

    SUBJECT_FIELD: ClassVar[str] = "lot_code"

    type: Literal["trading.tender.award-published.v1"] = "trading.tender.award-published.v1"
    lot_code: Code
    tender_code: Code
    supplier_code: OrganizationCode
    supplier_name: Line
    price_yuan: YuanText
    awarded_at: Instant
    url: WebAddress


@released
class ContractSigned(TradingMessage):
    """Initiator and supplier signed the contract of a lot.  contract_sha256: hash of the signed file."""

    SUBJECT_FIELD: ClassVar[str] = "lot_code"

    type: Literal["trading.contract.signed.v1"] = "trading.contract.signed.v1"
    lot_code: Code
    tender_code: Code
    contract_code: Code
    initiator_code: OrganizationCode
    initiator_name: Line
    supplier_code: OrganizationCode
    supplier_name: Line
    price_yuan: YuanText
    signed_at: Instant
    contract_sha256: Sha256


@released
class TenderSuspended(TradingMessage):
    """A tender was suspended (暂停).

    directive_id: the authority's directive; "" when the trading system did so by its own rules.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["trading.tender.suspended.v1"] = "trading.tender.suspended.v1"
    tender_code: Code
    reason: Line
    directive_id: CodeOrEmpty = ""
    suspended_at: Instant


@released
class TenderResumed(TradingMessage):
    """A suspended tender goes on.  directive_id: as in `TenderSuspended`.

    bids_due_at: the deadline in force from now on; it moved when the tender stood still before it.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["trading.tender.resumed.v1"] = "trading.tender.resumed.v1"
    tender_code: Code
    reason: Line
    directive_id: CodeOrEmpty = ""
    resumed_at: Instant
    bids_due_at: Instant


@released
class LotEnded(TradingMessage):
    """A lot came to its end: complete, 流标 (unsuccessful) or 终止 (cancelled).  Others of its tender go on.

    reason, clause: why, and by which clause of law; "" for a completed lot.
    """

    SUBJECT_FIELD: ClassVar[str] = "lot_code"

    type: Literal["trading.tender.lot-ended.v1"] = "trading.tender.lot-ended.v1"
    lot_code: Code
    tender_code: Code
    final_status: Literal["complete", "unsuccessful", "cancelled"]
    reason: LineOrEmpty
    clause: ClauseKey = ""


@released
class TenderEnded(TradingMessage):
    """A tender came to its end with the last of its lots, each told by `LotEnded` before.

    final_status: "complete" when a lot was completed, else as the lots ended.
    reason, clause: of its only lot; "" when there are several, since each has its own.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["trading.tender.ended.v1"] = "trading.tender.ended.v1"
    tender_code: Code
    final_status: Literal["complete", "unsuccessful", "cancelled"]
    reason: LineOrEmpty
    clause: ClauseKey = ""


@released
class TenderHistoryRecorded(TradingMessage):
    """A tender of the past, as another official site published it; nothing in it was traded here.

    source_id: its number at the source.  origin: which site, and how it came to us.
    """

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"trading", "connected"})
    SUBJECT_FIELD: ClassVar[str] = "source_id"

    type: Literal["trading.tender.history-recorded.v1"] = "trading.tender.history-recorded.v1"
    source_id: Code
    title: Line
    kind: Word
    region_code: RegionCode
    place: Line
    method: Word
    ceiling_price_yuan: YuanText | None = None
    bidder_count: int | None = Field(default=None, ge=0)
    opened_on: Day
    origin: Line
    url: WebAddress
