"""What this system tells of an opening."""

from datetime import datetime

from yuntai.standard.messages import OpenedBidFacts, OpeningRecorded
from yuntai.trading.opening.models import Opening


def opening_recorded(opening: Opening, *, now: datetime) -> OpeningRecorded:
    """Return the opening record (开标记录) as a message."""
    rows = opening.bids.select_related("envelope").order_by("price_yuan", "bidder_code")
    return OpeningRecorded(
        occurred_at=now,
        lot_code=opening.lot.code,
        tender_code=opening.lot.tender.code,
        opened_at=opening.opened_at,
        set_root=opening.lot.bid_set_close.root,
        bids=tuple(
            OpenedBidFacts(
                bidder_code=row.bidder_code,
                bidder_name=row.bidder_name,
                price_yuan=row.price_yuan,
                duration_days=row.duration_days,
                outcome=row.outcome,  # type: ignore[arg-type]  # one of the same three, checked by the message
                envelope_id=row.envelope.envelope_id,
                header_sha256=row.envelope.header_sha256,
            )
            for row in rows
        ),
    )
