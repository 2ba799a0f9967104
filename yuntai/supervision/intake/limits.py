"""Legal limits that the pages show beside a tender's dates; supervision states them itself, with clauses."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from yuntai.law.days import Days
from yuntai.law.workdays import published


@dataclass(frozen=True)
class Limit:
    """text: the limit in words.  clause: key in the clause register."""

    days: Days
    text: str
    clause: str

    @property
    def days_with_the_last(self) -> timedelta:
        """The time until what must happen "within" the limit is late: its last day may be used up."""
        return timedelta(days=self.days.n + 1)


BID_PERIOD = Limit(Days(20), "依法必须招标的，不少于 20 日", "tendering/24")
STANDSTILL = Limit(Days(3), "依法必须招标的，不少于 3 日", "tendering-rules/54")
CONTRACT = Limit(Days(30), "中标通知书发出后 30 日内", "tendering/46")


def contract_due_at(awarded_at: datetime) -> datetime:
    """Return the first instant at which the contract is late: day 30 after the award has ended."""
    return Days(CONTRACT.days_with_the_last.days).after(awarded_at, published())
