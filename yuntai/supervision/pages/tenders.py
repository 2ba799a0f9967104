"""Tenders: the list, and one tender with all that this authority knows of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.templatetags.components import Crumb, Filter, Status
from yuntai.supervision.intake import queries
from yuntai.supervision.intake.models import FinalStatus
from yuntai.supervision.intake.stages import Stage, StagedTender
from yuntai.supervision.monitoring.queries import directives_of, warnings_of
from yuntai.supervision.pages import lot_parts, tender_parts, words
from yuntai.supervision.pages.directive_rows import supervisor_rows
from yuntai.supervision.pages.lists import chosen, options, page_of, tender_row
from yuntai.supervision.pages.reader import supervisor
from yuntai.supervision.pages.warnings import warning_rows
from yuntai.trust import clock

STAGES = {
    "running": "全部在监项目",
    "suspended": "已暂停",
    **{stage.value: str(stage.label) for stage in Stage},
}


@require_GET
def tender_list(request: HttpRequest) -> HttpResponse:
    """Show the watched tenders, those whose time runs out first ahead."""
    supervisor(request)
    now = clock.now()
    stage, search = chosen(request, "stage", STAGES), request.GET.get("q", "").strip()[:100]
    rows, pages = page_of(queries.tenders(now=now, stage=stage, search=search), request, unit="个项目")
    context = {
        "rows": [tender_row(row) for row in rows],
        "pages": pages,
        "filtered": bool(stage or search),
        "filters": (
            Filter("q", "搜索", search, placeholder="项目名称、招标人或编号"),
            Filter("stage", "阶段", stage, "select", options(STAGES, "全部，含已结束")),
        ),
        "now": now,
    }
    return render(request, "supervision/tenders.html", context)


@require_GET
def tender_page(request: HttpRequest, tender_code: str) -> HttpResponse:
    """Show one tender: facts, warnings, directives, timeline, lots, and the messages it all rests on."""
    supervisor(request)
    now = clock.now()
    tender = queries.tender(tender_code, now=now)
    lots = queries.lots_of(tender)
    context = {
        "tender": tender,
        "statuses": _statuses(tender),
        "key_facts": tender_parts.key_facts(tender, lots, now),
        "facts": tender_parts.facts(tender),
        "warnings": warning_rows(warnings_of(tender)),
        "directives": supervisor_rows(directives_of(tender), now=now),
        "timeline": tender_parts.timeline(tender, lots),
        "lots": [lot_parts.lot_part(record, tender, now) for record in lots],
        "events": queries.suspension_events_of(tender),
        "messages": tender_parts.message_table(tender, queries.messages_of(tender)),
        "crumbs": (Crumb("监督台", reverse("board")), Crumb("项目", reverse("tenders")), Crumb(tender_code)),
        "now": now,
    }
    return render(request, "supervision/tender.html", context)


def _statuses(tender: StagedTender) -> tuple[Status, ...]:
    failed = (words.failed_lots_status(tender.failed_lots),) if tender.failed_lots else ()
    if tender.final_status:
        # Where all lots failed, the tender's own end says so.
        ended = words.end_status(tender.final_status)
        return (ended, *failed) if tender.final_status == FinalStatus.COMPLETE else (ended,)
    suspended = (Status("已暂停", "alarm"),) if tender.suspended else ()
    return (words.stage_status(tender.stage), *suspended, *failed)
