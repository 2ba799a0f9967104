"""Reads of evaluation reports."""

from django.db.models import QuerySet

from yuntai.trading.evaluating.models import Evaluation, Score
from yuntai.trading.tenders.models import Lot


def evaluation_of(lot: Lot) -> Evaluation | None:
    """Return the evaluation report of `lot`, None before it."""
    return Evaluation.objects.filter(lot=lot).first()


def ranking(evaluation: Evaluation) -> list[Score]:
    """Return the scores by rank, rejected bids last."""
    return sorted(
        evaluation.scores.all(), key=lambda score: (score.rank is None, score.rank or 0, score.bidder_code)
    )


def lots_to_evaluate() -> QuerySet[Lot]:
    """Return the opened lots that have no evaluation report."""
    return Lot.objects.filter(opening__isnull=False, evaluation=None, final_status="")


def lots_evaluated_by(person_id: str) -> QuerySet[Lot]:
    """Return the lots whose report that expert confirmed."""
    return Lot.objects.filter(evaluation__expert_id=person_id)
