"""One number with two contents: refused, kept as evidence once, told to whom the system names."""

from collections.abc import Sequence
from datetime import datetime

import pytest
from django.test import Client
from pytest_django import Settings

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.door import Forked
from yuntai.kernel.inbox.models import InboxMessage, StreamFork
from yuntai.kernel.tests.exchange import NOW, US, HubStream, receive, registered, states
from yuntai.standard.receipts import Batch

pytestmark = pytest.mark.django_db(transaction=True)
ALARMS: list[tuple[str, datetime]] = []


def remember(forks: Sequence[StreamFork], now: datetime) -> None:
    ALARMS.extend((str(fork), now) for fork in forks)


@pytest.fixture(autouse=True)
def _alarm(settings: Settings) -> None:
    ALARMS.clear()
    settings.INBOX_ON_FORK = "yuntai.kernel.tests.test_fork_alarm.remember"


def test_keeps_both_and_tells_once() -> None:
    receive(HubStream(US).next(registered(name="甲")))
    other = HubStream(US).next(registered(name="乙"))

    for _ in range(3):
        with pytest.raises(Forked, match="第 1 号已收到内容不同的报文"):
            receive(other)

    fork = StreamFork.objects.get()
    assert (fork.kept["payload"]["body"]["name"], fork.signed["payload"]["body"]["name"]) == ("甲", "乙")
    assert [(f"publicservice/{US}/1", NOW)] == ALARMS
    assert InboxMessage.objects.get().signed["payload"]["body"]["name"] == "甲"
    assert AuditEntry.objects.filter(act="receive-messages").latest("id").detail["forks"] == [fork.digest]


def test_what_came_before_it_in_the_batch_is_safe_and_nothing_behind_it() -> None:
    stream, other = HubStream(US), HubStream(US)
    first, second, third = stream.batch(3).messages
    other.next(registered(name="另一份"))
    denying = other.next(registered())

    answer = receive(first, denying, third)

    assert (states(answer), answer.expected_seq) == ([(1, "received")], 2)
    assert [(f"publicservice/{US}/2", NOW)] == ALARMS
    assert states(receive(second, third)) == [(2, "received"), (3, "received")]


def test_answers_409_over_http(client: Client) -> None:
    receive(HubStream(US).next(registered(name="甲")))
    batch = Batch(messages=(HubStream(US).next(registered(name="乙")),))

    answer = client.post("/exchange/v1/messages", batch.model_dump_json(), content_type="application/json")

    assert (answer.status_code, answer.json()["type"]) == (409, "urn:problem:stream-forked")
