"""The board (监督台): warnings first, then tenders by stage with the time left; it refreshes itself."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET

from yuntai.kernel.errors import NotLoggedIn
from yuntai.kernel.templatetags.components import Fact, NoticeRow, WarningNote
from yuntai.supervision.intake import queries
from yuntai.supervision.intake.forks import latest_forks
from yuntai.supervision.intake.models import ForkAlarm
from yuntai.supervision.intake.stages import Stage
from yuntai.supervision.monitoring.queries import (
    ANSWER_WITHIN,
    DirectiveState,
    WarningState,
    directives,
    unanswered,
    warnings,
)
from yuntai.supervision.pages import words
from yuntai.supervision.pages.lists import tender_row, warning_note
from yuntai.supervision.pages.reader import supervisor
from yuntai.trust import clock

WARNINGS_SHOWN = 5
TENDERS_SHOWN = 5


@dataclass(frozen=True)
class StageGroup:
    """The tenders of one stage; url leads to all of them.  rows: those whose time runs out first."""

    name: str
    url: str
    count: int
    rows: tuple[NoticeRow, ...]


@dataclass(frozen=True)
class Board:
    """All that the board shows.

    figures: each leads to its records.  forks: latest fork alarms, a sentence each.  ended: how many tenders
    have ended.
    """

    figures: tuple[Fact, ...]
    warnings: tuple[WarningNote, ...]
    open_warnings: int
    forks: tuple[str, ...]
    ended: int
    groups: tuple[StageGroup, ...]

    @property
    def mark(self) -> str:
        """A short digest of all that is shown, the time left aside: it changes when something is new."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@require_GET
def board_page(request: HttpRequest) -> HttpResponse:
    """Show the board."""
    supervisor(request)
    now = clock.now()
    return render(request, "supervision/board.html", {"board": board_at(now), "now": now})


@require_GET
def board_fragment(request: HttpRequest) -> HttpResponse:
    """Answer the board's inside for its own refreshing; 204 when the reader has seen all of it already."""
    try:
        supervisor(request)
    except NotLoggedIn:
        if "HX-Request" not in request.headers:
            raise
        # The session ended while the board stood open: the whole page must go to the login, not a part of it.
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("login")})
    now = clock.now()
    board = board_at(now)
    if request.GET.get("seen") == board.mark:
        return HttpResponse(status=204)
    return render(request, "supervision/board_inside.html", {"board": board, "now": now})


def board_at(now: datetime) -> Board:
    """Return what the board shows at `now`."""
    open_warnings = warnings(state=WarningState.OPEN)
    counts = queries.count_by_stage(now=now)
    return Board(
        figures=_figures(open_warnings.count(), now),
        warnings=tuple(warning_note(warning) for warning in open_warnings[:WARNINGS_SHOWN]),
        open_warnings=open_warnings.count(),
        forks=tuple(map(_fork_sentence, latest_forks())),
        ended=counts[Stage.ENDED],
        groups=tuple(
            _group(stage, count, now) for stage, count in counts.items() if count and stage is not Stage.ENDED
        ),
    )


def _figures(open_warnings: int, now: datetime) -> tuple[Fact, ...]:
    unobeyed, late = directives(state=DirectiveState.SENT).count(), unanswered(now=now)
    running = queries.tenders(now=now, stage="running").count()
    suspended = queries.tenders(now=now, stage="suspended").count()
    return (
        Fact("待处理预警", f"{open_warnings} 条", url=f"{reverse('warnings')}?state={WarningState.OPEN}"),
        Fact(
            "待执行指令",
            f"{unobeyed} 件",
            note=f"其中 {late} 件超过 {words.duration(ANSWER_WITHIN)}尚未答复" if late else "",
            url=f"{reverse('directives')}?state={DirectiveState.SENT}",
        ),
        Fact("在监项目", f"{running} 个", url=_tenders_url("running")),
        Fact("已暂停项目", f"{suspended} 个", url=_tenders_url("suspended")),
    )


def _fork_sentence(alarm: ForkAlarm) -> str:
    return (
        f"{alarm.system_code} 的报文流 {alarm.stream} 第 {alarm.seq} 号出现两份相互矛盾的已签名报文，"
        f"公共服务平台于 {localtime(alarm.seen_at):%Y-%m-%d %H:%M} 发现并拒收后一份。"
        "请向该系统的运营机构查问。"
    )


def _group(stage: Stage, count: int, now: datetime) -> StageGroup:
    shown = queries.tenders(now=now, stage=stage)[:TENDERS_SHOWN]
    rows = tuple(tender_row(tender, kind=tender.initiator_name) for tender in shown)
    return StageGroup(str(stage.label), _tenders_url(stage), count, rows)


def _tenders_url(stage: str) -> str:
    return f"{reverse('tenders')}?stage={stage}"
