"""How the law counts days: by Shanghai dates, the start day not counted.

The one day counter of the house.  What must last how long is declared in `yuntai.procedures`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from yuntai.law.workdays import WorkCalendar

SHANGHAI = ZoneInfo("Asia/Shanghai")


def date_of(instant: datetime) -> date:
    """Return the date an aware instant falls on in Shanghai."""
    if instant.tzinfo is None:
        raise ValueError("an instant without time zone has no date in Shanghai")
    return instant.astimezone(SHANGHAI).date()


def first_instant(day: date) -> datetime:
    """Return 00:00 Shanghai time of that date."""
    return datetime.combine(day, time.min, tzinfo=SHANGHAI)


@dataclass(frozen=True)
class Days:
    """n calendar days (日)."""

    n: int

    def after(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """Return the first instant of day n after the date of `start`.

        From 2 March, whatever the hour, Days(20) gives 22 March 00:00: "at least 20 days" is kept from then
        on, "within 20 days" is kept until that day ends.  calendar: not looked at.
        """
        return first_instant(date_of(start) + timedelta(days=self.n))

    def __str__(self) -> str:
        return f"{self.n} 日"


@dataclass(frozen=True)
class Workdays:
    """n working days (工作日)."""

    n: int

    def after(self, start: datetime, calendar: WorkCalendar) -> datetime:
        """Return the first instant of the n-th working day after the date of `start`.

        :raises CalendarNotPublished: the count runs into a year whose holidays are not published.
        """
        day = date_of(start)
        for _ in range(self.n):
            day += timedelta(days=1)
            while not calendar.is_workday(day):
                day += timedelta(days=1)
        return first_instant(day)

    def __str__(self) -> str:
        return f"{self.n} 个工作日"
