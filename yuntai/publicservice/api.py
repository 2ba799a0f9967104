"""The public interface for programs: tenders, their signed messages, participants.  Translation only."""

from datetime import datetime
from decimal import Decimal

from django.http import HttpRequest
from django.urls import reverse
from ninja import Query, Router, Schema, Status
from pydantic import Field

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.api import new_api
from yuntai.kernel.errors import Problem
from yuntai.publicservice.connect_api import router as connect_router
from yuntai.publicservice.pages.addresses import absolute
from yuntai.publicservice.portal.queries import signed_messages
from yuntai.publicservice.portal.search import Search, TenderLine, find_tenders
from yuntai.publicservice.registry.queries import participant as read_participant
from yuntai.publicservice.registry.registration import Registration
from yuntai.publicservice.registry.services import submit_registration
from yuntai.publicservice.session_auth import SessionCaller
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.fields import Instant
from yuntai.standard.money import YuanText
from yuntai.trust import clock

api = new_api("云台公共服务平台公开接口", "publicservice")
router = Router(tags=["public"])
MOST_PER_PAGE = 100


class TenderQuery(Schema):
    """As the address of the front page."""

    q: str = ""
    kind: str = ""
    place: str = ""
    stage: str = ""
    period: str = ""
    sort: str = ""
    page: int = Field(default=1, ge=1, le=1_000_000)
    per_page: int = Field(default=20, ge=1, le=MOST_PER_PAGE)


class TenderItem(Schema):
    """A tender in the list.  kind, procedure, stage: code words.  Amounts: yuan, text with two decimals.

    stage: of those of its lots that go on.  failed_lot_count: how many of lot_count ended without a contract.
    told_at: instant of the last thing told of it.
    """

    code: str
    title: str
    kind: str
    procedure: str
    stage: str
    region_code: str
    place: str
    initiator_name: str
    estimated_yuan: YuanText | None
    ceiling_price_yuan: YuanText | None
    published_at: Instant
    told_at: Instant
    lot_count: int
    failed_lot_count: int
    bids_due_at: Instant | None
    standstill_closes_at: Instant | None
    history: bool
    demonstration: bool
    url: str


class TenderList(Schema):
    """A page of the list.  page: number of this one, from 1."""

    total: int
    page: int
    last_page: int
    tenders: list[TenderItem]


class ParticipantItem(Schema):
    """What anyone may know of a registered organization.  verified_at: null before the first verification."""

    organization_code: str
    name: str
    roles: list[str]
    region_code: str
    registered_at: Instant
    version: int
    verified_roles: list[str]
    verified_at: Instant | None


class ParticipantEntry(Schema):
    """A registration.  version: the one that is changed; left out, whichever stands."""

    organization_code: str = Field(max_length=18)
    name: str = Field(max_length=200)
    roles: list[str] = Field(max_length=10)
    region_code: str = Field(max_length=6)
    contact_name: str = Field(max_length=100)
    contact_phone: str = Field(max_length=30)
    address: str = Field(default="", max_length=200)
    legal_representative: str = Field(default="", max_length=100)
    version: int | None = Field(default=None, ge=1, le=2**31 - 1, strict=True)


@router.get("/tenders", response=TenderList, operation_id="listTenders", summary="公开项目列表，可筛选、分页")
def list_tenders(request: HttpRequest, asked: Query[TenderQuery]) -> TenderList:
    """Answer a page of the tenders that fit."""
    search = Search.of({name: str(value) for name, value in asked.dict().items()})
    found = find_tenders(search, page=asked.page, now=clock.now(), per_page=asked.per_page)
    tenders = [_item(line) for line in found.rows]
    return TenderList(total=found.total, page=found.number, last_page=found.last, tenders=tenders)


@router.get(
    "/tenders/{code}/messages",
    response={200: list[SignedMessage], 404: Problem},
    operation_id="listTenderMessages",
    url_name="listTenderMessages",
    summary="一个项目的全部原始报文，带交易系统的签名",
)
def list_tender_messages(request: HttpRequest, code: str) -> list[dict[str, object]]:
    """Answer the messages behind a tender's page, verbatim, so that anyone may check their signatures."""
    return signed_messages(code, now=clock.now())


@router.get(
    "/participants/{code}",
    response={200: ParticipantItem, 404: Problem},
    operation_id="readParticipant",
    summary="按统一社会信用代码查询市场主体",
)
def show_participant(request: HttpRequest, code: str) -> ParticipantItem:
    """Answer what anyone may know of a participant."""
    return _participant(code)


@router.post(
    "/participants",
    auth=SessionCaller(),
    response={
        200: ParticipantItem,
        201: ParticipantItem,
        401: Problem,
        403: Problem,
        409: Problem,
        422: Problem,
    },
    operation_id="registerParticipant",
    summary="登记本单位，或变更本单位的登记",
)
def register(request: HttpRequest, payload: ParticipantEntry) -> Status[ParticipantItem]:
    """Register the caller's organization: 201; or change its registration: 200."""
    caller: Caller = request.auth  # type: ignore[attr-defined]  # set by SessionCaller
    facts = payload.dict(exclude={"version", "roles"})
    is_new = submit_registration(
        registration=Registration(**facts, roles=tuple(payload.roles)),
        expected_version=payload.version,
        caller=caller,
        now=clock.now(),
    )
    return Status(201 if is_new else 200, _participant(caller.organization_code))


def _item(line: TenderLine) -> TenderItem:
    values: dict[str, str | bool | Decimal | datetime | None] = {
        name: getattr(line, name) for name in TenderItem.model_fields if name not in {"stage", "url"}
    }
    address = absolute(reverse("tender", args=[line.code]))
    return TenderItem.model_validate(values | {"stage": line.stage.code, "url": address})


def _participant(code: str) -> ParticipantItem:
    found = read_participant(code)
    return ParticipantItem(
        organization_code=found.organization_code,
        name=found.name,
        roles=list(found.roles),
        region_code=found.region_code,
        registered_at=found.registered_at,
        version=found.version,
        verified_roles=list(found.verified_roles),
        verified_at=found.verified_at,
    )


api.add_router("", router)
api.add_router("", connect_router)
