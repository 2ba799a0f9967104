"""The status of the connected systems, for everyone: live numbers, a chart, CSV; the API has JSON."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from time import monotonic

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.peers import listed_peers
from yuntai.kernel.templatetags.components import Cell, Column, Fact, Refusal, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice import places
from yuntai.publicservice.certification.queries import marks
from yuntai.publicservice.pages.certificate_tables import mark_cell
from yuntai.publicservice.pages.hours import Hours, hours
from yuntai.publicservice.pages.quality_table import percent
from yuntai.publicservice.pages.system_alarms import alarms_of
from yuntai.publicservice.pages.system_words import KINDS, TONES, industry, responsible_text, seconds
from yuntai.publicservice.portal import words
from yuntai.publicservice.quality.measures import MEASURES
from yuntai.publicservice.quality.queries import Quality, qualities
from yuntai.publicservice.reconciliation.models import Outcome, Reconciliation
from yuntai.publicservice.reconciliation.queries import last_runs
from yuntai.publicservice.systems.models import State
from yuntai.publicservice.systems.queries import SystemView, system_views
from yuntai.publicservice.systems.traffic import by_hour
from yuntai.trust import clock

FRESH_SECONDS = 2.0
"""How long a process shows what it counted, so that many watchers cost one count."""
UNSAID = "未登记"

COLUMNS = (
    Column("title", "系统"),
    Column("state", "状态"),
    Column("today", "今日收到", "number"),
    Column("delay", "时延中位", "number"),
    Column("quality", "近 7 日及时 / 完整 / 后续 / 准确", "number"),
    Column("waiting", "待送达", "number"),
)
LAST_COLUMNS = (
    Column("title", "系统"),
    Column("last", "最近一条报文", "time"),
    Column("heard", "最近心跳", "time"),
    Column("reconciled", "最近对账"),
)
CSV_COLUMNS = (
    *("系统代码", "系统", "类别", "行业", "地区", "运营机构代码", "运营机构", "主要负责人员", "状态"),
    *("今日收到", "时延中位（秒）", "时延99%（秒）", "今日退回", "办理失败", "待送达", "被拒收"),
    *("最近心跳", "最近对账", "对账结果", "统计时间"),
)
KEEPER_COLUMNS = (
    Column("title", "系统"),
    Column("operator", "运营机构（监管系统为主管部门）"),
    Column("responsible", "主要负责人员"),
    Column("mark", "检测认证"),
)
AREA_COLUMNS = (Column("system", "行政监管系统"), Column("industry", "行业"), Column("region", "地区"))


@dataclass(frozen=True)
class Status:
    """Everything that moves on the page.  at: when it was counted.  runs: the last reconciliations."""

    at: datetime
    views: tuple[SystemView, ...]
    hours: Hours
    quality: Mapping[str, Quality]
    runs: Mapping[str, Reconciliation]

    @property
    def figures(self) -> tuple[Fact, ...]:
        """The four figures on top."""
        connected = [view for view in self.views if view.is_connected]
        return (
            Fact("对接系统", f"{len(connected)} 个", note=self._not_connected),
            Fact("今日收到报文", f"{sum(view.received_today for view in self.views):,} 条"),
            Fact("待送达", f"{sum(view.waiting for view in self.views):,} 条"),
            Fact("今日退回", f"{sum(view.rejected_today for view in self.views):,} 条"),
        )

    @property
    def table(self) -> Table:
        """One line a system."""
        return Table(
            caption=f"{len(self.views)} 个系统",
            columns=COLUMNS,
            rows=tuple(_cells(view, self.quality.get(view.code, Quality())) for view in self.views),
            csv_url=reverse("systems-csv"),
            note=(
                "时延：自对方所记的事项发生时刻至本平台收到，今日全部合格报文。"
                "收到、退回、办理失败：对方发来的报文；待送达、被拒收：本平台发往对方的报文。"
                f"数字取自报文收发表，{beijing(self.at)} 统计。"
            ),
            nothing="还没有系统对接。运营机构登记系统、通过对接测试后，系统会列在这里。",
        )

    @property
    def last(self) -> Table:
        """When each was last heard and reconciled."""
        return Table(
            caption="最近往来和对账",
            columns=LAST_COLUMNS,
            rows=tuple(_last_cells(view, self.runs.get(view.code)) for view in self.views),
            id="last",
            note="心跳自第一条报文起，至少每 30 秒一次。每夜逐个对账，报告由平台签名，任何人可以核验。",
            nothing="还没有系统对接。",
        )

    @property
    def alarms(self) -> tuple[Refusal, ...]:
        """What is wrong now, system by system."""
        found = (alarms_of(view, self.runs.get(view.code), self.at) for view in self.views)
        return tuple(alarm for alarms in found for alarm in alarms)

    @property
    def _not_connected(self) -> str:
        states = [view.state for view in self.views if not view.is_connected]
        parts = [f"{State(each).label} {states.count(each)} 个" for each in State.values if each in states]
        return "另有" + "、".join(parts) if parts else ""


class _Counted:
    def __init__(self) -> None:
        self.until, self.status = 0.0, None  # type: float, Status | None

    def __call__(self) -> Status:
        status = self.status
        if status is None or monotonic() > self.until:
            now = clock.now()
            views, chart = tuple(system_views(now=now)), hours(by_hour(now=now), now)
            status = Status(now, views, chart, qualities(now=now), last_runs())
            self.until, self.status = monotonic() + FRESH_SECONDS, status
        return status

    def cache_clear(self) -> None:
        """Forget what was counted."""
        self.status = None


counted = _Counted()


@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """Show the connected systems."""
    status = counted()
    context = {"status": status, "keepers": _keepers(status.views), "areas": _areas(status.views)}
    return render(request, "publicservice/systems.html", context)


@require_GET
def systems_fragment(request: HttpRequest) -> HttpResponse:
    """Show what moves, for the page to put in place of the older."""
    return render(request, "publicservice/_systems_status.html", {"status": counted()})


@require_GET
def systems_csv(request: HttpRequest) -> HttpResponse:
    """Answer the table as CSV, with operators and responsible persons."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(CSV_COLUMNS)
    status = counted()
    for view in status.views:
        line = _line(view, status.runs.get(view.code), status.at)
        writer.writerow([_harmless(str(cell)) for cell in line])
    # The mark at the start tells spreadsheet programs that this is UTF-8.
    answer = HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="systems.csv"'
    return answer


