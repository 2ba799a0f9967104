"""What a system tells of a stream: hours to the microsecond, parts, messages; to whom, and how fast."""

import sys
from datetime import datetime, timedelta
from time import perf_counter

import pytest
from django.db import connection, transaction
from django.test import Client

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.inbox.acceptance import NotAuthentic
from yuntai.kernel.inbox.models import InboxMessage
from yuntai.kernel.outbox.sequencer import number_messages
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.peers import own_key
from yuntai.kernel.reconciliation.answering import OldQuestion, answer_question
from yuntai.kernel.tests.exchange import (
    HUB,
    HUB_KEY,
    NEIGHBOUR,
    NOW,
    STRANGER_KEY,
    US,
    HubStream,
    receive,
    registered,
)
from yuntai.standard import reconciliation as standard
from yuntai.standard.envelope import payload_digest
from yuntai.standard.reconciliation import HOUR, Answer, Asked, Part, Window, root_of
from yuntai.trust import clock, signing

pytestmark = pytest.mark.django_db(transaction=True)

MICROSECOND = timedelta(microseconds=1)
LATER = NOW + 2 * HOUR
MANY = 100_000
MANY_ROWS = """
INSERT INTO inbox_inboxmessage (iss, stream, seq, digest, origin, msg_id, type, subject, signed, signed_at,
    received_at, refusal, attempts, fault)
SELECT %s, %s, n, encode(sha256(n::text::bytea), 'hex'), %s, n::text, 't', 's', '{}',
    %s::timestamptz + n * interval '30 ms', %s, '', 0, ''
FROM generate_series(1, %s) n
"""


def asked(*, at: datetime = LATER, author: str = HUB, **about: object) -> Asked:
    facts = {"iss": HUB, "aud": US, "at": at, "author": author, "stream": US if author == HUB else HUB}
    return Asked.model_validate(facts | about)


def hours(since: datetime = NOW - 24 * HOUR, until: datetime = NOW + 24 * HOUR) -> Window:
    return Window(since=since, until=until)


def ask(about: Asked, *, key: bytes = HUB_KEY, now: datetime = LATER) -> Answer:
    return answer_question(question=standard.sign(about, key), now=now)


def publish_at(*instants: datetime) -> None:
    for at in instants:
        with transaction.atomic():
            publish(registered(), now=at)
            write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=at)
        number_messages(now=at)


def test_tells_of_its_inbox_and_its_outbox() -> None:
    came = HubStream(US).batch(3).messages
    receive(*came)
    publish_at(NOW)

    (told,) = ask(asked(hours=hours())).hours
    (ours,) = ask(asked(author=US, hours=hours())).hours

    assert (told.hour, told.count, told.first, told.last) == (NOW, 3, 1, 3)
    assert told.root == root_of([payload_digest(each.payload) for each in came])
    assert (ours.hour, ours.count) == (NOW, 1)


def test_an_hour_ends_a_microsecond_before_the_next() -> None:
    publish_at(NOW - MICROSECOND, NOW, NOW + HOUR - MICROSECOND, NOW + HOUR)

    told = ask(asked(author=US, hours=hours())).hours

    assert [(each.hour - NOW, each.count) for each in told] == [(-HOUR, 1), (0 * HOUR, 2), (HOUR, 1)]
    within = ask(asked(author=US, hours=hours(NOW, NOW + HOUR))).hours
    assert [each.hour for each in within] == [NOW]


@pytest.mark.parametrize(("now", "count"), [(NOW + HOUR - MICROSECOND, 0), (NOW + HOUR, 1)])
def test_the_running_hour_is_left_out(now: datetime, count: int) -> None:
    publish_at(NOW)
    whole = Part(hour=NOW, first=1, last=1)

    answer = ask(asked(at=now, author=US, hours=hours()), now=now)
    parts = ask(asked(at=now, author=US, parts=(whole,)), now=now).parts

    assert (len(answer.hours), len(parts)) == (count, count)
    assert answer.closed_until == (NOW if count == 0 else NOW + HOUR)


