"""The check of rankings computes by itself, and finds a score, a rank or a candidate that differs."""

from dataclasses import replace
from decimal import Decimal

import pytest

from yuntai.city.demo.checks.rankings import candidate_faults, computed_again, ranking_faults
from yuntai.city.demo.evidence import Candidate, Score
from yuntai.city.demo.tests.sealed import CEILING, LOT, NOW, TENDER, SmallPlay, handed_in, small_play
from yuntai.evaluation.rules import MeanBaseline, Result
from yuntai.standard.messages import CandidateFacts, CandidatesPublished

RULE = MeanBaseline(k=Decimal("0.98"), deduction_above=Decimal("1.0"), deduction_below=Decimal("0.5"))


@pytest.fixture(scope="module")
def play() -> SmallPlay:
    prices = ("9000000.00", "9100000.00", "9200000.00", "10000000.01")
    return small_play([handed_in(number, price) for number, price in enumerate(prices)])


@pytest.fixture
def shown(play: SmallPlay) -> CandidatesPublished:
    prices = {bid.bidder.organization.code: bid.price for bid in play.tender.bids}
    ranked = RULE.score(prices, CEILING).ranked
    return CandidatesPublished(
        occurred_at=NOW,
        lot_code=LOT,
        tender_code=TENDER,
        candidates=tuple(
            CandidateFacts(
                rank=line.rank or 0,
                bidder_code=line.bidder,
                bidder_name="演示建设工程有限公司",
                price_yuan=line.price,
                score=line.score or Decimal(0),
            )
            for line in ranked[:3]
        ),
        standstill_opens_at=NOW,
        standstill_closes_at=NOW,
        rule=RULE.name,
        rule_version=RULE.version,
        rule_parameters=RULE.parameters(),
        url="http://localhost:8010/tenders/x",
    )


@pytest.fixture
def result(play: SmallPlay, shown: CandidatesPublished) -> Result:
    return computed_again(play.published, shown, CEILING)


def scores(result: Result) -> list[Score]:
    return [Score(line.bidder, line.price, line.score, line.rank) for line in result.lines]


def kept(shown: CandidatesPublished) -> list[Candidate]:
    return [Candidate(each.rank, each.bidder_code, each.price_yuan, each.score) for each in shown.candidates]


def test_finds_nothing_in_an_honest_report(
    play: SmallPlay, shown: CandidatesPublished, result: Result
) -> None:
    assert len(result.ranked) == 3
    assert list(ranking_faults(play.tender, result, scores(result))) == []
    assert list(candidate_faults(play.tender, result, shown, kept(shown))) == []


def test_finds_a_changed_score(play: SmallPlay, result: Result) -> None:
    report = scores(result)
    report[1] = replace(report[1], points=Decimal("99.99"))

    assert len(list(ranking_faults(play.tender, result, report))) == 1


def test_finds_a_bidder_left_out_of_the_report(play: SmallPlay, result: Result) -> None:
    assert len(list(ranking_faults(play.tender, result, scores(result)[:-1]))) == 2


def test_finds_a_bid_above_the_ceiling_that_was_ranked(play: SmallPlay, result: Result) -> None:
    report = scores(result)
    report[-1] = replace(report[-1], rank=4, points=Decimal("50.00"))

    assert len(list(ranking_faults(play.tender, result, report))) == 1


def test_finds_another_first_candidate_on_the_portal(
    play: SmallPlay, shown: CandidatesPublished, result: Result
) -> None:
    first, second, third = shown.candidates
    swapped = (
        first.model_copy(update={"bidder_code": second.bidder_code}),
        second.model_copy(update={"bidder_code": first.bidder_code}),
        third,
    )
    portal = shown.model_copy(update={"candidates": swapped})

    assert len(list(candidate_faults(play.tender, result, portal, kept(shown)))) == 2


def test_finds_other_candidates_in_the_trading_system(
    play: SmallPlay, shown: CandidatesPublished, result: Result
) -> None:
    assert len(list(candidate_faults(play.tender, result, shown, kept(shown)[:2]))) == 1
