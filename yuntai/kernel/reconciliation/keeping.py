"""What this system keeps of a stream, by hour and by part: the sender's outbox or the receiver's inbox."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import TruncHour
from pydantic import ValidationError

from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.reconciliation import (
    HOUR,
    MOST_HOURS,
    MOST_LISTED,
    HourTold,
    Part,
    PartTold,
    hour_of,
    root_of,
    told_digest,
)

AT_ONCE = 5_000  # rows read from the database together
Rows = QuerySet[InboxMessage] | QuerySet[OutboxMessage]
Numbered = tuple[int, str]
"""Number and digest of a message."""
HoursRead = Generator[tuple[datetime, list[Numbered]], None, None]


@dataclass(frozen=True)
class Kept:
    """One stream as this system has it.  author, reader: the two systems, of which this is one."""

    author: str
    reader: str
    stream: str

    @property
    def is_ours(self) -> bool:
        """Whether this system writes the stream."""
        return self.author == settings.SYSTEM_CODE

    def hours(self, since: datetime, until: datetime) -> tuple[list[HourTold], datetime | None]:
        """Return the hours from `since`, before `until`, with messages: at most MOST_HOURS, and the next."""
        found: list[HourTold] = []
        with closing(self._by_hour(since, until)) as hours:
            for hour, numbered in hours:
                if len(found) == MOST_HOURS:
                    return found, hour
                found.append(_hour_told(hour, numbered))
        return found, None

    def parts(self, parts: Sequence[Part]) -> list[PartTold]:
        """Return what is kept of each part; an hour of which several are asked is read once."""
        told: dict[Part, PartTold] = {}
        for hour in {each.hour for each in parts}:
            numbered = self.numbered(hour)
            told |= {part: part_told(part, numbered) for part in parts if part.hour == hour}
        return [told[each] for each in parts]

    def numbered(self, hour: datetime) -> list[Numbered]:
        """Return number and digest of each message signed in the hour, by number."""
        rows = self._rows().filter(signed_at__gte=hour, signed_at__lt=hour + HOUR)
        return [(seq or 0, digest) for seq, digest in rows.order_by("seq").values_list("seq", "digest")]

    def messages(self, numbers: Sequence[int]) -> dict[int, SignedMessage]:
        """Return messages as they were signed, by number; what is not kept, or damaged, is not there."""
        rows = self._rows().filter(seq__in=numbers).order_by("seq").values_list("seq", "signed")
        read = ((seq or 0, _read(signed)) for seq, signed in rows)
        return {seq: signed for seq, signed in read if signed is not None}

    def not_receipted(self, numbers: Sequence[int]) -> list[int]:
        """Return those of our `numbers` that the reader has not receipted yet, by number."""
        rows = OutboxMessage.objects.filter(destination=self.reader, seq__in=numbers, delivered_at=None)
        return [seq or 0 for seq in rows.order_by("seq").values_list("seq", flat=True)]

    def _rows(self) -> Rows:
        if not self.is_ours:
            return InboxMessage.objects.filter(iss=self.author, stream=self.stream)
        rows = OutboxMessage.objects.filter(destination=self.reader, seq__isnull=False)
        return rows if self.stream == self.reader else rows.none()

    def _by_hour(self, since: datetime, until: datetime) -> HoursRead:
        rows = self._rows().filter(signed_at__gte=since, signed_at__lt=until)
        ordered = rows.order_by(TruncHour("signed_at", tzinfo=UTC), "seq")
        # The rows of an hour are numbered and signed, which the types of an outbox do not say.
        found: Iterator[Any] = ordered.values_list("signed_at", "seq", "digest").iterator(chunk_size=AT_ONCE)
        for hour, group in groupby(found, key=lambda row: hour_of(row[0])):
            yield hour, [(seq, digest) for _, seq, digest in group]


def _hour_told(hour: datetime, numbered: Sequence[Numbered]) -> HourTold:
    return HourTold(
        hour=hour,
        count=len(numbered),
        first=numbered[0][0],
        last=numbered[-1][0],
        root=root_of([digest for _, digest in numbered]),
    )


def _read(signed: object) -> SignedMessage | None:
    try:
        return SignedMessage.model_validate(signed)
    except ValidationError:
        return None


def part_told(part: Part, numbered: Sequence[Numbered]) -> PartTold:
    """Return what is told of a part.  numbered: the messages of its hour."""
    within = [(seq, told_digest(digest)) for seq, digest in numbered if part.first <= seq <= part.last]
    return PartTold(
        hour=part.hour,
        first=part.first,
        last=part.last,
        count=len(within),
        root=root_of([digest for _, digest in within]),
        messages=tuple(within) if len(within) <= MOST_LISTED else (),
    )
