"""Reads of envelopes: the bidder's own, and what a closed set consists of.  The only door to them."""

from collections.abc import Iterable

from yuntai.kernel.accounts.caller import Caller
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.bids.pseudonyms import pseudonym_of
from yuntai.trading.tenders.models import Lot


def own_envelope(*, caller: Caller, lot: Lot) -> Envelope | None:
    """Return the caller's organization's standing bid in `lot`; None when it has none."""
    own = pseudonym_of(lot.tender.code, caller.organization_code)
    return Envelope.objects.filter(lot=lot, bidder=own, withdrawn_at=None).first()


def standing_envelopes(lot: Lot) -> list[Envelope]:
    """Return the bids of `lot` that were not withdrawn.  For closing and opening only."""
    return list(Envelope.objects.filter(lot=lot, withdrawn_at=None).order_by("envelope_id"))


def sealed_acts(lot: Lot) -> list[SealedAct]:
    """Return the sealed acts on the bids of `lot`.  For closing and opening only."""
    return list(SealedAct.objects.filter(lot=lot).order_by("act_id"))


def is_closed(lot: Lot) -> bool:
    """Return whether the set of bids of `lot` is fixed; the caller holds the tender's lock."""
    return Lot.objects.filter(pk=lot.pk, bid_set_close__isnull=False).exists()


def lots_bid_for(*, caller: Caller, lots: Iterable[Lot]) -> list[Lot]:
    """Return those of `lots` in which the caller's organization has a standing bid, in their order.

    lots: with their tenders.  A tender's lots share one pseudonym, so the lot is compared, too.
    """
    among = list(lots)
    own = {lot.tender_id: pseudonym_of(lot.tender.code, caller.organization_code) for lot in among}
    standing = Envelope.objects.filter(lot__in=among, bidder__in=own.values(), withdrawn_at=None)
    found = set(standing.values_list("lot_id", "bidder"))
    return [lot for lot in among if (lot.pk, own[lot.tender_id]) in found]
