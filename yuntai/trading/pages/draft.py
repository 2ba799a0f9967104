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
from yuntai.law.days import date_of
from yuntai.trading.pages import live, tender_facts
from yuntai.trading.pages.documents import document_lines
from yuntai.trading.pages.limits import last_day_to_publish
from yuntai.trading.pages.lot_blocks import holders_block
from yuntai.trading.pages.notice_wording import notice_draft
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.uploads import MEGABYTE, MOST_BYTES, files_of
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.queries import missing_letters
from yuntai.trading.tenders.refusals import TenderNotFound
from yuntai.trading.tenders.whole_draft import add_files
from yuntai.trust import clock
from yuntai.trust.sealing import HOLDER_NAMES, HOLDERS

LONGEST_NOTICE = 50_000


@dataclass(frozen=True)
class Condition:
    """One thing that must be there before the notice can go out."""

    name: str
    holds: bool
    detail: str


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
        add_files(tender_code=code, files=files_of(request), caller=caller, now=clock.now())
    except DomainError as error:
        return show(request, found, Refusal("文件没有保存", str(error), error.clause), error.status)
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
    """Keep the notice's words with the session and go on to the page that publishes them."""
    found = own_tender(person(request), code)
    text = plain_text(request.POST.get("text", ""))
    request.session[text_key(code)] = text
    if not text:
        return show(request, found, Refusal("还不能发布", "公告正文是空的。请填写公告正文。"), 422)
    return redirect("publish", code)


def own_tender(caller: Caller, code: str) -> Tender:
    """Return a tender of the caller's organization.

    :raises TenderNotFound: there is none, or it is somebody else's: a draft is no business of theirs.
    """
    found = queries.tender(code)
    if not queries.is_own(caller, found):
        raise TenderNotFound(f"没有编号为 {code} 的本单位招标项目，请核对编号。")
    return found


def show(
    request: HttpRequest, found: Tender, refusal: Refusal | None = None, status: int = 200
) -> HttpResponse:
    """Show the draft page."""
    now, lots = clock.now(), lots_of(found)
    text = request.session.get(text_key(found.code)) or notice_draft(found, lots)
    context = readiness_of(found, now) | {
        "now": now,
        "refusal": refusal,
        "key_facts": tender_facts.key_facts(found, lots, now),
        "lots": tender_facts.lot_table(lots, now),
        "facts": tender_facts.facts(found),
        "documents": document_lines(found),
        "upload": Field("documents", "上传文件", kind="file", multiple=True, hint=_upload_hint()),
        "text": text,
        "longest": LONGEST_NOTICE,
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
    """Return what must be there before the notice can go out, in the order one works."""
    count = found.documents.count()
    last_day = last_day_to_publish(found)
    in_time = date_of(now) <= last_day
    late = f"最迟应在 {last_day} 发布，现已不足法定期限；须重新立项并推迟截止时间"
    return [
        Condition("招标文件", count > 0, f"{count} 份" if count else "还没有上传"),
        *(_keys_condition(lot) for lot in lots),
        Condition("投标期限", in_time, f"最迟 {last_day} 发布" if in_time else late),
    ]


def lots_of(found: Tender) -> list[Lot]:
    """Return the tender's lots by code."""
    return list(found.lots.select_related("tender__project").order_by("code"))


def text_key(code: str) -> str:
    """Return where the session keeps the notice's words for a draft."""
    return f"notice-{code}"


def plain_text(typed: str) -> str:
    """Return what a text area sends with plain line ends, no longer than a notice may be."""
    return typed.replace("\r\n", "\n").strip()[:LONGEST_NOTICE]


def _keys_condition(lot: Lot) -> Condition:
    missing = missing_letters(lot)
    names = "、".join(HOLDER_NAMES[letter] for letter in missing)
    detail = f"等待{names}；保管方在线时约数秒到齐" if missing else f"{len(HOLDERS)} 方均已提供"
    return Condition(f"开标密钥：{lot.title}", not missing, detail)


def _upload_hint() -> str:
    return f"可多选，每份不超过 {MOST_BYTES // MEGABYTE} MB；同名文件以新的为准。"
