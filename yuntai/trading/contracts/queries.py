"""Reads of contracts."""

from django.db.models import QuerySet

from yuntai.trading.contracts.models import Contract
from yuntai.trading.tenders.models import Lot


def contract_of(lot: Lot) -> Contract | None:
    """Return the contract of `lot` with its signatures, None before it is drawn up."""
    return Contract.objects.prefetch_related("signatures").filter(lot=lot).first()


def with_progress(lots: QuerySet[Lot]) -> QuerySet[Lot]:
    """Return `lots` with all that says where each stands: milestones, suspensions, contract, signatures."""
    return lots.select_related("tender__project", "contract").prefetch_related(
        "milestones", "tender__suspensions", "tender__lots", "contract__signatures"
    )
