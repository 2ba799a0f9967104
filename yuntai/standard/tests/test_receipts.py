"""Batches and signed receipts."""

import pytest
from pydantic import ValidationError

from yuntai.standard import receipts
from yuntai.standard.envelope import Position, SignedMessage, payload_digest
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch
from yuntai.standard.tests.receiver import PRIVATE_KEY, PUBLIC_KEY
from yuntai.standard.tests.samples import NOW, SENDER_PUBLIC_KEY, signed, suspended

FIRST = signed(suspended())


def chain(count: int) -> list[SignedMessage]:
    messages = [FIRST]
    position = Position("trading-construction", "publicservice", "main")
    while len(messages) < count:
        position = position.after(messages[-1].payload)
        messages.append(signed(suspended(), position))
    return messages


def answer() -> ReceiptBatch:
    receipt = Receipt(
        iss="trading-construction",
        stream="main",
        seq=1,
        digest=payload_digest(FIRST.payload),
        state="received",
        received_at=NOW,
    )
    return receipts.sign(
        receiver="publicservice", receipts=[receipt], expected_seq=2, private_key=PRIVATE_KEY
    )


def test_receipts_verify_with_the_receiver_s_key_only() -> None:
    received = ReceiptBatch.model_validate_json(answer().model_dump_json())

    assert receipts.verify(received, PUBLIC_KEY)
    assert not receipts.verify(received, SENDER_PUBLIC_KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"expected_seq": 3},
        {"receiver": "someone-else"},
        {"receipts": ()},
        {"signature": "A" * 86},
        {"signature": "A"},
    ],
    ids=str,
)
def test_a_changed_answer_no_longer_verifies(changes: dict[str, object]) -> None:
    assert not receipts.verify(answer().model_copy(update=changes), PUBLIC_KEY)


def test_a_changed_receipt_no_longer_verifies() -> None:
    genuine = answer()
    forged = genuine.receipts[0].model_copy(update={"state": "rejected"})

    assert not receipts.verify(genuine.model_copy(update={"receipts": (forged,)}), PUBLIC_KEY)


def test_a_batch_holds_up_to_100_messages() -> None:
    messages = chain(101)

    assert len(Batch(messages=tuple(messages[:100])).messages) == 100
    with pytest.raises(ValidationError):
        Batch(messages=tuple(messages))
    with pytest.raises(ValidationError):
        Batch(messages=())


def test_a_batch_is_of_one_stream() -> None:
    other = signed(suspended(), Position("trading-construction", "publicservice", "other"))

    with pytest.raises(ValidationError, match="同一发送方"):
        Batch(messages=(FIRST, other))


def test_a_batch_is_in_order() -> None:
    first, second = chain(2)

    with pytest.raises(ValidationError, match="从小到大"):
        Batch(messages=(second, first))
    with pytest.raises(ValidationError, match="从小到大"):
        Batch(messages=(first, first))
