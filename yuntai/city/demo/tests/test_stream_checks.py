"""The check of streams finds a hole, a repetition, a broken chain, and what was not delivered or acted on."""

from dataclasses import replace

import pytest

from yuntai.city.demo.checks.streams import (
    Received,
    Sent,
    Stream,
    chain_faults,
    forwarding_faults,
    stream_faults,
)
from yuntai.standard.envelope import NO_PREVIOUS

DIGESTS = ("aa" * 32, "bb" * 32, "cc" * 32)


def honest() -> Stream:
    sent = [Sent(seq, digest, is_delivered=True, refusal="") for seq, digest in enumerate(DIGESTS, start=1)]
    previous = (NO_PREVIOUS, *DIGESTS)
    received = [
        Received(each.seq, each.digest, prev, refusal="", is_applied=True)
        for each, prev in zip(sent, previous, strict=False)
    ]
    return Stream("trading-construction", "publicservice", sent, received)


def test_finds_nothing_in_an_honest_stream() -> None:
    assert list(stream_faults(honest())) == []


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_finds_a_lost_message(lost: int) -> None:
    stream = honest()
    received = [each for number, each in enumerate(stream.received) if number != lost]

    assert list(stream_faults(replace(stream, received=received))) != []


def test_finds_a_message_stored_twice() -> None:
    stream = honest()

    faults = list(stream_faults(replace(stream, received=[*stream.received, stream.received[-1]])))

    assert "trading-construction → publicservice 收到的报文编号不连续或有重复" in faults


def test_finds_messages_out_of_order() -> None:
    received = list(honest().received)
    received[0], received[1] = received[1], received[0]

    assert len(list(chain_faults("x", received))) == 2


def test_finds_a_broken_chain() -> None:
    received = list(honest().received)
    received[2] = replace(received[2], prev="00" * 32)

    assert list(chain_faults("x", received)) == ["x 收到的报文前后摘要不衔接"]


@pytest.mark.parametrize("change", [{"is_applied": False}, {"refusal": "类型未知"}])
def test_finds_a_message_that_was_not_acted_on(change: dict[str, object]) -> None:
    received = list(honest().received)
    received[1] = replace(received[1], **change)  # type: ignore[arg-type]

    assert len(list(chain_faults("x", received))) == 1


@pytest.mark.parametrize("change", [{"is_delivered": False}, {"refusal": "类型未知"}])
def test_finds_a_message_that_was_not_taken(change: dict[str, object]) -> None:
    stream = honest()
    sent = [replace(stream.sent[0], **change), *stream.sent[1:]]  # type: ignore[arg-type]

    assert len(list(stream_faults(replace(stream, sent=sent)))) == 1


@pytest.mark.parametrize("forwarded", [[1, 2], [1, 3, 2], [1, 2, 2, 3], []])
def test_finds_a_message_that_was_not_forwarded_once_in_order(forwarded: list[int]) -> None:
    assert list(forwarding_faults("x", [1, 2, 3], [1, 2, 3])) == []
    assert len(list(forwarding_faults("x", [1, 2, 3], forwarded))) == 1
