"""Rule short-bid-period: 20 days by Shanghai dates, for must-tender works and for those of 4,000,000 yuan."""

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from yuntai.law.days import SHANGHAI
from yuntai.supervision.rules import RULES, Level
from yuntai.supervision.rules.short_bid_period import RULE, check
from yuntai.supervision.tests.factories import DUE_LAWFULLY, DUE_TOO_SOON, notice_published

LATE_ON_2_MARCH = datetime(2026, 3, 2, 23, 59, tzinfo=SHANGHAI)
EARLY_ON_2_MARCH = datetime(2026, 3, 2, 0, 0, tzinfo=SHANGHAI)
DAY_20_BEGINS = datetime(2026, 3, 22, 0, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize("opens_at", [EARLY_ON_2_MARCH, LATE_ON_2_MARCH], ids=str)
def test_is_silent_from_the_first_instant_of_day_20(opens_at: datetime) -> None:
    assert check(notice_published(documents_open_at=opens_at, bids_due_at=DAY_20_BEGINS)) == ""


@pytest.mark.parametrize("opens_at", [EARLY_ON_2_MARCH, LATE_ON_2_MARCH], ids=str)
def test_speaks_until_the_last_instant_of_day_19(opens_at: datetime) -> None:
    due_at = DAY_20_BEGINS - timedelta(microseconds=1)

    evidence = check(notice_published(documents_open_at=opens_at, bids_due_at=due_at))

    assert evidence == "自招标文件开始发出（2026-03-02）至投标截止（2026-03-21）仅 19 日，少于 20 日。"


def test_watches_must_tender_works_of_any_size() -> None:
    small = notice_published(must_tender=True, estimated_yuan=Decimal("1000.00"), bids_due_at=DUE_TOO_SOON)

    assert check(small) != ""


def test_watches_works_of_the_legal_scale_that_are_declared_not_must_tender() -> None:
    at_scale = notice_published(
        must_tender=False, estimated_yuan=Decimal("4000000.00"), bids_due_at=DUE_TOO_SOON
    )

    assert check(at_scale) == (
        "自招标文件开始发出（2026-03-02）至投标截止（2026-03-21）仅 19 日，少于 20 日。"
        "公告申报为非依法必须招标项目，但估算价 4,000,000.00 元已达到施工必须招标的 4,000,000.00 元，"
        "请核实是否依法必须招标。"
    )


def test_leaves_works_below_the_legal_scale_alone() -> None:
    below = notice_published(
        must_tender=False, estimated_yuan=Decimal("3999999.99"), bids_due_at=DUE_TOO_SOON
    )

    assert check(below) == ""


def test_is_silent_about_works_of_the_legal_scale_with_a_lawful_period() -> None:
    assert check(notice_published(must_tender=False, bids_due_at=DUE_LAWFULLY)) == ""


def test_leaves_other_trades_alone() -> None:
    assert check(notice_published(procedure="land.listing", bids_due_at=DUE_TOO_SOON)) == ""


def test_names_its_clauses_and_is_in_force() -> None:
    assert RULE in RULES
    assert (RULE.code, RULE.version, RULE.level) == ("short-bid-period", "1", Level.SERIOUS)
    assert RULE.clauses == ("tendering/24", "must-tender/5")
