"""Sends numbered messages in order, keeps the receiver's signed receipts, and tells how far it is."""

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
from django.conf import settings

from yuntai.kernel.errors import DomainError
from yuntai.kernel.outbox.models import OutboxMessage, OutboxStream
from yuntai.kernel.outbox.receipts import awaiting, keep_handling, keep_receipts, reopen
from yuntai.kernel.peers import active_peer, own_key
from yuntai.standard.client import ExchangeClient, ExchangeError, ExchangeRefused, Outgoing
from yuntai.standard.heartbeat import MOST_PROCESSED, SECONDS, StreamTold, Told
from yuntai.standard.receipts import MOST_MESSAGES, ReceiptBatch

log = logging.getLogger(__name__)
MOST_BYTES = 1024 * 1024  # of one batch; a single larger message still goes, alone
MESSAGES_PATH = "/exchange/v1/messages"
LONGEST_WAIT = timedelta(seconds=30)
BEAT = timedelta(seconds=SECONDS)
SOONER = timedelta(seconds=5)  # while a message is not processed yet

Chance = Callable[[], float]
"""Returns a random number from 0 and below 1."""


@dataclass
class Line:
    """What a sender knows of one receiver.

    window: how many messages it sends at once: halved when the receiver is busy, one more after each success.
    credit: how many the receiver last said it takes.
    chance: spreads the tries, so that senders that failed together do not come back together.
    """

    chance: Chance = field(default_factory=lambda: random.SystemRandom().random)
    failures: int = 0
    not_before: datetime | None = None
    window: int = MOST_MESSAGES
    credit: int = MOST_MESSAGES
    beat_due_at: datetime | None = None

    @property
    def most(self) -> int:
        """How many messages the next batch may have."""
        return max(1, min(self.window, self.credit))

    def note_success(self, credit: int) -> None:
        """The receiver answered."""
        self.failures, self.not_before = 0, None
        self.window, self.credit = min(MOST_MESSAGES, self.window + 1), credit

    def note_failure(self, error: Exception, now: datetime) -> None:
        """It did not, or refused: wait, each time longer, and at least as long as it asks.

        From half the time to the whole; from what the receiver asks for to half as long again.
        """
        self.failures += 1
        longest = min(timedelta(seconds=0.25 * 2 ** min(self.failures, 8)), LONGEST_WAIT)
        wait = longest * (0.5 + self.chance() / 2)
        if isinstance(error, ExchangeRefused) and error.status == httpx.codes.TOO_MANY_REQUESTS:
            self.window = max(1, self.most // 2)
            asked = max(timedelta(seconds=error.retry_after), timedelta(seconds=0.25))
            wait = asked * (1 + self.chance() / 2)
        self.not_before = now + wait

    def note_no_beat(self, error: Exception, now: datetime) -> None:
        """It took no heartbeat: that holds up no message."""
        self.beat_due_at = now + SOONER


@dataclass
class Sender:
    """Sends to every destination; one that does not answer is tried again later and holds up no other."""

    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=10))
    chance: Chance = field(default_factory=lambda: random.SystemRandom().random)
    _lines: dict[str, Line] = field(default_factory=dict)

    def send_due(self, *, now: datetime) -> int:
        """Send one batch to each destination that has messages waiting; return how many were receipted."""
        waiting = OutboxMessage.objects.filter(delivered_at=None, seq__isnull=False)
        destinations = waiting.values_list("destination", flat=True).distinct()
        return sum(self._try(self._send_batch, Line.note_failure, each, now) for each in destinations)

    def beat_due(self, *, now: datetime) -> int:
        """Tell each destination how far its stream is: every 30 seconds, sooner while receipts are awaited.

        Return how many receipts for the handling came.
        """
        due = [
            destination
            for destination in OutboxStream.objects.values_list("destination", flat=True)
            if (at := self._line(destination).beat_due_at) is None or now >= at
        ]
        return sum(self._try(self._beat, Line.note_no_beat, destination, now) for destination in due)

    def _line(self, destination: str) -> Line:
        return self._lines.setdefault(destination, Line(self.chance))

    def _try(
        self,
        work: Callable[[str, datetime], int],
        note: Callable[[Line, Exception, datetime], None],
        destination: str,
        now: datetime,
    ) -> int:
        line = self._line(destination)
        if line.not_before is not None and now < line.not_before:
            return 0
        try:
            return work(destination, now)
        except (httpx.HTTPError, ExchangeError, DomainError) as error:
            note(line, error, now)
            log.warning("%s does not answer (try %d): %s", destination, line.failures, error)
            return 0

    def _send_batch(self, destination: str, now: datetime) -> int:
        line = self._line(destination)
        waiting = OutboxMessage.objects.filter(destination=destination, delivered_at=None, seq__isnull=False)
        rows = list(waiting.defer("body").order_by("seq")[: line.most])
        batch = _within_bytes([Outgoing.of(row.signed or {}, row.digest) for row in rows])
        answer = self._client(destination).post(batch)
        kept = keep_receipts(destination, rows, answer, now=now)
        if not (_reopen_before(rows[0].seq or 0, destination, answer, now) or kept):
            said = f"接收方正等待第 {answer.expected_seq} 号报文，本系统没有可补发的。"
            raise ExchangeRefused(httpx.codes.CONFLICT, said)
        line.note_success(answer.credit)
        if answer.credit == 0:
            line.not_before = now + LONGEST_WAIT
        return kept

    def _beat(self, destination: str, now: datetime) -> int:
        stream = OutboxStream.objects.get(destination=destination)
        told = StreamTold(stream=destination, last_seq=stream.last_seq, awaiting=awaiting(destination))
        client = self._client(destination)
        answer = client.beat(
            Told(v=1, iss=settings.SYSTEM_CODE, aud=destination, at=now, streams=(told,)), own_key()
        )
        kept = keep_handling(destination, answer, now=now)
        line = self._line(destination)
        line.credit = answer.credit
        open_ones = sum(last - first + 1 for first, last in told.awaiting) - kept
        line.beat_due_at = now if kept >= MOST_PROCESSED else now + (SOONER if open_ones else BEAT)
        return kept

    def _client(self, destination: str) -> ExchangeClient:
        return client_of(destination, self.http)


def client_of(code: str, http: httpx.Client) -> ExchangeClient:
    """Return how to speak to the connected system `code`.

    :raises UnknownPeer, PeerSuspended: nothing is exchanged with it.
    """
    receiver = active_peer(code)
    return ExchangeClient(
        url=f"{receiver.url}{MESSAGES_PATH}",
        receiver_code=code,
        receiver_public_key=receiver.public_key,
        transport=http,
    )


def _within_bytes(messages: list[Outgoing]) -> list[Outgoing]:
    """Return the first messages that one batch can carry, at least one."""
    size = 0
    for place, each in enumerate(messages):
        size += len(each.content)
        if size > MOST_BYTES and place:
            return messages[:place]
    return messages


def _reopen_before(first: int, destination: str, answer: ReceiptBatch, now: datetime) -> int:
    """Have sent again what the receiver misses before number `first`; return how many."""
    if answer.expected_seq >= first:
        return 0
    missing = [span for span in answer.missing if span[0] < first] or [(answer.expected_seq, first - 1)]
    return reopen(destination, missing, now=now)
