"""Reads of candidates and awards."""

from datetime import datetime

from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.tenders.models import Lot


def standstill_of(lot: Lot) -> Standstill | None:
    """Return the publication of the candidates of `lot`, None before it."""
    return Standstill.objects.filter(lot=lot).first()


def standstill_ends_at(standstill: Standstill) -> datetime:
    """Return when the standstill ends: as published, or later when the tender was suspended during it."""
    return standstill.lot.schedule[Milestone.STANDSTILL_CLOSED]


def award_of(lot: Lot) -> Award | None:
    """Return the award of `lot`, None before it."""
    return Award.objects.filter(lot=lot).first()
