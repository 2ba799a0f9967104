"""Messages behind a hole: kept, a bounded number of them, and taken in when what was missing has come."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db.models import QuerySet

from yuntai.kernel.bulk import insert_rows
from yuntai.kernel.inbox.acceptance import Examined, NotAuthentic, examine
from yuntai.kernel.inbox.models import HeldMessage, InboxStream
from yuntai.standard.envelope import SignedMessage
from yuntai.standard.receipts import MOST_SPANS

MOST_HELD = 500  # of one stream; what comes beyond is not kept, gets no receipt, and is sent again later


class Hole:
    """What waits behind the stream's next number; the caller holds the stream's row lock."""

    def __init__(self, stream: InboxStream) -> None:
        self._stream = stream
        self._digests = _digests(stream) if stream.held else {}
        self._held_at: dict[int, datetime] = {}
        self._new: list[HeldMessage] = []
        self._done: list[int] = []

    def contradicts(self, each: Examined) -> bool:
        """Return whether another content is held under the message's number."""
        return self._digests.get(each.signed.payload.seq, each.digest) != each.digest

    def run(self, new: Sequence[Examined]) -> list[Examined]:
        """Return what follows the stream's last number without a gap, of `new` and of what is held."""
        arrived = {each.signed.payload.seq: each for each in new}
        end = self._stream.last_seq + 1
        while end in arrived or end in self._digests:
            end += 1
        numbers = range(self._stream.last_seq + 1, end)
        held = self._examined([number for number in numbers if number not in arrived])
        return list(_until_gap(arrived | held, numbers))

    def keep(self, behind: Sequence[Examined], now: datetime) -> Iterator[tuple[Examined, datetime]]:
        """Keep messages while there is room; yield each that is kept, and since when."""
        known = self._since([each.signed.payload.seq for each in behind])
        for each in behind:
            payload = each.signed.payload
            if payload.seq not in self._digests:
                if len(self._digests) >= MOST_HELD:
                    return
                self._digests[payload.seq] = each.digest
                facts = {"iss": payload.iss, "stream": payload.stream, "seq": payload.seq}
                signed = each.signed.to_json()
                self._new.append(HeldMessage(**facts, digest=each.digest, signed=signed, held_at=now))
            yield each, known.get(payload.seq, now)

    def drop(self, seq: int) -> None:
        """Forget a message: it was taken in, or the chain does not continue with it."""
        if self._digests.pop(seq, None):
            self._done.append(seq)

    def missing(self, told_seq: int = 0) -> tuple[tuple[int, int], ...]:
        """Return the numbers that have not come, up to the highest held one and to `told_seq`."""
        spans, at = [], self._stream.last_seq + 1
        for seq in sorted(self._digests):
            if seq > at:
                spans.append((at, seq - 1))
            at = seq + 1
        if told_seq >= at:
            spans.append((at, told_seq))
        return tuple(spans[:MOST_SPANS])

    def save(self) -> None:
        """Write what is held now."""
        insert_rows(self._new)
        if self._done:
            self._rows().filter(seq__in=self._done).delete()
        self._stream.held = len(self._digests)

    @staticmethod
    def held(**facts: object) -> HeldMessage | None:
        """Return one held message."""
        return HeldMessage.objects.filter(**facts).first()

    def _rows(self) -> QuerySet[HeldMessage]:
        return HeldMessage.objects.filter(iss=self._stream.iss, stream=self._stream.stream)

    def _since(self, numbers: Sequence[int]) -> dict[int, datetime]:
        known = [number for number in numbers if number in self._digests]
        return dict(self._rows().filter(seq__in=known).values_list("seq", "held_at")) if known else {}

    def _examined(self, numbers: Sequence[int]) -> dict[int, Examined]:
        """Examine held messages again: who may speak can have changed since they came."""
        found: dict[int, Examined] = {}
        for row in self._rows().filter(seq__in=numbers) if numbers else ():
            try:
                found[row.seq] = examine(SignedMessage.model_validate(row.signed))
            except NotAuthentic:
                self.drop(row.seq)
        return found


def _digests(stream: InboxStream) -> dict[int, str]:
    rows = HeldMessage.objects.filter(iss=stream.iss, stream=stream.stream)
    return dict(rows.values_list("seq", "digest"))


def _until_gap(found: dict[int, Examined], numbers: Sequence[int]) -> Iterator[Examined]:
    for number in numbers:
        if number not in found:
            return
        yield found[number]
