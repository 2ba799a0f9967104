"""A draft: its documents, the holders' keys arriving, what still lacks, and the notice's words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.errors import DomainError, NotLoggedIn
from yuntai.kernel.templatetags.components import Crumb, Field, Refusal
from yuntai.kernel.templatetags.values import beijing
from yuntai.law import workdays
from yuntai.law.days import date_of
from yuntai.procedures.timeline import last_start, publishing_deadlines
from yuntai.trading.pages import live, tender_facts
from yuntai.trading.pages.documents import document_lines
from yuntai.trading.pages.drafting_forms import DeadlineForm
from yuntai.trading.pages.limits import in_words
from yuntai.trading.pages.lot_blocks import holders_block
from yuntai.trading.pages.notice_wording import notice_draft
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.uploads import files_of, name_of
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.agencies import is_appointed
from yuntai.trading.tenders.bid_period import fixed, last_day
from yuntai.trading.tenders.document_rules import GIGABYTE, MEGABYTE, MOST_BYTES, MOST_BYTES_TOGETHER
from yuntai.trading.tenders.drafts import remove_document, require_may_add
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.queries import missing_letters
from yuntai.trading.tenders.refusals import TenderNotFound
from yuntai.trading.tenders.text_rules import LEAST_NOTICE, LONGEST_NOTICE, problem_of_text
from yuntai.trading.tenders.whole_draft import add_files
from yuntai.trust import clock
from yuntai.trust.sealing import HOLDER_NAMES, HOLDERS


@dataclass(frozen=True)
class Condition:
    """One thing that must be there before the notice can go out.  clause: the rule behind it, if one is."""

    name: str
    holds: bool
    detail: str
    clause: str = ""


@require_GET
def draft(request: HttpRequest, code: str) -> HttpResponse:
    """Show a draft to those who draft it; once published it leads to the tender's page."""
    found = own_tender(person(request), code)
    if found.documents_open_at is not None:
        return redirect("tender", code)
    return show(request, found)


@require_POST
def add_documents(request: HttpRequest, code: str) -> HttpResponse:
    """Add uploaded files to the draft's documents."""
    caller = person(request)
    found = own_tender(caller, code)
    try:
        for file in request.FILES.getlist("documents"):  # before a byte of them is kept
            require_may_add(tender_code=code, name=name_of(file), size=file.size or 0, caller=caller)
        add_files(tender_code=code, files=files_of(request), caller=caller, now=clock.now())
    except DomainError as error:
        return show(request, found, Refusal("文件没有保存", str(error), error.clause), error.status)
    return redirect(f"{reverse('draft', args=[code])}#documents")


@require_POST
def drop_document(request: HttpRequest, code: str) -> HttpResponse:
    """Take a file out of the draft's documents."""
    caller = person(request)
    found = own_tender(caller, code)
    try:
        remove_document(tender_code=code, name=request.POST.get("name", ""), caller=caller, now=clock.now())
    except DomainError as error:
        return show(request, found, Refusal("文件没有移除", str(error), error.clause), error.status)
    return redirect(f"{reverse('draft', args=[code])}#documents")


@require_GET
def readiness(request: HttpRequest, code: str) -> HttpResponse:
    """Answer what still lacks, for the draft page's own refreshing."""
    try:
        found = own_tender(person(request), code)
    except NotLoggedIn:
        if not live.asks_for_part(request):
            raise
        return live.whole_page_to_login()
    shown = readiness_of(found, clock.now())
    if live.has_seen(request, str(shown["mark"])):
        return live.nothing_new()
    return render(request, "trading/_readiness.html", shown)


@require_POST
def word_notice(request: HttpRequest, code: str) -> HttpResponse:
    """Keep the notice's words with the session and go on to the page that publishes them, or drop them."""
    found = own_tender(person(request), code)
    if request.POST.get("act") == "restore":
        request.session.pop(text_key(code), None)
        return redirect(f"{reverse('draft', args=[code])}#notice")
    text = plain_text(request.POST.get("text", ""))
    request.session[text_key(code)] = text
    problem = problem_of_text("公告正文", text, LONGEST_NOTICE, least=LEAST_NOTICE)
    if problem:
        return show(request, found, Refusal("还不能发布", problem), 422)
    return redirect("publish", code)


def own_tender(caller: Caller, code: str) -> Tender:
    """Return a tender of the caller's organization.

    :raises TenderNotFound: there is none, or it is somebody else's: a draft is no business of theirs.
    """
    found = queries.visible_tender(caller, code)
    if not queries.is_own(caller, found):
        raise TenderNotFound(f"没有编号为 {code} 的本单位招标项目，请核对编号。")
    return found


