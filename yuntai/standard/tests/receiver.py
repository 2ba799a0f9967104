"""A fake receiver of batches and heartbeats: numbers, rejections and signed receipts, in memory."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx

from yuntai.standard import heartbeat, receipts
from yuntai.standard.envelope import payload_digest
from yuntai.standard.heartbeat import Heartbeat, Outcome, Processed, StreamState
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch, spans_of
from yuntai.standard.tests.samples import NOW, SENDER_PUBLIC_KEY
from yuntai.trust import signing

PRIVATE_KEY = bytes(reversed(range(32)))
PUBLIC_KEY = signing.public_key(PRIVATE_KEY)
CODE = "publicservice"
URL = "http://localhost:8000/exchange/v1/messages"
LATER = NOW.replace(year=2027)


@dataclass
class Receiver:
    """rejects: numbers it will not act on.  spoil: changes a signed answer.  held: digest by number.

    outcome: of what it processed.  answers_truly: its heartbeat answer is to the question, not to another.
    batch_sizes, posted_bytes: messages and bytes of each batch.
    """

    rejects: frozenset[int] = frozenset()
    private_key: bytes = PRIVATE_KEY
    code: str = CODE
    spoil: Callable[[ReceiptBatch], ReceiptBatch] = lambda answer: answer
    outcome: Outcome = "ok"
    answers_truly: bool = True
    held: dict[int, str] = field(default_factory=dict)
    batch_sizes: list[int] = field(default_factory=list)
    posted_bytes: list[int] = field(default_factory=list)

    def client(self) -> httpx.Client:
        return httpx.Client(transport=httpx.MockTransport(self._answer))

    def _answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/heartbeats"):
            return self._answer_heartbeat(Heartbeat.model_validate_json(request.content))
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

    def _answer_heartbeat(self, beat: Heartbeat) -> httpx.Response:
        assert heartbeat.verify(beat, SENDER_PUBLIC_KEY)
        asked = [seq for a, b in beat.told.streams[0].awaiting for seq in range(a, b + 1)]
        processed = tuple(
            Processed(seq=seq, digest=self.held[seq], outcome=self.outcome, processed_at=NOW)
            for seq in asked
            if seq in self.held
        )
        missing = spans_of(seq for seq in range(1, beat.told.streams[0].last_seq + 1) if seq not in self.held)
        state = StreamState(
            stream=beat.told.streams[0].stream, expected_seq=1, missing=missing, processed=processed
        )
        answer = heartbeat.sign_answer(
            receiver=self.code,
            to=beat.told if self.answers_truly else beat.told.model_copy(update={"at": LATER}),
            streams=[state],
            credit=100,
            now=NOW,
            private_key=self.private_key,
        )
        return httpx.Response(200, json=answer.model_dump(mode="json"))

    def _receipt(self, number: int, batch: Batch) -> Receipt:
        payload = batch.messages[number].payload
        rejected = payload.seq in self.rejects
        self.held[payload.seq] = payload_digest(payload)
        return Receipt(
            iss=payload.iss,
            stream=payload.stream,
            seq=payload.seq,
            digest=payload_digest(payload),
            state="rejected" if rejected else "received",
            reason="报文不符合接口标准" if rejected else "",
            received_at=NOW,
        )
