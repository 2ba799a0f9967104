"""The one act about unified transaction codes (统一交易标识码): keep what the platform issued."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.standard.messages import UnifiedCodesIssued
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import locked_tender


def note_unified_codes(*, told: UnifiedCodesIssued, caller: Caller, now: datetime) -> None:
    """Write each code on its lot; a lot that has one keeps it, and one that we do not have is left out.

    :raises TenderNotFound: the tender is not ours.
    """
    codes = {each.object_code: each.unified_code for each in told.codes}
    with transaction.atomic():
        tender = locked_tender(told.tender_code)
        lots = Lot.objects.select_for_update().filter(tender=tender, code__in=codes, unified_code="")
        for lot in lots.order_by("code"):
            before = version_of(lot)
            lot.unified_code = codes[lot.code]
            lot.save(update_fields=["unified_code"])
            record(caller=caller, act="note-unified-code", subject=lot, before=before, now=now)
