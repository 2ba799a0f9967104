"""Batches of messages, and the signed receipts that answer them."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from yuntai.standard.canonical import canonical
from yuntai.standard.envelope import KeyId, SignedMessage
from yuntai.standard.fields import Base64Url, Instant, Sha256, SystemCode, Word
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url

MOST_MESSAGES = 100

Count = Annotated[int, Field(ge=1, le=2**53 - 1, strict=True)]
# Long enough for the list of what a record breaks: a sentence that ends in the middle helps nobody.
Reason = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\r\n\x00]*$")]


class Batch(BaseModel):
    """Up to 100 messages of one stream, by rising number; numbers already sent may come again."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    messages: tuple[SignedMessage, ...] = Field(min_length=1, max_length=MOST_MESSAGES)

    @model_validator(mode="after")
    def _one_stream_in_order(self) -> Self:
        payloads = [signed.payload for signed in self.messages]
        if len({(payload.iss, payload.aud, payload.stream) for payload in payloads}) > 1:
            raise ValueError("一批报文须属于同一发送方、接收方和流")
        if any(earlier.seq >= later.seq for earlier, later in pairwise(payloads)):
            raise ValueError("一批报文须按序号从小到大排列")
        return self


class Receipt(BaseModel):
    """What became of one message.

    digest: of the payload as received.
    state: "received" (the bytes are safe), "duplicate" (held already), "rejected" (kept, but not acted on).
    reason: why it was rejected, else "".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    iss: SystemCode
    stream: Word
    seq: Count
    digest: Sha256
    state: Literal["received", "duplicate", "rejected"]
    reason: Reason = ""
    received_at: Instant


class ReceiptBatch(BaseModel):
    """The receiver's signed answer to a batch.

    expected_seq: the number the receiver waits for next in this stream; send on from there.
    signature: Ed25519 over `canonical` of receiver, receipts and expected_seq.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    receiver: SystemCode
    receipts: tuple[Receipt, ...]
    expected_seq: Count
    signature: Base64Url
    key_id: KeyId


def sign(
    *, receiver: str, receipts: Sequence[Receipt], expected_seq: int, private_key: bytes
) -> ReceiptBatch:
    """Sign the receipts of one batch with the receiver's Ed25519 key."""
    statement = _statement(receiver, receipts, expected_seq)
    return ReceiptBatch(
        receiver=receiver,
        receipts=tuple(receipts),
        expected_seq=expected_seq,
        signature=base64url(signing.sign(private_key, canonical(statement))),
        key_id=signing.key_id(signing.public_key(private_key)),
    )


def verify(batch: ReceiptBatch, public_key: bytes) -> bool:
    """Tell whether `batch` bears the signature of this key."""
    if batch.key_id != signing.key_id(public_key):
        return False
    try:
        signature = from_base64url(batch.signature)
    except ValueError:
        return False
    statement = _statement(batch.receiver, batch.receipts, batch.expected_seq)
    return signing.is_valid(public_key, canonical(statement), signature)


def _statement(receiver: str, receipts: Sequence[Receipt], expected_seq: int) -> dict[str, Any]:
    return {
        "receiver": receiver,
        "receipts": [receipt.model_dump(mode="json") for receipt in receipts],
        "expected_seq": expected_seq,
    }
