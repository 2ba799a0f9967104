"""A fake receiver of batches: numbers, duplicates, rejections and signed receipts, in memory."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from yuntai.standard import receipts
from yuntai.standard.envelope import payload_digest
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch
from yuntai.standard.tests.samples import NOW
from yuntai.trust import signing

PRIVATE_KEY = bytes(reversed(range(32)))
PUBLIC_KEY = signing.public_key(PRIVATE_KEY)
CODE = "publicservice"
URL = "http://localhost:8000/exchange"


@dataclass
class Receiver:
    """rejects: numbers it will not act on.  spoil: changes a signed answer.  held: digest by number.

    batch_sizes, posted_bytes: messages and bytes of each batch.
    """

    rejects: frozenset[int] = frozenset()
    private_key: bytes = PRIVATE_KEY
    code: str = CODE
    spoil: Callable[[ReceiptBatch], ReceiptBatch] = lambda answer: answer
    held: dict[int, str] = field(default_factory=dict)
    batch_sizes: list[int] = field(default_factory=list)
    posted_bytes: list[int] = field(default_factory=list)

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        batch = Batch.model_validate(json.loads(request.content))
        self.posted_bytes.append(len(request.content))
        self.batch_sizes.append(len(batch.messages))
        answers = tuple(self._receipt(number, batch) for number in range(len(batch.messages)))
        answer = receipts.sign(
            receiver=self.code,
            receipts=answers,
            expected_seq=max(self.held) + 1,
            private_key=self.private_key,
        )
        return httpx.Response(200, json=self.spoil(answer).model_dump(mode="json"))

    def _receipt(self, number: int, batch: Batch) -> Receipt:
        payload = batch.messages[number].payload
        rejected = payload.seq in self.rejects
        known = payload.seq in self.held
        self.held[payload.seq] = payload_digest(payload)
        return Receipt(
            iss=payload.iss,
            stream=payload.stream,
            seq=payload.seq,
            digest=payload_digest(payload),
            state="rejected" if rejected else "duplicate" if known else "received",
            reason="报文不符合接口标准" if rejected else "",
            received_at=NOW,
        )
