"""A system of another vendor: keeps its messages in two lists and answers as the published standard says."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import httpx

from yuntai.kernel.inbox.services import receive_batch
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.publicservice.tests.factories import KEYS, NOW, by_hand, stream
from yuntai.standard import reconciliation as standard
from yuntai.standard.envelope import SignedMessage, payload_digest
from yuntai.standard.messages import Message
from yuntai.standard.receipts import Batch
from yuntai.standard.reconciliation import (
    HOUR,
    Answer,
    Asked,
    HourTold,
    Part,
    PartTold,
    Question,
    hour_of,
    root_of,
)
from yuntai.trust import signing


@dataclass
class Counterpart:
    """sent, received: messages by number.  now: by its clock.  asked: what came.  is_down: answers 503."""

    code: str
    now: datetime
    sent: dict[int, SignedMessage] = field(default_factory=dict)
    received: dict[int, SignedMessage] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    is_down: bool = False
    key: bytes = b""

    def http(self) -> httpx.Client:
        """Return a way to ask it."""
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def send(self, folder: Path, *messages: Message, now: datetime = NOW) -> None:
        """Send messages to the platform, which takes them in."""
        numbering = stream(self.code, folder)
        signed = [numbering.next(message, now=now) for message in messages]
        for first in range(0, len(signed), 100):
            batch = Batch(messages=tuple(signed[first : first + 100]))
            numbering.settle(receive_batch(batch=batch, address="", now=now))
        self.sent |= {each.payload.seq: each for each in signed}

    def take_all(self) -> None:
        """Have what the platform numbered for it, and let it be receipted."""
        rows = OutboxMessage.objects.filter(destination=self.code, seq__isnull=False)
        for row in rows:
            self.received[row.seq or 0] = SignedMessage.model_validate(row.signed)
        by_hand(lambda: rows.update(delivered_at=self.now))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if self.is_down:
            return httpx.Response(503, json={"detail": "系统维护中，请稍后再试。"})
        assert request.url.path == "/exchange/v1/reconciliation"
        question = Question.model_validate_json(request.content)
        asked = question.asked
        assert standard.verify(question, signing.public_key(KEYS["publicservice"]))
        self.asked.append(asked)
        kept = self.sent if asked.author == self.code else self.received
        answer = Answer(
            receiver=self.code,
            sender=asked.iss,
            question=standard.asked_digest(asked),
            answered_at=self.now,
            closed_until=hour_of(self.now),
            hours=tuple(self._hours(kept, asked)),
            parts=tuple(_part(kept, each) for each in asked.parts),
            messages=tuple(kept[seq] for seq in asked.wanted if seq in kept),
        )
        signed = standard.sign_answer(answer, self.key or KEYS[self.code])
        return httpx.Response(200, text=signed.model_dump_json())

    def _hours(self, kept: dict[int, SignedMessage], asked: Asked) -> list[HourTold]:
        if asked.hours is None:
            return []
        until = min(asked.hours.until, hour_of(self.now))
        found = sorted({hour_of(each.payload.iat) for each in kept.values()})
        return [_hour(kept, hour) for hour in found if asked.hours.since <= hour < until]


def _within(kept: dict[int, SignedMessage], hour: datetime) -> list[int]:
    return sorted(seq for seq, each in kept.items() if hour <= each.payload.iat < hour + HOUR)


def _root(kept: dict[int, SignedMessage], numbers: list[int]) -> str:
    return root_of([payload_digest(kept[seq].payload) for seq in numbers])


def _hour(kept: dict[int, SignedMessage], hour: datetime) -> HourTold:
    numbers = _within(kept, hour)
    return HourTold(
        hour=hour, count=len(numbers), first=numbers[0], last=numbers[-1], root=_root(kept, numbers)
    )


def _part(kept: dict[int, SignedMessage], part: Part) -> PartTold:
    numbers = [seq for seq in _within(kept, part.hour) if part.first <= seq <= part.last]
    listed = [(seq, payload_digest(kept[seq].payload)) for seq in numbers] if len(numbers) <= 64 else []
    return PartTold(
        **part.model_dump(), count=len(numbers), root=_root(kept, numbers), messages=tuple(listed)
    )