def _line(view: SystemView, run: Reconciliation | None, at: datetime) -> list[object]:
    passed = view.traffic
    return [
        view.code,
        view.title,
        KINDS[view.kind],
        words.kind(view.industry),
        places.name(view.region_code),
        view.operator_code,
        view.operator_name,
        responsible_text(view),
        view.state_name,
        passed.received_today,
        "" if passed.delay_p50 is None else f"{passed.delay_p50:.3f}",
        "" if passed.delay_p99 is None else f"{passed.delay_p99:.3f}",
        passed.rejected_today,
        passed.failed,
        passed.waiting,
        passed.refused,
        passed.last_heard_at.isoformat() if passed.last_heard_at else "",
        run.at.isoformat() if run else "",
        Outcome(run.outcome).label if run else "",
        at.isoformat(),
    ]


def _harmless(cell: str) -> str:
    """Keep a spreadsheet program from taking a name for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def _cells(view: SystemView, quality: Quality) -> tuple[Cell, ...]:
    passed = view.traffic
    return (
        Cell(view.title, url=reverse("system", args=[view.code]), note=f"{KINDS[view.kind]}{industry(view)}"),
        Cell(view.state_name, tone=TONES[view.state]),
        Cell(f"{passed.received_today:,}", note=f"退回 {passed.rejected_today:,}"),
        Cell(seconds(passed.delay_p50), note=f"99% {seconds(passed.delay_p99)}"),
        Cell(" / ".join(percent(quality.week.get(each.code)) for each in MEASURES)),
        Cell(f"{passed.waiting:,}", note=f"被拒收 {passed.refused:,}，办理失败 {passed.failed:,}"),
    )


def _last_cells(view: SystemView, run: Reconciliation | None) -> tuple[Cell, ...]:
    last, heard = view.traffic.last_received_at, view.traffic.last_heard_at
    return (
        Cell(view.title, url=reverse("system", args=[view.code])),
        Cell(beijing(last) if last else "无"),
        Cell(beijing(heard) if heard else "无"),
        _reconciled(view, run),
    )


def _reconciled(view: SystemView, run: Reconciliation | None) -> Cell:
    if run is None:
        return Cell("无" if view.url else "只发送，由对方询问")
    address = reverse("reconciliation", args=[view.code, run.number])
    return Cell(str(Outcome(run.outcome).label), url=address, note=beijing(run.at))


def _keepers(views: tuple[SystemView, ...]) -> Table:
    """Return who runs each system and who answers for it, the platform's own first; and what is certified."""
    certified = marks(now=clock.now())
    own = listed_peers().get(settings.SYSTEM_CODE)
    ours = (
        Cell(settings.SYSTEM_TITLE, note=settings.SYSTEM_CODE),
        Cell(settings.OPERATOR_NAME or UNSAID, note=settings.OPERATOR_CODE),
        Cell((own.contact if own else "") or UNSAID),
        Cell(""),
    )
    theirs = (
        (
            Cell(view.title, url=reverse("system", args=[view.code]), note=view.code),
            Cell(view.operator_name or UNSAID, note=view.operator_code),
            Cell(responsible_text(view) or UNSAID),
            mark_cell(certified[view.code]) if view.kind == "trading" else Cell(""),
        )
        for view in views
    )
    return Table(
        caption="运营机构和主要负责人员",
        columns=KEEPER_COLUMNS,
        rows=(ours, *theirs),
        id="keepers",
        note="由各运营机构在登记时申报，依法公布。检测认证由检测机构作出，只适用于交易系统。",
    )


def _areas(views: tuple[SystemView, ...]) -> Table:
    """Return the routing table of the supervision systems."""
    rows = (
        (
            Cell(view.title),
            Cell(words.kind(of) if of else "全部行业"),
            Cell(f"{places.name(region)}及其下辖地区" if region else "全部地区"),
        )
        for view in views
        for of, region in view.areas
    )
    return Table(
        caption="监管范围",
        columns=AREA_COLUMNS,
        rows=tuple(rows),
        id="areas",
        note="交易系统的报文按发送方的行业和项目所在地区，转给监管范围覆盖它的行政监管系统。",
        nothing="还没有行政监管系统对接。",
    )
