"""The day counter: by Shanghai date, start day not counted, working days from the published calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.law import workdays
from yuntai.law.days import SHANGHAI, Days, Workdays, date_of, first_instant
from yuntai.law.workdays import CalendarNotPublished

CALENDAR = workdays.published()
INSTANTS = st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


def shanghai(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize("start", [shanghai(3, 2), shanghai(3, 2, 9), shanghai(3, 2, 23, 59)], ids=str)
def test_twenty_days_end_on_day_twenty_whatever_the_hour(start: datetime) -> None:
    assert Days(20).after(start, CALENDAR) == shanghai(3, 22)


def test_the_date_is_that_of_shanghai() -> None:
    """17:00 in London on 1 March is 01:00 on 2 March in Shanghai."""
    late = datetime(2026, 3, 1, 17, 0, tzinfo=UTC)

    assert date_of(late) == date(2026, 3, 2)
    assert date_of(late - timedelta(hours=1, microseconds=1)) == date(2026, 3, 1)
    assert Days(20).after(late, CALENDAR) == shanghai(3, 22)


def test_counts_over_the_end_of_a_year_without_a_calendar() -> None:
    assert Days(20).after(shanghai(12, 20), CALENDAR) == shanghai(1, 9, year=2027)


def test_refuses_an_instant_without_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        date_of(datetime(2026, 3, 2))  # noqa: DTZ001


@given(INSTANTS, st.integers(0, 400))
def test_day_n_begins_n_dates_later_at_midnight(start: datetime, n: int) -> None:
    limit = Days(n).after(start, CALENDAR)

    assert limit == first_instant(date_of(start) + timedelta(days=n))
    assert limit.astimezone(SHANGHAI).hour == 0


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        (shanghai(3, 2), 3, shanghai(3, 5)),  # Monday: Tuesday, Wednesday, Thursday
        (shanghai(3, 6), 1, shanghai(3, 9)),  # Friday to Monday
        (shanghai(3, 7), 1, shanghai(3, 9)),  # a Saturday is not counted, nor is Sunday
        (shanghai(2, 13), 1, shanghai(2, 14)),  # Saturday 14 February is worked
        (shanghai(2, 14), 1, shanghai(2, 24)),  # then nine days of Spring Festival
        (shanghai(9, 30), 3, shanghai(10, 10)),  # 8, 9 October, and Saturday 10 that is worked
        (shanghai(12, 31, year=2025), 1, shanghai(1, 4)),  # 1-3 January off, Sunday 4 worked
        (shanghai(1, 27, year=2025), 1, shanghai(2, 5, year=2025)),
    ],
    ids=str,
)
def test_working_days_follow_the_published_calendar(start: datetime, n: int, expected: datetime) -> None:
    assert Workdays(n).after(start, CALENDAR) == expected


def test_no_working_days_are_counted_in_a_year_not_published() -> None:
    assert Workdays(1).after(shanghai(12, 30), CALENDAR) == shanghai(12, 31)
    with pytest.raises(CalendarNotPublished, match="2027 年"):
        Workdays(2).after(shanghai(12, 30), CALENDAR)


def test_zero_working_days_need_no_calendar() -> None:
    assert Workdays(0).after(shanghai(1, 5, year=2030), CALENDAR) == shanghai(1, 5, year=2030)


def test_spans_are_said_in_chinese() -> None:
    assert (str(Days(20)), str(Workdays(3))) == ("20 日", "3 个工作日")


@pytest.mark.parametrize(("year", "days_off", "worked"), [(2025, 28, 5), (2026, 33, 6)])
def test_the_calendar_holds_as_many_days_as_were_published(year: int, days_off: int, worked: int) -> None:
    """2025: 1+8+3+5+3+8 days off.  2026: 3+9+3+5+3+3+7."""
    assert len([day for day in CALENDAR.holidays if day.year == year]) == days_off
    assert len([day for day in CALENDAR.extra_workdays if day.year == year]) == worked


def test_every_extra_working_day_is_on_a_weekend_and_no_holiday() -> None:
    assert all(day.weekday() >= workdays.SATURDAY for day in CALENDAR.extra_workdays)
    assert not CALENDAR.extra_workdays & CALENDAR.holidays
