"""When may bids of a draft be due?  The rules of drafting, of moving a draft's deadline and of publishing."""

from datetime import date, datetime, timedelta

from yuntai.law import workdays
from yuntai.law.days import date_of
from yuntai.procedures.timeline import broken_deadlines, last_day_to_publish
from yuntai.procedures.vocabulary import Milestone, Procedure
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.refusals import DeadlinePassed, DeadlineTooFar, DeadlineTooSoon

MOST_DAYS_AHEAD = 730  # no bid period is near that long: what lies farther ahead is a slip of the pen


def require_possible(
    procedure: Procedure, bids_due_at: datetime, *, must_tender: bool, now: datetime
) -> None:
    """Check that a notice published `now` could have this deadline.

    :raises DeadlinePassed: it is not ahead.
    :raises DeadlineTooFar: more than MOST_DAYS_AHEAD days ahead.
    :raises DeadlineTooSoon: the bid period is shorter than the law allows.
    """
    if bids_due_at <= now:
        raise DeadlinePassed("投标截止时间须晚于当前时间。请改为今后的时间。")
    if bids_due_at > now + timedelta(days=MOST_DAYS_AHEAD):
        latest = date_of(now) + timedelta(days=MOST_DAYS_AHEAD)
        raise DeadlineTooFar(
            f"投标截止时间最多可定在 {MOST_DAYS_AHEAD} 日之后，即最迟 {latest}。请核对年份后重新填写。"
        )
    schedule = fixed(bids_due_at) | {Milestone.DOCUMENTS_OPEN: now}
    broken = list(
        broken_deadlines(procedure, schedule, must_tender=must_tender, calendar=workdays.published())
    )
    if broken:
        strictest = max(broken, key=lambda each: each.limit_at)
        advice = f"请把投标截止时间定在 {date_of(strictest.limit_at)} 或以后。"
        raise DeadlineTooSoon(f"{strictest}{advice}", strictest.deadline.clause)


def last_day(draft: Tender) -> date:
    """Return the last day (Shanghai) on which the draft's notice may go out."""
    return last_day_to_publish(
        draft.procedure,
        fixed(draft.bids_due_at),
        must_tender=draft.must_tender,
        calendar=workdays.published(),
    )


def fixed(bids_due_at: datetime) -> dict[Milestone, datetime]:
    """Return the milestones that a deadline for bids sets: documents are given out until it."""
    return {Milestone.DOCUMENTS_CLOSED: bids_due_at, Milestone.BIDS_DUE: bids_due_at}
