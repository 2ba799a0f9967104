"""number_messages and Sender …"""

import json
import threading
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from django.db import connection, transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import write_entry
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.outbox.sender import LONGEST_WAIT, Line, Sender
from yuntai.kernel.outbox.sequencer import number_messages
from yuntai.kernel.outbox.services import MessageTooLarge, publish, publish_all
from yuntai.kernel.peers import own_key
from yuntai.kernel.tests.exchange import HUB_KEY, NOW, registered
from yuntai.standard import receipts
from yuntai.standard.canonical import canonical
from yuntai.standard.client import ExchangeRefused
from yuntai.standard.envelope import NO_PREVIOUS, SignedMessage, payload_digest, verify
from yuntai.standard.messages import TenderNoticePublished
from yuntai.standard.receipts import MOST_BATCH_BYTES, MOST_BODY_BYTES, Batch, Receipt
from yuntai.standard.tests.samples import SAMPLES
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)


def act(name: str = "单位") -> None:
    """Do an act that publishes."""
    with transaction.atomic():
        publish(registered(name=name), now=NOW)
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)


def noticed(text: str) -> TenderNoticePublished:
    """Return a notice with a text of any length."""
    (notice,) = [message for message in SAMPLES if isinstance(message, TenderNoticePublished)]
    return notice.model_copy(update={"text": text})


def hub(request: httpx.Request) -> httpx.Response:
    """Answer as the platform: take everything."""
    batch = Batch.model_validate_json(request.content)
    taken = [
        Receipt(
            iss=each.payload.iss,
            stream=each.payload.stream,
            seq=each.payload.seq,
            digest=payload_digest(each.payload),
            state="received",
            received_at=NOW,
        )
        for each in batch.messages
    ]
    answer = receipts.sign(
        receiver="publicservice", receipts=taken, expected_seq=taken[-1].seq + 1, private_key=HUB_KEY
    )
    return httpx.Response(200, text=answer.model_dump_json())


def sender(answer: Callable[[httpx.Request], httpx.Response], chance: float = 0.999) -> Sender:
    return Sender(http=httpx.Client(transport=httpx.MockTransport(answer)), chance=lambda: chance)


def test_numbers_without_gaps_chained_and_signed() -> None:
    for number in range(3):
        act(f"单位{number}")

    assert number_messages(now=NOW) == 3

    messages = [SignedMessage.model_validate(row.signed) for row in OutboxMessage.objects.order_by("seq")]
    assert [each.payload.seq for each in messages] == [1, 2, 3]
    digests = [payload_digest(each.payload) for each in messages]
    assert [each.payload.prev for each in messages] == [NO_PREVIOUS, *digests[:2]]
    assert all(verify(each, signing.public_key(own_key())) for each in messages)


def test_an_act_that_rolls_back_tells_nothing() -> None:
    def failing_act() -> None:
        with transaction.atomic():
            publish(registered(), now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        failing_act()

    assert number_messages(now=NOW) == 0


def test_a_late_commit_is_not_skipped() -> None:
    """The class of fault where a reader that remembers the last id loses a row that commits after it."""
    opened, finish = threading.Event(), threading.Event()

    def slow_act() -> None:
        with transaction.atomic():
            publish(registered(name="晚提交"), now=NOW)
            write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)
            opened.set()
            finish.wait(10)
        connection.close()

    slow = threading.Thread(target=slow_act)
    slow.start()
    opened.wait(10)
    act("早提交")
    number_messages(now=NOW)
    finish.set()
    slow.join(10)
    number_messages(now=NOW)

    names = [row.body["name"] for row in OutboxMessage.objects.order_by("seq")]
    assert names == ["早提交", "晚提交"]
    assert OutboxMessage.objects.get(seq=2).pk < OutboxMessage.objects.get(seq=1).pk


def test_keeps_the_signed_receipt() -> None:
    act()
    number_messages(now=NOW)

    assert sender(hub).send_due(now=NOW) == 1

    row = OutboxMessage.objects.get()
    assert row.delivered_at == NOW
    assert row.receipt is not None
    answer = receipts.ReceiptBatch.model_validate_json(json.dumps(row.receipt.answer))
    assert receipts.verify(answer, signing.public_key(HUB_KEY))
    assert (answer.receipts[0].seq, answer.receipts[0].digest) == (row.seq, row.digest)


