"""The public page of one tender, with what the reader may do on it."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.templatetags.components import Crumb, DeskTask
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.bids.queries import own_envelope
from yuntai.trading.contracts.queries import with_progress
from yuntai.trading.opening.queries import opened_bids
from yuntai.trading.pages import next_step, tender_facts
from yuntai.trading.pages.documents import document_lines
from yuntai.trading.pages.lot_blocks import sections
from yuntai.trading.pages.next_step import Step
from yuntai.trading.pages.pauses import pauses
from yuntai.trading.pages.reader import reader
from yuntai.trading.pages.standing import standing_of, standing_suspension
from yuntai.trading.tenders import queries
from yuntai.trading.tenders.models import Lot
from yuntai.trust import clock


@require_GET
def tender(request: HttpRequest, code: str) -> HttpResponse:
    """Show a tender; a draft leads those who draft it to its own page."""
    caller, now = reader(request), clock.now()
    found = queries.visible_tender(caller, code)
    if found.documents_open_at is None:
        return redirect("draft", code)
    lots = list(with_progress(found.lots.order_by("code")))
    parts = sections(lots)
    context = {
        "now": now,
        "tender": found,
        "crumbs": (Crumb("招标项目", reverse("home")), Crumb(found.title)),
        "statuses": tender_facts.statuses(lots, now),
        "banner": tender_facts.banner(found, lots),
        "key_facts": tender_facts.key_facts(found, lots, now),
        "facts": tender_facts.facts(found, lots),
        "timelines": tender_facts.timelines(lots, now),
        "lots": tender_facts.lot_table(lots, now) if len(lots) > 1 else None,
        "tasks": tasks_for(caller, lots, now),
        "pauses": pauses(found),
        "documents": document_lines(found),
        "sections": parts,
        "anchors": {part.anchor for part in parts},
        "opened": any(Milestone.OPENED in lot.schedule for lot in lots),
        "reports": _reports(caller, lots),
    }
    return render(request, "trading/tender.html", context)


def tasks_for(caller: Caller | None, lots: list[Lot], now: datetime) -> list[DeskTask]:
    """Return what the reader can do on this tender now, one line a lot; a visitor may log in to bid."""
    if caller is None:
        return [task for lot in lots if (task := _task_of_visitor(lot, now))]
    steps = [(lot, step) for lot in lots for step in _steps(caller, lot, now)]
    return [
        DeskTask(lot.title, step.url, step.action, step.detail, step.due_at, step.cannot_be_undone)
        for lot, step in steps
        if step.action
    ]


def _steps(caller: Caller, lot: Lot, now: datetime) -> list[Step]:
    found = []
    if queries.is_own(caller, lot.tender):
        found.append(next_step.buying_step(lot, caller, now))
    elif "bidder" in caller.roles:
        found.append(_bid_step(caller, lot, now) or next_step.bidding_step(lot, caller, now))
    if "expert" in caller.roles and not _bids_here(caller, lot):
        found.append(next_step.evaluating_step(lot, caller, now))
    return [step for step in found if step is not None]


def _task_of_visitor(lot: Lot, now: datetime) -> DeskTask | None:
    if not _takes_bids(lot, now):
        return None
    detail = "投标人用证书登录；下载招标文件无须登录"
    return DeskTask(lot.title, reverse("bid", args=[lot.code]), "登录后投标", detail, lot.tender.bids_due_at)


def _takes_bids(lot: Lot, now: datetime) -> bool:
    stage = standing_of(lot, now).stage
    return (
        stage is not None and stage.closes is Milestone.BIDS_DUE and standing_suspension(lot.tender) is None
    )


def _bid_step(caller: Caller, lot: Lot, now: datetime) -> Step | None:
    if not _takes_bids(lot, now):
        return None
    url, due_at = reverse("bid", args=[lot.code]), lot.tender.bids_due_at
    if own_envelope(caller=caller, lot=lot) is None:
        return Step(url, "递交投标文件", "下载招标文件后，在本机制作并密封", due_at=due_at)
    return Step(url, "查看或撤回", "已递交，截止前可以撤回", due_at=due_at)


def _bids_here(caller: Caller, lot: Lot) -> bool:
    return any(bid.bidder_code == caller.organization_code for bid in opened_bids(lot))


def _reports(caller: Caller | None, lots: list[Lot]) -> list[Crumb]:
    """Return the evaluation reports that the reader may see."""
    if caller is None or not (queries.is_own(caller, lots[0].tender) or "expert" in caller.roles):
        return []
    evaluated = [lot for lot in lots if Milestone.EVALUATED in lot.schedule]
    return [Crumb(lot.title, reverse("evaluation", args=[lot.code])) for lot in evaluated]
