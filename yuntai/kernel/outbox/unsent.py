"""How long messages wait to be sent: over a minute is an alarm, for a receiver is down or we are."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min

from yuntai.kernel.outbox.models import OutboxMessage

LONGEST_UNSENT = timedelta(seconds=60)


@dataclass(frozen=True)
class Unsent:
    """What waits for one receiver.  oldest_at: when the oldest of them was written."""

    count: int
    oldest_at: datetime

    def waits(self, now: datetime) -> timedelta:
        """Return how long the oldest has waited."""
        return max(now - self.oldest_at, timedelta(0))

    def is_alarm(self, now: datetime) -> bool:
        """Tell whether it has waited longer than a minute."""
        return self.waits(now) > LONGEST_UNSENT


def unsent_messages() -> Mapping[str, Unsent]:
    """Return what was not receipted yet, numbered or not, by receiver; who has all is not in it."""
    rows = OutboxMessage.objects.filter(delivered_at=None).values("destination")
    found = rows.annotate(count=Count("id"), oldest=Min("created_at"))
    return {row["destination"]: Unsent(row["count"], row["oldest"]) for row in found}
