"""What an evaluation rule gives back: one line per bid, and how the baseline came about."""

from dataclasses import dataclass
from decimal import Decimal


class EvaluationError(ValueError):
    """The prices or the parameters cannot be evaluated at all."""


@dataclass(frozen=True)
class ScoreLine:
    """One bid's result.

    price: yuan.  deviation_percent: from the baseline, two decimals, negative below it.
    score: two decimals.  rank: 1 is best.  These three are None for a rejected bid.
    rejected_reason, clause: why it was rejected and by which clause; both "" otherwise.
    """

    bidder: str
    price: Decimal
    deviation_percent: Decimal | None
    score: Decimal | None
    rank: int | None
    rejected_reason: str = ""
    clause: str = ""


@dataclass(frozen=True)
class Result:
    """lines: ranked ones by rank, then rejected ones by bidder.

    baseline: yuan, two decimals, as shown; scores come from the exact value.  None when no bid is left.
    left_out: prices not in the mean (one lowest, one highest), ascending; empty when all are in.
    """

    baseline: Decimal | None
    left_out: tuple[Decimal, ...]
    lines: tuple[ScoreLine, ...]

    @property
    def ranked(self) -> tuple[ScoreLine, ...]:
        """The bids that were not rejected, best first."""
        return tuple(line for line in self.lines if line.rank is not None)
