"""The rule mean-baseline 1, worked by hand."""

import random
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.evaluation.rules import EvaluationError, MeanBaseline, Result, ScoreLine

RULE = MeanBaseline(k=Decimal("0.98"), deduction_above=Decimal(1), deduction_below=Decimal("0.5"))
PLAIN = MeanBaseline(k=Decimal(1), deduction_above=Decimal(1), deduction_below=Decimal("0.5"))


def evaluate(rule: MeanBaseline, *prices: str, ceiling: str | None = None) -> Result:
    """Evaluate bidders A, B, C, … with these prices."""
    bids = {chr(ord("A") + number): Decimal(price) for number, price in enumerate(prices)}
    return rule.score(bids, Decimal(ceiling) if ceiling else None)


def table(result: Result) -> list[tuple[str, str, str, int]]:
    """Bidder, deviation, score and rank of the ranked bids."""
    return [
        (line.bidder, str(line.deviation_percent), str(line.score), line.rank or 0) for line in result.ranked
    ]


def test_three_bids_worked_by_hand() -> None:
    """A = (90+100+110)/3 = 100, baseline 98.

    90: (90-98)/98 = -8.16327 %, 100 - 0.5·8.16327 = 95.91837.
    100: 2/98 = 2.04082 %, 97.95918.  110: 12/98 = 12.24490 %, 87.75510.
    """
    result = evaluate(RULE, "90.00", "100.00", "110.00")

    assert result.baseline == Decimal("98.00")
    assert result.left_out == ()
    assert table(result) == [
        ("B", "2.04", "97.96", 1),
        ("A", "-8.16", "95.92", 2),
        ("C", "12.24", "87.76", 3),
    ]


def test_five_bids_lose_one_highest_and_one_lowest() -> None:
    """A = (96+100+104)/3 = 100 without 50 and 150; baseline 100.

    50: -50 %, 100 - 25 = 75.  96: -4 %, 98.  104: 4 %, 96.  150: 50 %, 50.
    """
    result = evaluate(PLAIN, "150.00", "96.00", "100.00", "104.00", "50.00")

    assert result.baseline == Decimal("100.00")
    assert result.left_out == (Decimal("50.00"), Decimal("150.00"))
    assert table(result) == [
        ("C", "0.00", "100.00", 1),
        ("B", "-4.00", "98.00", 2),
        ("D", "4.00", "96.00", 3),
        ("E", "-50.00", "75.00", 4),
        ("A", "50.00", "50.00", 5),
    ]


def test_four_bids_are_all_in_the_mean() -> None:
    """A = (150+96+100+104)/4 = 112.50."""
    result = evaluate(PLAIN, "150.00", "96.00", "100.00", "104.00")

    assert result.baseline == Decimal("112.50")
    assert result.left_out == ()


def test_one_bid_is_its_own_mean() -> None:
    """Baseline 0.98·100 = 98; 2/98 = 2.04082 %, 97.95918."""
    assert table(evaluate(RULE, "100.00")) == [("A", "2.04", "97.96", 1)]


def test_no_bid_gives_no_baseline() -> None:
    assert RULE.score({}, None) == Result(None, (), ())


def test_equal_prices_rank_by_bidder_code() -> None:
    result = RULE.score({"C": Decimal(100), "A": Decimal(100), "B": Decimal(100)}, None)

    assert [line.bidder for line in result.ranked] == ["A", "B", "C"]
    assert {line.score for line in result.lines} == {Decimal("97.96")}


def test_equal_scores_rank_by_lower_price() -> None:
    """Baseline 100.  98: -2 %, 100 - 0.5·2 = 99.  101: 1 %, 99.  The rest make the mean 100: 100, 101, 99…"""
    result = evaluate(PLAIN, "101.00", "98.00", "101.00")

    assert result.baseline == Decimal("100.00")
    assert table(result) == [("B", "-2.00", "99.00", 1), ("A", "1.00", "99.00", 2), ("C", "1.00", "99.00", 3)]


def test_only_published_figures_rank() -> None:
    """Two prices a fen apart score the same to two decimals: the lower one is first, though further below.

    Baseline 1000000.  999999.99: -0.000001 %, 999999.98: -0.000002 %; both 100.00.
    """
    result = evaluate(PLAIN, "999999.99", "999999.98", "1000000.03")

    assert result.baseline == Decimal("1000000.00")
    assert [line.bidder for line in result.ranked] == ["B", "A", "C"]
    assert {str(line.score) for line in result.lines} == {"100.00"}


@pytest.mark.parametrize(("price", "is_rejected"), [("100.01", True), ("100.00", False), ("99.99", False)])
def test_the_ceiling_itself_is_no_reason_to_reject(price: str, is_rejected: bool) -> None:
    result = evaluate(PLAIN, price, "90.00", ceiling="100.00")

    line = next(line for line in result.lines if line.bidder == "A")
    assert (line.rank is None) == is_rejected
    assert (line.clause == "tendering-rules/51") == is_rejected


