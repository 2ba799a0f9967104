"""The price model of the play: made-up prices that look like those of a mean-based evaluation (演示数据).

Where the winner is whoever comes nearest to a discounted mean of all prices, bidders guess one another and
crowd some percent below the ceiling.  So each price is ceiling × (1 - d), d the sum of six equal draws from 0
to 3 %: from 0 to 18 %, 9 % in the middle, two thirds within 2 % of it.  Whole fen, never above the ceiling.
"""

import random
from decimal import ROUND_HALF_UP, Decimal

DRAWS, WIDEST = 6, 30_000
MILLIONTHS = 1_000_000
CENT = Decimal("0.01")
ABOVE_CEILING = Decimal("1.02")


def draw_prices(seed: str, ceiling: Decimal, count: int) -> list[Decimal]:
    """Return `count` prices in yuan; the same seed gives the same prices."""
    stream = random.Random(seed)  # noqa: S311 - a play, not a secret: it must come out the same again
    return [_price(stream, ceiling) for _ in range(count)]


def above(ceiling: Decimal) -> Decimal:
    """Return the one planted price that is rejected: 2 % above the ceiling."""
    return (ceiling * ABOVE_CEILING).quantize(CENT, ROUND_HALF_UP)


def _price(stream: random.Random, ceiling: Decimal) -> Decimal:
    discount = sum(stream.randint(0, WIDEST) for _ in range(DRAWS))
    return (ceiling * (MILLIONTHS - discount) / MILLIONTHS).quantize(CENT, ROUND_HALF_UP)
