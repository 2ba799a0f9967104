"""Reads of reconciliation runs and their reports."""

from django.db.models import OuterRef, QuerySet, Subquery

from yuntai.kernel.errors import NotFound
from yuntai.publicservice.reconciliation.models import Reconciliation, ReconciliationOrder
from yuntai.publicservice.systems.models import ConnectedSystem, State
from yuntai.standard.reconciliation_report import Report


class RunNotFound(NotFound):
    """The system has no run of that number."""

    code = "reconciliation-not-found"


def askable_systems() -> list[str]:
    """Return the codes of the connected systems that have an address, sorted."""
    systems = ConnectedSystem.objects.filter(state=State.CONNECTED).exclude(url="")
    return sorted(systems.values_list("code", flat=True))


def last_runs() -> dict[str, Reconciliation]:
    """Return the newest run of each system, by code; a system without any is not in it."""
    newest = Reconciliation.objects.filter(system=OuterRef("pk")).order_by("-number").values("pk")[:1]
    keys = ConnectedSystem.objects.annotate(last=Subquery(newest)).values("last")
    runs = Reconciliation.objects.filter(pk__in=keys).select_related("system").defer("report")
    return {run.system.code: run for run in runs}


def runs_of(code: str) -> QuerySet[Reconciliation]:
    """Return the runs of a system, the newest first."""
    return Reconciliation.objects.filter(system__code=code).order_by("-number")


def run_of(code: str, number: int) -> Reconciliation:
    """Return one run.

    :raises RunNotFound: there is none.
    """
    found = runs_of(code).filter(number=number).first()
    if found is None:
        raise RunNotFound(f"{code} 没有第 {number} 次对账。请从对账记录中选择。")
    return found


def report_of(run: Reconciliation) -> Report:
    """Return the report of a run as it was signed."""
    return Report.model_validate(run.report)


def is_ordered(code: str) -> bool:
    """Tell whether an order of the operator waits for the worker."""
    return ReconciliationOrder.objects.filter(system__code=code, done_at=None).exists()
