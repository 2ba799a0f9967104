"""Did an acknowledged bid survive, and nothing half-done?  Pure, so that its own tests can plant faults."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence


def lost_or_doubled(
    acknowledged: Collection[str], unknown: Collection[str], stored: Sequence[str]
) -> Iterator[str]:
    """Yield one sentence for each envelope that is not stored as often as it must be.

    acknowledged: envelopes with a receipt: once each.  unknown: whose submit got no answer: at most once.
    """
    times = Counter(stored)
    for envelope_id in acknowledged:
        if times[envelope_id] != 1:
            yield f"{envelope_id} was acknowledged and is stored {times[envelope_id]} times"
    for envelope_id in unknown:
        if times[envelope_id] > 1:
            yield f"{envelope_id} got no answer and is stored {times[envelope_id]} times"
    strangers = set(times) - set(acknowledged) - set(unknown)
    if strangers:
        yield f"{len(strangers)} envelopes are stored that nobody submitted"


def half_done(envelopes: int, sealed_acts: int, commitments: int) -> Iterator[str]:
    """Yield a sentence unless each envelope brought its sealed act and its audit row: one transaction."""
    if not envelopes == sealed_acts == commitments:
        yield f"{envelopes} envelopes, {sealed_acts} sealed acts, {commitments} commitments: not one each"
