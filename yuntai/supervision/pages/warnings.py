"""Warnings: the list, one warning with its evidence and clauses, and closing it with a reason."""

from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.templatetags.components import (
    Crumb,
    Fact,
    Field,
    Filter,
    FormError,
    Status,
    WarningNote,
)
from yuntai.kernel.templatetags.values import beijing, yuan
from yuntai.law.clauses import clause
from yuntai.supervision.monitoring import queries, services
from yuntai.supervision.monitoring.queries import HandledWarning, WarningState
from yuntai.supervision.pages import words
from yuntai.supervision.pages.lists import chosen, options, page_of, warning_note
from yuntai.supervision.pages.reader import supervisor
from yuntai.supervision.rules import RULES
from yuntai.trust import clock

SUSPENDABLE = {WarningState.OPEN, WarningState.LIFTED}
STATES = {state.value: str(state.label) for state in WarningState}


@require_GET
def warning_list(request: HttpRequest) -> HttpResponse:
    """Show the warnings, latest first."""
    supervisor(request)
    state = chosen(request, "state", STATES)
    rows, pages = page_of(queries.warnings(state=state), request, unit="条")
    context = {
        "rows": warning_rows(rows),
        "pages": pages,
        "filters": (Filter("state", "处理情况", state, "select", options(STATES, "全部")),),
        "nothing": "没有符合条件的预警。可选“全部”再查。" if state else "没有发出过预警。",
    }
    return render(request, "supervision/warnings.html", context)


@require_GET
def warning_page(request: HttpRequest, warning_id: str) -> HttpResponse:
    """Show one warning: evidence, rule, clauses, and what may be or was done."""
    supervisor(request)
    return _show(request, queries.warning(warning_id))


@require_POST
def dismiss(request: HttpRequest, warning_id: str) -> HttpResponse:
    """Close a warning for a reason; a refusal keeps what was typed."""
    caller = supervisor(request)
    reason = request.POST.get("reason", "")
    try:
        services.dismiss_warning(warning_id=warning_id, reason=reason, caller=caller, now=clock.now())
    except NotFound:
        raise
    except DomainError as refused:
        return _show(request, queries.warning(warning_id), reason, refused)
    return redirect("warning", warning_id)


def warning_rows(warnings: Iterable[HandledWarning]) -> list[tuple[WarningNote, Status]]:
    """Return warnings as they show in lists, each with what became of it."""
    return [(warning_note(each), words.warning_status(each.state)) for each in warnings]


def _show(
    request: HttpRequest, warning: HandledWarning, typed: str = "", refused: DomainError | None = None
) -> HttpResponse:
    rule = next((rule for rule in RULES if rule.code == warning.rule), None)
    error = str(refused) if refused else ""
    context = {
        "warning": warning,
        "note": warning_note(warning),
        "status": words.warning_status(warning.state),
        "clauses": [clause(key) for key in (rule.clauses if rule else (warning.clause,))],
        "rule": rule,
        "facts": _facts(warning),
        "dismissal": queries.dismissal_of(warning),
        "suspensions": queries.suspensions_for(warning),
        "may_be_suspended": warning.state in SUSPENDABLE and not warning.tender.final_status,
        "field": _reason_field(typed, error),
        "errors": (FormError("reason", error),) if error else (),
        "crumbs": (
            Crumb("监督台", reverse("board")),
            Crumb("预警", reverse("warnings")),
            Crumb(words.rule_name(warning.rule)),
        ),
    }
    return render(request, "supervision/warning.html", context, status=refused.status if refused else 200)


def _facts(warning: HandledWarning) -> tuple[Fact, ...]:
    tender, notice = warning.tender, warning.notice
    declared = "申报为依法必须招标" if notice.must_tender else "申报为非依法必须招标"
    return (
        Fact("项目", tender.title, note=tender.tender_code, url=reverse("tender", args=[tender.tender_code])),
        Fact("招标公告", f"{beijing(notice.published_at)} 发布", url=notice.url),
        Fact("招标文件开始发出", beijing(notice.documents_open_at)),
        Fact("投标截止", beijing(notice.bids_due_at)),
        Fact("估算价", yuan(notice.estimated_yuan), note=declared, kind="money"),
    )


def _reason_field(typed: str, error: str) -> Field:
    return Field(
        name="reason",
        label="结案理由",
        value=typed,
        kind="textarea",
        hint=f"写明核实了什么、为何不需要采取措施，最多 {services.REASON_AT_MOST} 字；理由长期留存备查。",
        error=error,
        maximum_length=services.REASON_AT_MOST,
    )
