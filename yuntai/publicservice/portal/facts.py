"""What do the messages of one tender say, taken together?  Pure; their order of arrival does not matter."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time
from decimal import Decimal
from functools import singledispatch

from yuntai.law.days import SHANGHAI
from yuntai.publicservice.portal.lots import lot_columns, lots_of
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    Message,
    OpeningRecorded,
    TenderEnded,
    TenderHistoryRecorded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
    type_of,
)

# Also the order in which messages of one instant are read.
TOLD: tuple[type[Message], ...] = (
    TenderHistoryRecorded,
    TenderRegistered,
    TenderNoticePublished,
    OpeningRecorded,
    CandidatesPublished,
    AwardPublished,
    ContractSigned,
    TenderSuspended,
    TenderResumed,
    LotEnded,
    TenderEnded,
)
INTRODUCING = (TenderRegistered, TenderHistoryRecorded)


@dataclass(frozen=True)
class TenderFacts:
    """The columns of PublicTender that messages fill.  others: suppliers, to be found by name."""

    history: bool = False
    demonstration: bool = False
    title: str = ""
    kind: str = ""
    procedure: str = ""
    project_code: str = ""
    region_code: str = ""
    place: str = ""
    initiator_code: str = ""
    initiator_name: str = ""
    agency_name: str = ""
    estimated_yuan: Decimal | None = None
    ceiling_price_yuan: Decimal | None = None
    published_at: datetime | None = None
    told_at: datetime | None = None
    lot_count: int = 0
    failed_lot_count: int = 0
    noticed_at: datetime | None = None
    documents_open_at: datetime | None = None
    bids_due_at: datetime | None = None
    opened_at: datetime | None = None
    evaluated_at: datetime | None = None
    standstill_opens_at: datetime | None = None
    standstill_closes_at: datetime | None = None
    awarded_at: datetime | None = None
    contract_signed_at: datetime | None = None
    suspended_at: datetime | None = None
    ended_at: datetime | None = None
    final_status: str = ""
    others: tuple[str, ...] = ()


def tender_code_of(message: Message) -> str:
    """Return the code under which the tender of `message` stands on the portal."""
    if isinstance(message, TenderHistoryRecorded):
        return message.source_id
    return str(message.tender_code)  # type: ignore[attr-defined]  # every other message in TOLD has one


def in_order(messages: Iterable[Message]) -> list[Message]:
    """Return `messages` by the instant they tell of; what was told last stands last."""
    ranks = {each: rank for rank, each in enumerate(TOLD)}
    return sorted(messages, key=lambda message: (message.occurred_at, ranks[type(message)]))


def tender_facts(messages: Iterable[Message]) -> TenderFacts:
    """Return the facts of a tender; `messages` holds one of INTRODUCING."""
    told = in_order(messages)
    facts = TenderFacts(told_at=told[-1].occurred_at)
    for message in told:
        facts = _after(message, facts)
    return replace(facts, **lot_columns(lots_of(told)))


@singledispatch
def _after(message: Message, facts: TenderFacts) -> TenderFacts:
    raise TypeError(f"{type_of(message)} says nothing about a tender")


@_after.register
def _(message: TenderHistoryRecorded, facts: TenderFacts) -> TenderFacts:
    return replace(
        facts,
        history=True,
        title=message.title,
        kind=message.kind,
        procedure=message.method,
        region_code=message.region_code,
        place=message.place,
        ceiling_price_yuan=message.ceiling_price_yuan,
        published_at=datetime.combine(message.opened_on, time.min, SHANGHAI).astimezone(UTC),
    )


@_after.register
def _(message: TenderRegistered, facts: TenderFacts) -> TenderFacts:
    return replace(
        facts,
        demonstration=message.demonstration,
        title=message.title,
        kind=message.industry,
        procedure=message.procedure,
        project_code=message.project_code,
        region_code=message.region_code,
        place=message.place,
        initiator_code=message.initiator_code,
        initiator_name=message.initiator_name,
        agency_name=message.agency_name,
        estimated_yuan=sum((lot.estimated_yuan for lot in message.lots), Decimal(0)),
        published_at=facts.noticed_at or facts.published_at or message.occurred_at,
    )


@_after.register
def _(message: TenderNoticePublished, facts: TenderFacts) -> TenderFacts:
    noticed_at = facts.noticed_at or message.occurred_at
    return replace(
        facts,
        title=message.title,
        procedure=message.procedure,
        estimated_yuan=message.estimated_yuan,
        ceiling_price_yuan=message.ceiling_price_yuan,
        documents_open_at=message.documents_open_at,
        bids_due_at=message.bids_due_at,
        noticed_at=noticed_at,
        published_at=noticed_at,
    )


@_after.register
def _(message: AwardPublished, facts: TenderFacts) -> TenderFacts:
    return replace(facts, others=(*facts.others, message.supplier_name))


@_after.register(OpeningRecorded)
@_after.register(CandidatesPublished)
@_after.register(ContractSigned)
@_after.register(LotEnded)
def _(message: Message, facts: TenderFacts) -> TenderFacts:
    return facts  # of one lot only: see `lots_of`


@_after.register
def _(message: TenderSuspended, facts: TenderFacts) -> TenderFacts:
    return replace(facts, suspended_at=message.suspended_at)


@_after.register
def _(message: TenderResumed, facts: TenderFacts) -> TenderFacts:
    return replace(facts, suspended_at=None, bids_due_at=message.bids_due_at)


@_after.register
def _(message: TenderEnded, facts: TenderFacts) -> TenderFacts:
    return replace(facts, ended_at=message.occurred_at, final_status=message.final_status)
