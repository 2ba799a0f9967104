"""The legal limits of a tender in words and as instants, read from its procedure."""

from datetime import date, datetime

from yuntai.law import workdays
from yuntai.law.days import first_instant
from yuntai.procedures import timeline
from yuntai.procedures.timeline import DAY, MINUTE, Schedule, binds
from yuntai.procedures.vocabulary import AtLeast, Deadline, Milestone
from yuntai.trading.tenders.models import Tender


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
    return timeline.latest_at(
        of.procedure, milestone, schedule, must_tender=of.must_tender, calendar=workdays.published()
    )


def soonest_at(of: Tender, milestone: Milestone, schedule: Schedule) -> datetime | None:
    """Return the first lawful instant for reaching `milestone`, None when nothing holds it back."""
    return timeline.earliest_at(
        of.procedure, milestone, schedule, must_tender=of.must_tender, calendar=workdays.published()
    )


def end_of(day: date) -> datetime:
    """Return the last minute of a day in Shanghai."""
    return first_instant(day) + DAY - MINUTE
