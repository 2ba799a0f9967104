"""Two small pictures beside a list: how many by month or year, and where.  Numbers stand at every bar."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from yuntai.law.days import SHANGHAI
from yuntai.publicservice import places
from yuntai.publicservice.portal.search import Spread

COLUMNS_SHOWN = 12
REGIONS_SHOWN = 12


@dataclass(frozen=True)
class Bar:
    """length: 0-100, in proportion to the number.  url: the list behind it, "" for none.  note: below it."""

    label: str
    number: int
    length: int
    url: str = ""
    note: str = ""

    @property
    def rest(self) -> int:
        """What is left of the 100; where an upright bar begins, counted from the top."""
        return 100 - self.length


@dataclass(frozen=True)
class Columns:
    """title: the question answered.  bars: the latest periods; earlier: how many lie before them."""

    title: str
    bars: tuple[Bar, ...]
    earlier: int


def columns(spread: Spread) -> Columns:
    """Return the columns over time, oldest first."""
    shown = spread.periods[-COLUMNS_SHOWN:]
    highest = max((number for _, number in shown), default=0)
    labels = _labels([at for at, _ in shown], spread.by)
    bars = tuple(
        Bar(label, number, _length(number, highest), note=note)
        for (label, note), (_, number) in zip(labels, shown, strict=True)
    )
    title = "每月有多少项目" if spread.by == "month" else "每年有多少项目"
    return Columns(title, bars, sum(number for _, number in spread.periods) - sum(bar.number for bar in bars))


def region_bars(spread: Spread, parameters: Mapping[str, str]) -> tuple[Bar, ...]:
    """Return the bars by region, longest first, each leading to its list."""
    shown = spread.regions[:REGIONS_SHOWN]
    highest = max((number for _, number in shown), default=0)
    kept = {name: value for name, value in parameters.items() if name != "place"}
    return tuple(
        Bar(places.name(code), number, _length(number, highest), f"?{urlencode({**kept, 'place': code})}")
        for code, number in shown
    )


def _length(number: int, highest: int) -> int:
    # One at least, so that a few beside thousands still show.
    return max(1, round(100 * number / highest)) if number else 0


def _labels(periods: list[datetime], by: str) -> list[tuple[str, str]]:
    """Return label and second label of each period: months name their year where it begins."""
    local = [at.astimezone(SHANGHAI) for at in periods]
    if by == "year":
        return [(f"{at.year}", "") for at in local]
    return [
        (f"{at.month}月", f"{at.year}" if at.month == 1 or place == 0 else "")
        for place, at in enumerate(local)
    ]
