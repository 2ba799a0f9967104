"""Reads of contracts."""

from yuntai.trading.contracts.models import Contract
from yuntai.trading.tenders.models import Lot


def contract_of(lot: Lot) -> Contract | None:
    """Return the contract of `lot` with its signatures, None before it is drawn up."""
    return Contract.objects.prefetch_related("signatures").filter(lot=lot).first()
