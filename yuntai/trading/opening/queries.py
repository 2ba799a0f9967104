"""Reads of openings, and what the holders are asked for."""

from collections.abc import Iterable

from django.db.models import QuerySet

from yuntai.trading.bids.queries import sealed_acts, standing_envelopes
from yuntai.trading.opening.models import BidSetClose, OpenedBid, Opening, Outcome, ShareRelease
from yuntai.trading.tenders.models import Lot


def opening_of(lot: Lot) -> Opening | None:
    """Return the opening of `lot`, None before it."""
    return Opening.objects.filter(lot=lot).first()


def opened_bids(lot: Lot) -> list[OpenedBid]:
    """Return the bids of `lot` that opened, by price."""
    return list(
        OpenedBid.objects.filter(opening__lot=lot, outcome=Outcome.OPENED).order_by(
            "price_yuan", "bidder_code"
        )
    )


def closes_wanting(letter: str) -> Iterable[BidSetClose]:
    """Yield the closed sets that are not open yet and lack the shares of the holder `letter`."""
    closes = BidSetClose.objects.filter(lot__final_status="", lot__opening=None)
    suspended = closes.filter(lot__tender__suspensions__ended_at=None, lot__tender__suspensions__isnull=False)
    lacking = closes.exclude(lot__share_releases__letter=letter).exclude(pk__in=suspended)
    return lacking.select_related("lot__tender")


def closed_headers(lot: Lot) -> list[dict[str, object]]:
    """Return the headers of the lot's standing bids and sealed acts: the set that is closed, and released."""
    bids: list[dict[str, object]] = [each.header for each in standing_envelopes(lot)]
    return bids + [each.header for each in sealed_acts(lot)]


def opening_record(lot: Lot) -> list[OpenedBid]:
    """Return every envelope of an opened lot, by price; those that did not open last."""
    rows = OpenedBid.objects.filter(opening__lot=lot).select_related("envelope")
    return sorted(rows, key=lambda row: (row.price_yuan is None, row.price_yuan or 0, row.bidder_code))


def close_of(lot: Lot) -> BidSetClose | None:
    """Return the closed set of `lot`, None before it is fixed."""
    return BidSetClose.objects.filter(lot=lot).first()


def releases_of(lot: Lot) -> list[ShareRelease]:
    """Return the holders' releases for `lot`, in the order they came."""
    return list(ShareRelease.objects.filter(lot=lot).order_by("received_at", "letter"))


def lots_opened_with(organization_code: str) -> QuerySet[Lot]:
    """Return the lots in whose opening record the organization stands."""
    return Lot.objects.filter(opening__bids__bidder_code=organization_code)
