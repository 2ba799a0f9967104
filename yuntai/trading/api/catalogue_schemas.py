"""What the public reads give.  Amounts are text; a fact left "" stands in the text of the notice."""

from typing import Any

from ninja import Schema
from pydantic import AwareDatetime

from yuntai.standard.fields import Sha256


class TenderLine(Schema):
    """A published tender in the list.  lots: their codes.  url: its page."""

    code: str
    title: str
    published_at: AwareDatetime
    bids_due_at: AwareDatetime
    lots: list[str]
    url: str


class TenderPage(Schema):
    """A page of the list; page: its number from 1, empty beyond last_page."""

    total: int
    page: int
    last_page: int
    tenders: list[TenderLine]


class InitiatorFacts(Schema):
    """Who buys (Decree 20 art. 41)."""

    code: str
    name: str
    address: str
    contact: str


class ProjectFacts(Schema):
    """What is bought: place, content, size, source of funds, main technical needs."""

    code: str
    name: str
    place: str
    scope: str
    scale: str
    funds: str
    technical_needs: str


class AgencyFacts(Schema):
    """Who acts for the initiator."""

    code: str
    name: str
    contact: str


class Notice(Schema):
    """The tender notice.  agency: null when the initiator tenders by itself."""

    text: str
    initiator: InitiatorFacts
    project: ProjectFacts
    agency: AgencyFacts | None


class LotLine(Schema):
    """A lot of a tender."""

    code: str
    title: str
    estimated_yuan: str
    ceiling_price_yuan: str | None


class DocumentLine(Schema):
    """A file of the tender documents.  size: bytes.  url: its download, free and without login."""

    name: str
    sha256: Sha256
    size: int
    url: str


class PublishedTender(Schema):
    """A published tender."""

    code: str
    title: str
    procedure: str
    must_tender: bool
    published_at: AwareDatetime
    bids_due_at: AwareDatetime
    documents_sha256: str
    url: str
    notice: Notice
    lots: list[LotLine]
    documents: list[DocumentLine]


class Leaf(Schema):
    """A leaf of the closed set: an envelope of a bid or of a sealed act (sealing.md, section 7)."""

    envelope_id: str
    part: str
    header_sha256: Sha256
    body_sha256: Sha256


class OpenedBidOut(Schema):
    """What one envelope held, or why it did not open.  outcome: opened, bidder-fault or platform-fault."""

    envelope_id: str
    bidder_code: str
    bidder_name: str
    price_yuan: str | None
    duration_days: int | None
    outcome: str
    fault: str


class OpeningOut(Schema):
    """The opening record.  close: this system's signed word on the closed set.  leaves: of that set."""

    opened_at: AwareDatetime
    letters: str
    close: dict[str, Any]
    leaves: list[Leaf]
    bids: list[OpenedBidOut]


class CandidateOut(Schema):
    """An award candidate."""

    rank: int
    bidder_code: str
    bidder_name: str
    price_yuan: str
    points: str


class CandidatesOut(Schema):
    """The published candidates with the standstill."""

    opens_at: AwareDatetime
    closes_at: AwareDatetime
    candidates: list[CandidateOut]


class AwardOut(Schema):
    """The award."""

    supplier_code: str
    supplier_name: str
    price_yuan: str
    awarded_at: AwareDatetime


class Results(Schema):
    """What became of a lot; each part is null until it is out."""

    code: str
    final_status: str
    opening: OpeningOut | None
    candidates: CandidatesOut | None
    award: AwardOut | None
