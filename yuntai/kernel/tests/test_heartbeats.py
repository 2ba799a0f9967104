"""answer_heartbeat …"""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import Settings

from yuntai.kernel.inbox.acceptance import NotAuthentic
from yuntai.kernel.inbox.apply import TRIES, apply_messages
from yuntai.kernel.inbox.heartbeats import OldHeartbeat, answer_heartbeat
from yuntai.kernel.inbox.models import LastHeartbeat
from yuntai.kernel.inbox.stuck import release_messages
from yuntai.kernel.peers import own_key
from yuntai.kernel.tests import test_apply_messages as applying
from yuntai.kernel.tests.exchange import (
    HUB,
    HUB_KEY,
    NOW,
    STRANGER_KEY,
    US,
    HubStream,
    directed,
    receive,
    registered,
)
from yuntai.standard import heartbeat as standard
from yuntai.standard.envelope import payload_digest
from yuntai.standard.heartbeat import Heartbeat, HeartbeatAnswer, Processed, StreamTold, Told
from yuntai.trust import clock, signing

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _handlers(settings: Settings) -> None:
    settings.INBOX_HANDLERS = "yuntai.kernel.tests.test_apply_messages.HANDLERS"
    applying.APPLIED.clear()
    applying.FAULTY.clear()


def beat(
    last_seq: int, *awaiting: tuple[int, int], at: datetime = NOW, key: bytes = HUB_KEY, **changes: str
) -> Heartbeat:
    told = Told(
        v=1, iss=HUB, aud=US, at=at, streams=(StreamTold(stream=US, last_seq=last_seq, awaiting=awaiting),)
    )
    return standard.sign(told.model_copy(update=changes), key)


def ask(last_seq: int, *awaiting: tuple[int, int], at: datetime = NOW) -> HeartbeatAnswer:
    return answer_heartbeat(heartbeat=beat(last_seq, *awaiting, at=at), now=at)


def outcomes(answer: HeartbeatAnswer) -> list[tuple[int, str]]:
    return [(each.seq, each.outcome) for each in answer.streams[0].processed]


def test_sees_that_the_last_message_was_lost() -> None:
    receive(*HubStream(US).batch(2).messages)

    state = ask(5).streams[0]

    assert (state.expected_seq, state.missing) == (3, ((3, 5),))


def test_sees_that_nothing_ever_came() -> None:
    state = ask(3).streams[0]

    assert (state.expected_seq, state.missing) == (1, ((1, 3),))


def test_names_only_what_is_not_held() -> None:
    messages = HubStream(US).batch(5).messages
    receive(messages[0])
    receive(messages[2])

    assert ask(5).streams[0].missing == ((2, 2), (4, 5))


def test_is_signed_and_answers_this_very_heartbeat() -> None:
    question = beat(0)

    answer = answer_heartbeat(heartbeat=question, now=NOW)

    ours = signing.public_key(own_key())
    assert standard.verify_answer(answer, to=question.told, receiver=US, public_key=ours)
    other = beat(1).told
    assert not standard.verify_answer(answer, to=other, receiver=US, public_key=ours)


def test_tells_what_became_of_the_messages_asked_for() -> None:
    stream = HubStream(US)
    applying.FAULTY.add("坏")
    first = stream.next(registered(name="好"))
    receive(first, stream.next(directed()), stream.next(registered(code=applying.OTHER, name="坏")))
    assert outcomes(ask(3, (1, 3))) == [(2, "rejected")]

    for hour in range(TRIES):
        apply_messages(now=NOW + timedelta(hours=hour))

    later = NOW + timedelta(days=1)
    answer = ask(3, (1, 3), at=later)
    assert outcomes(answer) == [(1, "ok"), (2, "rejected"), (3, "quarantined")]
    assert answer.streams[0].processed[0] == Processed(
        seq=1, digest=payload_digest(first.payload), outcome="ok", processed_at=NOW
    )
    assert "planted" not in answer.streams[0].processed[2].reason, "what fails inside is not told outside"
    assert outcomes(ask(3, (2, 2), at=later + SECOND)) == [(2, "rejected")]


def test_a_released_message_ends_well_after_all() -> None:
    applying.FAULTY.add("坏")
    receive(HubStream(US).next(registered(name="坏")))
    for hour in range(TRIES):
        apply_messages(now=NOW + timedelta(hours=hour))
    applying.FAULTY.clear()
    later = NOW + timedelta(days=1)

    release_messages([], by="周运营", now=later)
    assert outcomes(ask(1, (1, 1), at=later)) == []
    apply_messages(now=later)

    assert outcomes(ask(1, (1, 1), at=later + SECOND)) == [(1, "ok")]


@pytest.mark.parametrize(
    ("heartbeat", "words"),
    [
        (beat(1, key=STRANGER_KEY), "心跳签名不符"),
        (beat(1, iss="trading-land"), "没有代码为 trading-land 的对接系统"),
        (beat(1, aud="somebody"), "心跳写的是 somebody"),
    ],
)
def test_believes_only_a_connected_system_that_means_us(heartbeat: Heartbeat, words: str) -> None:
    with pytest.raises(NotAuthentic, match=words):
        answer_heartbeat(heartbeat=heartbeat, now=NOW)

    assert not LastHeartbeat.objects.exists()


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_allows_a_clock_to_be_five_minutes_off(off: timedelta) -> None:
    answer_heartbeat(heartbeat=beat(0, at=NOW + off), now=NOW)

    with pytest.raises(OldHeartbeat, match="相差超过 5 分钟"):
        answer_heartbeat(heartbeat=beat(0, at=NOW + off * 1.01), now=NOW)


def test_a_repeated_heartbeat_does_not_make_a_dead_system_look_alive() -> None:
    heard = beat(4)
    answer_heartbeat(heartbeat=heard, now=NOW)

    with pytest.raises(OldHeartbeat, match="不晚于上一次"):
        answer_heartbeat(heartbeat=heard, now=NOW + SECOND)

    last = LastHeartbeat.objects.get()
    assert (last.iss, last.heard_at, last.streams) == (HUB, NOW, {US: 4})


def test_goes_on_when_a_sandbox_sets_its_clock_back() -> None:
    answer_heartbeat(heartbeat=beat(4, at=NOW + timedelta(days=20)), now=NOW + timedelta(days=20))

    answer_heartbeat(heartbeat=beat(5), now=NOW)

    assert LastHeartbeat.objects.get().streams == {US: 5}


def test_answers_over_http(client: Client) -> None:
    question = beat(2, at=clock.now())

    answer = client.post(
        "/exchange/v1/heartbeats", question.model_dump_json(), content_type="application/json"
    )

    assert answer.status_code == 200
    read = HeartbeatAnswer.model_validate_json(answer.content)
    ours = signing.public_key(own_key())
    assert standard.verify_answer(read, to=question.told, receiver=US, public_key=ours)
