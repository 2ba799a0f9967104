"""Reads of evaluation reports."""

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
