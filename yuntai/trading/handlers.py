"""What a trading system does on each message it receives."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings

from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.peers import peer
from yuntai.standard.messages import (
    Message,
    ParticipantChanged,
    ParticipantFacts,
    ParticipantRegistered,
    ParticipantVerified,
    ResumptionDirected,
    SuspensionDirected,
)
from yuntai.trading.parties.services import note_participant
from yuntai.trading.tenders.running import resume_tender, suspend_tender


def participant_told(message: ParticipantFacts, delivery: Delivery, now: datetime) -> None:
    """Keep the read copy of the registry."""
    note_participant(told=message, caller=delivery.caller, now=now)


def suspension_directed(message: SuspensionDirected, delivery: Delivery, now: datetime) -> None:
    """Obey the authority: suspend the tender, by this system's own rule."""
    if _is_for_us_by_an_authority(message, delivery, now):
        suspend_tender(
            tender_code=message.tender_code,
            reason=message.reason,
            directive_id=message.directive_id,
            directed_by=f"{message.authority_name} {message.directed_by}",
            caller=delivery.caller,
            now=now,
        )


def resumption_directed(message: ResumptionDirected, delivery: Delivery, now: datetime) -> None:
    """Obey the authority: let the tender go on."""
    if _is_for_us_by_an_authority(message, delivery, now):
        resume_tender(
            tender_code=message.tender_code,
            reason=message.reason,
            directive_id=message.directive_id,
            caller=delivery.caller,
            now=now,
        )


def _is_for_us_by_an_authority(
    message: SuspensionDirected | ResumptionDirected, delivery: Delivery, now: datetime
) -> bool:
    """Return whether a supervision system of this industry directs this system; note it when not.

    The platform routes directives by the same rule; whoever obeys them checks for itself.
    """
    author = peer(delivery.origin)
    wanted = ("supervision", settings.INDUSTRY, settings.SYSTEM_CODE)
    if (author.kind, author.industry, message.target_system) == wanted:
        return True
    write_entry(
        caller=delivery.caller,
        act="leave-directive-aside",
        object_type="tenders.tender",
        object_id=message.tender_code,
        now=now,
        detail={"directive_id": message.directive_id},
    )
    return False


HANDLERS: dict[type[Message], Callable[[Any, Delivery, datetime], None]] = {
    ParticipantRegistered: participant_told,
    ParticipantChanged: participant_told,
    ParticipantVerified: participant_told,
    SuspensionDirected: suspension_directed,
    ResumptionDirected: resumption_directed,
}
