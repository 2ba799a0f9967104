"""The sending client and its stream, against a fake receiver."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from yuntai.standard import envelope, receipts
from yuntai.standard.client import (
    ExchangeClient,
    ExchangeRefused,
    ExchangeUnreachable,
    ReceiptNotGenuine,
)
from yuntai.standard.envelope import NO_PREVIOUS, payload_digest
from yuntai.standard.heartbeat import StreamTold
from yuntai.standard.messages import TenderNoticePublished
from yuntai.standard.receipts import MOST_BATCH_BYTES, Batch, ReceiptBatch, first_batch
from yuntai.standard.stream import Rejected, Stream, StreamFileBroken
from yuntai.standard.tests import receiver
from yuntai.standard.tests.receiver import Receiver
from yuntai.standard.tests.samples import NOW, SAMPLES, SENDER_KEY, SENDER_PUBLIC_KEY, suspended


def make_stream(folder: Path) -> Stream:
    return Stream(
        iss="history-archive",
        aud="publicservice",
        stream="main",
        private_key=SENDER_KEY,
        file=folder / "main.stream",
    )


def make_client(transport: httpx.Client) -> ExchangeClient:
    return ExchangeClient(
        url=receiver.URL,
        receiver_code=receiver.CODE,
        receiver_public_key=receiver.PUBLIC_KEY,
        transport=transport,
    )


def noticed(text: str) -> TenderNoticePublished:
    """Return a notice with a text of any length."""
    (notice,) = [message for message in SAMPLES if isinstance(message, TenderNoticePublished)]
    return notice.model_copy(update={"text": text})


def fill(stream: Stream, count: int) -> None:
    for number in range(count):
        stream.next(suspended(f"理由 {number}"), now=NOW)


def test_numbers_and_chains_messages(tmp_path: Path) -> None:
    stream = make_stream(tmp_path)

    first = stream.next(suspended(), now=NOW)
    second = stream.next(suspended(), now=NOW)

    assert (first.payload.seq, first.payload.prev) == (1, NO_PREVIOUS)
    assert (second.payload.seq, second.payload.prev) == (2, payload_digest(first.payload))
    assert first.payload.msg_id != second.payload.msg_id
    assert envelope.verify(second, SENDER_PUBLIC_KEY)
    assert stream.unsettled == (first, second)


def test_goes_on_where_the_file_ends(tmp_path: Path) -> None:
    first = make_stream(tmp_path).next(suspended(), now=NOW)

    reopened = make_stream(tmp_path)
    second = reopened.next(suspended(), now=NOW)

    assert reopened.unsettled == (first, second)
    assert (second.payload.seq, second.payload.prev) == (2, payload_digest(first.payload))


def test_delivers_everything_in_batches(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver()
    fill(stream, 201)

    with hub.client() as transport:
        assert make_client(transport).deliver(stream) == ()

    assert hub.batch_sizes == [100, 100, 1]
    assert sorted(hub.held) == list(range(1, 202))
    assert stream.unsettled == ()


def test_no_batch_is_larger_than_a_receiver_takes(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver()
    for _ in range(8):
        stream.next(noticed("字" * 100_000), now=NOW)

    with hub.client() as transport:
        assert make_client(transport).deliver(stream) == ()

    assert hub.batch_sizes == [3, 3, 2]
    assert max(hub.posted_bytes) <= MOST_BATCH_BYTES
    assert stream.unsettled == ()


def test_what_fills_a_batch_to_the_last_byte_goes_together_and_one_byte_more_does_not(tmp_path: Path) -> None:
    stream = make_stream(tmp_path)
    for _ in range(2):
        stream.next(noticed("a"), now=NOW)
    empty = len(Batch(messages=stream.unsettled).model_dump_json().encode())
    room = MOST_BATCH_BYTES - empty

    sizes = []
    for letters in (room, room + 1):
        first, second = stream.unsettled
        longer = second.payload.body | {"text": "a" + "b" * letters}
        grown = second.model_copy(update={"payload": second.payload.model_copy(update={"body": longer})})
        sizes.append(len(first_batch([first, grown]).messages))

    assert sizes == [2, 1]


def test_a_message_that_alone_is_too_large_is_sent_all_the_same(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver()
    stream.next(noticed("字" * 400_000), now=NOW)
    fill(stream, 1)

    with hub.client() as transport:
        make_client(transport).deliver(stream)

    assert hub.batch_sizes == [1, 1]


def test_remembers_its_number_after_everything_is_delivered(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver()
    last = stream.next(suspended(), now=NOW)
    with hub.client() as transport:
        make_client(transport).deliver(stream)
        make_client(transport).ask(stream, now=NOW)

    following = make_stream(tmp_path).next(suspended(), now=NOW)

    assert (following.payload.seq, following.payload.prev) == (2, payload_digest(last.payload))
    assert len((tmp_path / "main.stream").read_bytes().splitlines()) == 2


def test_keeps_a_message_until_it_is_processed(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver(outcome="quarantined")
    fill(stream, 3)
    with hub.client() as transport:
        client = make_client(transport)
        client.deliver(stream)
        assert [each.outcome for each in client.ask(stream, now=NOW)] == ["quarantined"] * 3
        assert make_stream(tmp_path).told() == StreamTold(stream="main", last_seq=3, awaiting=((1, 3),))
        hub.outcome = "ok"

        client.ask(stream, now=NOW)

    assert stream.told() == make_stream(tmp_path).told() == StreamTold(stream="main", last_seq=3, awaiting=())


def test_sends_again_what_the_receiver_lost_after_its_receipt(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver()
    fill(stream, 4)
    with hub.client() as transport:
        client = make_client(transport)
        client.deliver(stream)
        del hub.held[2], hub.held[3]

        client.ask(stream, now=NOW)

        reopened = make_stream(tmp_path)
        assert [each.payload.seq for each in reopened.unsettled] == [2, 3]
        client.deliver(reopened)
        assert sorted(hub.held) == [1, 2, 3, 4]


def test_takes_no_answer_to_another_heartbeat(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver(answers_truly=False)
    fill(stream, 1)

    with hub.client() as transport, pytest.raises(ReceiptNotGenuine, match="对本次心跳"):
        make_client(transport).ask(stream, now=NOW)


def test_tells_which_messages_were_rejected_and_goes_on(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver(rejects=frozenset({2}))
    fill(stream, 3)

    with hub.client() as transport:
        rejected = make_client(transport).deliver(stream)

    assert rejected == (Rejected(2, "报文不符合接口标准"),)
    assert stream.unsettled == ()


def test_keeps_messages_when_nobody_answers(tmp_path: Path) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    stream = make_stream(tmp_path)
    fill(stream, 2)

    with httpx.Client(transport=httpx.MockTransport(fail)) as transport, pytest.raises(ExchangeUnreachable):
        make_client(transport).deliver(stream)

    assert len(stream.unsettled) == len(make_stream(tmp_path).unsettled) == 2


@pytest.mark.parametrize(
    ("response", "words"),
    [
        (httpx.Response(403, json={"detail": "系统未登记"}), "HTTP 403）：系统未登记"),
        (httpx.Response(502, text="bad gateway"), "HTTP 502）：bad gateway"),
    ],
)
def test_keeps_messages_when_the_receiver_refuses(
    tmp_path: Path, response: httpx.Response, words: str
) -> None:
    stream = make_stream(tmp_path)
    fill(stream, 1)

    with (
        httpx.Client(transport=httpx.MockTransport(lambda _: response)) as transport,
        pytest.raises(ExchangeRefused, match=words) as refusal,
    ):
        make_client(transport).deliver(stream)

    assert refusal.value.status == response.status_code
    assert len(stream.unsettled) == 1


def without_receipts(answer: ReceiptBatch) -> ReceiptBatch:
    return answer.model_copy(update={"receipts": ()})


def resigned_without_receipts(answer: ReceiptBatch) -> ReceiptBatch:
    return receipts.sign(
        receiver=answer.receiver, receipts=(), expected_seq=2, private_key=receiver.PRIVATE_KEY
    )


@pytest.mark.parametrize(
    ("hub", "words"),
    [
        (Receiver(private_key=SENDER_KEY), "不是 publicservice 签署的"),
        (Receiver(code="someone-else"), "不是 publicservice 签署的"),
        (Receiver(spoil=without_receipts), "不是 publicservice 签署的"),
        (Receiver(spoil=resigned_without_receipts), "没有逐条答复"),
    ],
    ids=["another key", "another receiver", "changed", "silent"],
)
def test_takes_no_receipt_that_is_not_genuine(tmp_path: Path, hub: Receiver, words: str) -> None:
    stream = make_stream(tmp_path)
    fill(stream, 1)

    with hub.client() as transport, pytest.raises(ReceiptNotGenuine, match=words):
        make_client(transport).deliver(stream)

    assert len(stream.unsettled) == 1


def test_takes_no_answer_that_is_no_receipt(tmp_path: Path) -> None:
    stream = make_stream(tmp_path)
    fill(stream, 1)
    page = httpx.Response(200, text="<html>")

    with (
        httpx.Client(transport=httpx.MockTransport(lambda _: page)) as transport,
        pytest.raises(ReceiptNotGenuine, match="格式不符合"),
    ):
        make_client(transport).deliver(stream)


def test_a_receipt_with_another_digest_settles_nothing(tmp_path: Path) -> None:
    stream, hub = make_stream(tmp_path), Receiver()
    fill(stream, 1)
    with hub.client() as transport:
        answer = make_client(transport).send(stream.unsettled)
    other = answer.receipts[0].model_copy(update={"digest": "ab" * 32})

    stream.settle(answer.model_copy(update={"receipts": (other,)}))

    assert len(stream.unsettled) == 1


def test_drops_a_message_whose_writing_was_cut_off(tmp_path: Path) -> None:
    file = tmp_path / "main.stream"
    fill(make_stream(tmp_path), 2)
    file.write_bytes(file.read_bytes()[:-10])

    reopened = make_stream(tmp_path)

    assert [signed.payload.seq for signed in reopened.unsettled] == [1]
    assert reopened.next(suspended(), now=NOW).payload.seq == 2
    assert [signed.payload.seq for signed in make_stream(tmp_path).unsettled] == [1, 2]


def cut_the_middle(lines: list[bytes]) -> list[bytes]:
    return [lines[0], lines[2]]


def scramble(lines: list[bytes]) -> list[bytes]:
    return [b"{", *lines]


@pytest.mark.parametrize("damage", [cut_the_middle, scramble])
def test_refuses_a_damaged_file(tmp_path: Path, damage: Callable[[list[bytes]], list[bytes]]) -> None:
    file = tmp_path / "main.stream"
    fill(make_stream(tmp_path), 3)
    file.write_bytes(b"\n".join(damage(file.read_bytes().splitlines())) + b"\n")

    with pytest.raises(StreamFileBroken, match="切勿删除"):
        make_stream(tmp_path)
