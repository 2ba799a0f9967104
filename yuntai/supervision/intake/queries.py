"""What this authority may read of the tenders it watches."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Prefetch, Q, QuerySet

from yuntai.kernel.errors import NotFound
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.standard.envelope import Payload, SignedMessage
from yuntai.standard.messages import MessageForwarded
from yuntai.supervision.intake.models import (
    AwardCandidate,
    OpenedBid,
    SuspensionEvent,
    WatchedLot,
    WatchedTender,
)
from yuntai.supervision.intake.stages import Stage, StagedTender, with_stage

FORWARDED = str(MessageForwarded.model_fields["type"].default)


class TenderNotFound(NotFound):
    """No watched tender has that code."""

    code = "tender-not-found"


class MessageNotFound(NotFound):
    """No received message has that number."""

    code = "message-not-found"


@dataclass(frozen=True)
class ReceivedMessage:
    """A message as a trading system signed it.

    key: its number in our inbox.  signed: by its author, also when the platform forwarded it.
    fault: why applying it failed, "" when it did not.  refusal: why it was rejected at the door.
    """

    key: int
    signed: SignedMessage
    received_at: datetime
    applied_at: datetime | None
    fault: str
    refusal: str

    @property
    def payload(self) -> Payload:
        """What the author signed."""
        return self.signed.payload


@dataclass(frozen=True)
class LotRecord:
    """A lot with its opening record and its candidates, both empty until published."""

    lot: WatchedLot
    bids: tuple[OpenedBid, ...]
    candidates: tuple[AwardCandidate, ...]


def tender(tender_code: str, *, now: datetime) -> StagedTender:
    """Return the watched tender with its stage (see `with_stage`).

    :raises TenderNotFound: there is none.
    """
    found = with_stage(now).filter(tender_code=tender_code).first()
    if found is None:
        raise TenderNotFound(f"没有编号为 {tender_code} 的在监项目，请核对项目编号。")
    return found


def tenders(*, now: datetime, stage: str = "", search: str = "") -> QuerySet[StagedTender]:
    """Return watched tenders, those whose time runs out first ahead.

    stage: a `Stage` value, "suspended", "running" for all that have not ended, or "" for all.
    search: part of title, initiator or code; "" for all.
    """
    found = with_stage(now)
    if stage == "suspended":
        found = found.filter(suspended=True)
    elif stage == "running":
        found = found.filter(final_status="")
    elif stage:
        found = found.filter(stage=stage)
    if search:
        by_name = Q(title__icontains=search) | Q(initiator_name__icontains=search)
        found = found.filter(by_name | Q(tender_code__icontains=search))
    return found.order_by(F("turns_at").asc(nulls_last=True), "-registered_at", "-id")


def count_by_stage(*, now: datetime) -> dict[Stage, int]:
    """Return how many watched tenders each stage holds, in the order of the stages."""
    counted = with_stage(now).order_by().values("stage").annotate(tenders=Count("pk"))
    found = {row["stage"]: row["tenders"] for row in counted}
    return {stage: found.get(stage.value, 0) for stage in Stage}


def lots_of(watched: WatchedTender) -> list[LotRecord]:
    """Return the tender's lots with their opened bids and candidates, each in published order."""
    bids = Prefetch("bids", OpenedBid.objects.order_by("id"))
    candidates = Prefetch("candidates", AwardCandidate.objects.order_by("rank", "id"))
    lots = WatchedLot.objects.filter(tender=watched).order_by("lot_code").prefetch_related(bids, candidates)
    return [LotRecord(lot, tuple(lot.bids.all()), tuple(lot.candidates.all())) for lot in lots]


def suspension_events_of(watched: WatchedTender) -> list[SuspensionEvent]:
    """Return when the tender was suspended and went on, latest first."""
    return list(SuspensionEvent.objects.filter(tender=watched).order_by("-happened_at", "-id"))


def messages_of(watched: WatchedTender) -> Iterator[ReceivedMessage]:
    """Yield the messages about a tender and its lots, whoever sent them, latest first."""
    lots = WatchedLot.objects.filter(tender=watched).values_list("lot_code", flat=True)
    rows = InboxMessage.objects.filter(subject__in=[watched.tender_code, *lots])
    return (_received(row) for row in rows.order_by("-id"))


def message(key: int) -> ReceivedMessage:
    """Return one received message.

    :raises MessageNotFound: there is none.
    """
    row = InboxMessage.objects.filter(pk=key).first()
    if row is None:
        raise MessageNotFound(f"没有收件号为 {key} 的报文，请从项目页的报文清单进入。")
    return _received(row)


def _received(row: InboxMessage) -> ReceivedMessage:
    signed = SignedMessage.model_validate(row.signed)
    if signed.payload.type == FORWARDED and not row.refusal:
        signed = SignedMessage.model_validate(signed.payload.body["origin"])
    return ReceivedMessage(
        key=row.pk,
        signed=signed,
        received_at=row.received_at,
        applied_at=row.applied_at,
        fault="" if row.applied_at else row.fault,
        refusal=row.refusal,
    )
