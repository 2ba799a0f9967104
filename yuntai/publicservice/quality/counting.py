"""Counts, in the inbox, what each system reported between two instants."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import Count, Q

from yuntai.kernel.inbox.models import InboxMessage
from yuntai.law.days import SHANGHAI
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.quality.measures import (
    CONTRACT_WITHIN,
    OPENING_WITHIN,
    PROMPT,
    Counts,
    FollowUps,
)
from yuntai.standard.datasets import UnknownDataSet, data_set

_MESSAGES = """
WITH told AS (
  SELECT iss, type, refusal <> '' AS is_rejected,
         greatest(0, extract(epoch FROM received_at
             - (signed #>> '{payload,body,occurred_at}')::timestamptz))::float8 AS delay
  FROM inbox_inboxmessage WHERE received_at >= %s AND received_at < %s AND refusal = ''
)
SELECT iss, count(*) FILTER (WHERE delay <= %s),
       percentile_cont(0.5) WITHIN GROUP (ORDER BY delay),
       percentile_cont(0.99) WITHIN GROUP (ORDER BY delay),
       count(*) FILTER (WHERE type = 'exchange.record.corrected.v1')
FROM told GROUP BY iss
"""
# A record that was not rejected has every required field, so what it has beyond them is optional.
_RECORDS = """
SELECT iss, (signed #>> '{payload,body,data_set}')::int, count(*),
       sum((SELECT count(*) FROM jsonb_object_keys(signed #> '{payload,body,fields}')))
FROM inbox_inboxmessage
WHERE received_at >= %s AND received_at < %s AND refusal = ''
  AND type IN ('exchange.record.submitted.v1', 'exchange.record.corrected.v1')
  AND signed #>> '{payload,body,action}' <> 'delete'
GROUP BY 1, 2
"""


@dataclass(frozen=True)
class Counted:
    """counts, and the delays in seconds; None when nothing that counts came."""

    counts: Counts
    delay_p50: float | None = None
    delay_p99: float | None = None


def day_bounds(day: date) -> tuple[datetime, datetime]:
    """Return where a day in Shanghai begins and where the next one does."""
    begins = datetime.combine(day, time.min, SHANGHAI)
    return begins, begins + timedelta(days=1)


def count(since: datetime, until: datetime) -> dict[str, Counted]:
    """Return what each system reported from `since` (included) to `until` (not included), by code."""
    received = _received(since, until)
    with connection.cursor() as cursor:
        cursor.execute(_MESSAGES, [since, until, PROMPT.total_seconds()])
        delays = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_RECORDS, [since, until])
        fields: dict[str, tuple[int, int]] = {}
        for iss, number, records, keys in cursor.fetchall():
            optional, filled = _optional(number, records, int(keys))
            before = fields.get(iss, (0, 0))
            fields[iss] = (before[0] + optional, before[1] + filled)
    return {
        iss: _counted(all_of, rejected, delays.get(iss), fields.get(iss, (0, 0)))
        for iss, (all_of, rejected) in received.items()
    }


def follow_ups(*, now: datetime) -> dict[str, FollowUps]:
    """Return, by system, which follow-up messages must have come by now and which have not."""
    going_on = Q(suspended_at=None) & ~Q(final_status__in=["unsuccessful", "cancelled"])
    opening_due = going_on & Q(bids_due_at__lt=now - OPENING_WITHIN)
    contract_due = going_on & Q(awarded_at__lt=now - CONTRACT_WITHIN)
    rows = (
        PublicTender.objects.filter(history=False)
        .values_list("system")
        .annotate(
            opening_due=Count("id", filter=opening_due),
            no_opening=Count("id", filter=opening_due & Q(opened_at=None)),
            contract_due=Count("id", filter=contract_due),
            no_contract=Count("id", filter=contract_due & Q(contract_signed_at=None)),
        )
    )
    return {system: FollowUps(first + second, lacks + more) for system, first, lacks, second, more in rows}


def _received(since: datetime, until: datetime) -> dict[str, tuple[int, int]]:
    rows = InboxMessage.objects.filter(received_at__gte=since, received_at__lt=until).values_list("iss")
    counted = rows.annotate(Count("id"), rejected=Count("id", filter=~Q(refusal="")))
    return {iss: (number, rejected) for iss, number, rejected in counted}


def _counted(
    received: int, rejected: int, delays: tuple[int, float, float, int] | None, fields: tuple[int, int]
) -> Counted:
    prompt, p50, p99, corrections = delays or (0, None, None, 0)
    counts = Counts(received, rejected, prompt, fields[0], fields[1], corrections)
    return Counted(counts, p50, p99)


def _optional(number: int, records: int, keys: int) -> tuple[int, int]:
    """Return how many optional fields records of a set could have had, and had.  keys: all their fields."""
    try:
        known = data_set(number).fields
    except UnknownDataSet:
        return 0, 0
    required = sum(field.required for field in known)
    optional = len(known) - required
    return records * optional, keys - records * required
