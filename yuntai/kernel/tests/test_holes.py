"""A hole in a stream: what comes behind it is kept, named as missing, and taken in when it is filled."""

from dataclasses import replace

import pytest

from yuntai.kernel.inbox import holes
from yuntai.kernel.inbox.door import Forked
from yuntai.kernel.inbox.models import HeldMessage, InboxMessage, InboxStream, StreamFork
from yuntai.kernel.tests.exchange import (
    US,
    HubStream,
    directed,
    receive,
    registered,
    states,
)
from yuntai.standard.envelope import SignedMessage

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def messages() -> tuple[SignedMessage, ...]:
    return HubStream(US).batch(9).messages


def stored() -> list[int]:
    return list(InboxMessage.objects.order_by("id").values_list("seq", flat=True))


def test_keeps_what_is_behind_a_hole_and_names_what_is_missing(messages: tuple[SignedMessage, ...]) -> None:
    receive(messages[0])

    answer = receive(messages[2], messages[5])

    assert states(answer) == [(3, "held"), (6, "held")]
    assert (answer.expected_seq, answer.missing) == (2, ((2, 2), (4, 5)))
    assert stored() == [1]


def test_takes_in_what_waited_in_order_when_the_hole_is_filled(messages: tuple[SignedMessage, ...]) -> None:
    receive(messages[0])
    receive(messages[2], messages[3], messages[6])

    answer = receive(messages[1])

    assert states(answer) == [(2, "received")]
    assert (answer.expected_seq, answer.missing) == (5, ((5, 6),))
    assert stored() == [1, 2, 3, 4]
    assert list(HeldMessage.objects.values_list("seq", flat=True)) == [7]
    assert states(receive(messages[2])) == [(3, "received")]


def test_whatever_the_order_each_is_stored_once_and_in_order(messages: tuple[SignedMessage, ...]) -> None:
    for place in (8, 3, 4, 3, 0, 7, 1, 1, 6, 2, 8, 5):
        receive(messages[place])

    assert stored() == list(range(1, 10))
    assert not HeldMessage.objects.exists()
    assert InboxStream.objects.get().held == 0


def test_a_held_message_comes_again(messages: tuple[SignedMessage, ...]) -> None:
    first = receive(messages[4])

    again = receive(messages[4])

    assert again.receipts == first.receipts
    assert HeldMessage.objects.count() == 1


def test_keeps_only_so_many(messages: tuple[SignedMessage, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holes, "MOST_HELD", 3)

    answer = receive(*messages[1:6])

    assert states(answer) == [(2, "held"), (3, "held"), (4, "held")]
    assert states(receive(messages[7])) == []
    assert HeldMessage.objects.count() == 3
    receive(messages[0])
    assert stored() == [1, 2, 3, 4], "the hole is filled however full it was"


def test_a_number_far_away_costs_nothing() -> None:
    stream = HubStream(US)
    stream.position = replace(stream.position, seq=2**53 - 1, prev="ab" * 32)

    answer = receive(stream.next(registered()))

    assert answer.missing == ((1, 2**53 - 2),)


def test_a_held_message_that_may_not_be_acted_on_is_rejected_in_its_turn() -> None:
    stream = HubStream(US)
    first, wrong, third = stream.next(registered()), stream.next(directed()), stream.next(registered())
    receive(wrong, third)

    answer = receive(first)

    assert states(answer) == [(1, "received")]
    assert states(receive(wrong, third)) == [(2, "rejected"), (3, "received")]
    assert answer.expected_seq == 4


def test_a_held_message_that_denies_its_predecessor_is_evidence_and_not_taken_in() -> None:
    stream, other = HubStream(US), HubStream(US)
    first = stream.next(registered(name="甲"))
    other.next(registered(name="乙"))
    receive(other.next(registered(name="丙")))

    answer = receive(first)

    assert (states(answer), answer.expected_seq) == ([(1, "received")], 2)
    assert not HeldMessage.objects.exists()
    fork = StreamFork.objects.get()
    assert (fork.seq, fork.kept["payload"]["body"]["name"]) == (2, "甲")
    assert states(receive(stream.next(registered(name="丁")))) == [(2, "received")]


def test_another_content_for_a_held_number_is_a_fork() -> None:
    stream, other = HubStream(US), HubStream(US)
    stream.next(registered())
    other.next(registered())
    receive(stream.next(registered(name="甲")))

    with pytest.raises(Forked):
        receive(other.next(registered(name="乙")))

    assert HeldMessage.objects.get().signed["payload"]["body"]["name"] == "甲"
    assert StreamFork.objects.get().signed["payload"]["body"]["name"] == "乙"
