"""Which act each forwarded message causes here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.recognition.telling import trust_list_published
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    LotEnded,
    Message,
    OpeningRecorded,
    StreamForked,
    TenderEnded,
    TenderNoticePublished,
    TenderRegistered,
    TenderResumed,
    TenderSuspended,
    TrustListPublished,
)
from yuntai.supervision.intake import forks, lots, services
from yuntai.supervision.monitoring.services import raise_warnings

Act = Callable[..., Any]
Handler = Callable[[Any, Delivery, datetime], None]


def watch_notice(*, message: TenderNoticePublished, delivery: Delivery, now: datetime) -> None:
    """Keep the notice and hold every rule against it, in one transaction."""
    notice = services.note_notice(message=message, delivery=delivery, now=now)
    raise_warnings(message=message, notice=notice, now=now)


def from_its_own_system(act: Act) -> Handler:
    """Return the handler that runs `act`, but only notes what another system had no right to tell."""

    def handle(message: Message, delivery: Delivery, now: datetime) -> None:
        try:
            act(message=message, delivery=delivery, now=now)
        except services.ForeignMessage as error:
            # Not a failure: a failed message would hold up the messages of the tender's own system.
            write_entry(
                caller=delivery.caller,
                act="refuse-foreign-message",
                object_type="inbox.message",
                object_id=delivery.message_id,
                now=now,
                detail={"subject": message.subject, "type": message.body()["type"], "refusal": str(error)},
            )

    return handle


def of_the_platform(act: Act) -> Handler:
    """Return the handler that runs `act` on what the platform tells of itself; the door let nobody else."""

    def handle(message: Message, delivery: Delivery, now: datetime) -> None:
        act(message=message, delivery=delivery, now=now)

    return handle


HANDLERS: Mapping[type[Message], Handler] = {
    TenderRegistered: from_its_own_system(services.watch_tender),
    TenderNoticePublished: from_its_own_system(watch_notice),
    TenderSuspended: from_its_own_system(services.note_suspension),
    TenderResumed: from_its_own_system(services.note_suspension),
    TenderEnded: from_its_own_system(services.note_end),
    OpeningRecorded: from_its_own_system(lots.note_opening),
    CandidatesPublished: from_its_own_system(lots.note_candidates),
    AwardPublished: from_its_own_system(lots.note_award),
    ContractSigned: from_its_own_system(lots.note_contract),
    LotEnded: from_its_own_system(lots.note_lot_end),
    TrustListPublished: trust_list_published,
    StreamForked: of_the_platform(forks.note_fork),
}
