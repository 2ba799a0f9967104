"""What this system tells of a tender: facts into messages of the standard."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from django.conf import settings

from yuntai.standard.messages import (
    HolderFacts,
    LotFacts,
    TenderNoticePublished,
    TenderRegistered,
)
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trust.base64url import base64url


def registered(of: Tender, *, industry: str, now: datetime) -> TenderRegistered:
    """Return the message that introduces a tender; it leaves with the notice."""
    project = of.project
    return TenderRegistered(
        occurred_at=now,
        tender_code=of.code,
        project_code=project.code,
        industry=industry,
        procedure=of.procedure_code,
        procedure_edition=date.fromisoformat(of.procedure_edition),
        title=of.title,
        region_code=project.region_code,
        place=project.place,
        initiator_code=project.initiator_code,
        initiator_name=project.initiator_name,
        agency_code=of.agency_code,
        agency_name=of.agency_name,
        must_tender=of.must_tender,
        lots=tuple(
            LotFacts(lot_code=lot.code, title=lot.title, estimated_yuan=lot.estimated_yuan)
            for lot in of.lots.order_by("code")
        ),
        demonstration=of.demonstration,
    )


def notice_published(of: Tender, lots: Sequence[Lot], *, now: datetime) -> TenderNoticePublished:
    """Return the message that the notice is out, with the keys bids are sealed to."""
    ceilings = [lot.ceiling_price_yuan for lot in lots]
    known = [ceiling for ceiling in ceilings if ceiling is not None]
    return TenderNoticePublished(
        occurred_at=now,
        tender_code=of.code,
        procedure=of.procedure_code,
        title=of.title,
        text=of.notice_text,
        documents_open_at=now,
        bids_due_at=of.bids_due_at,
        must_tender=of.must_tender,
        estimated_yuan=sum((lot.estimated_yuan for lot in lots), Decimal("0.00")),
        ceiling_price_yuan=sum(known, Decimal("0.00")) if known and len(known) == len(lots) else None,
        documents_sha256=of.documents_sha256,
        url=page_of(of),
        holders=tuple(_holders(lots)),
    )


def page_of(of: Tender) -> str:
    """Return the address of the tender's page in this system."""
    return f"{settings.PUBLIC_URL}/tenders/{of.code}"


def _holders(lots: Sequence[Lot]) -> list[HolderFacts]:
    return [
        HolderFacts(
            lot_code=lot.code,
            letter=key.letter,  # type: ignore[arg-type]  # T, P, C or R, checked by the message
            name=key.holder_name,
            public_key=base64url(bytes(key.public_key)),
        )
        for lot in lots
        for key in lot.holder_keys.order_by("letter")
    ]
