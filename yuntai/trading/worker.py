"""What is due by the clock: closing the bidding, and opening once the holders' shares are there."""

import logging
from datetime import datetime

from yuntai.kernel.errors import DomainError
from yuntai.trading.opening.models import BidSetClose
from yuntai.trading.opening.services import SETTLING, close_bidding, open_bids
from yuntai.trading.tenders.models import Lot

log = logging.getLogger(__name__)
AT_ONCE = 20


def act_on_due_lots(*, now: datetime) -> int:
    """Act on the lots that are due; return how many.  Several workers may run: each lot's lock decides."""
    due = Lot.objects.filter(next_due_at__lte=now - SETTLING, bid_set_close=None, final_status="")
    ready = Lot.objects.filter(next_due_at__lte=now, bid_set_close__isnull=False, final_status="")
    acted = 0
    for lot in [*due.order_by("next_due_at")[:AT_ONCE], *ready.order_by("next_due_at")[:AT_ONCE]]:
        acted += _act(lot.code, now)
    return acted


def _act(lot_code: str, now: datetime) -> int:
    try:
        if not BidSetClose.objects.filter(lot__code=lot_code).exists():
            close_bidding(lot_code=lot_code, now=now)
        else:
            open_bids(lot_code=lot_code, now=now)
    except DomainError as refusal:
        log.warning("%s: %s", lot_code, refusal)
        return 0
    return 1
