"""The chart of messages by hour: a bar an hour, its number beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from yuntai.law.days import SHANGHAI
from yuntai.publicservice.pages.charts import Bar

SHOWN = 24
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Hours:
    """bars: the last 24 hours, oldest first, the present one last and unfinished.  total: of all of them."""

    bars: tuple[Bar, ...]
    total: int


def hours(counts: Mapping[datetime, int], now: datetime) -> Hours:
    """Return the chart.  counts: messages by the start of their hour; an hour without any may be missing."""
    present = now.astimezone(SHANGHAI).replace(minute=0, second=0, microsecond=0)
    starts = [present - HOUR * back for back in range(SHOWN - 1, -1, -1)]
    numbers = [counts.get(start, 0) for start in starts]
    highest = max(numbers)
    bars = tuple(
        Bar(
            label=f"{start.hour}",
            number=number,
            length=max(1, round(100 * number / highest)) if number else 0,
            note="今" if start.hour == 0 else "",
        )
        for start, number in zip(starts, numbers, strict=True)
    )
    return Hours(bars, sum(numbers))
