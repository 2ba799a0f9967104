"""The one act of the portal: take in what a trading system says of a tender."""

import logging
from datetime import datetime

from django.db import transaction

from yuntai.kernel.audit.services import record, version_of, write_entry
from yuntai.kernel.errors import NotFound
from yuntai.kernel.inbox.apply import Delivery
from yuntai.publicservice.bigrams import vector
from yuntai.publicservice.portal.facts import INTRODUCING, TenderFacts, tender_code_of, tender_facts
from yuntai.publicservice.portal.models import PublicEvent, PublicTender
from yuntai.standard.messages import Message, parse, type_of

log = logging.getLogger(__name__)


class TenderUnknown(NotFound):
    """The message tells of a tender whose registration has not come yet."""

    code = "tender-unknown"


def show(message: Message, delivery: Delivery, now: datetime) -> None:
    """Take `message` into the tender's events and work its facts out anew.

    A message counts once; a message of a system that did not introduce the tender changes nothing and is
    noted in the audit trail, so that no system can speak for another.

    :raises TenderUnknown: its registration has not come yet; the message is tried again.
    """
    code = tender_code_of(message, delivery.origin)
    with transaction.atomic():
        # Locked before the first look, so that two messages about one tender take turns.
        tender = PublicTender.objects.select_for_update().filter(code=code).first()
        if tender is None:
            if not isinstance(message, INTRODUCING):
                raise TenderUnknown(f"没有编号为 {code} 的项目：须先收到它的登记报文。")
            tender = PublicTender(code=code, system=delivery.origin)
        if tender.system != delivery.origin:
            _note_foreign(tender, message, delivery, now=now)
            return
        if tender.pk and tender.events.filter(message_id=delivery.message_id).exists():
            return  # a repeated message: its first delivery left the audit row
        _take_in(tender, message, delivery, now=now)


def _take_in(tender: PublicTender, message: Message, delivery: Delivery, *, now: datetime) -> None:
    before = version_of(tender)
    told = [parse(body) for body in tender.events.values_list("body", flat=True)] if tender.pk else []
    _write(tender, tender_facts([*told, message]))
    tender.save()
    PublicEvent.objects.create(
        tender=tender,
        message_id=delivery.message_id,
        type=type_of(message),
        occurred_at=message.occurred_at,
        received_at=delivery.received_at,
        body=message.body(),
    )
    record(
        caller=delivery.caller,
        act="show-message",
        subject=tender,
        before=before,
        now=now,
        detail={"type": type_of(message), "message": delivery.message_id},
    )


def _write(tender: PublicTender, facts: TenderFacts) -> None:
    values = vars(facts).copy()
    others = values.pop("others")
    for name, value in values.items():
        setattr(tender, name, value)
    tender.search = vector(
        facts.title,
        tender.number,
        facts.project_code,
        facts.place,
        facts.initiator_name,
        facts.agency_name,
        *others,
    )


def _note_foreign(tender: PublicTender, message: Message, delivery: Delivery, *, now: datetime) -> None:
    log.warning("%s speaks of tender %s of %s", delivery.origin, tender.code, tender.system)
    write_entry(
        caller=delivery.caller,
        act="pass-over-foreign-message",
        object_type=tender._meta.label_lower,
        object_id=tender.code,
        now=now,
        detail={"type": type_of(message), "message": delivery.message_id, "system": tender.system},
    )
