"""Publishing the award candidates, and awarding after the standstill."""

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record
from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.services import publish
from yuntai.law import workdays
from yuntai.procedures.timeline import broken_deadlines
from yuntai.procedures.vocabulary import AtLeast, Milestone
from yuntai.trading.awards import telling
from yuntai.trading.awards.models import Award, Candidate, Standstill
from yuntai.trading.awards.queries import standstill_ends_at
from yuntai.trading.evaluating.models import Score
from yuntai.trading.evaluating.queries import evaluation_of, ranking
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import locked_lot, require_own, require_running
from yuntai.trading.tenders.running import reach


class NotEvaluated(DomainError):
    """There is no evaluation report to publish candidates from."""

    code = "not-evaluated"


class CandidatesAlreadyPublished(DomainError):
    """The candidates are out."""

    code = "candidates-already-published"
    clause = "tendering-rules/54"


class StandstillTooShort(DomainError):
    """The candidates must stand published for longer."""

    code = "standstill-too-short"
    clause = "tendering-rules/54"


class StandstillRunning(DomainError):
    """No award before the standstill is over."""

    code = "standstill-running"
    clause = "tendering-rules/54"


class AlreadyAwarded(DomainError):
    """The award is made."""

    code = "already-awarded"
    clause = "tendering-rules/55"


def publish_candidates(*, lot_code: str, closes_at: datetime, caller: Caller, now: datetime) -> Standstill:
    """Publish the first bids of the ranking as award candidates, until `closes_at`.

    A publication later than three days after the report is not refused, since refusing would only make it
    later still; the milestones show it.

    :raises NotYours: the caller is not of the initiator or agency.
    :raises NotEvaluated: there is no report, or none of its bids was ranked.
    :raises StandstillTooShort: less than the least time.
    """
    caller = permitted(caller, Permission.CANDIDATES_PUBLISH)
    with transaction.atomic():
        lot = locked_lot(lot_code)
        require_own(caller, lot.tender)
        require_running(lot)
        evaluation = evaluation_of(lot)
        if evaluation is None:
            raise NotEvaluated(f"{lot.code} 尚无评标报告，还不能公示中标候选人。")
        if Standstill.objects.filter(lot=lot).exists():
            raise CandidatesAlreadyPublished(f"{lot.code} 的中标候选人已公示。")
        _require_long_enough(lot, now, closes_at)
        standstill = Standstill.objects.create(lot=lot, opens_at=now, closes_at=closes_at)
        Candidate.objects.bulk_create(_candidates(standstill, ranking(evaluation)))
        reach(lot, Milestone.STANDSTILL_OPEN, now)
        reach(lot, Milestone.STANDSTILL_CLOSED, closes_at)
        record(caller=caller, act="publish-candidates", subject=standstill, before="", now=now)
        publish(telling.candidates_published(standstill, evaluation, now=now), now=now)
    return standstill


def award(*, lot_code: str, caller: Caller, now: datetime) -> Award:
    """Award the lot to the first candidate after the standstill.

    With state money the first candidate must win (实施条例 art. 55); passing to the next needs a reason of
    law and is another act.

    :raises NotYours: the caller is not of the initiator.
    :raises StandstillRunning: the candidates are not published, or the standstill is not over.
    :raises AlreadyAwarded: it is awarded.
    """
    caller = permitted(caller, Permission.AWARD_DECIDE)
    with transaction.atomic():
        lot = locked_lot(lot_code)
        require_own(caller, lot.tender)
        require_running(lot)
        standstill = Standstill.objects.filter(lot=lot).first()
        if standstill is None:
            raise StandstillRunning(f"{lot.code} 的中标候选人尚未公示，还不能定标。")
        ends_at = standstill_ends_at(standstill)
        if now < ends_at:
            ends = localtime(ends_at)
            raise StandstillRunning(f"{lot.code} 的公示期到 {ends:%Y-%m-%d %H:%M} 才结束，届时方可定标。")
        if Award.objects.filter(lot=lot).exists():
            raise AlreadyAwarded(f"{lot.code} 已经定标。")
        first = standstill.candidates.get(rank=1)
        decision = Award.objects.create(
            lot=lot,
            supplier_code=first.bidder_code,
            supplier_name=first.bidder_name,
            price_yuan=first.price_yuan,
            awarded_at=now,
            decided_by=caller.person_name,
        )
        reach(lot, Milestone.AWARDED, now)
        record(caller=caller, act="award", subject=decision, before="", now=now)
        publish(telling.award_published(decision, now=now), now=now)
    return decision


def _candidates(standstill: Standstill, scores: list[Score]) -> list[Candidate]:
    at_most = standstill.lot.tender.procedure.candidates_at_most
    return [
        Candidate(
            standstill=standstill,
            rank=score.rank,
            bidder_code=score.bidder_code,
            bidder_name=score.bidder_name,
            price_yuan=score.price_yuan,
            points=score.points,
        )
        for score in scores[:at_most]
        if score.rank is not None and score.points is not None
    ]


def _require_long_enough(lot: Lot, opens_at: datetime, closes_at: datetime) -> None:
    schedule = {Milestone.STANDSTILL_OPEN: opens_at, Milestone.STANDSTILL_CLOSED: closes_at}
    if closes_at <= opens_at:
        raise StandstillTooShort("公示结束时间须晚于开始时间。请改为公示期满之后的时间。")
    for broken in broken_deadlines(
        lot.tender.procedure, schedule, must_tender=lot.tender.must_tender, calendar=workdays.published()
    ):
        if isinstance(broken.deadline, AtLeast):
            raise StandstillTooShort(f"{broken}请推迟公示结束时间。")
