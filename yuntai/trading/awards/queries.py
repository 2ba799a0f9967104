"""Reads of candidates and awards."""

from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.tenders.models import Lot


def standstill_of(lot: Lot) -> Standstill | None:
    """Return the publication of the candidates of `lot`, None before it."""
    return Standstill.objects.filter(lot=lot).first()


def award_of(lot: Lot) -> Award | None:
    """Return the award of `lot`, None before it."""
    return Award.objects.filter(lot=lot).first()
