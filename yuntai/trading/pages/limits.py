"""The legal limits of a tender in words and as instants, read from its procedure."""

from datetime import date, datetime, timedelta

from yuntai.law import workdays
from yuntai.law.days import date_of, first_instant
from yuntai.procedures.timeline import Schedule, binds, earliest_at, limit_of
from yuntai.procedures.vocabulary import AtLeast, AtMost, Deadline, Milestone
from yuntai.trading.tenders.models import Tender

MINUTE = timedelta(minutes=1)
LOOK_BACK = 400  # days; no least time of law is longer


def limits_before(of: Tender, milestone: Milestone) -> list[Deadline]:
    """Return the deadlines of law that hold for reaching `milestone` in this tender."""
    return [
        deadline
        for deadline in of.procedure.deadlines
        if deadline.before is milestone and binds(deadline, must_tender=of.must_tender)
    ]


def in_words(deadline: Deadline) -> str:
    """Return a deadline as a phrase: 自招标文件开始发出至投标截止不少于 20 日."""
    word = "不少于" if isinstance(deadline, AtLeast) else "不超过"
    return f"自{deadline.after.label}至{deadline.before.label}{word} {deadline.span}"


def latest_at(of: Tender, milestone: Milestone, schedule: Schedule) -> datetime | None:
    """Return the last lawful minute for reaching `milestone`, None when no deadline ends it."""
    ends = [
        limit_of(deadline, schedule[deadline.after], workdays.published())
        for deadline in limits_before(of, milestone)
        if isinstance(deadline, AtMost) and deadline.after in schedule
    ]
    return min(ends) - MINUTE if ends else None


def soonest_at(of: Tender, milestone: Milestone, schedule: Schedule) -> datetime | None:
    """Return the first lawful instant for reaching `milestone`, None when nothing holds it back."""
    return earliest_at(
        of.procedure, milestone, schedule, must_tender=of.must_tender, calendar=workdays.published()
    )


def last_day_to_publish(of: Tender) -> date:
    """Return the last day on which the notice may go out, for the tender's deadline to stay lawful."""
    day = date_of(of.bids_due_at)
    for _ in range(LOOK_BACK):
        soonest = soonest_at(of, Milestone.BIDS_DUE, {Milestone.DOCUMENTS_OPEN: first_instant(day)})
        if soonest is None or soonest <= of.bids_due_at:
            return day
        day -= timedelta(days=1)
    return day


def end_of(day: date) -> datetime:
    """Return the last minute of a day in Shanghai."""
    return first_instant(day + timedelta(days=1)) - MINUTE
