"""Batches of messages, and the signed receipts that answer them."""

from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from yuntai.standard.canonical import canonical
from yuntai.standard.envelope import KeyId, SignedMessage
from yuntai.standard.fields import Base64Url, Instant, Sha256, SystemCode, Word
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url

MOST_MESSAGES = 100
MOST_BATCH_BYTES = 2**20  # of a batch as it is posted
ROOM_FOR_ENVELOPES = 8 * 1024  # of the author and, around it, of the hub
MOST_BODY_BYTES = MOST_BATCH_BYTES - ROOM_FOR_ENVELOPES
MOST_SPANS = 100


def _rising(span: tuple[int, int]) -> tuple[int, int]:
    if span[0] > span[1]:
        raise ValueError("区间的起号不得大于止号")
    return span


Count = Annotated[int, Field(ge=1, le=2**53 - 1, strict=True)]
Span = Annotated[tuple[Count, Count], AfterValidator(_rising)]
"""The numbers from the first to the second, both included."""

NO_SIGNATURE = "A" * 86
"""Stands in the signature's place while the statement is written."""

Spans = Annotated[tuple[Span, ...], Field(max_length=MOST_SPANS)]
Credit = Annotated[int, Field(ge=0, le=MOST_MESSAGES, strict=True)]
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


def first_batch(waiting: Sequence[SignedMessage]) -> Batch:
    """Return the first of `waiting` that may be posted together: at most 100 and 1 MiB, but the first anyhow.

    waiting: messages of one stream by rising number, at least one.
    """
    taken: list[SignedMessage] = []
    size = len(Batch(messages=(waiting[0],)).model_dump_json().encode())
    for message in waiting[:MOST_MESSAGES]:
        if taken:
            size += len(message.model_dump_json().encode()) + len(",")
        if taken and size > MOST_BATCH_BYTES:
            break
        taken.append(message)
    return Batch(messages=tuple(taken))


class Receipt(BaseModel):
    """What became of one message at the door; a message that comes again gets the same receipt again.

    digest: of the payload as received.
    state: "received" (the bytes are safe), "rejected" (kept, but not acted on), "held" (kept behind a number
    that is missing; "received" or "rejected" follows when that one has come).
    reason: why it was rejected, else "".
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    iss: SystemCode
    stream: Word
    seq: Count
    digest: Sha256
    state: Literal["received", "rejected", "held"]
    reason: Reason = ""
    received_at: Instant


class ReceiptBatch(BaseModel):
    """The receiver's signed answer to a batch.

    expected_seq: the number the receiver waits for next in this stream.
    missing: numbers before the highest held one that have not come; they are to be sent first.
    credit: how many messages it takes in the next batch; 0: none for now.
    signature: Ed25519 over `canonical` of all fields but signature and key_id.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    receiver: SystemCode
    receipts: tuple[Receipt, ...]
    expected_seq: Count
    missing: Spans = ()
    credit: Credit = MOST_MESSAGES
    signature: Base64Url
    key_id: KeyId


def sign(
    *,
    receiver: str,
    receipts: Sequence[Receipt],
    expected_seq: int,
    private_key: bytes,
    missing: Sequence[tuple[int, int]] = (),
    credit: int = MOST_MESSAGES,
) -> ReceiptBatch:
    """Sign the receipts of one batch with the receiver's Ed25519 key."""
    unsigned = ReceiptBatch(
        receiver=receiver,
        receipts=tuple(receipts),
        expected_seq=expected_seq,
        missing=tuple(missing),
        credit=credit,
        signature=NO_SIGNATURE,
        key_id=signing.key_id(signing.public_key(private_key)),
    )
    signature = base64url(signing.sign(private_key, canonical(statement_of(unsigned))))
    return unsigned.model_copy(update={"signature": signature})


def verify(batch: ReceiptBatch, public_key: bytes) -> bool:
    """Tell whether `batch` bears the signature of this key."""
    return signing.key_id(public_key) == batch.key_id and is_statement_signed(
        statement_of(batch), batch.signature, public_key
    )


def spans_of(numbers: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Return rising `numbers` as spans; of many, the first hundred spans."""
    return all_spans_of(numbers, most=MOST_SPANS)


def all_spans_of(numbers: Iterable[int], *, most: int | None = None) -> tuple[tuple[int, int], ...]:
    """Return rising `numbers` as spans, the first `most` of them."""
    spans: list[tuple[int, int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1] = (spans[-1][0], number)
        elif len(spans) == most:
            break
        else:
            spans.append((number, number))
    return tuple(spans)


def statement_of(answer: BaseModel) -> dict[str, Any]:
    """Return what is signed of an answer: all its fields but the signature and the name of the key."""
    return answer.model_dump(mode="json", exclude={"signature", "key_id"})


def is_statement_signed(statement: dict[str, Any], signature: str, public_key: bytes) -> bool:
    """Tell whether `signature` is this key's over the canonical form of `statement`."""
    try:
        return signing.is_valid(public_key, canonical(statement), from_base64url(signature))
    except ValueError:
        return False
