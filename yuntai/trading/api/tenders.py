"""Acts and reads of tenders: translation only."""

from django.http import HttpRequest
from ninja import Router, Status

from yuntai.kernel.body_limits import announced_size
from yuntai.kernel.documents import store
from yuntai.kernel.errors import Problem
from yuntai.kernel.openapi import binary_body
from yuntai.procedures.timeline import stage_at
from yuntai.trading.api.auth import SessionAuth, caller_of
from yuntai.trading.api.schemas import (
    AgencyIn,
    DeadlineIn,
    DocumentOut,
    Done,
    HolderOut,
    LotOut,
    NoticeIn,
    ProjectIn,
    ProjectOut,
    TenderIn,
    TenderOut,
)
from yuntai.trading.api.uploads import chunks_of, received
from yuntai.trading.tenders import agencies, drafts, queries, services
from yuntai.trading.tenders.drafting import LotDraft, ProjectDraft, TenderDraft
from yuntai.trust import clock

router = Router(tags=["tenders"])
REFUSED = {400: Problem, 401: Problem, 403: Problem, 404: Problem, 409: Problem, 422: Problem}


@router.post(
    "/projects",
    auth=SessionAuth(),
    response={201: ProjectOut, **REFUSED},
    operation_id="registerProject",
    summary="登记项目",
)
def register_project(request: HttpRequest, payload: ProjectIn) -> Status[ProjectOut]:
    """Register a project."""
    draft = ProjectDraft(**payload.model_dump())
    project = services.register_project(draft=draft, caller=caller_of(request), now=clock.now())
    return Status(201, ProjectOut(code=project.code))


@router.post(
    "/projects/{code}/agency",
    auth=SessionAuth(),
    response={201: Done, **REFUSED},
    operation_id="appointAgency",
    summary="招标人委托代理机构",
)
def appoint_agency(request: HttpRequest, code: str, payload: AgencyIn) -> Status[Done]:
    """Appoint the agency of a project."""
    now = clock.now()
    agencies.appoint_agency(
        project_code=code, agency_code=payload.agency_code, caller=caller_of(request), now=now
    )
    return Status(201, Done(at=now))


@router.post(
    "/tenders",
    auth=SessionAuth(),
    response={201: TenderOut, **REFUSED},
    operation_id="draftTender",
    summary="拟定招标项目",
)
def draft_tender(request: HttpRequest, payload: TenderIn) -> Status[TenderOut]:
    """Draft a tender."""
    # Lots one by one: a dump would turn their amounts into text.
    lots = tuple(LotDraft(lot.title, lot.estimated_yuan, lot.ceiling_price_yuan) for lot in payload.lots)
    draft = TenderDraft(**payload.model_dump(exclude={"lots"}), lots=lots)
    tender = services.draft_tender(draft=draft, caller=caller_of(request), now=clock.now())
    codes = list(tender.lots.order_by("code").values_list("code", flat=True))
    return Status(201, TenderOut(code=tender.code, lots=codes))


@router.put(
    "/tenders/{code}/documents/{name}",
    auth=SessionAuth(),
    response={201: DocumentOut, **REFUSED},
    operation_id="addDocument",
    summary="上传招标文件（请求体为文件内容）",
    openapi_extra=binary_body("文件内容"),
)
def add_document(request: HttpRequest, code: str, name: str) -> Status[DocumentOut]:
    """Store the request's body as a tender document."""
    caller = caller_of(request)
    # Before a byte is kept: a stored file costs room whether or not it may be added.
    drafts.require_may_add(tender_code=code, name=name, size=announced_size(request), caller=caller)
    with received(request) as (file, sha256, size):
        store.put(chunks_of(file), announced_sha256=sha256)
    drafts.add_document(tender_code=code, name=name, sha256=sha256, size=size, caller=caller, now=clock.now())
    return Status(201, DocumentOut(name=name, sha256=sha256, size=size))


@router.delete(
    "/tenders/{code}/documents/{name}",
    auth=SessionAuth(),
    response={200: Done, **REFUSED},
    operation_id="removeDocument",
    summary="移除草稿的招标文件",
)
def remove_document(request: HttpRequest, code: str, name: str) -> Status[Done]:
    """Take a document out of a draft."""
    now = clock.now()
    drafts.remove_document(tender_code=code, name=name, caller=caller_of(request), now=now)
    return Status(200, Done(at=now))


@router.post(
    "/tenders/{code}/notice",
    auth=SessionAuth(),
    response={201: Done, **REFUSED},
    operation_id="publishNotice",
    summary="发布招标公告",
)
def publish_notice(request: HttpRequest, code: str, payload: NoticeIn) -> Status[Done]:
    """Publish the notice."""
    now = clock.now()
    services.publish_notice(tender_code=code, text=payload.text, caller=caller_of(request), now=now)
    return Status(201, Done(at=now))


@router.post(
    "/tenders/{code}/deadline",
    auth=SessionAuth(),
    response={201: Done, **REFUSED},
    operation_id="moveDraftDeadline",
    summary="推迟草稿的投标截止时间",
)
def move_draft_deadline(request: HttpRequest, code: str, payload: DeadlineIn) -> Status[Done]:
    """Move a draft's deadline later."""
    now = clock.now()
    drafts.move_draft_deadline(
        tender_code=code, bids_due_at=payload.bids_due_at, caller=caller_of(request), now=now
    )
    return Status(201, Done(at=now))


@router.delete(
    "/tenders/{code}",
    auth=SessionAuth(),
    response={200: Done, **REFUSED},
    operation_id="discardDraft",
    summary="撤销草稿",
)
def discard_draft(request: HttpRequest, code: str) -> Status[Done]:
    """Discard a draft."""
    now = clock.now()
    drafts.discard_draft(tender_code=code, caller=caller_of(request), now=now)
    return Status(200, Done(at=now))


@router.get(
    "/lots/{code}",
    response={200: LotOut, 404: Problem, 422: Problem},
    operation_id="readLot",
    summary="标段的公开信息与密封公钥",
)
def read_lot(request: HttpRequest, code: str) -> Status[LotOut]:
    """Return what a bid tool needs; only of published tenders, drafts are their owner's."""
    lot = queries.published_lot(code)
    tender = lot.tender
    stage = stage_at(tender.procedure, lot.schedule, clock.now())
    return Status(
        200,
        LotOut(
            tender_code=tender.code,
            code=lot.code,
            title=lot.title,
            documents_sha256=tender.documents_sha256,
            suite=tender.suite,
            bids_due_at=tender.bids_due_at,
            ceiling_price_yuan=lot.ceiling_price_yuan,
            stage=stage.code if stage else "",
            final_status=lot.final_status,
            milestones={milestone.value: at for milestone, at in lot.schedule.items()},
            holders=[
                HolderOut(
                    letter=key.letter,
                    name=key.holder_name,
                    public_key=bytes(key.public_key),
                    statement=key.statement,
                )
                for key in lot.holder_keys.order_by("letter")
            ],
        ),
    )
