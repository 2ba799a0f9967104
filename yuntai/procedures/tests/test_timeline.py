"""Stages and deadlines, on both sides of every edge."""

from datetime import UTC, date, datetime, timedelta

import pytest

from yuntai.law import workdays
from yuntai.law.days import SHANGHAI, first_instant
from yuntai.procedures.construction import OPEN_TENDER
from yuntai.procedures.timeline import (
    BrokenDeadline,
    binds,
    broken_deadlines,
    earliest_at,
    last_day_to_publish,
    last_start,
    latest_at,
    limit_of,
    publishing_deadlines,
    stage_at,
)
from yuntai.procedures.vocabulary import AtLeast, AtMost, Deadline, Milestone

CALENDAR = workdays.published()
MOMENT = timedelta(microseconds=1)
DOCUMENTS_OUT = datetime(2026, 3, 2, 9, 0, tzinfo=SHANGHAI)  # a Monday


def shanghai(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


SCHEDULE = {
    Milestone.DOCUMENTS_OPEN: DOCUMENTS_OUT,
    Milestone.DOCUMENTS_CLOSED: shanghai(3, 7, 17),
    Milestone.BIDS_DUE: shanghai(3, 23, 9, 30),
    Milestone.OPENED: shanghai(3, 23, 9, 40),
    Milestone.EVALUATED: shanghai(3, 24, 16),
    Milestone.STANDSTILL_OPEN: shanghai(3, 25, 9),
    Milestone.STANDSTILL_CLOSED: shanghai(3, 28, 17),
    Milestone.AWARDED: shanghai(3, 30, 9),
    Milestone.CONTRACT_SIGNED: shanghai(4, 20, 15),
}


def broken(changes: dict[Milestone, datetime], *, must_tender: bool = True) -> list[BrokenDeadline]:
    return list(broken_deadlines(OPEN_TENDER, SCHEDULE | changes, must_tender=must_tender, calendar=CALENDAR))


def test_a_lawful_schedule_breaks_nothing() -> None:
    assert broken({}) == []


def test_a_schedule_with_nothing_set_breaks_nothing() -> None:
    assert list(broken_deadlines(OPEN_TENDER, {}, must_tender=True, calendar=CALENDAR)) == []


@pytest.mark.parametrize(
    ("milestone", "lawful", "unlawful", "clause"),
    [
        (Milestone.BIDS_DUE, shanghai(3, 22), shanghai(3, 22) - MOMENT, "tendering/24"),
        (Milestone.DOCUMENTS_CLOSED, shanghai(3, 7), shanghai(3, 7) - MOMENT, "tendering-rules/16"),
        (Milestone.STANDSTILL_OPEN, shanghai(3, 28) - MOMENT, shanghai(3, 28), "tendering-rules/54"),
        (Milestone.STANDSTILL_CLOSED, shanghai(3, 28), shanghai(3, 28) - MOMENT, "tendering-rules/54"),
        (Milestone.CONTRACT_SIGNED, shanghai(4, 30) - MOMENT, shanghai(4, 30), "tendering/46"),
    ],
    ids=str,
)
def test_the_edge_of_each_deadline(
    milestone: Milestone, lawful: datetime, unlawful: datetime, clause: str
) -> None:
    """Counted from the date of the first milestone: 2 March + 20 = 22 March, 30 March + 30 = 29 April."""
    others = {Milestone.STANDSTILL_CLOSED: shanghai(4, 10)} if milestone is Milestone.STANDSTILL_OPEN else {}

    assert broken(others | {milestone: lawful}) == []
    found = broken(others | {milestone: unlawful})
    assert [item.deadline.clause for item in found] == [clause]
    assert found[0].given_at == unlawful


def test_twenty_days_count_in_shanghai_not_in_utc() -> None:
    """2 March 23:00 UTC is 3 March in Shanghai: day 20 is 23 March."""
    out = {Milestone.DOCUMENTS_OPEN: datetime(2026, 3, 2, 23, 0, tzinfo=UTC)}

    assert (
        broken(out | {Milestone.DOCUMENTS_CLOSED: shanghai(3, 8), Milestone.BIDS_DUE: shanghai(3, 23)}) == []
    )
    late = broken(
        out | {Milestone.DOCUMENTS_CLOSED: shanghai(3, 8), Milestone.BIDS_DUE: shanghai(3, 23) - MOMENT}
    )
    assert [item.deadline.clause for item in late] == ["tendering/24"]


def test_a_tender_the_law_does_not_require_may_be_shorter() -> None:
    short = {Milestone.BIDS_DUE: shanghai(3, 12)}

    assert [item.deadline.clause for item in broken(short)] == ["tendering/24"]
    assert broken(short, must_tender=False) == []


def test_five_days_of_documents_bind_every_tender() -> None:
    found = broken({Milestone.DOCUMENTS_CLOSED: shanghai(3, 6, 17)}, must_tender=False)

    assert [item.deadline.clause for item in found] == ["tendering-rules/16"]


def test_a_clarification_pushes_the_deadline() -> None:
    assert broken({Milestone.LAST_CLARIFICATION: shanghai(3, 8, 18)}) == []
    found = broken({Milestone.LAST_CLARIFICATION: shanghai(3, 9)})
    assert [item.deadline.clause for item in found] == ["tendering/23"]
    assert found[0].limit_at == shanghai(3, 24)


def test_says_what_is_too_early_the_limit_and_when_would_do() -> None:
    [found] = broken({Milestone.BIDS_DUE: shanghai(3, 14, 9, 30)})

    assert str(found) == (
        "自招标文件开始发出至投标截止不得少于 20 日（《招标投标法》第二十四条）："
        "投标截止定在 2026-03-14 09:30，最早为 2026-03-22。"
    )


def test_says_what_is_too_late_and_until_when_it_would_do() -> None:
    [found] = broken({Milestone.CONTRACT_SIGNED: shanghai(5, 1)})

    assert str(found) == (
        "自发出中标通知书至签订书面合同不得超过 30 日（《招标投标法》第四十六条）："
        "签订书面合同定在 2026-05-01 00:00，最迟为 2026-04-29。"
    )


@pytest.mark.parametrize("deadline", OPEN_TENDER.deadlines, ids=lambda deadline: deadline.clause)
def test_every_deadline_is_kept_at_its_limit_and_broken_beside_it(deadline: Deadline) -> None:
    start = first_instant(DOCUMENTS_OUT.date())
    limit = limit_of(deadline, start, CALENDAR)
    beside = limit - MOMENT
    lawful, unlawful = (limit, beside) if isinstance(deadline, AtLeast) else (beside, limit)

    for end, expected in ((lawful, False), (unlawful, True)):
        schedule = {deadline.after: start, deadline.before: end}
        found = [
            item.deadline
            for item in broken_deadlines(OPEN_TENDER, schedule, must_tender=True, calendar=CALENDAR)
        ]
        assert (deadline in found) == expected


def test_the_earliest_lawful_instant_is_the_latest_of_all_limits() -> None:
    schedule = {Milestone.DOCUMENTS_OPEN: DOCUMENTS_OUT}

    def earliest(*, must_tender: bool) -> datetime | None:
        return earliest_at(
            OPEN_TENDER, Milestone.BIDS_DUE, schedule, must_tender=must_tender, calendar=CALENDAR
        )

    assert earliest(must_tender=True) == shanghai(3, 22)
    assert earliest(must_tender=False) is None
    schedule[Milestone.LAST_CLARIFICATION] = shanghai(3, 10, 8)
    assert earliest(must_tender=True) == shanghai(3, 25)
    assert earliest(must_tender=False) == shanghai(3, 25)


def test_an_upper_limit_does_not_hold_a_milestone_back() -> None:
    assert any(isinstance(deadline, AtMost) for deadline in OPEN_TENDER.deadlines)
    assert (
        earliest_at(OPEN_TENDER, Milestone.CONTRACT_SIGNED, SCHEDULE, must_tender=True, calendar=CALENDAR)
        is None
    )


def test_the_latest_lawful_minute_is_the_last_of_the_last_day() -> None:
    awarded = {Milestone.AWARDED: shanghai(3, 30, 9)}

    def latest(milestone: Milestone, *, must_tender: bool = True) -> datetime | None:
        return latest_at(
            OPEN_TENDER, milestone, SCHEDULE | awarded, must_tender=must_tender, calendar=CALENDAR
        )

    assert latest(Milestone.CONTRACT_SIGNED) == shanghai(4, 29, 23, 59)
    assert latest(Milestone.STANDSTILL_OPEN) == shanghai(3, 27, 23, 59)
    assert latest(Milestone.STANDSTILL_OPEN, must_tender=False) is None
    assert latest(Milestone.BIDS_DUE) is None


@pytest.mark.parametrize("deadline", OPEN_TENDER.deadlines, ids=lambda deadline: deadline.clause)
def test_the_last_start_is_lawful_and_the_day_after_is_not(deadline: Deadline) -> None:
    if not isinstance(deadline, AtLeast):
        return
    end = shanghai(3, 23, 9, 30)

    day = last_start(deadline, end, CALENDAR)

    assert limit_of(deadline, first_instant(day), CALENDAR) <= end
    assert limit_of(deadline, first_instant(day + timedelta(days=1)), CALENDAR) > end


@pytest.mark.parametrize(
    ("fixed", "must_tender", "day"),
    [
        ({Milestone.BIDS_DUE: shanghai(3, 22)}, True, date(2026, 3, 2)),
        ({Milestone.BIDS_DUE: shanghai(3, 22) - MOMENT}, True, date(2026, 3, 1)),
        ({Milestone.BIDS_DUE: shanghai(3, 22)}, False, date(2026, 3, 22)),
        ({Milestone.DOCUMENTS_CLOSED: shanghai(3, 7)}, False, date(2026, 3, 2)),
        (
            {Milestone.BIDS_DUE: shanghai(3, 30), Milestone.DOCUMENTS_CLOSED: shanghai(3, 7)},
            True,
            date(2026, 3, 2),
        ),
    ],
)
def test_the_last_day_to_publish(fixed: dict[Milestone, datetime], must_tender: bool, day: date) -> None:
    """The strictest rule decides; a tender the law does not require has only the rules of all tenders."""
    assert last_day_to_publish(OPEN_TENDER, fixed, must_tender=must_tender, calendar=CALENDAR) == day


def test_a_clarification_is_no_rule_of_publishing() -> None:
    rules = publishing_deadlines(OPEN_TENDER, {Milestone.BIDS_DUE: shanghai(3, 23)}, must_tender=True)

    assert [rule.clause for rule in rules] == ["tendering/24"]


def test_which_deadlines_bind_whom() -> None:
    bound = [deadline.clause for deadline in OPEN_TENDER.deadlines if binds(deadline, must_tender=False)]

    assert bound == ["tendering-rules/16", "tendering/23", "tendering/46"]


@pytest.mark.parametrize(
    ("now", "stage"),
    [
        (DOCUMENTS_OUT - MOMENT, None),
        (DOCUMENTS_OUT, "bidding"),
        (shanghai(3, 23, 9, 30) - MOMENT, "bidding"),
        (shanghai(3, 23, 9, 30), "opening"),
        (shanghai(3, 23, 9, 40), "evaluation"),
        (shanghai(3, 24, 16), "candidates"),
        (shanghai(3, 25, 9), "standstill"),
        (shanghai(3, 28, 17), "award"),
        (shanghai(3, 30, 9), "contract"),
        (shanghai(4, 20, 15), None),
    ],
    ids=str,
)
def test_the_stage_follows_from_the_milestones(now: datetime, stage: str | None) -> None:
    found = stage_at(OPEN_TENDER, SCHEDULE, now)

    assert (found.code if found else None) == stage


def test_a_stage_whose_end_is_not_set_goes_on() -> None:
    schedule = {Milestone.DOCUMENTS_OPEN: DOCUMENTS_OUT, Milestone.BIDS_DUE: shanghai(3, 23)}

    found = stage_at(OPEN_TENDER, schedule, shanghai(6, 1))

    assert found is not None
    assert found.code == "opening"
