"""When did a tender stand still?  Its suspensions, those that overlap taken together.  Pure."""

from collections.abc import Iterable
from datetime import UTC, datetime

from yuntai.trading.tenders.models import Suspension

NOT_YET = datetime.max.replace(tzinfo=UTC)


def standing_times(suspensions: Iterable[Suspension]) -> list[list[Suspension]]:
    """Return the times in which the tender stood still, oldest first.

    Each is the suspensions that overlap one another, as they were lifted; what stands comes last.
    One that ended at the very instant the next began was followed by a moment of running.
    """
    times: list[list[Suspension]] = []
    for each in sorted(suspensions, key=lambda one: (one.began_at, one.pk)):
        if times and any(each.began_at < end_of(other) for other in times[-1]):
            times[-1].append(each)
        else:
            times.append([each])
    return [sorted(time, key=lambda one: (end_of(one), one.pk)) for time in times]


def end_of(suspension: Suspension) -> datetime:
    """Return when it was lifted, `NOT_YET` while it stands."""
    return suspension.ended_at or NOT_YET
