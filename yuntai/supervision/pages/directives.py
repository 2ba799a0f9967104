"""Directives: the list, and the two acts that cannot be undone, each on a page of its own.

First the reason is asked for and kept in the address, then the page says what happens; only the POST acts.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import (
    Crumb,
    Field,
    Filter,
    FormError,
    IrreversibleAct,
)
from yuntai.supervision.monitoring import queries, services
from yuntai.supervision.monitoring.models import Directive
from yuntai.supervision.monitoring.queries import DirectiveState
from yuntai.supervision.pages.directive_rows import supervisor_rows
from yuntai.supervision.pages.lists import chosen, options, page_of
from yuntai.supervision.pages.reader import supervisor
from yuntai.trust import clock

STATES = {state.value: str(state.label) for state in DirectiveState}
SHOWN_TO = "交易系统、招标人和投标人；同时在本系统的监督公开页向全社会公布"
FROM_WHEN = "确认后即刻发出；交易系统执行并回报后生效，回报时间公开可查"


@dataclass(frozen=True)
class Draft:
    """A directive about to be given.  title: the tender's.  back_url, back_name: where it was asked for."""

    verb: str
    title: str
    what: str
    reason_hint: str
    url: str
    back_url: str
    back_name: str
    clause: str = services.DIRECTIVE_CLAUSE


@require_GET
def directive_list(request: HttpRequest) -> HttpResponse:
    """Show the directives, latest first."""
    supervisor(request)
    state = chosen(request, "state", STATES)
    rows, pages = page_of(queries.directives(state=state), request, unit="件")
    context = {
        "rows": supervisor_rows(rows, now=clock.now()),
        "pages": pages,
        "filters": (Filter("state", "执行情况", state, "select", options(STATES, "全部")),),
        "nothing": "没有符合条件的指令。可选“全部”再查。" if state else "还没有发出过指令。",
    }
    return render(request, "supervision/directives.html", context)


@require_http_methods(["GET", "POST"])
def suspend(request: HttpRequest, warning_id: str) -> HttpResponse:
    """Ask for the reason, show what a suspension does, and direct it."""
    caller = supervisor(request)
    warning = queries.warning(warning_id)
    tender = warning.tender
    draft = Draft(
        verb="责令暂停",
        title=tender.title,
        what=(
            f"向交易系统 {tender.origin} 发出监督指令，责令暂停项目 {tender.tender_code}"
            f"“{tender.title}”的招标投标活动，直至本机关准予恢复。"
        ),
        reason_hint="写明查明的事实和责令暂停的理由",
        url=reverse("direct-suspension", args=[warning_id]),
        back_url=reverse("warning", args=[warning_id]),
        back_name="预警",
    )

    def act(reason: str) -> Directive:
        return services.direct_suspension(
            warning_id=warning_id, reason=reason, caller=caller, now=clock.now()
        )

    return _direct(request, draft, act)


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, directive_id: str) -> HttpResponse:
    """Ask for the reason, show what a resumption does, and direct it."""
    caller = supervisor(request)
    tender = queries.directive(directive_id).tender
    draft = Draft(
        verb="准予恢复",
        title=tender.title,
        what=(
            f"向交易系统 {tender.origin} 发出监督指令，准予项目 {tender.tender_code}"
            f"“{tender.title}”恢复招标投标活动。"
        ),
        reason_hint="写明整改或核实的结果",
        url=reverse("direct-resumption", args=[directive_id]),
        back_url=reverse("tender", args=[tender.tender_code]),
        back_name="项目",
    )

    def act(reason: str) -> Directive:
        return services.direct_resumption(
            directive_id=directive_id, reason=reason, caller=caller, now=clock.now()
        )

    return _direct(request, draft, act)


def _direct(request: HttpRequest, draft: Draft, act: Callable[[str], Directive]) -> HttpResponse:
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        try:
            directive = act(reason)
        except DomainError as refused:
            return _ask(request, draft, reason, refused)
        return redirect(f"{reverse('tender', args=[directive.tender.tender_code])}#directives")
    if "reason" not in request.GET:
        return _ask(request, draft, "", None)
    try:
        reason = services.reason_of(request.GET["reason"], act=draft.verb)
    except DomainError as refused:
        return _ask(request, draft, request.GET["reason"], refused)
    return _confirm(request, draft, reason)


def _ask(request: HttpRequest, draft: Draft, typed: str, refused: DomainError | None) -> HttpResponse:
    error = str(refused) if refused else ""
    field = Field(
        name="reason",
        label="理由",
        value=typed,
        kind="textarea",
        hint=f"{draft.reason_hint}，最多 {services.REASON_AT_MOST} 字；理由随指令公开。",
        clause=draft.clause,
        error=error,
        maximum_length=services.REASON_AT_MOST,
    )
    context = {
        "draft": draft,
        "field": field,
        "errors": (FormError("reason", error),) if error else (),
        "crumbs": _crumbs(draft),
    }
    return render(
        request, "supervision/directive_reason.html", context, status=refused.status if refused else 200
    )


def _confirm(request: HttpRequest, draft: Draft, reason: str) -> HttpResponse:
    act = IrreversibleAct(
        title=f"{draft.verb}：{draft.title}",
        what=f"{draft.what}理由：{reason}",
        shown_to=SHOWN_TO,
        from_when=FROM_WHEN,
        url=draft.url,
        action=f"签发{draft.verb}指令",
        back_url=draft.back_url,
        hidden=(("reason", reason),),
    )
    return render(
        request, "supervision/directive_act.html", {"act": act, "draft": draft, "crumbs": _crumbs(draft)}
    )


def _crumbs(draft: Draft) -> tuple[Crumb, ...]:
    return (Crumb("监督台", reverse("board")), Crumb(draft.back_name, draft.back_url), Crumb(draft.verb))
