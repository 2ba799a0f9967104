"""What this system tells of candidates and awards."""

from datetime import datetime

from yuntai.standard.messages import AwardPublished, CandidateFacts, CandidatesPublished
from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.evaluating.models import Evaluation
from yuntai.trading.tenders.telling import page_of


def candidates_published(
    standstill: Standstill, evaluation: Evaluation, *, now: datetime
) -> CandidatesPublished:
    """Return the publication of the candidates as a message, with all it takes to compute them again."""
    lot = standstill.lot
    return CandidatesPublished(
        occurred_at=now,
        lot_code=lot.code,
        tender_code=lot.tender.code,
        candidates=tuple(
            CandidateFacts(
                rank=each.rank,
                bidder_code=each.bidder_code,
                bidder_name=each.bidder_name,
                price_yuan=each.price_yuan,
                score=each.points,
            )
            for each in standstill.candidates.order_by("rank")
        ),
        standstill_opens_at=standstill.opens_at,
        standstill_closes_at=standstill.closes_at,
        rule=evaluation.rule,
        rule_version=evaluation.rule_version,
        rule_parameters=evaluation.parameters,
        url=page_of(lot.tender),
    )


def award_published(award: Award, *, now: datetime) -> AwardPublished:
    """Return the award notice as a message."""
    return AwardPublished(
        occurred_at=now,
        lot_code=award.lot.code,
        tender_code=award.lot.tender.code,
        supplier_code=award.supplier_code,
        supplier_name=award.supplier_name,
        price_yuan=award.price_yuan,
        awarded_at=award.awarded_at,
        url=page_of(award.lot.tender),
    )
