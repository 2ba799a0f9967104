"""What do the messages say of each lot, and what of the whole tender follows from its lots?  Pure.

A tender is where the hindmost of the lots that still go on is; a lot that has ended holds back none.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    Message,
    OpeningRecorded,
    TenderRegistered,
)


@dataclass(frozen=True)
class LotMilestones:
    """When a lot passed what; None until then.  final_status: "" while it goes on."""

    lot_code: str
    opened_at: datetime | None = None
    standstill_opens_at: datetime | None = None
    standstill_closes_at: datetime | None = None
    awarded_at: datetime | None = None
    contract_signed_at: datetime | None = None
    final_status: str = ""

    @property
    def has_failed(self) -> bool:
        """Whether it ended without a contract (流标, 终止)."""
        return self.final_status not in {"", "complete"}


def lots_of(messages: Iterable[Message]) -> tuple[LotMilestones, ...]:
    """Return the lots in the order they were registered in, those told of without it after them.

    messages: in the order of `facts.in_order`.
    """
    lots: dict[str, LotMilestones] = {}
    for message in messages:
        codes = (
            [lot.lot_code for lot in message.lots]
            if isinstance(message, TenderRegistered)
            else [str(getattr(message, "lot_code", ""))]
        )
        for code in filter(None, codes):
            lots[code] = replace(lots.get(code, LotMilestones(code)), **_told(message))
    return tuple(lots.values())


def _told(message: Message) -> dict[str, Any]:
    match message:
        case OpeningRecorded():
            return {"opened_at": message.opened_at}
        case CandidatesPublished():
            return {
                "standstill_opens_at": message.standstill_opens_at,
                "standstill_closes_at": message.standstill_closes_at,
            }
        case AwardPublished():
            return {"awarded_at": message.awarded_at}
        case ContractSigned():
            return {"contract_signed_at": message.signed_at}
        case LotEnded():
            return {"final_status": message.final_status}
    return {}


def lot_columns(lots: Sequence[LotMilestones]) -> dict[str, Any]:
    """Return the columns of PublicTender that follow from its lots; each instant is that of the hindmost lot.

    An open standstill shows while any of them has one: the public may object.
    """
    followed = (
        [lot for lot in lots if not lot.final_status] or [lot for lot in lots if not lot.has_failed] or lots
    )
    return {
        "lot_count": len(lots),
        "failed_lot_count": sum(lot.has_failed for lot in lots),
        "opened_at": _once_all(followed, lambda lot: lot.opened_at),
        "evaluated_at": _once_all(followed, lambda lot: lot.standstill_opens_at),
        "standstill_opens_at": min(
            (lot.standstill_opens_at for lot in followed if lot.standstill_opens_at), default=None
        ),
        "standstill_closes_at": max(
            (lot.standstill_closes_at for lot in followed if lot.standstill_closes_at), default=None
        ),
        "awarded_at": _once_all(followed, lambda lot: lot.awarded_at),
        "contract_signed_at": _once_all(followed, lambda lot: lot.contract_signed_at),
    }


def _once_all(
    lots: Sequence[LotMilestones], instant: Callable[[LotMilestones], datetime | None]
) -> datetime | None:
    found = [instant(lot) for lot in lots]
    reached = [at for at in found if at is not None]
    return max(reached) if reached and len(reached) == len(found) else None