def test_more_hours_than_an_answer_holds_are_told_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yuntai.kernel.reconciliation.keeping.MOST_HOURS", 2)
    publish_at(NOW - 5 * HOUR, NOW - 3 * HOUR, NOW)

    first = ask(asked(author=US, hours=hours()))
    assert ([each.hour for each in first.hours], first.next) == ([NOW - 5 * HOUR, NOW - 3 * HOUR], NOW)
    second = ask(asked(author=US, hours=hours(since=NOW)))
    assert ([each.hour for each in second.hours], second.next) == ([NOW], None)


def test_lists_a_part_of_up_to_64_messages_and_hands_messages_over() -> None:
    came = HubStream(US).batch(66).messages
    receive(*came)
    parts = (
        Part(hour=NOW, first=2, last=65),
        Part(hour=NOW, first=2, last=66),
        Part(hour=NOW, first=70, last=80),
    )

    small, large, none = ask(asked(parts=parts)).parts

    digests = [payload_digest(each.payload) for each in came]
    assert small.messages == tuple((number, digests[number - 1]) for number in range(2, 66))
    assert (large.count, large.messages, large.root) == (65, (), root_of(digests[1:66]))
    assert (none.count, none.root) == (0, root_of([]))
    assert ask(asked(wanted=(3, 90))).messages == (came[2],)


@pytest.mark.parametrize(
    ("about", "key", "refusal"),
    [
        (asked(hours=hours()), STRANGER_KEY, "签名不符"),
        (asked(aud="trading-land", hours=hours()), HUB_KEY, "询问写的是 trading-land"),
        (asked(iss="trading-land", author=US, hours=hours()), HUB_KEY, "没有代码为 trading-land"),
    ],
)
def test_answers_a_connected_system_that_means_it(about: Asked, key: bytes, refusal: str) -> None:
    with pytest.raises(NotAuthentic, match=refusal):
        ask(about, key=key)


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_a_question_lasts_five_minutes(off: timedelta) -> None:
    ask(asked(at=LATER + off, hours=hours()))

    with pytest.raises(OldQuestion, match="相差超过 5 分钟"):
        ask(asked(at=LATER + off * 1.01, hours=hours()))


def test_only_the_two_ends_of_a_stream_speak_of_it() -> None:
    with pytest.raises(ValueError, match="author 须是 iss 或 aud"):
        Asked(iss=HUB, aud=US, at=NOW, author=NEIGHBOUR, stream=US, hours=hours())


def test_answers_over_http_signed(client: Client) -> None:
    about = asked(at=clock.now(), hours=hours())

    answer = client.post(
        "/exchange/v1/reconciliation",
        standard.sign(about, HUB_KEY).model_dump_json(),
        content_type="application/json",
    )

    assert answer.status_code == 200
    read = Answer.model_validate_json(answer.content)
    ours = signing.public_key(own_key())
    assert standard.verify_answer(read, to=about, receiver=US, public_key=ours)
    altered = read.model_copy(update={"closed_until": NOW})
    assert not standard.verify_answer(altered, to=about, receiver=US, public_key=ours)


def test_tells_a_hundred_thousand_messages_of_an_hour_in_seconds() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(MANY_ROWS, [HUB, US, HUB, NOW, NOW, MANY])
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)
    assert InboxMessage.objects.count() == MANY
    parts = tuple(Part(hour=NOW, first=first, last=first + 6249) for first in range(1, MANY, 6250))

    begun = perf_counter()
    (told,) = ask(asked(hours=hours())).hours
    hour_seconds = perf_counter() - begun
    ask(asked(parts=parts))
    seconds = perf_counter() - begun

    sys.stdout.write(f"{MANY} messages: {hour_seconds:.2f} s, and sixteen parts: {seconds:.2f} s\n")
    assert told.count == MANY
    assert seconds < 20, "a loaded machine is given time; alone it takes about two seconds"
