"""Public reads for everyone's programs: published tenders with lots, documents and notice, and results.

No draft shows here, and before the opening nothing that tells how many bid or who.
The reads join the router of the acts: an address with two methods must stand in one router.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any, cast

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from yuntai.kernel.errors import Problem
from yuntai.standard.money import to_text
from yuntai.trading.api import catalogue_schemas as shapes
from yuntai.trading.api.tenders import router
from yuntai.trading.awards.queries import award_of, standstill_ends_at, standstill_of
from yuntai.trading.opening.queries import close_of, closed_headers, opening_of, opening_record
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.telling import page_of
from yuntai.trust.envelopes import Header

__all__ = ["router"]
MOST_PER_PAGE, HIGHEST_PAGE = 100, 1_000_000


def _number(name: str, most: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        text = str(value)
        if text.isascii() and text.isdecimal() and len(text) < 10 and 1 <= int(text) <= most:
            return int(text)
        raise PydanticCustomError("number", f"{name}须为 1 至 {most} 的整数")

    return read


PageNumber = Annotated[
    int,
    PlainValidator(_number("页码", HIGHEST_PAGE)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": HIGHEST_PAGE}),
]
PerPage = Annotated[
    int,
    PlainValidator(_number("每页条数", MOST_PER_PAGE)),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": MOST_PER_PAGE}),
]


@router.get(
    "/tenders",
    response={200: shapes.TenderPage, 422: Problem},
    operation_id="listPublishedTenders",
    summary="已公告的招标项目，分页，最新的在前",
)
def list_tenders(request: HttpRequest, page: PageNumber = 1, per_page: PerPage = 20) -> shapes.TenderPage:
    """Answer a page of the published tenders."""
    found = queries.published()
    total = found.count()
    start = (page - 1) * per_page
    lines = [
        shapes.TenderLine(
            code=each.code,
            title=each.title,
            published_at=_published_at(each),
            bids_due_at=each.bids_due_at,
            lots=sorted(lot.code for lot in each.lots.all()),
            url=page_of(each),
        )
        for each in found[start : start + per_page]
    ]
    last = max(1, -(-total // per_page))
    return shapes.TenderPage(total=total, page=page, last_page=last, tenders=lines)


@router.get(
    "/tenders/{code}",
    response={200: shapes.PublishedTender, 404: Problem},
    operation_id="readTender",
    summary="一个招标项目的公告要素、标段和招标文件",
)
def read_tender(request: HttpRequest, code: str) -> shapes.PublishedTender:
    """Answer a published tender."""
    found = queries.visible_tender(None, code)
    return shapes.PublishedTender(
        code=found.code,
        title=found.title,
        procedure=found.procedure_code,
        must_tender=found.must_tender,
        published_at=_published_at(found),
        bids_due_at=found.bids_due_at,
        documents_sha256=found.documents_sha256,
        url=page_of(found),
        notice=_notice(found),
        lots=_lots(found),
        documents=_documents(found),
    )


@router.get(
    "/lots/{code}/results",
    response={200: shapes.Results, 404: Problem},
    operation_id="readResults",
    summary="标段的开标记录、中标候选人和中标结果；没有到的为 null",
)
def read_results(request: HttpRequest, code: str) -> shapes.Results:
    """Answer what became of a lot, as far as it is out."""
    lot = queries.published_lot(code)
    return shapes.Results(
        code=lot.code,
        final_status=lot.final_status,
        opening=_opening(lot),
        candidates=_candidates(lot),
        award=_award(lot),
    )


def _opening(lot: Lot) -> shapes.OpeningOut | None:
    opening, close = opening_of(lot), close_of(lot)
    if opening is None or close is None:
        return None
    return shapes.OpeningOut(
        opened_at=opening.opened_at,
        letters=opening.letters,
        close={"statement": close.statement, "signature": close.signature},
        leaves=[_leaf(Header.from_json(dict(header))) for header in closed_headers(lot)],
        bids=[
            shapes.OpenedBidOut(
                envelope_id=row.envelope.envelope_id,
                bidder_code=row.bidder_code,
                bidder_name=row.bidder_name,
                price_yuan=None if row.price_yuan is None else to_text(row.price_yuan),
                duration_days=row.duration_days,
                outcome=row.outcome,
                fault=row.fault,
            )
            for row in opening_record(lot)
        ],
    )


def _candidates(lot: Lot) -> shapes.CandidatesOut | None:
    standstill = standstill_of(lot)
    if standstill is None:
        return None
    candidates = [
        shapes.CandidateOut(
            rank=each.rank,
            bidder_code=each.bidder_code,
            bidder_name=each.bidder_name,
            price_yuan=to_text(each.price_yuan),
            points=f"{each.points:.2f}",
        )
        for each in standstill.candidates.order_by("rank")
    ]
    closes_at = standstill_ends_at(standstill)
    return shapes.CandidatesOut(opens_at=standstill.opens_at, closes_at=closes_at, candidates=candidates)


def _award(lot: Lot) -> shapes.AwardOut | None:
    award = award_of(lot)
    if award is None:
        return None
    return shapes.AwardOut(
        supplier_code=award.supplier_code,
        supplier_name=award.supplier_name,
        price_yuan=to_text(award.price_yuan),
        awarded_at=award.awarded_at,
    )


def _published_at(of: Tender) -> datetime:
    return cast("datetime", of.documents_open_at)  # only published tenders get here


def _lots(of: Tender) -> list[shapes.LotLine]:
    return [
        shapes.LotLine(
            code=lot.code,
            title=lot.title,
            estimated_yuan=to_text(lot.estimated_yuan),
            ceiling_price_yuan=None if lot.ceiling_price_yuan is None else to_text(lot.ceiling_price_yuan),
        )
        for lot in of.lots.order_by("code")
    ]


def _documents(of: Tender) -> list[shapes.DocumentLine]:
    return [
        shapes.DocumentLine(
            name=each.name,
            sha256=each.sha256,
            size=each.size,
            url=settings.PUBLIC_URL + reverse("document", args=[each.sha256, each.name]),
        )
        for each in of.documents.order_by("name")
    ]


def _leaf(header: Header) -> shapes.Leaf:
    return shapes.Leaf(
        envelope_id=header.context.envelope_id,
        part=header.context.part,
        header_sha256=header.digest(),
        body_sha256=header.body_sha256,
    )


def _notice(of: Tender) -> shapes.Notice:
    project, lots = of.project, list(of.lots.order_by("code"))
    initiator = shapes.InitiatorFacts(
        code=project.initiator_code, name=project.initiator_name, address="", contact=of.contact
    )
    return shapes.Notice(
        text=of.notice_text,
        initiator=initiator,
        project=shapes.ProjectFacts(
            code=project.code,
            name=project.name,
            place=project.place,
            scope="；".join(lot.title for lot in lots),
            scale="；".join(f"{lot.title}合同估算价 {to_text(lot.estimated_yuan)} 元" for lot in lots),
            funds="",
            technical_needs="",
        ),
        agency=shapes.AgencyFacts(code=of.agency_code, name=of.agency_name, contact=of.contact)
        if of.agency_code
        else None,
    )
