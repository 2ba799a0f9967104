"""Reconciliations with a system: the history, each signed report, and the operator's order for one."""

from dataclasses import replace
from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts.caller import required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.peers import own_key
from yuntai.kernel.templatetags.components import Cell, Column, Crumb, Fact, Refusal, Status, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.publicservice.pages.system_alarms import reconciliation_alarm
from yuntai.publicservice.paging import page_of
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.reconciliation.comparing import is_different
from yuntai.publicservice.reconciliation.models import Outcome, Reconciliation
from yuntai.publicservice.reconciliation.queries import is_ordered, report_of, run_of, runs_of
from yuntai.publicservice.reconciliation.services import FROM_THE_START, order_reconciliation
from yuntai.publicservice.reconciliation.words import REASONS, TONES, findings, stream_name
from yuntai.publicservice.systems.queries import SystemView, system_view
from yuntai.standard.reconciliation_report import Report, StreamCompared
from yuntai.trust import clock, signing

RUN_COLUMNS = (
    Column("number", "次", "number"),
    Column("at", "时间", "time"),
    Column("outcome", "结果"),
    Column("reason", "缘由"),
    Column("report", "报告"),
)
STREAM_COLUMNS = (
    Column("stream", "报文流"),
    Column("state", "结果"),
    Column("hours", "小时", "number"),
    Column("messages", "报文", "number"),
    Column("found", "差异和处理"),
)
HOUR_COLUMNS = (
    Column("stream", "报文流"),
    Column("hour", "小时", "time"),
    Column("ours", "平台条数", "number"),
    Column("theirs", "系统条数", "number"),
    Column("roots", "默克尔根（平台 / 系统）", "code"),
)


@require_GET
def history(request: HttpRequest, code: str) -> HttpResponse:
    """Show the runs with a system."""
    view = system_view(code, now=clock.now())
    found = page_of(runs_of(code).defer("report"), page_number(request), _run_cells)
    caller = caller_of(request)
    may_order = bool(caller and caller.roles & POLICY[Permission.RECONCILE_SYSTEM])
    context = {
        "view": view,
        "table": _history(found.rows, view),
        "pages": pages_of(found, {}, "次对账"),
        "may_order": may_order and view.is_connected and bool(view.url),
        "ordered": is_ordered(code),
        "crumbs": (*_crumbs(view), Crumb("对账")),
    }
    return render(request, "publicservice/reconciliations.html", context)


@require_GET
def report(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Show one report, and how to verify it."""
    view, run = system_view(code, now=clock.now()), run_of(code, number)
    signed = report_of(run)
    context = {
        "view": view,
        "run": run,
        "status": Status(str(Outcome(run.outcome).label), TONES[run.outcome]),
        "alarm": _alarm(run, view.title),
        "facts": _facts(run, signed),
        "streams": _streams(signed),
        "hours": _hours(signed),
        "signature": signed.signature,
        "key_id": signed.key_id,
        "public_key": signing.public_key(own_key()).hex(),
        "crumbs": (
            *_crumbs(view),
            Crumb("对账", reverse("reconciliations", args=[code])),
            Crumb(f"第 {number} 次"),
        ),
    }
    return render(request, "publicservice/reconciliation.html", context)


@require_GET
def report_file(request: HttpRequest, code: str, number: int) -> JsonResponse:
    """Hand out the report as it was signed."""
    answer = JsonResponse(run_of(code, number).report, json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'inline; filename="reconciliation-{code}-{number}.json"'
    return answer


@require_POST
def order(request: HttpRequest, code: str) -> HttpResponse:
    """Have the system reconciled now."""
    order_reconciliation(code=code, caller=required(caller_of(request)), now=clock.now())
    return redirect(reverse("reconciliations", args=[code]))


def _alarm(run: Reconciliation, title: str) -> Refusal | None:
    """Return the alarm without its way to the report, which stands below it."""
    alarm = reconciliation_alarm(run, title)
    return replace(alarm, action="", url="") if alarm else None


def _crumbs(view: SystemView) -> tuple[Crumb, ...]:
    return (Crumb("对接系统", reverse("systems")), Crumb(view.title, reverse("system", args=[view.code])))


def _run_cells(run: Reconciliation) -> tuple[Cell, ...]:
    code = run.system.code
    return (
        Cell(str(run.number)),
        Cell(beijing(run.at)),
        Cell(str(Outcome(run.outcome).label), tone=TONES[run.outcome]),
        Cell(REASONS[run.reason]),
        Cell("签名报告", url=reverse("reconciliation", args=[code, run.number])),
    )


def _history(rows: tuple[tuple[Cell, ...], ...], view: SystemView) -> Table:
    nothing = "还没有对过账。平台每天凌晨自动对账，运营人员也可以随时发起。"
    if not view.url:
        nothing = "本系统没有接收地址，平台无法询问；可由该系统按接口标准随时向平台询问对账。"
    return Table(
        caption="对账记录",
        columns=RUN_COLUMNS,
        rows=rows,
        id="runs",
        note="每夜 02:10 起逐个对账；出现差异的，10 分钟后复核一次。",
        nothing=nothing,
    )


def _facts(run: Reconciliation, signed: Report) -> tuple[Fact, ...]:
    statement = signed.statement
    facts = [
        Fact("对账时间", beijing(run.at)),
        Fact("缘由", REASONS[statement.reason]),
        Fact(
            "核对范围",
            f"{_start(statement.since)}至 {beijing(statement.until)}",
            note="整点起止，未满的小时不在其内",
        ),
        Fact("未答复的原因", statement.fault) if statement.fault else None,
    ]
    return tuple(each for each in facts if each is not None)


def _start(since: datetime) -> str:
    return "自有记录起" if since <= FROM_THE_START else f"{beijing(since)} "


def _streams(signed: Report) -> Table:
    statement = signed.statement
    return Table(
        caption="逐流核对",
        columns=STREAM_COLUMNS,
        rows=tuple(_stream_cells(told, signed) for told in statement.streams),
        id="streams",
        note="条数为平台一方所存。正在送达的报文不作差异。",
        nothing="没有核对到报文流。",
    )


def _stream_cells(told: StreamCompared, signed: Report) -> tuple[Cell, ...]:
    differs = is_different(told)
    said = " ".join(findings(told, signed.statement.platform)) if differs else "无"
    return (
        Cell(stream_name(told, signed.statement)),
        Cell("不一致" if differs else "一致", tone="alarm" if differs else "open"),
        Cell(f"{told.hours:,}"),
        Cell(f"{told.messages:,}"),
        Cell(said, note=f"另有 {told.under_way:,} 条正在送达" if told.under_way else ""),
    )


def _hours(signed: Report) -> Table | None:
    rows = tuple(
        (
            Cell(stream_name(told, signed.statement)),
            Cell(beijing(each.hour)),
            Cell(f"{each.count_at_platform:,}"),
            Cell(f"{each.count_at_system:,}"),
            Cell(each.root_at_platform, note=each.root_at_system),
        )
        for told in signed.statement.streams
        for each in told.differing
    )
    return Table(caption="有差异的小时", columns=HOUR_COLUMNS, rows=rows, id="hours") if rows else None
