"""What is due by the clock: closing the bidding, and opening once the holders' shares are there."""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError
from yuntai.trading.opening.models import BidSetClose
from yuntai.trading.opening.services import SETTLING, close_bidding, open_bids
from yuntai.trading.tenders.models import Lot
from yuntai.trading.tenders.queries import locked_lot

log = logging.getLogger(__name__)
AT_ONCE = 20
# How long a lot whose act failed is left alone, so that the others get their turn.
PAUSE_AFTER_FAULT = timedelta(minutes=1)


def act_on_due_lots(*, now: datetime) -> int:
    """Act on the lots that are due; return on how many something was done.

    Each lot is an act of its own: one that fails is paused, the others go on.  A lot that is due but for
    which there is nothing to do is due no more; a release or a resumption makes it due anew.
    Several workers may run: each lot's lock decides.
    """
    open_ended = Q(bid_set_close=None, next_due_at__lte=now - SETTLING) | Q(
        bid_set_close__isnull=False, next_due_at__lte=now
    )
    due = Lot.objects.filter(open_ended).order_by("next_due_at", "id")
    return sum(_act(code, due_at, now) for code, due_at in due.values_list("code", "next_due_at")[:AT_ONCE])


def _act(lot_code: str, due_at: datetime | None, now: datetime) -> bool:
    try:
        if _close_or_open(lot_code, now):
            return True
    except DomainError as refusal:
        log.warning("%s: %s", lot_code, refusal)
    except Exception as fault:  # a fault of one lot must not stop the others
        log.exception("%s: paused for %s", lot_code, PAUSE_AFTER_FAULT)
        _put_off(lot_code, due_at, now + PAUSE_AFTER_FAULT, why=f"fault: {type(fault).__name__}", now=now)
        return False
    _put_off(lot_code, due_at, None, why="nothing to do", now=now)
    return False


def _close_or_open(lot_code: str, now: datetime) -> bool:
    if not BidSetClose.objects.filter(lot__code=lot_code).exists():
        return close_bidding(lot_code=lot_code, now=now) is not None
    return open_bids(lot_code=lot_code, now=now) is not None


def _put_off(
    lot_code: str, due_at: datetime | None, until: datetime | None, *, why: str, now: datetime
) -> None:
    """Let the lot be due at `until`, or no more, unless it was made due anew since `due_at` was read."""
    with transaction.atomic():
        lot = locked_lot(lot_code)
        if lot.next_due_at != due_at:
            return
        before = version_of(lot)
        lot.next_due_at = until
        lot.save()
        detail = {"why": why, "until": until.isoformat() if until else ""}
        system = Caller.system(settings.SYSTEM_CODE)
        record(caller=system, act="put-off-lot", subject=lot, before=before, now=now, detail=detail)
