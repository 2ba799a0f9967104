"""One tender as the public sees it: its facts, and what each lot's messages said last."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar, cast

from django.db.models import QuerySet

from yuntai.kernel.errors import NotFound
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.publicservice.portal.facts import in_order
from yuntai.publicservice.portal.lots import lots_of
from yuntai.publicservice.portal.models import PublicEvent, PublicTender
from yuntai.publicservice.portal.stages import BY_CODE, Stage, stage_at, stage_of_lot
from yuntai.publicservice.portal.words import EVENTS, FINAL
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    LotFacts,
    Message,
    OpeningRecorded,
    TenderEnded,
    TenderHistoryRecorded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
    parse,
)

M = TypeVar("M", bound=Message)
_CODE = re.compile(r"[0-9A-Za-z-]{1,50}", re.ASCII)


class TenderNotPublic(NotFound):
    """The portal shows no tender with that code."""

    code = "tender-not-public"


@dataclass(frozen=True)
class LotView:
    """One lot, its stage, and the last message of each kind about it, None while there is none."""

    facts: LotFacts
    stage: Stage
    opening: OpeningRecorded | None
    candidates: CandidatesPublished | None
    award: AwardPublished | None
    contract: ContractSigned | None
    ending: LotEnded | None


@dataclass(frozen=True)
class EventView:
    """One message in the record of a tender.  lot_code: "" when it is about the whole.

    final_status: "" when it does not tell of an end.
    """

    occurred_at: datetime
    type: str
    lot_code: str
    message_id: str
    final_status: str = ""

    @property
    def name(self) -> str:
        """What it tells of; of an end also which."""
        name = EVENTS.get(self.type, self.type)
        return f"{name}：{FINAL[self.final_status]}" if self.final_status else name


@dataclass(frozen=True)
class Halt:
    """A tender stood still.  resumed: None while it does."""

    suspended: TenderSuspended
    resumed: TenderResumed | None


@dataclass(frozen=True)
class TenderView:
    """A tender's page.  notices: newest first.  ending: None while it goes on.

    halts: oldest first; suspension: the last of them while it is in force, else None.
    """

    tender: PublicTender
    stage: Stage
    history: TenderHistoryRecorded | None
    notices: tuple[TenderNoticePublished, ...]
    lots: tuple[LotView, ...]
    halts: tuple[Halt, ...]
    suspension: TenderSuspended | None
    ending: TenderEnded | None
    events: tuple[EventView, ...]

    def opening_of(self, lot_code: str) -> OpeningRecorded:
        """Return the opening record of a lot.

        :raises TenderNotPublic: there is no such lot, or its bids are not opened.
        """
        for lot in self.lots:
            if lot.facts.lot_code == lot_code and lot.opening is not None:
                return lot.opening
        raise TenderNotPublic(f"项目 {self.tender.code} 没有标段 {lot_code} 的开标记录。请从项目页面进入。")


def tender_view(code: str, *, now: datetime) -> TenderView:
    """Return the page of the tender `code` at `now`.

    :raises TenderNotPublic: the portal shows no such tender.
    """
    tender = _tender(code, now)
    rows = list(_events(tender))
    messages = in_order(parse(row.body) for row in rows)
    registered, halts = _last(messages, TenderRegistered), _halts(messages)
    milestones = {lot.lot_code: lot for lot in lots_of(messages)}
    return TenderView(
        tender=tender,
        stage=BY_CODE[cast("Any", tender).stage_code],  # an annotation of `_tender`
        history=_last(messages, TenderHistoryRecorded),
        notices=tuple(reversed([each for each in messages if isinstance(each, TenderNoticePublished)])),
        lots=tuple(
            _lot(lot, stage_of_lot(milestones[lot.lot_code], tender, now), messages)
            for lot in (registered.lots if registered else ())
        ),
        halts=halts,
        suspension=halts[-1].suspended if tender.suspended_at else None,
        ending=_last(messages, TenderEnded),
        events=tuple(
            EventView(
                row.occurred_at,
                row.type,
                row.body.get("lot_code", ""),
                row.message_id,
                row.body.get("final_status", ""),
            )
            for row in rows
        ),
    )


def signed_messages(code: str, *, now: datetime) -> list[dict[str, Any]]:
    """Return every message shown on the tender's page as it came, with its author's signature.

    :raises TenderNotPublic: the portal shows no such tender.
    """
    tender = _tender(code, now)
    events = list(_events(tender))
    shown = {event.message_id for event in events}
    subjects = {tender.code, *(event.body["lot_code"] for event in events if "lot_code" in event.body)}
    kept = InboxMessage.objects.filter(origin=tender.system, subject__in=subjects, refusal="").order_by("id")
    return [row.signed for row in kept if row.signed["payload"]["msg_id"] in shown]


def _tender(code: str, now: datetime) -> PublicTender:
    known = PublicTender.objects.annotate(stage_code=stage_at(now))
    tender = known.filter(code=code).first() if _CODE.fullmatch(code) else None
    if tender is None:
        raise TenderNotPublic(f"没有编号为 {code} 的公开项目。请核对编号，或在首页用项目名称查找。")
    return tender


def _events(tender: PublicTender) -> QuerySet[PublicEvent]:
    return tender.events.order_by("occurred_at", "id")


def _lot(lot: LotFacts, stage: Stage, messages: Iterable[Message]) -> LotView:
    own = [message for message in messages if getattr(message, "lot_code", "") == lot.lot_code]
    return LotView(
        facts=lot,
        stage=stage,
        opening=_last(own, OpeningRecorded),
        candidates=_last(own, CandidatesPublished),
        award=_last(own, AwardPublished),
        contract=_last(own, ContractSigned),
        ending=_last(own, LotEnded),
    )


def _halts(messages: Iterable[Message]) -> tuple[Halt, ...]:
    halts: list[Halt] = []
    for message in messages:
        stands = bool(halts) and halts[-1].resumed is None
        if isinstance(message, TenderSuspended):
            halts.append(Halt(message, None))
        elif isinstance(message, TenderResumed) and stands:
            # It goes on for every suspension that stood beside the last one, too.
            halts = [each if each.resumed else Halt(each.suspended, message) for each in halts]
    return tuple(halts)


def _last(messages: Iterable[Message], kind: type[M]) -> M | None:
    found = [message for message in messages if isinstance(message, kind)]
    return found[-1] if found else None
