"""What passed through the hub, per connected system: counted in the inbox and the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q
from django.db.models.functions import TruncHour

from yuntai.kernel.inbox.models import InboxMessage, LastHeartbeat
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.outbox.unsent import Unsent
from yuntai.law.days import SHANGHAI

# Delay: from the event, as its system dates it, to its arrival here.  What a system dates ahead counts as 0.
_DELAYS = """
SELECT iss,
       percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY greatest(0, extract(epoch FROM
           received_at - (signed #>> '{payload,body,occurred_at}')::timestamptz))::float8)
FROM inbox_inboxmessage
WHERE received_at >= %s AND refusal = '' AND (%s = '' OR iss = %s)
GROUP BY iss
"""


@dataclass(frozen=True)
class Traffic:
    """Messages between the platform and one connected system.

    received_today, rejected_today: since 00:00 in Shanghai; rejected: of those received, at the door.
    last_received_at: None when nothing ever came.  failed: received, and not applied in spite of all tries.
    delay_p50, delay_p99: seconds, of today's messages; None when none came.
    delivered: sent to it and receipted.  waiting: not receipted yet; oldest_waiting_at: when the oldest of
    them was written.  refused: of those delivered, how many it rejected.
    last_heard_at: by heartbeat; None when it never was.
    """

    received_today: int = 0
    rejected_today: int = 0
    received: int = 0
    last_received_at: datetime | None = None
    rejected: int = 0
    failed: int = 0
    delay_p50: float | None = None
    delay_p99: float | None = None
    delivered: int = 0
    waiting: int = 0
    oldest_waiting_at: datetime | None = None
    refused: int = 0
    last_heard_at: datetime | None = None

    @property
    def unsent(self) -> Unsent | None:
        """What waits to be sent to it; None when nothing does."""
        return Unsent(self.waiting, self.oldest_waiting_at) if self.oldest_waiting_at else None


def no_traffic() -> Traffic:
    """Return the traffic of a system that never exchanged anything."""
    return Traffic()


def traffic(*, now: datetime, only: str = "") -> dict[str, Traffic]:
    """Return the traffic of every system that exchanged messages, by code.  only: of this one alone."""
    today = midnight(now)
    received, sent, delays = _received(today, only), _sent(only), _delays(today, only)
    heard = {code: {"last_heard_at": at} for code, at in last_heard().items() if only in ("", code)}
    parts: tuple[dict[str, dict[str, Any]], ...] = (received, sent, delays, heard)
    return {
        code: Traffic(**{name: value for part in parts for name, value in part.get(code, {}).items()})
        for code in received | sent | heard
    }


def last_heard() -> dict[str, datetime]:
    """Return when each connected system was last heard by a heartbeat; one that never was is not in it."""
    return dict(LastHeartbeat.objects.values_list("iss", "heard_at"))


def midnight(now: datetime) -> datetime:
    """Return the start of the day of `now` in Shanghai."""
    return now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)


def _received(today: datetime, only: str) -> dict[str, dict[str, Any]]:
    found = InboxMessage.objects.filter(iss=only) if only else InboxMessage.objects.all()
    since = Q(received_at__gte=today)
    rows = found.values("iss").annotate(
        received=Count("id"),
        received_today=Count("id", filter=since),
        rejected=Count("id", filter=~Q(refusal="")),
        rejected_today=Count("id", filter=since & ~Q(refusal="")),
        failed=Count("id", filter=Q(applied_at=None, refusal="") & ~Q(fault="")),
        last_received_at=Max("received_at"),
    )
    return _by(rows, "iss")


def _sent(only: str) -> dict[str, dict[str, Any]]:
    found = OutboxMessage.objects.filter(destination=only) if only else OutboxMessage.objects.all()
    rows = found.values("destination").annotate(
        delivered=Count("id", filter=Q(delivered_at__isnull=False)),
        waiting=Count("id", filter=Q(delivered_at=None)),
        oldest_waiting_at=Min("created_at", filter=Q(delivered_at=None)),
        refused=Count("id", filter=~Q(refusal="")),
    )
    return _by(rows, "destination")


def _by(rows: Any, name: str) -> dict[str, dict[str, Any]]:
    found: list[Mapping[str, Any]] = list(rows)
    return {row[name]: {key: value for key, value in row.items() if key != name} for row in found}


def _delays(today: datetime, only: str) -> dict[str, dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS, [today, only, only])
        return {code: {"delay_p50": p50, "delay_p99": p99} for code, (p50, p99) in cursor.fetchall()}


def by_hour(*, now: datetime, only: str = "") -> dict[datetime, int]:
    """Return how many messages came in each of the last 24 hours, by the start of the hour.

    only: from this system alone.
    """
    since = now.replace(minute=0, second=0, microsecond=0) - timedelta(hours=23)
    found = InboxMessage.objects.filter(received_at__gte=since)
    found = found.filter(iss=only) if only else found
    rows = (
        found.annotate(hour=TruncHour("received_at", tzinfo=SHANGHAI))
        .values_list("hour")
        .annotate(Count("id"))
    )
    return dict(rows)