def show(
    request: HttpRequest,
    found: Tender,
    refusal: Refusal | None = None,
    status: int = 200,
    deadline: DeadlineForm | None = None,
) -> HttpResponse:
    """Show the draft page.  deadline: the form as it was refused."""
    now, lots = clock.now(), lots_of(found)
    caller_is_initiator = person(request).organization_code == found.project.initiator_code
    written = notice_draft(found, lots)
    text = request.session.get(text_key(found.code)) or written
    context = readiness_of(found, now) | {
        "now": now,
        "refusal": refusal,
        "late": too_late(found, now),
        "last_day": last_day(found),
        "deadline": deadline or DeadlineForm(draft=found, now=now),
        "key_facts": tender_facts.key_facts(found, lots, now),
        "lots": tender_facts.lot_table(lots, now),
        "facts": tender_facts.facts(found, lots),
        "documents": document_lines(found),
        "upload": Field("documents", "上传文件", kind="file", multiple=True, hint=_upload_hint()),
        "text": text,
        "reworded": text != written,
        "least": LEAST_NOTICE,
        "longest": LONGEST_NOTICE,
        "asks_for_agency": caller_is_initiator and not is_appointed(found),
        "crumbs": (Crumb("工作台", reverse("desk")), Crumb(found.title)),
    }
    return render(request, "trading/draft.html", context, status=status)


def readiness_of(found: Tender, now: datetime) -> dict[str, object]:
    """Return what the part of the page shows that refreshes itself; it stops once all keys are there."""
    lots = lots_of(found)
    several = len(lots) > 1
    lacks = conditions(found, lots, now)
    holders = [holders_block(lot, lot.title if several else "") for lot in lots]
    return {
        "tender": found,
        "conditions": lacks,
        "waiting": any(missing_letters(lot) for lot in lots),
        "holders": holders,
        "mark": live.mark_of(lacks, holders),
    }


def conditions(found: Tender, lots: list[Lot], now: datetime) -> list[Condition]:
    """Return all that publishing will check, in the order one works."""
    count = found.documents.count()
    due_at, today = found.bids_due_at, date_of(now)
    return [
        Condition("招标文件", count > 0, f"{count} 份" if count else "还没有上传"),
        *(_keys_condition(lot) for lot in lots),
        *_agency_conditions(found),
        Condition("投标截止时间在今后", now < due_at, f"{beijing(due_at)} 截止"),
        *(
            Condition(
                in_words(deadline),
                today <= last,
                f"最迟 {last} 发布" if today <= last else f"最迟应在 {last} 发布，现已不足",
                deadline.clause,
            )
            for deadline in publishing_deadlines(
                found.procedure, fixed(due_at), must_tender=found.must_tender
            )
            for last in (last_start(deadline, due_at, workdays.published()),)
        ),
    ]


def _agency_conditions(found: Tender) -> list[Condition]:
    if not found.agency_code:
        return []
    initiator, agency = found.project.initiator_name, found.agency_name
    appointed = is_appointed(found)
    detail = f"{initiator} 已委托 {agency}" if appointed else f"等待 {initiator} 在其工作台确认委托 {agency}"
    return [Condition("招标人委托代理机构", appointed, detail, "tendering/15")]


def too_late(found: Tender, now: datetime) -> Refusal | None:
    """Return what stands across a draft whose last day to publish is gone, None while it can go out."""
    last = last_day(found)
    if date_of(now) <= last and now < found.bids_due_at:
        return None
    return Refusal(
        "不能按现定的截止时间发布",
        f"投标截止定在 {beijing(found.bids_due_at)}，最迟应在 {last} 发布公告，这一天已过。"
        "请推迟投标截止时间，或撤销草稿。",
        action="推迟投标截止时间",
        url="#deadline",
    )


def lots_of(found: Tender) -> list[Lot]:
    """Return the tender's lots by code."""
    return list(found.lots.select_related("tender__project").order_by("code"))


def text_key(code: str) -> str:
    """Return where the session keeps the notice's words for a draft."""
    return f"notice-{code}"


def plain_text(typed: str) -> str:
    """Return what a text area sends with plain line ends."""
    return typed.replace("\r\n", "\n").strip()


def _keys_condition(lot: Lot) -> Condition:
    missing = missing_letters(lot)
    names = "、".join(HOLDER_NAMES[letter] for letter in missing)
    detail = f"等待{names}；保管方在线时约数秒到齐" if missing else f"{len(HOLDERS)} 方均已提供"
    return Condition(f"开标密钥：{lot.title}", not missing, detail)


def _upload_hint() -> str:
    return (
        f"可多选，每份不超过 {MOST_BYTES // MEGABYTE} MB，合计不超过 {MOST_BYTES_TOGETHER // GIGABYTE} GB；"
        "同名文件以新的为准。"
    )
