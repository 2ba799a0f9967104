"""The calendar of working days, as the State Council publishes it year by year.

Leaves out guessing: a year that is not published has no working days to count.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

SATURDAY = 5


class CalendarNotPublished(LookupError):
    """The holidays of that year are not in workdays.toml."""


@dataclass(frozen=True)
class WorkCalendar:
    """years: those published.  holidays, extra_workdays: the days that differ from Monday to Friday."""

    years: frozenset[int]
    holidays: frozenset[date]
    extra_workdays: frozenset[date]

    def is_workday(self, day: date) -> bool:
        """Tell whether `day` is worked.

        :raises CalendarNotPublished: its year is not published.
        """
        if day.year not in self.years:
            raise CalendarNotPublished(
                f"{day.year} 年的节假日安排尚未录入，不能推算工作日；请待国务院办公厅公布后更新工作日历。"
            )
        return day in self.extra_workdays or (day.weekday() < SATURDAY and day not in self.holidays)


@cache
def published() -> WorkCalendar:
    """Return the calendar of workdays.toml."""
    table = tomllib.loads((files(__package__) / "workdays.toml").read_text(encoding="utf-8"))
    return from_table(table)


def from_table(table: Mapping[str, Any]) -> WorkCalendar:
    """Build a calendar from a table like workdays.toml.  A span "a/b" includes both ends."""
    holidays = [day for year in table.values() for span in year["holidays"] for day in _days(span)]
    extra = [date.fromisoformat(day) for year in table.values() for day in year["workdays"]]
    return WorkCalendar(frozenset(map(int, table)), frozenset(holidays), frozenset(extra))


def _days(span: str) -> list[date]:
    first, _, last = span.partition("/")
    start = date.fromisoformat(first)
    end = date.fromisoformat(last or first)
    return [start + timedelta(days=number) for number in range((end - start).days + 1)]
