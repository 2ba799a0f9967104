"""What the worker reconciles: what is ordered, every night each system, and once more after a difference."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import OuterRef, Subquery

from yuntai.law.days import SHANGHAI
from yuntai.publicservice.reconciliation.models import Outcome, Reconciliation, ReconciliationOrder
from yuntai.publicservice.reconciliation.services import (
    FROM_THE_START,
    CannotReconcile,
    close_order,
    reconcile_system,
)
from yuntai.publicservice.systems.models import ConnectedSystem, State
from yuntai.standard.reconciliation_report import Reason

log = logging.getLogger(__name__)
NIGHT = timedelta(hours=2, minutes=10)  # after midnight in Shanghai: hardly anybody trades
LOOKS_BACK = timedelta(days=31)
"""What a night compares; the first night of a month, and whoever orders a run, compares everything."""
AGAIN_AFTER = timedelta(minutes=10)
LOOK_EVERY = timedelta(seconds=2)

_looked_at: list[datetime] = []


@dataclass(frozen=True)
class Due:
    """One run.  order: the one that it carries out, if any."""

    code: str
    reason: Reason
    since: datetime
    order: ReconciliationOrder | None = None


def reconcile_due(*, now: datetime) -> int:
    """Do the first run that is due; the worker's task.  Return how many were done."""
    if _looked_at and abs(now - _looked_at[-1]) < LOOK_EVERY:
        return 0
    done = run_first(now=now)
    if not done:
        _looked_at[:] = [now]
    return done


def run_first(*, now: datetime) -> int:
    """Do the first run that is due; return 0 when none is."""
    due = next(_due(now), None)
    if due is None:
        return 0
    try:
        reconcile_system(code=due.code, reason=due.reason, now=now, since=due.since)
    except CannotReconcile as error:
        log.warning("%s is not reconciled: %s", due.code, error)
        if due.order is None:
            return 0
    if due.order is not None:
        close_order(due.order, now=now)
    return 1


def last_night(now: datetime) -> datetime:
    """Return the last instant at which nightly runs fell due."""
    midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    tonight = midnight + NIGHT
    return tonight if tonight <= now else tonight - timedelta(days=1)


def _due(now: datetime) -> Iterator[Due]:
    for order in ReconciliationOrder.objects.filter(done_at=None).select_related("system").order_by("id"):
        yield Due(order.system.code, "ordered", FROM_THE_START, order)
    night = last_night(now)
    since = FROM_THE_START if night.astimezone(SHANGHAI).day == 1 else night - LOOKS_BACK
    systems = ConnectedSystem.objects.filter(state=State.CONNECTED).exclude(url="")
    tonight = Reconciliation.objects.filter(reason="nightly", at__gte=night).values("system")
    for code in systems.filter(entered_at__lt=night).exclude(pk__in=tonight).order_by("code"):
        yield Due(str(code), "nightly", since)
    newest = Reconciliation.objects.filter(system=OuterRef("pk")).order_by("-number").values("pk")[:1]
    last = Reconciliation.objects.filter(
        pk__in=systems.annotate(last=Subquery(newest)).values("last"), at__lte=now - AGAIN_AFTER
    )
    for run in last.exclude(outcome=Outcome.EQUAL).exclude(reason="recheck").select_related("system"):
        yield Due(run.system.code, "recheck", datetime.fromisoformat(run.report["statement"]["since"]))
