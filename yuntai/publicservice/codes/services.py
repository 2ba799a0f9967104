"""Issuing codes: for the lots of a registered tender, and for those that a system asks for by message."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction

from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.peers import peers
from yuntai.law.days import SHANGHAI
from yuntai.publicservice.codes.models import CodeDay, IssuedCode
from yuntai.standard.identifiers.unified_code import UnifiedCode
from yuntai.standard.messages import (
    IssuedCodeFacts,
    TenderRegistered,
    UnifiedCodeRequested,
    UnifiedCodesIssued,
)

# The class of works is not told by a registration, so it stands under "other" (A99) where an industry has
# several.  Of the other trades the standard has the letter only; 99 follows construction's "other".
CATEGORIES = {
    "construction": "A99",
    "transport": "A99",
    "water": "A07",
    "land": "B99",
    "procurement": "D99",
    "state_assets": "E99",
    "medical": "Z99",
}


def issue_for_tender(message: TenderRegistered, delivery: Delivery, now: datetime) -> None:
    """Issue a code for each lot of a registered tender that has none, and tell its system."""
    category = CATEGORIES.get(message.industry, "Z99")
    _issue(message.tender_code, [lot.lot_code for lot in message.lots], category, delivery, now)


def issue_on_request(message: UnifiedCodeRequested, delivery: Delivery, now: datetime) -> None:
    """Issue what a system asks for, and tell it; a lot that has a code is told the one it has."""
    _issue(message.tender_code, message.object_codes, message.category, delivery, now)


def _issue(
    tender_code: str, objects: Sequence[str], category: str, delivery: Delivery, now: datetime
) -> None:
    wanted = list(dict.fromkeys(objects))
    with transaction.atomic():
        day = now.astimezone(SHANGHAI).date()
        CodeDay.objects.get_or_create(day=day)
        counter = CodeDay.objects.select_for_update().get(day=day)
        # Looked up under the day's lock, so that a lot told twice is not coded twice.
        known = IssuedCode.objects.filter(system=delivery.origin, object_code__in=wanted)
        have = dict(known.values_list("object_code", "code"))
        fresh = [each for each in wanted if each not in have]
        for place, each in enumerate(fresh, start=counter.last_serial + 1):
            code = str(UnifiedCode(category, settings.OPERATOR_CODE, day, place))
            IssuedCode.objects.create(
                code=code,
                day=day,
                serial=place,
                system=delivery.origin,
                tender_code=tender_code,
                object_code=each,
                issued_at=now,
            )
            have[each] = code
        counter.last_serial += len(fresh)
        counter.save()
        write_entry(
            caller=delivery.caller,
            act="issue-unified-codes",
            object_type="codes.issuedcode",
            object_id=tender_code,
            now=now,
            detail={"issued": len(fresh), "asked": len(wanted)},
        )
        _tell(tender_code, [(each, have[each]) for each in wanted], delivery, now)


def _tell(tender_code: str, codes: Sequence[tuple[str, str]], delivery: Delivery, now: datetime) -> None:
    system = peers().get(delivery.origin)
    if system is None or not system.url:
        return  # a system that only sends reads its codes at the interface
    told = UnifiedCodesIssued(
        occurred_at=now,
        tender_code=tender_code,
        codes=tuple(IssuedCodeFacts(object_code=each, unified_code=code) for each, code in codes),
    )
    publish(told, now=now, destination=system.code)