def test_a_rejected_bid_says_why_and_takes_no_part() -> None:
    """A = (90+110)/2 = 100; the 120 above the ceiling of 115 is not in it."""
    result = evaluate(PLAIN, "120.00", "90.00", "110.00", ceiling="115.00")

    assert result.baseline == Decimal("100.00")
    assert result.lines[-1] == ScoreLine(
        bidder="A",
        price=Decimal("120.00"),
        deviation_percent=None,
        score=None,
        rank=None,
        rejected_reason="投标报价 120.00 元高于最高投标限价 115.00 元，予以否决。",
        clause="tendering-rules/51",
    )
    assert [line.rank for line in result.ranked] == [1, 2]


def test_rejected_bids_do_not_count_for_leaving_out() -> None:
    """Five bids, one above the ceiling: four remain, so none is left out.  A = (90+95+105+110)/4 = 100."""
    result = evaluate(PLAIN, "200.00", "90.00", "95.00", "105.00", "110.00", ceiling="150.00")

    assert result.baseline == Decimal("100.00")
    assert result.left_out == ()


def test_when_all_are_rejected_there_is_no_baseline() -> None:
    result = evaluate(PLAIN, "100.01", "120.00", ceiling="100.00")

    assert result.baseline is None
    assert result.ranked == ()
    assert [line.bidder for line in result.lines] == ["A", "B"]


def test_no_score_is_under_zero() -> None:
    """A = (1+999)/2 = 500; 999 is 99.8 % above, 100 - 2·99.8 < 0."""
    harsh = MeanBaseline(k=Decimal(1), deduction_above=Decimal(2), deduction_below=Decimal(2))

    assert table(evaluate(harsh, "1.00", "999.00")) == [("A", "-99.80", "0.00", 1), ("B", "99.80", "0.00", 2)]


def test_the_baseline_is_not_rounded_before_scores_are_made() -> None:
    """A = (1.00+1.00+1.01)/3 = 1.00333…, shown 1.00.  1.00: -0.33223 %, 100 - 5·0.33223 = 98.33887.

    From the shown 1.00 it would be 0 % and 100.00.
    """
    steep = MeanBaseline(k=Decimal(1), deduction_above=Decimal(5), deduction_below=Decimal(5))
    result = evaluate(steep, "1.00", "1.00", "1.01")

    assert result.baseline == Decimal("1.00")
    assert table(result)[0] == ("A", "-0.33", "98.34", 1)


def test_a_half_is_rounded_up() -> None:
    """A = (100.005) of 100.00 and 100.01: shown 100.01."""
    assert evaluate(PLAIN, "100.00", "100.01").baseline == Decimal("100.01")


@pytest.mark.parametrize("price", ["0.00", "-1.00"])
def test_refuses_a_price_of_nothing(price: str) -> None:
    with pytest.raises(EvaluationError, match="大于 0"):
        evaluate(PLAIN, price, "100.00")


@pytest.mark.parametrize(
    "changes",
    [
        {"k": "0"},
        {"full_score": "0"},
        {"deduction_above": "-0.1"},
        {"deduction_below": "-0.1"},
        {"trim_from": "2"},
    ],
    ids=str,
)
def test_refuses_parameters_that_make_no_sense(changes: dict[str, str]) -> None:
    with pytest.raises(EvaluationError):
        MeanBaseline.from_parameters(RULE.parameters() | changes)


PRICES = st.lists(
    st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999999999999.99"), places=2),
    min_size=1,
    max_size=12,
)


@given(PRICES, st.randoms(use_true_random=False))
def test_the_order_of_bids_does_not_matter(prices: list[Decimal], shuffler: random.Random) -> None:
    bids = [(f"{number:02d}", price) for number, price in enumerate(prices)]
    shuffled = shuffler.sample(bids, k=len(bids))

    assert RULE.score(dict(bids), None) == RULE.score(dict(shuffled), None)


@given(PRICES)
def test_ranks_are_complete_and_scores_fall(prices: list[Decimal]) -> None:
    result = RULE.score({f"{number:02d}": price for number, price in enumerate(prices)}, None)

    scores = [line.score for line in result.lines if line.score is not None]
    assert [line.rank for line in result.lines] == list(range(1, len(prices) + 1))
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 100 for score in scores)


@given(PRICES)
def test_the_shown_baseline_is_the_exact_one_rounded(prices: list[Decimal]) -> None:
    result = PLAIN.score({f"{number:02d}": price for number, price in enumerate(prices)}, None)

    counted = sorted(prices)[1:-1] if len(prices) >= 5 else prices
    exact = sum(map(Fraction, counted), Fraction()) / len(counted)
    assert result.baseline is not None
    assert abs(Fraction(result.baseline) - exact) <= Fraction(1, 200)
