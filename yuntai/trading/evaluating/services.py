"""The act of evaluating: an expert confirms what the procedure's rule computes from the opened bids."""

from datetime import datetime
from typing import Any

from django.db import transaction

from yuntai.evaluation.rules import Result
from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record
from yuntai.kernel.errors import DomainError
from yuntai.procedures.vocabulary import Milestone
from yuntai.trading.evaluating.models import Evaluation, Score
from yuntai.trading.opening.models import OpenedBid
from yuntai.trading.opening.queries import opened_bids, opening_of
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import locked_lot, require_running
from yuntai.trading.tenders.running import end_lot, reach


class NotOpened(DomainError):
    """There is nothing to evaluate before the opening."""

    code = "not-opened"


class AlreadyEvaluated(DomainError):
    """The evaluation report stands; it is never overwritten."""

    code = "already-evaluated"


class RelatedExpert(DomainError):
    """The expert's own organization bids here (招标投标法 art. 37)."""

    code = "related-expert"
    status = 403
    clause = "tendering/37"


def compute(lot: Lot, bids: list[OpenedBid]) -> Result:
    """Return the scoring of `bids` by the tender's rule: a function of published inputs alone."""
    prices = {bid.bidder_code: bid.price_yuan for bid in bids if bid.price_yuan is not None}
    return lot.tender.evaluation.score(prices, lot.ceiling_price_yuan)


def submit_evaluation(*, lot_code: str, opinion: str, caller: Caller, now: datetime) -> Evaluation:
    """Store the evaluation report: the rule's result, confirmed by an expert.

    :raises Forbidden: the caller is no expert.
    :raises RelatedExpert: the expert's organization is one of the bidders.
    :raises NotOpened: the lot has not been opened.
    :raises AlreadyEvaluated: there is a report.
    """
    caller = permitted(caller, Permission.EVALUATION_SUBMIT)
    with transaction.atomic():
        lot = locked_lot(lot_code)
        require_running(lot)
        if opening_of(lot) is None:
            raise NotOpened(f"{lot.code} 尚未开标，还不能评标。")
        if Evaluation.objects.filter(lot=lot).exists():
            raise AlreadyEvaluated(f"{lot.code} 已有评标报告，不能重复提交。")
        bids = opened_bids(lot)
        if any(bid.bidder_code == caller.organization_code for bid in bids):
            raise RelatedExpert("所在单位参加本标段投标，应当回避，不能评审。")
        result = compute(lot, bids)
        evaluation = _store(lot, bids, result, caller, opinion, now)
        reach(lot, Milestone.EVALUATED, now)
        record(
            caller=caller,
            act="submit-evaluation",
            subject=evaluation,
            before="",
            now=now,
            detail={"bids": len(bids), "ranked": len(result.ranked)},
        )
        if not result.ranked:
            end_lot(
                lot,
                FinalStatus.UNSUCCESSFUL,
                reason="所有投标均被否决",
                clause="tendering/42",
                caller=caller,
                now=now,
            )
    return evaluation


def _store(
    lot: Lot, bids: list[OpenedBid], result: Result, caller: Caller, opinion: str, now: datetime
) -> Evaluation:
    tender = lot.tender
    evaluation = Evaluation.objects.create(
        lot=lot,
        rule=tender.evaluation_rule,
        rule_version=tender.evaluation_version,
        parameters=tender.evaluation_parameters,
        baseline_yuan=result.baseline,
        evaluated_at=now,
        expert_id=caller.person_id,
        expert_name=caller.person_name,
        opinion=opinion,
    )
    names: dict[str, Any] = {bid.bidder_code: bid.bidder_name for bid in bids}
    Score.objects.bulk_create(
        Score(
            evaluation=evaluation,
            bidder_code=line.bidder,
            bidder_name=names[line.bidder],
            price_yuan=line.price,
            deviation_percent=line.deviation_percent,
            points=line.score,
            rank=line.rank,
            rejected_reason=line.rejected_reason,
        )
        for line in result.lines
    )
    return evaluation
