"""Reads of envelopes: the bidder's own, and what a closed set consists of.  The only door to them."""

from django.db.models import QuerySet

from yuntai.kernel.accounts.caller import Caller
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.bids.pseudonyms import pseudonym_of
from yuntai.trading.tenders.models import Lot


def own_envelope(*, caller: Caller, lot: Lot) -> Envelope | None:
    """Return the caller's organization's standing bid in `lot`; None when it has none."""
    own = pseudonym_of(lot.tender.code, caller.organization_code)
    return Envelope.objects.filter(lot=lot, bidder=own, withdrawn_at=None).first()


def own_lots(*, caller: Caller, lots: QuerySet[Lot]) -> list[Lot]:
    """Return those of `lots` in which the caller's organization has a standing bid."""
    pseudonyms = {pseudonym_of(lot.tender.code, caller.organization_code): lot for lot in lots}
    standing = Envelope.objects.filter(bidder__in=pseudonyms, withdrawn_at=None)
    return [pseudonyms[bidder] for bidder in standing.values_list("bidder", flat=True)]


def standing_envelopes(lot: Lot) -> list[Envelope]:
    """Return the bids of `lot` that were not withdrawn.  For closing and opening only."""
    return list(Envelope.objects.filter(lot=lot, withdrawn_at=None).order_by("envelope_id"))


def sealed_acts(lot: Lot) -> list[SealedAct]:
    """Return the sealed acts on the bids of `lot`.  For closing and opening only."""
    return list(SealedAct.objects.filter(lot=lot).order_by("act_id"))
