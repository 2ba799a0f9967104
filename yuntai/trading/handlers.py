"""What a trading system does on each message it receives."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings

from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.peers import peer
from yuntai.kernel.recognition.telling import trust_list_published
from yuntai.standard.messages import (
    Message,
    ParticipantChanged,
    ParticipantFacts,
    ParticipantRegistered,
    ParticipantVerified,
    ResumptionDirected,
    SuspensionDirected,
    TrustListPublished,
    UnifiedCodesIssued,
)
from yuntai.trading.parties.services import note_participant
from yuntai.trading.tenders.running import resume_tender, suspend_tender
from yuntai.trading.tenders.unified_codes import note_unified_codes

log = logging.getLogger(__name__)


def participant_told(message: ParticipantFacts, delivery: Delivery, now: datetime) -> None:
    """Keep the read copy of the registry."""
    note_participant(told=message, caller=delivery.caller, now=now)


def unified_codes_issued(message: UnifiedCodesIssued, delivery: Delivery, now: datetime) -> None:
    """Keep the codes that the platform issued for our lots."""
    note_unified_codes(told=message, caller=delivery.caller, now=now)


def suspension_directed(message: SuspensionDirected, delivery: Delivery, now: datetime) -> None:
    """Obey the authority: suspend the tender, by this system's own rule."""
    if _is_for_us_by_an_authority(message, delivery, now):
        with _noting_refusal(message, delivery, now):
            suspend_tender(
                tender_code=message.tender_code,
                reason=message.reason,
                directive_id=message.directive_id,
                directed_by=f"{message.authority_name} {message.directed_by}",
                caller=delivery.caller,
                now=now,
            )


def resumption_directed(message: ResumptionDirected, delivery: Delivery, now: datetime) -> None:
    """Obey the authority: lift the suspension that the directive names."""
    if _is_for_us_by_an_authority(message, delivery, now):
        with _noting_refusal(message, delivery, now):
            resume_tender(
                tender_code=message.tender_code,
                reason=message.reason,
                directive_id=message.directive_id,
                lifted_directive_id=message.lifted_directive_id,
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
    _note("leave-directive-aside", "", message, delivery, now)
    return False


@contextmanager
def _noting_refusal(
    message: SuspensionDirected | ResumptionDirected, delivery: Delivery, now: datetime
) -> Iterator[None]:
    """Note a directive that is refused, and let the stream go on: a later try would be refused like it."""
    try:
        yield
    except DomainError as refusal:
        log.warning("directive %s: %s", message.directive_id, refusal)
        _note("refuse-directive", str(refusal), message, delivery, now)


def _note(
    act: str,
    why: str,
    message: SuspensionDirected | ResumptionDirected,
    delivery: Delivery,
    now: datetime,
) -> None:
    write_entry(
        caller=delivery.caller,
        act=act,
        object_type="tenders.tender",
        object_id=message.tender_code,
        now=now,
        detail={"directive_id": message.directive_id} | ({"reason": why} if why else {}),
    )


HANDLERS: dict[type[Message], Callable[[Any, Delivery, datetime], None]] = {
    ParticipantRegistered: participant_told,
    ParticipantChanged: participant_told,
    ParticipantVerified: participant_told,
    TrustListPublished: trust_list_published,
    SuspensionDirected: suspension_directed,
    ResumptionDirected: resumption_directed,
    UnifiedCodesIssued: unified_codes_issued,
}
