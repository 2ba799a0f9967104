"""Correcting a draft: its title, its contact, its lots' titles and amounts.  Nobody outside learns of it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.trading.permissions import Permission, permitted
from yuntai.trading.tenders.amounts import require_amounts
from yuntai.trading.tenders.drafting import LotDraft
from yuntai.trading.tenders.models import Lot, Tender
from yuntai.trading.tenders.queries import locked_draft
from yuntai.trading.tenders.refusals import LotsDiffer


def correct_draft(
    *, tender_code: str, title: str, contact: str, lots: Sequence[LotDraft], caller: Caller, now: datetime
) -> Tender:
    """Put right what was typed wrongly in a draft; codes, deadline and holders' keys stay.

    lots: all of the draft's, in the order of their codes.

    :raises AlreadyPublished: the notice is out.
    :raises LotsDiffer: there are not as many lots; the holders' keys are bound to those that were drafted.
    :raises AmountNotPositive, AmountTooLarge: see `amounts.require_amounts`.
    """
    caller = permitted(caller, Permission.TENDER_DRAFT)
    with transaction.atomic():
        draft = locked_draft(caller, tender_code)
        own = list(draft.lots.select_for_update().order_by("code"))
        if len(own) != len(lots):
            raise LotsDiffer(
                f"{draft.code} 立项时是 {len(own)} 个标段，不是 {len(lots)} 个；标段个数立项后不能改。"
                "要增减标段的，请撤销草稿后重新立项。"
            )
        require_amounts(lots)
        before, detail = version_of(draft), {"title": draft.title, "lots": [_worded(lot) for lot in own]}
        draft.title, draft.contact = title, contact
        draft.save()
        for lot, corrected in zip(own, lots, strict=True):
            lot.title, lot.estimated_yuan = corrected.title, corrected.estimated_yuan
            lot.ceiling_price_yuan = corrected.ceiling_price_yuan
            lot.save()
        record(caller=caller, act="correct-draft", subject=draft, before=before, now=now, detail=detail)
    return draft


def _worded(lot: Lot) -> dict[str, str]:
    """Return what a lot was before, for the trail."""
    ceiling = lot.ceiling_price_yuan
    return {
        "title": lot.title,
        "estimated_yuan": str(lot.estimated_yuan),
        "ceiling_price_yuan": "" if ceiling is None else str(ceiling),
    }
