"""In which stage a watched tender is: worked out from its facts and the instant, never stored.

Written as a database expression, so that the board's counts, the lists and a tender's page can't differ.
A tender with several lots is where the hindmost of those that go on is; `stage_of_lot` says the same of one.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, TypeAlias, TypedDict, cast

from django.db.models import (
    Aggregate,
    Case,
    CharField,
    Count,
    DateTimeField,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextChoices,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from yuntai.supervision.intake.limits import CONTRACT
from yuntai.supervision.intake.models import (
    FinalStatus,
    SuspensionEvent,
    Turn,
    WatchedLot,
    WatchedNotice,
    WatchedTender,
)


class Stage(TextChoices):
    """The stages as a supervisor sees them, in order."""

    REGISTERED = "registered", "已登记，待发公告"
    BIDDING = "bidding", "招标投标"
    OPENING = "opening", "开标"
    EVALUATION = "evaluation", "评标"
    STANDSTILL = "standstill", "中标候选人公示"
    AWARD = "award", "定标"
    CONTRACT = "contract", "订立合同"
    SIGNED = "signed", "合同已订立"
    ENDED = "ended", "已结束"


GOES_ON: Mapping[str, object] = {"final_status": ""}


class StageFacts(TypedDict):
    """What `with_stage` adds to a tender.

    turns_at: when its stage must be over, to the day: what lists are ordered by; null where no law says so.
    suspended: whether the trading system last said that the tender stands still.
    failed_lots: how many of its lots ended without a contract (流标, 终止).
    standstill_closes_at, waits_for_contract_since: of the lots that go on.
    """

    stage: str
    suspended: bool
    failed_lots: int
    turns_at: datetime | None
    bids_due_at: datetime | None
    standstill_closes_at: datetime | None
    waits_for_contract_since: datetime | None


if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations

    StagedTender: TypeAlias = WithAnnotations[WatchedTender, StageFacts]
else:
    StagedTender = WatchedTender


def with_stage(now: datetime) -> QuerySet[StagedTender]:
    """Return the watched tenders, each with its `StageFacts` at `now`."""
    found = (
        WatchedTender.objects.annotate(
            bids_due_at=_bids_due_at(),
            standstill_closes_at=_of_lots(Max("standstill_closes_at"), **GOES_ON),
            waits_for_contract_since=_of_lots(Min("awarded_at"), contract_signed_at=None, **GOES_ON),
            last_turn=_last_turn(),
            failed_lots=Coalesce(
                _of_lots(Count("pk"), final_status__in=[FinalStatus.UNSUCCESSFUL, FinalStatus.CANCELLED]), 0
            ),
        )
        .annotate(stage=_stage(now), suspended=Case(When(_standing_still(), then=True), default=False))
        .annotate(turns_at=_turns_at())
    )
    return cast("QuerySet[StagedTender]", found)


def stage_of_lot(lot: WatchedLot, tender: StagedTender, now: datetime) -> Stage:
    """Return the stage of one lot of `tender` at `now`."""
    due_at, closes_at = tender.bids_due_at, lot.standstill_closes_at
    steps = (
        (bool(lot.final_status or tender.final_status), Stage.ENDED),
        (due_at is None, Stage.REGISTERED),
        (due_at is not None and due_at > now, Stage.BIDDING),
        (lot.opened_at is None, Stage.OPENING),
        (lot.candidates_published_at is None, Stage.EVALUATION),
        (closes_at is not None and closes_at > now, Stage.STANDSTILL),
        (lot.awarded_at is None, Stage.AWARD),
        (lot.contract_signed_at is None, Stage.CONTRACT),
    )
    return next((stage for holds, stage in steps if holds), Stage.SIGNED)


def _stage(now: datetime) -> Case:
    steps = (
        # When the last lot has ended, the message that its tender ended is under way.
        (~Q(final_status="") | ~_some_lot(), Stage.ENDED),
        (Q(bids_due_at=None), Stage.REGISTERED),
        (Q(bids_due_at__gt=now), Stage.BIDDING),
        (_some_lot(opened_at=None), Stage.OPENING),
        (_some_lot(candidates_published_at=None), Stage.EVALUATION),
        (Q(standstill_closes_at__gt=now), Stage.STANDSTILL),
        (_some_lot(awarded_at=None), Stage.AWARD),
        (_some_lot(contract_signed_at=None), Stage.CONTRACT),
    )
    return Case(
        *(When(condition, then=Value(stage.value)) for condition, stage in steps),
        default=Value(Stage.SIGNED.value),
        output_field=CharField(),
    )


def _turns_at() -> Case:
    return Case(
        When(stage=Stage.BIDDING, then=F("bids_due_at")),
        When(stage=Stage.STANDSTILL, then=F("standstill_closes_at")),
        When(stage=Stage.CONTRACT, then=F("waits_for_contract_since") + CONTRACT.days_with_the_last),
        output_field=DateTimeField(null=True),
    )


def _some_lot(**facts: object) -> Exists:
    return Exists(WatchedLot.objects.filter(tender=OuterRef("pk"), **facts, **GOES_ON))


def _bids_due_at() -> Coalesce:
    """Return the deadline that was told last: after a suspension, by the message that the tender goes on."""
    resumed = SuspensionEvent.objects.filter(tender=OuterRef("pk"), turn=Turn.RESUMED)
    latest = WatchedNotice.objects.filter(tender=OuterRef("pk")).order_by("-published_at", "-id")
    return Coalesce(
        Subquery(resumed.order_by("-happened_at", "-id").values("bids_due_at")[:1]),
        Subquery(latest.values("bids_due_at")[:1]),
    )


def _of_lots(aggregate: Aggregate, **facts: object) -> Subquery:
    lots = WatchedLot.objects.filter(tender=OuterRef("pk"), **facts).order_by().values("tender")
    return Subquery(lots.annotate(found=aggregate).values("found"))


def _last_turn() -> Coalesce:
    events = SuspensionEvent.objects.filter(tender=OuterRef("pk")).order_by("-happened_at", "-id")
    return Coalesce(Subquery(events.values("turn")[:1]), Value(""))


def _standing_still() -> Q:
    return Q(final_status="", last_turn=Turn.SUSPENDED)
