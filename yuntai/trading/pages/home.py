"""The public list of tenders."""

from datetime import datetime

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.templatetags.components import Filter
from yuntai.procedures import PROCEDURES
from yuntai.procedures.vocabulary import Stage
from yuntai.trading.pages.lists import chosen, options, page_of
from yuntai.trading.pages.standing import notice_row
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.models import Tender
from yuntai.trust import clock

SUSPENDED, ENDED = "suspended", "ended"
LONGEST_TEXT = 100


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the published tenders that the address asks for, newest first."""
    now = clock.now()
    stages = _stages()
    words = {code: stage.name for code, stage in stages.items()} | {SUSPENDED: "已暂停", ENDED: "已结束"}
    stage, text = chosen(request, "stage", words), request.GET.get("q", "").strip()[:LONGEST_TEXT]
    rows, pages = page_of(_found(stage, text, stages, now), request, unit="个项目")
    context = {
        "now": now,
        "rows": [notice_row(row, now, url=reverse("tender", args=[row.code])) for row in rows],
        "pages": pages,
        "filtered": bool(stage or text),
        "filters": (
            Filter("q", "项目名称、招标人或编号", text, placeholder="例如：道路、小学、E3207"),
            Filter("stage", "阶段", stage, "select", options(words, "全部阶段")),
        ),
    }
    return render(request, "trading/home.html", context)


def _found(stage: str, text: str, stages: dict[str, Stage], now: datetime) -> QuerySet[Tender]:
    tenders = queries.published()
    if text:
        tenders = queries.matching(tenders, text)
    if stage in stages:
        return queries.in_stage(tenders, stages[stage], now)
    if stage == SUSPENDED:
        return queries.suspended(tenders)
    return queries.ended(tenders) if stage == ENDED else tenders


def _stages() -> dict[str, Stage]:
    """Return the stages of this system's procedures by code; the newest edition's where two share a code."""
    here = [procedure for procedure in PROCEDURES if procedure.industry == settings.INDUSTRY]
    return {stage.code: stage for procedure in here for stage in procedure.stages}
