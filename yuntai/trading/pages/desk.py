"""The desk (工作台): what to do next, what to wait for and from whom, and all one's tenders."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.templatetags.components import DeskTask, Waiting
from yuntai.law.days import date_of
from yuntai.trading.bids.queries import lots_bid_for
from yuntai.trading.contracts.queries import with_progress
from yuntai.trading.evaluating.queries import lots_evaluated_by, lots_to_evaluate
from yuntai.trading.opening.queries import lots_opened_with
from yuntai.trading.pages import next_step
from yuntai.trading.pages.limits import end_of
from yuntai.trading.pages.lists import page_of
from yuntai.trading.pages.next_step import Step
from yuntai.trading.pages.reader import person
from yuntai.trading.pages.standing import name_of, notice_row
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.bid_period import last_day
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trust import clock


@dataclass(frozen=True)
class FirstStep:
    """What somebody with an empty desk does first."""

    title: str
    hint: str
    action: str = ""
    url: str = ""


@dataclass
class Desk:
    """What one caller has to do and waits for, gathered role by role.  tenders: all it takes part in."""

    caller: Caller
    now: datetime
    tasks: list[DeskTask] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    tenders: Q = field(default_factory=lambda: Q(pk__in=()))

    def add(
        self, lots: QuerySet[Lot] | list[Lot], step_of: Callable[[Lot, Caller, datetime], Step | None]
    ) -> None:
        """Add the next step of each of `lots`."""
        for lot in lots:
            step = step_of(lot, self.caller, self.now)
            if step is None:
                continue
            if step.action:
                self.tasks.append(
                    DeskTask(
                        name_of(lot), step.url, step.action, step.detail, step.due_at, step.cannot_be_undone
                    )
                )
            else:
                self.waiting.append(Waiting(name_of(lot), step.url, step.whom, step.due_at))

    def sort(self) -> None:
        """Put what is due first on top; what has no limit comes last."""
        self.tasks.sort(key=lambda task: (task.due_at is None, task.due_at or self.now))
        self.waiting.sort(key=lambda item: (item.until is None, item.until or self.now))


FIRST_STEPS = {
    "initiator": FirstStep(
        "还没有招标项目",
        "先新建招标项目：填写项目、标段和截止时间，上传招标文件。",
        "新建招标项目",
        "/tenders/new",
    ),
    "agency": FirstStep(
        "还没有代理的招标项目",
        "先新建招标项目，登记项目时填写招标人的统一社会信用代码。",
        "新建招标项目",
        "/tenders/new",
    ),
    "bidder": FirstStep(
        "还没有参加投标",
        "先从正在招标的项目中选择标段，下载招标文件，再递交投标文件。",
        "查看正在招标的项目",
        "/?stage=bidding",
    ),
    "expert": FirstStep(
        "还没有评审过的项目", "标段开标后列在“现在要办”，届时从这里进入评审。", "查看招标项目", "/"
    ),
    "operator": FirstStep(
        "还没有招标项目", "运营机构不办理交易；招标人发布公告后，项目列在这里。", "查看招标项目", "/"
    ),
}

NO_ROLE = FirstStep(
    "没有可办理的业务",
    "当前单位在本系统没有角色。先在公共服务平台登记为招标人、代理机构或投标人，再重新登录。",
    "查看招标项目",
    "/",
)


@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Show the caller's desk."""
    caller, now = person(request), clock.now()
    its = Desk(caller, now)
    for gather in dict.fromkeys(gather for role, gather in GATHERERS.items() if role in caller.roles):
        gather(its)
    its.sort()
    rows, pages = page_of(_all_tenders(its), request, unit="个项目")
    context = {
        "now": now,
        "desk": its,
        "rows": [notice_row(row, now, url=reverse("tender", args=[row.code])) for row in rows],
        "pages": pages,
        "may_draft": bool(caller.roles & {"initiator", "agency"}),
        "first": next((step for role, step in FIRST_STEPS.items() if role in caller.roles), NO_ROLE),
    }
    return render(request, "trading/desk.html", context)


def _all_tenders(its: Desk) -> QuerySet[Tender]:
    found = Tender.objects.filter(its.tenders).select_related("project").order_by("-id")
    return found.prefetch_related("lots__milestones", "suspensions")


def _gather_buying(its: Desk) -> None:
    own = queries.own_tenders(its.caller)
    its.tasks += list(_draft_tasks(own.filter(documents_open_at=None), its.now))
    published = own.filter(documents_open_at__isnull=False)
    its.add(with_progress(Lot.objects.filter(tender__in=published, final_status="")), next_step.buying_step)
    its.tenders |= Q(pk__in=own.values("pk"))


def _gather_bidding(its: Desk) -> None:
    # Before the opening only pseudonyms stand in the database; afterwards the record names the bidder.
    published = Lot.objects.filter(tender__documents_open_at__isnull=False)
    candidates = published.filter(Q(final_status="") | Q(opening=None))
    bid_for = lots_bid_for(caller=its.caller, lots=with_progress(candidates))
    its.add([lot for lot in bid_for if not lot.final_status], next_step.bidding_step)
    opened = lots_opened_with(its.caller.organization_code)
    its.tenders |= Q(pk__in=[lot.tender_id for lot in bid_for]) | Q(pk__in=opened.values("tender"))


def _gather_evaluating(its: Desk) -> None:
    related = lots_opened_with(its.caller.organization_code)
    its.add(with_progress(lots_to_evaluate().exclude(pk__in=related.values("pk"))), next_step.evaluating_step)
    evaluated = lots_evaluated_by(its.caller.person_id)
    its.tenders |= Q(Exists(evaluated.filter(tender=OuterRef("pk"))))


def _gather_operating(its: Desk) -> None:
    overdue = Lot.objects.filter(
        tender__documents_open_at__isnull=False,
        tender__bids_due_at__lte=its.now,
        opening=None,
        final_status="",
    )
    its.add(with_progress(overdue), next_step.operating_step)
    its.tenders |= Q(documents_open_at__isnull=False)


GATHERERS: dict[str, Callable[[Desk], None]] = {
    "initiator": _gather_buying,
    "agency": _gather_buying,
    "bidder": _gather_bidding,
    "expert": _gather_evaluating,
    "operator": _gather_operating,
}


def _draft_tasks(drafts: QuerySet[Tender], now: datetime) -> Iterator[DeskTask]:
    for draft in drafts:
        last = last_day(draft)
        url = reverse("draft", args=[draft.code])
        if date_of(now) <= last and now < draft.bids_due_at:
            until = min(end_of(last), draft.bids_due_at)
            yield DeskTask(draft.title, url, "发布招标公告", "草稿，尚未公开", until)
        else:
            late = f"距投标截止已不足法定期限（最迟 {last} 发布），不能再发布；可推迟截止时间，或撤销草稿"
            yield DeskTask(draft.title, url, "查看草稿", late)
