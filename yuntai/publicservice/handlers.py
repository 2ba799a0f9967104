"""Which message is applied by which function; a type that is not here is stored and forwarded only."""

from collections.abc import Callable
from datetime import datetime

from yuntai.kernel.inbox.apply import Delivery
from yuntai.publicservice.codes.services import issue_for_tender, issue_on_request
from yuntai.publicservice.portal.facts import TOLD
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.portal.services import show
from yuntai.publicservice.quality.services import note_correction
from yuntai.standard.messages import Message, RecordCorrected, TenderRegistered, UnifiedCodeRequested


def tender_registered(message: TenderRegistered, delivery: Delivery, now: datetime) -> None:
    """Show the tender, and issue the unified codes of its lots; not for a tender of another system."""
    show(message, delivery, now)
    if PublicTender.objects.filter(code=message.tender_code, system=delivery.origin).exists():
        issue_for_tender(message, delivery, now)


HANDLERS: dict[type[Message], Callable[..., None]] = {
    **dict.fromkeys(TOLD, show),
    TenderRegistered: tender_registered,
    UnifiedCodeRequested: issue_on_request,
    RecordCorrected: note_correction,
}
