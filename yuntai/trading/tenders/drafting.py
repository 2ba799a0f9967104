"""What a person hands in to draft a tender: checked values, no database."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class ProjectDraft:
    """An investment project to register.

    region_code: GB/T 2260, 6 digits.  place: address in words.  investment_code: 24 characters, "" if none.
    initiator_code: the initiator's, when an agency registers for it; "" for one's own.
    """

    name: str
    region_code: str
    place: str
    investment_code: str = ""
    initiator_code: str = ""


@dataclass(frozen=True)
class LotDraft:
    """A lot of a tender to draft.  Amounts in yuan, two decimals; ceiling_price_yuan: None for no ceiling."""

    title: str
    estimated_yuan: Decimal
    ceiling_price_yuan: Decimal | None


@dataclass(frozen=True)
class TenderDraft:
    """A tender to draft.

    bids_due_at: the deadline the holders bind their keys to.  must_tender: declared 依法必须招标.
    suite: in which bids are sealed, a code of `trust.suites`; "" for this system's own.
    demonstration, origin: marks of a tender replayed from real data; "" for a real one.
    """

    project_code: str
    title: str
    procedure_code: str
    must_tender: bool
    bids_due_at: datetime
    contact: str
    lots: tuple[LotDraft, ...]
    suite: str = ""
    demonstration: bool = False
    origin: str = ""


@dataclass(frozen=True)
class DocumentDraft:
    """A stored file that no tender lists yet.  name: as the person called it.  size: bytes."""

    name: str
    sha256: str
    size: int


@dataclass(frozen=True)
class KeyStatement:
    """What a holder states of its key for a lot; its signature was checked before.

    public_key: a point of the suite's curve, 65 bytes.  statement: the signed statement, verbatim.
    """

    lot_code: str
    letter: str
    holder_name: str
    public_key: bytes
    opens_at: datetime
    statement: dict[str, Any]
