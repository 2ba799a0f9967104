"""Reads of openings, and what the holders are asked for."""

from collections.abc import Iterable

from django.db.models import QuerySet

from yuntai.trading.bids.queries import sealed_acts, standing_envelopes
from yuntai.trading.opening.models import (
    BidSetClose,
    FailedOpening,
    OpenedBid,
    Opening,
    Outcome,
    ShareRelease,
)
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
    """Yield the closed sets that are not open yet and lack good shares of the holder `letter`.

    A holder whose release does not fit in all is asked again: it may have mended what was wrong.
    """
    closes = BidSetClose.objects.filter(lot__final_status="", lot__opening=None)
    suspended = closes.filter(lot__tender__suspensions__ended_at=None, lot__tender__suspensions__isnull=False)
    for close in closes.exclude(pk__in=suspended).select_related("lot__tender"):
        release = standing_releases(close.lot).get(letter)
        if release is None or release.misfits:
            yield close


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


def standing_releases(lot: Lot) -> dict[str, ShareRelease]:
    """Return each holder's newest release for `lot`, by letter."""
    return {each.letter: each for each in ShareRelease.objects.filter(lot=lot).order_by("id")}


def last_failure(lot: Lot) -> FailedOpening | None:
    """Return the last attempt to open `lot` that left it sealed, None when there was none."""
    return FailedOpening.objects.filter(lot=lot).order_by("-id").first()


def lots_opened_with(organization_code: str) -> QuerySet[Lot]:
    """Return the lots in whose opening record the organization stands."""
    return Lot.objects.filter(opening__bids__bidder_code=organization_code)
