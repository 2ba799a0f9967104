"""The sender against a receiver that is busy, that forgets, and that tells what it did."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import pytest
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.outbox import sender as outbox_sender
from yuntai.kernel.outbox.models import KeptAnswer, OutboxMessage
from yuntai.kernel.outbox.sender import Sender
from yuntai.kernel.outbox.sequencer import number_messages
from yuntai.kernel.outbox.services import publish_all
from yuntai.kernel.peers import own_key
from yuntai.kernel.tests.exchange import HUB, HUB_KEY, NOW, registered
from yuntai.standard import heartbeat as standard
from yuntai.standard import receipts
from yuntai.standard.client import Outgoing
from yuntai.standard.envelope import payload_digest
from yuntai.standard.heartbeat import Heartbeat, HeartbeatAnswer, Outcome, Processed, StreamState, Told
from yuntai.standard.receipts import Batch, Receipt, spans_of
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@dataclass
class Hub:
    """held: digest by number.  outcome: of all it has.  busy: answers 429.  is_deaf: to heartbeats."""

    held: dict[int, str] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)
    beats: list[Told] = field(default_factory=list)
    outcome: Outcome = "ok"
    credit: int = 100
    busy: bool = False
    is_deaf: bool = False

    def sender(self) -> Sender:
        return Sender(http=httpx.Client(transport=httpx.MockTransport(self.answer)), chance=lambda: 0.0)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/heartbeats"):
            if self.is_deaf:
                return httpx.Response(400, json={"detail": "心跳时刻不晚于上一次心跳"})
            return self._beat(Heartbeat.model_validate_json(request.content))
        batch = Batch.model_validate_json(request.content)
        self.sizes.append(len(batch.messages))
        if self.busy:
            return httpx.Response(429, json={"detail": "暂不接收"}, headers={"Retry-After": "7"})
        taken = []
        for each in batch.messages:
            if each.payload.seq == self.expected:
                self.held[each.payload.seq] = payload_digest(each.payload)
            if each.payload.seq in self.held:
                taken.append(self._receipt(each.payload.seq))
        answer = receipts.sign(
            receiver=HUB,
            receipts=taken,
            expected_seq=self.expected,
            credit=self.credit,
            private_key=HUB_KEY,
        )
        return httpx.Response(200, text=answer.model_dump_json())

    @property
    def expected(self) -> int:
        return next(number for number in range(1, 10_000) if number not in self.held)

    def _receipt(self, seq: int) -> Receipt:
        return Receipt(
            iss="trading-construction",
            stream=HUB,
            seq=seq,
            digest=self.held[seq],
            state="received",
            received_at=NOW,
        )

    def _beat(self, heartbeat: Heartbeat) -> httpx.Response:
        assert standard.verify(heartbeat, signing.public_key(own_key()))
        self.beats.append(heartbeat.told)
        (told,) = heartbeat.told.streams
        asked = [seq for first, last in told.awaiting for seq in range(first, last + 1) if seq in self.held]
        state = StreamState(
            stream=told.stream,
            expected_seq=self.expected,
            missing=spans_of(seq for seq in range(1, told.last_seq + 1) if seq not in self.held),
            processed=tuple(
                Processed(seq=seq, digest=self.held[seq], outcome=self.outcome, processed_at=NOW)
                for seq in asked[:1000]
            ),
        )
        answer = standard.sign_answer(
            receiver=HUB,
            to=heartbeat.told,
            streams=[state],
            credit=self.credit,
            now=NOW,
            private_key=HUB_KEY,
        )
        return httpx.Response(200, text=answer.model_dump_json())


def publish(count: int, name: Callable[[int], str] = "单位{}".format) -> None:
    with transaction.atomic():
        publish_all([registered(name=name(number)) for number in range(count)], now=NOW)
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)
    while number_messages(now=NOW):
        pass


def send_all(sender: Sender, now: datetime = NOW) -> None:
    while sender.send_due(now=now):
        pass


def unprocessed() -> list[int | None]:
    return list(OutboxMessage.objects.filter(processed_at=None).order_by("seq").values_list("seq", flat=True))


def test_keeps_a_message_until_its_handling_came_to_an_end() -> None:
    hub = Hub(outcome="quarantined")
    publish(3)
    sender = hub.sender()
    send_all(sender)
    sender.beat_due(now=NOW)
    assert (unprocessed(), KeptAnswer.objects.count()) == ([1, 2, 3], 2)
    sender.beat_due(now=NOW + 30 * SECOND)
    assert KeptAnswer.objects.count() == 2, "a quarantine is noted once"

    hub.outcome = "ok"
    assert sender.beat_due(now=NOW + 60 * SECOND) == 3

    row = OutboxMessage.objects.get(seq=2)
    assert row.processed_at == NOW
    assert row.handling is not None
    kept = HeartbeatAnswer.model_validate_json(json.dumps(row.handling.answer))
    assert standard.verify_answer(
        kept, to=hub.beats[-1], receiver=HUB, public_key=signing.public_key(HUB_KEY)
    )
    sender.beat_due(now=NOW + 90 * SECOND)
    assert [told.streams[0].awaiting for told in hub.beats[-2:]] == [((1, 3),), ()]


def test_beats_every_thirty_seconds() -> None:
    hub = Hub()
    publish(1)
    sender = hub.sender()

    for second in range(61):
        sender.beat_due(now=NOW + second * SECOND)

    assert [told.at - NOW for told in hub.beats] == [0 * SECOND, 30 * SECOND, 60 * SECOND]


def test_asks_again_at_once_while_an_answer_is_full() -> None:
    hub = Hub()
    publish(1200)
    sender = hub.sender()
    send_all(sender)

    assert sender.beat_due(now=NOW) == 1000
    assert sender.beat_due(now=NOW + SECOND) == 200
    assert sender.beat_due(now=NOW + 2 * SECOND) == 0

    assert len(hub.beats) == 2
    assert unprocessed() == []


def test_sends_again_what_the_receiver_lost_after_its_receipt() -> None:
    hub = Hub()
    publish(5)
    sender = hub.sender()
    send_all(sender)
    before = dict(hub.held)
    del hub.held[2], hub.held[4]

    sender.beat_due(now=NOW)
    send_all(sender)
    send_all(sender)

    assert hub.held == before


def test_goes_back_to_where_a_receiver_without_a_heartbeat_waits() -> None:
    hub = Hub()
    publish(3)
    sender = hub.sender()
    send_all(sender)
    before = dict(hub.held)
    hub.held = {1: hub.held[1]}
    publish(1)

    assert sender.send_due(now=NOW) == 0
    send_all(sender)

    assert sorted(hub.held) == [1, 2, 3, 4]
    assert before.items() <= hub.held.items()


def test_halves_its_batch_when_the_receiver_is_busy_and_grows_by_one() -> None:
    hub = Hub(busy=True)
    publish(400)
    sender = hub.sender()

    for turn in range(3):
        sender.send_due(now=NOW + turn * 7 * SECOND)
    assert sender.send_due(now=NOW + 20 * SECOND) == 0
    assert hub.sizes == [100, 50, 25], "not before Retry-After has passed"
    hub.busy = False
    for _ in range(4):
        sender.send_due(now=NOW + 21 * SECOND)

    assert hub.sizes[3:] == [12, 13, 14, 15]


def test_sends_no_more_than_the_receiver_has_room_for() -> None:
    hub = Hub(credit=8)
    publish(120)
    sender = hub.sender()

    sender.send_due(now=NOW)
    sender.send_due(now=NOW)

    assert hub.sizes == [100, 8]


def test_waits_when_there_is_no_room() -> None:
    hub = Hub(credit=0)
    publish(120)
    sender = hub.sender()
    sender.send_due(now=NOW)

    assert sender.send_due(now=NOW + 29 * SECOND) == 0
    assert sender.send_due(now=NOW + 30 * SECOND) == 1

    assert hub.sizes == [100, 1]


def test_a_batch_holds_no_more_bytes_than_it_may_and_at_least_one_message(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    hub = Hub()
    publish(3)
    row = OutboxMessage.objects.get(seq=1)
    size = len(Outgoing.of(row.signed or {}, row.digest).content)
    sender = hub.sender()

    for most in (2 * size, size - 1):
        monkeypatch.setattr(outbox_sender, "MOST_BYTES", most)
        sender.send_due(now=NOW)

    assert hub.sizes == [2, 1]


def test_a_refused_heartbeat_holds_up_no_message() -> None:
    hub = Hub(is_deaf=True)
    publish(2)
    sender = hub.sender()

    sender.beat_due(now=NOW)

    assert sender.send_due(now=NOW) == 2
    hub.is_deaf = False
    assert sender.beat_due(now=NOW + 4 * SECOND) == 0
    assert sender.beat_due(now=NOW + 5 * SECOND) == 2
