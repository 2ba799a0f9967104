"""Rankings: computed again from what is published, they are the published ones, here and on the portal."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yuntai.city.demo.evidence import Candidate, Score
from yuntai.city.demo.played import PlayedTender
from yuntai.evaluation.rules import Result, rule
from yuntai.standard.messages import CandidatesPublished, OpeningRecorded

CANDIDATES_AT_MOST = 3


def computed_again(
    opening: OpeningRecorded, candidates: CandidatesPublished, ceiling: Decimal | None
) -> Result:
    """Return the result of the published rule on the published prices."""
    prices = {
        bid.bidder_code: bid.price_yuan
        for bid in opening.bids
        if bid.outcome == "opened" and bid.price_yuan is not None
    }
    named = rule(candidates.rule, candidates.rule_version, candidates.rule_parameters)
    return named.score(prices, ceiling)


def ranking_faults(tender: PlayedTender, result: Result, scores: Sequence[Score]) -> Iterator[str]:
    """Yield a sentence for each line of the evaluation report that differs from `result`."""
    reported = {score.bidder_code: (score.price_yuan, score.points, score.rank) for score in scores}
    if len(reported) != len(scores) or set(reported) != {line.bidder for line in result.lines}:
        yield f"{tender.lot_code} 评标报告有 {len(scores)} 行，重算为 {len(result.lines)} 行"
    for line in result.lines:
        if reported.get(line.bidder) != (line.price, line.score, line.rank):
            yield f"{tender.lot_code} {line.bidder} 重算为第 {line.rank} 名 {line.score} 分，与评标报告不同"


def candidate_faults(
    tender: PlayedTender, result: Result, shown: CandidatesPublished, kept: Sequence[Candidate]
) -> Iterator[str]:
    """Yield a sentence when portal, trading system and the result do not name the same candidates."""
    first = [(line.rank, line.bidder, line.price, line.score) for line in result.ranked[:CANDIDATES_AT_MOST]]
    on_portal = [(each.rank, each.bidder_code, each.price_yuan, each.score) for each in shown.candidates]
    in_trading = [(each.rank, each.bidder_code, each.price_yuan, each.points) for each in kept]
    if on_portal != first:
        yield f"{tender.lot_code} 公共服务平台公布的中标候选人与重算的前 {len(first)} 名不同"
    if in_trading != on_portal:
        yield f"{tender.lot_code} 交易系统记录的中标候选人与公共服务平台公布的不同"
