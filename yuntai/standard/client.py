"""The sending side of the exchange, for any vendor's system: posts batches of messages, checks the receipts.

Leaves out waiting and retrying: call `deliver` again later, messages already received do no harm.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx
from pydantic import ValidationError

from yuntai.standard import heartbeat, receipts, reconciliation
from yuntai.standard.envelope import SignedMessage, payload_digest
from yuntai.standard.heartbeat import HeartbeatAnswer, Processed, Told
from yuntai.standard.receipts import ReceiptBatch, first_batch
from yuntai.standard.reconciliation import Answer, Asked
from yuntai.standard.stream import Rejected, Stream

TIMEOUT_SECONDS = 20.0
JSON = {"Content-Type": "application/json"}


class ExchangeError(Exception):
    """A batch was not taken, or so it seems; its messages stay unsettled."""


class ExchangeUnreachable(ExchangeError):
    """No answer came: send the same messages again later."""


class ExchangeRefused(ExchangeError):
    """The receiver answered, and did not take the batch.

    status: of HTTP.  retry_after: seconds that it asks to wait, 0 when it does not say.
    """

    def __init__(self, status: int, detail: str, retry_after: int = 0) -> None:
        self.status = status
        self.retry_after = retry_after
        super().__init__(f"接收方未接收该批报文（HTTP {status}）：{detail}")


class ReceiptNotGenuine(ExchangeError):
    """The answer is not signed by the receiver, or does not answer this batch."""


@dataclass(frozen=True)
class Outgoing:
    """A signed message as it is posted.  key: what its receipt must name: sender, stream, number, digest."""

    content: bytes
    key: tuple[str, str, int, str]

    @classmethod
    def of(cls, signed: Mapping[str, Any], digest: str) -> "Outgoing":
        """Write a signed message, given as JSON types, with the digest of its payload."""
        payload = signed["payload"]
        return cls(_json(signed), (payload["iss"], payload["stream"], payload["seq"], digest))


@dataclass(frozen=True, kw_only=True)
class ExchangeClient:
    """Sends to one receiver.

    url: full address of the receiver's message endpoint; the heartbeat's lies beside it.
    receiver_code, receiver_public_key: who must have signed the answers (Ed25519, 32 bytes raw).
    transport: an httpx client of the caller's, who also closes it.
    """

    url: str
    receiver_code: str
    receiver_public_key: bytes
    transport: httpx.Client

    def send(self, messages: Sequence[SignedMessage]) -> ReceiptBatch:
        """Post what one batch holds of `messages`, one stream's; return the answer, its signature checked.

        A batch holds up to 100 messages and up to 1 MiB: what is left over has no receipt in the answer.

        :raises ExchangeUnreachable: no answer.
        :raises ExchangeRefused: an answer other than 200.
        :raises ReceiptNotGenuine: the answer is not by the receiver, or leaves out a message it has taken.
        """
        batch = first_batch(messages)
        return self.post(
            [Outgoing.of(each.to_json(), payload_digest(each.payload)) for each in batch.messages]
        )

    def post(self, messages: Sequence[Outgoing]) -> ReceiptBatch:
        """Do as `send` with messages that are written already and are in order."""
        content = self._post(self.url, b'{"messages":[%s]}' % b",".join(each.content for each in messages))
        try:
            answer = ReceiptBatch.model_validate_json(content)
        except ValidationError as error:
            raise ReceiptNotGenuine(f"{self.url} 的回执格式不符合接口标准，报文已保留。") from error
        if answer.receiver != self.receiver_code or not receipts.verify(answer, self.receiver_public_key):
            raise ReceiptNotGenuine(f"{self.url} 的回执不是 {self.receiver_code} 签署的，报文已保留。")
        answered = {(known.iss, known.stream, known.seq, known.digest) for known in answer.receipts}
        decided = {each.key for each in messages if each.key[2] < answer.expected_seq}
        if not decided <= answered:
            raise ReceiptNotGenuine(f"{self.url} 的回执没有逐条答复本批报文，报文已保留。")
        return answer

    def beat(self, told: Told, private_key: bytes) -> HeartbeatAnswer:
        """Sign and post a heartbeat; return the receiver's answer, checked to be its answer to this one.

        :raises ExchangeUnreachable, ExchangeRefused, ReceiptNotGenuine: as `send`.
        """
        url = f"{self.url.rpartition('/')[0]}/heartbeats"
        content = self._post(url, heartbeat.sign(told, private_key).model_dump_json().encode())
        try:
            answer = HeartbeatAnswer.model_validate_json(content)
        except ValidationError as error:
            raise ReceiptNotGenuine(f"{url} 的答复格式不符合接口标准。") from error
        if not heartbeat.verify_answer(
            answer, to=told, receiver=self.receiver_code, public_key=self.receiver_public_key
        ):
            raise ReceiptNotGenuine(f"{url} 的答复不是 {self.receiver_code} 对本次心跳签署的。")
        return answer

    def reconcile(self, asked: Asked, private_key: bytes) -> Answer:
        """Sign and post a question about a stream; return the other side's answer, checked to be to this one.

        :raises ExchangeUnreachable, ExchangeRefused, ReceiptNotGenuine: as `send`.
        """
        url = f"{self.url.rpartition('/')[0]}/reconciliation"
        content = self._post(url, reconciliation.sign(asked, private_key).model_dump_json().encode())
        try:
            answer = Answer.model_validate_json(content)
        except ValidationError as error:
            raise ReceiptNotGenuine(f"{url} 的答复格式不符合接口标准。") from error
        if not reconciliation.verify_answer(
            answer, to=asked, receiver=self.receiver_code, public_key=self.receiver_public_key
        ):
            raise ReceiptNotGenuine(f"{url} 的答复不是 {self.receiver_code} 对本次询问签署的。")
        return answer

    def deliver(self, stream: Stream) -> tuple[Rejected, ...]:
        """Send all that `stream` holds, batch by batch, and settle it; return the messages rejected.

        :raises ExchangeError: as `send`, and when the receiver takes none of a batch; what was settled before
            stays settled.
        """
        rejected: list[Rejected] = []
        while waiting := stream.unsettled[: receipts.MOST_MESSAGES]:
            answer = self.send(waiting)
            stream.reopen(answer.missing)
            rejected.extend(stream.settle(answer))
            if stream.unsettled[: len(waiting)] == waiting:
                said = f"接收方正等待第 {answer.expected_seq} 号报文，请从该号起重发。"
                raise ExchangeRefused(httpx.codes.CONFLICT, said)
        return tuple(rejected)

    def ask(self, stream: Stream, *, now: datetime) -> tuple[Processed, ...]:
        """Beat for `stream` once; note what was processed and what is missing; return the receipts.

        :raises ExchangeError: as `beat`.
        """
        told = Told(v=1, iss=stream.iss, aud=self.receiver_code, at=now, streams=(stream.told(),))
        answer = self.beat(told, stream.private_key)
        for state in answer.streams:
            stream.reopen(state.missing)
            stream.finish(state.processed)
        return tuple(each for state in answer.streams for each in state.processed)

    def _post(self, url: str, body: bytes) -> bytes:
        try:
            response = self.transport.post(url, content=body, headers=JSON, timeout=TIMEOUT_SECONDS)
        except httpx.TransportError as error:
            raise ExchangeUnreachable(f"无法连接 {url}：{error}。报文已保留，请稍后重发。") from error
        if response.status_code != httpx.codes.OK:
            wait = response.headers.get("Retry-After", "")
            raise ExchangeRefused(
                response.status_code, _detail(response), int(wait) if wait.isdecimal() else 0
            )
        return response.content


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _detail(response: httpx.Response) -> str:
    """Return the sentence of a problem document (RFC 9457), or the start of whatever came instead."""
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
    return str(detail)[:500]
