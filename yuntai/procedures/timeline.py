"""Where a tender stands, and which deadlines of law a schedule breaks: worked out, never stored."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from yuntai.law.clauses import clause
from yuntai.law.days import SHANGHAI, date_of, first_instant
from yuntai.law.workdays import WorkCalendar
from yuntai.procedures.vocabulary import Applies, AtLeast, AtMost, Deadline, Milestone, Procedure, Stage

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

Schedule = Mapping[Milestone, datetime]
"""The milestones known so far, aware instants."""


@dataclass(frozen=True)
class BrokenDeadline:
    """A deadline, the instant that breaks it, and where the limit lies.

    limit_at: for AtLeast the first lawful instant, for AtMost the first unlawful one.
    """

    deadline: Deadline
    given_at: datetime
    limit_at: datetime

    def __str__(self) -> str:
        """Say in Chinese what is wrong, the limit, and when would do."""
        deadline, source = self.deadline, clause(self.deadline.clause)
        given = f"{self.given_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        limit = date_of(self.limit_at)
        if isinstance(deadline, AtLeast):
            rule, when = f"不得少于 {deadline.span}", f"最早为 {limit}"
        else:
            rule, when = f"不得超过 {deadline.span}", f"最迟为 {limit - DAY}"
        return (
            f"自{deadline.after.label}至{deadline.before.label}{rule}（{source.citation}）："
            f"{deadline.before.label}定在 {given}，{when}。"
        )


def stage_at(procedure: Procedure, schedule: Schedule, now: datetime) -> Stage | None:
    """Return the stage `now` falls in; None before the first opens or after the last closes.

    A stage whose close is not set goes on.  A milestone skipped by the schedule ends nothing.
    """
    for stage in procedure.stages:
        opens, closes = schedule.get(stage.opens), schedule.get(stage.closes)
        if opens is not None and opens <= now and (closes is None or now < closes):
            return stage
    return None


def broken_deadlines(
    procedure: Procedure, schedule: Schedule, *, must_tender: bool, calendar: WorkCalendar
) -> Iterator[BrokenDeadline]:
    """Yield each deadline of `procedure` that `schedule` breaks; milestones not yet set are skipped.

    Compared by Shanghai date.  must_tender: whether the law requires this tender (依法必须招标).

    :raises CalendarNotPublished: a deadline counts working days of a year not published.
    """
    for deadline in procedure.deadlines:
        start, end = schedule.get(deadline.after), schedule.get(deadline.before)
        if start is None or end is None or not binds(deadline, must_tender=must_tender):
            continue
        limit = limit_of(deadline, start, calendar)
        broken = end < limit if isinstance(deadline, AtLeast) else end >= limit
        if broken:
            yield BrokenDeadline(deadline, end, limit)


def binds(deadline: Deadline, *, must_tender: bool) -> bool:
    """Tell whether the deadline holds for such a tender."""
    return must_tender or deadline.applies is Applies.ALWAYS


def limit_of(deadline: Deadline, start: datetime, calendar: WorkCalendar) -> datetime:
    """Return where the limit lies when `deadline.after` is at `start`; see `BrokenDeadline.limit_at`.

    :raises CalendarNotPublished: it counts working days of a year not published.
    """
    day = deadline.span.after(start, calendar)
    return day if isinstance(deadline, AtLeast) else day + DAY


def earliest_at(
    procedure: Procedure,
    milestone: Milestone,
    schedule: Schedule,
    *,
    must_tender: bool,
    calendar: WorkCalendar,
) -> datetime | None:
    """Return the first instant at which `milestone` is lawful, None when nothing holds it back.

    :raises CalendarNotPublished: a deadline counts working days of a year not published.
    """
    limits = [
        limit_of(deadline, schedule[deadline.after], calendar)
        for deadline in procedure.deadlines
        if isinstance(deadline, AtLeast)
        and deadline.before is milestone
        and deadline.after in schedule
        and binds(deadline, must_tender=must_tender)
    ]
    return max(limits, default=None)


def latest_at(
    procedure: Procedure,
    milestone: Milestone,
    schedule: Schedule,
    *,
    must_tender: bool,
    calendar: WorkCalendar,
) -> datetime | None:
    """Return the last lawful minute for reaching `milestone`, None when no deadline ends it.

    :raises CalendarNotPublished: a deadline counts working days of a year not published.
    """
    ends = [
        limit_of(deadline, schedule[deadline.after], calendar)
        for deadline in procedure.deadlines
        if isinstance(deadline, AtMost)
        and deadline.before is milestone
        and deadline.after in schedule
        and binds(deadline, must_tender=must_tender)
    ]
    return min(ends) - MINUTE if ends else None


def last_start(deadline: AtLeast, end: datetime, calendar: WorkCalendar) -> date:
    """Return the last day (Shanghai) on which `deadline.after` may be, for `end` to be lawful.

    :raises CalendarNotPublished: it counts working days of a year not published.
    """
    day = date_of(end)
    while limit_of(deadline, first_instant(day), calendar) > end:
        day -= DAY
    return day


def publishing_deadlines(procedure: Procedure, fixed: Schedule, *, must_tender: bool) -> list[AtLeast]:
    """Return the least times that run from publishing to a milestone of `fixed`."""
    return [
        deadline
        for deadline in procedure.deadlines
        if isinstance(deadline, AtLeast)
        and deadline.after is Milestone.DOCUMENTS_OPEN
        and deadline.before in fixed
        and binds(deadline, must_tender=must_tender)
    ]


def last_day_to_publish(
    procedure: Procedure, fixed: Schedule, *, must_tender: bool, calendar: WorkCalendar
) -> date:
    """Return the last day (Shanghai) on which the documents may go out for all of `fixed` to be lawful.

    fixed: the milestones already set, at least one; without a least time, the day of the first of them.

    :raises CalendarNotPublished: a deadline counts working days of a year not published.
    """
    days = [
        last_start(deadline, fixed[deadline.before], calendar)
        for deadline in publishing_deadlines(procedure, fixed, must_tender=must_tender)
    ]
    return min([*days, date_of(min(fixed.values()))])