def test_sends_again_when_no_answer_came() -> None:
    act()
    number_messages(now=NOW)
    down = sender(lambda request: httpx.Response(503))

    assert down.send_due(now=NOW) == 0
    assert OutboxMessage.objects.get().delivered_at is None
    assert sender(hub).send_due(now=NOW) == 1


@pytest.mark.parametrize(
    ("chance", "at"),
    [
        (0.999, [0, 5, 15]),  # tenths of a second: after 0.5 s, after another 1 s; then 2 s would come
        (0.0, [0, 3, 8, 18]),  # after half of each, as far as tenths tell
    ],
)
def test_waits_longer_after_each_failure_and_not_all_senders_alike(chance: float, at: list[int]) -> None:
    act()
    number_messages(now=NOW)
    tries: list[int] = []
    tenth = 0

    def refuse(request: httpx.Request) -> httpx.Response:
        tries.append(tenth)
        return httpx.Response(503)

    down = sender(refuse, chance)
    for tenth in range(30):
        down.send_due(now=NOW + timedelta(seconds=tenth / 10))

    assert tries == at


@pytest.mark.parametrize("chance", [0.0, 0.5, 0.999])
def test_never_waits_longer_than_half_a_minute_nor_shorter_than_asked(chance: float) -> None:
    line = Line(lambda: chance)
    for _ in range(20):
        line.note_failure(httpx.ConnectError("down"), NOW)
    assert line.not_before is not None
    assert LONGEST_WAIT / 2 <= line.not_before - NOW <= LONGEST_WAIT

    line.note_failure(ExchangeRefused(429, "busy", retry_after=60), NOW)
    assert timedelta(seconds=60) <= line.not_before - NOW <= timedelta(seconds=90)


def test_does_not_believe_a_receipt_by_another_key() -> None:
    act()
    number_messages(now=NOW)

    def forged(request: httpx.Request) -> httpx.Response:
        answer = receipts.ReceiptBatch.model_validate_json(hub(request).content)
        wrong = receipts.sign(
            receiver=answer.receiver,
            receipts=answer.receipts,
            expected_seq=answer.expected_seq,
            private_key=signing.new_private_key(),
        )
        return httpx.Response(200, text=wrong.model_dump_json())

    assert sender(forged).send_due(now=NOW) == 0
    assert OutboxMessage.objects.get().delivered_at is None


def test_notes_why_a_message_was_rejected_and_goes_on() -> None:
    act()
    act()
    number_messages(now=NOW)

    def rejecting(request: httpx.Request) -> httpx.Response:
        answer = receipts.ReceiptBatch.model_validate_json(hub(request).content)
        first = answer.receipts[0].model_copy(update={"state": "rejected", "reason": "字段有误"})
        signed = receipts.sign(
            receiver=answer.receiver,
            receipts=(first, *answer.receipts[1:]),
            expected_seq=answer.expected_seq,
            private_key=HUB_KEY,
        )
        return httpx.Response(200, text=signed.model_dump_json())

    assert sender(rejecting).send_due(now=NOW) == 2
    assert list(OutboxMessage.objects.order_by("seq").values_list("refusal", flat=True)) == ["字段有误", ""]


def test_sends_no_batch_that_is_too_large_and_what_is_left_over_next() -> None:
    with transaction.atomic():
        publish_all([noticed("字" * 100_000)] * 5, now=NOW)
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)
    number_messages(now=NOW)
    posted: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(len(request.content))
        return hub(request)

    sending = sender(answer)

    assert [sending.send_due(now=NOW) for _ in range(3)] == [3, 2, 0]
    assert max(posted) <= MOST_BATCH_BYTES


def test_an_act_whose_message_fits_no_batch_is_refused() -> None:
    room = MOST_BODY_BYTES - len(canonical(noticed("").body()))

    with transaction.atomic():
        publish(noticed("a" * room), now=NOW)
        write_entry(caller=Caller.system("t"), act="t", object_type="t", object_id="t", now=NOW)
    with (
        pytest.raises(MessageTooLarge, match="1040385 字节，超过每条报文 1040384 字节"),
        transaction.atomic(),
    ):
        publish(noticed("a" * (room + 1)), now=NOW)

    assert OutboxMessage.objects.count() == 1
    number_messages(now=NOW)
    posted: list[int] = []

    def answer(request: httpx.Request) -> httpx.Response:
        posted.append(len(request.content))
        return hub(request)

    assert sender(answer).send_due(now=NOW) == 1
    assert posted[0] <= MOST_BATCH_BYTES
