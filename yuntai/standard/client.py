"""The sending side of the exchange, for any vendor's system: posts batches of messages, checks the receipts.

Leaves out waiting and retrying: call `deliver` again later, messages already received do no harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
from pydantic import ValidationError

from yuntai.standard import receipts
from yuntai.standard.envelope import SignedMessage, payload_digest
from yuntai.standard.receipts import Batch, ReceiptBatch, first_batch
from yuntai.standard.stream import Rejected, Stream

TIMEOUT_SECONDS = 20.0


class ExchangeError(Exception):
    """A batch was not taken, or so it seems; its messages stay unsettled."""


class ExchangeUnreachable(ExchangeError):
    """No answer came: send the same messages again later."""


class ExchangeRefused(ExchangeError):
    """The receiver answered, and did not take the batch.  status: of HTTP."""

    def __init__(self, status: int, detail: str) -> None:
        self.status = status
        super().__init__(f"接收方未接收该批报文（HTTP {status}）：{detail}")


class ReceiptNotGenuine(ExchangeError):
    """The answer is not signed by the receiver, or does not answer this batch."""


@dataclass(frozen=True, kw_only=True)
class ExchangeClient:
    """Sends to one receiver.

    url: full address of the receiver's message endpoint.
    receiver_code, receiver_public_key: who must have signed the receipts (Ed25519, 32 bytes raw).
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
        :raises ExchangeRefused: an answer other than 200, or the receiver waits for an earlier number.
        :raises ReceiptNotGenuine: the answer is not by the receiver, or leaves out a message it has taken.
        """
        batch = first_batch(messages)
        try:
            response = self.transport.post(
                self.url,
                content=batch.model_dump_json().encode(),
                headers={"Content-Type": "application/json"},
                timeout=TIMEOUT_SECONDS,
            )
        except httpx.TransportError as error:
            raise ExchangeUnreachable(f"无法连接 {self.url}：{error}。报文已保留，请稍后重发。") from error
        if response.status_code != httpx.codes.OK:
            raise ExchangeRefused(response.status_code, _detail(response))
        return self._checked(response, batch)

    def deliver(self, stream: Stream) -> tuple[Rejected, ...]:
        """Send all that `stream` holds, batch by batch, and settle it; return the messages rejected.

        :raises ExchangeError: as `send`; what was settled before stays settled.
        """
        rejected: list[Rejected] = []
        while waiting := stream.unsettled:
            rejected.extend(stream.settle(self.send(waiting)))
        return tuple(rejected)

    def _checked(self, response: httpx.Response, batch: Batch) -> ReceiptBatch:
        try:
            answer = ReceiptBatch.model_validate_json(response.content)
        except ValidationError as error:
            raise ReceiptNotGenuine(f"{self.url} 的回执格式不符合接口标准，报文已保留。") from error
        if answer.receiver != self.receiver_code or not receipts.verify(answer, self.receiver_public_key):
            raise ReceiptNotGenuine(f"{self.url} 的回执不是 {self.receiver_code} 签署的，报文已保留。")
        answered = {(known.iss, known.stream, known.seq, known.digest) for known in answer.receipts}
        decided = {_key(each) for each in batch.messages if each.payload.seq < answer.expected_seq}
        if not decided <= answered:
            raise ReceiptNotGenuine(f"{self.url} 的回执没有逐条答复本批报文，报文已保留。")
        if not decided:
            raise ExchangeRefused(
                httpx.codes.CONFLICT, f"接收方正等待第 {answer.expected_seq} 号报文，请从该号起重发。"
            )
        return answer


def _key(signed: SignedMessage) -> tuple[str, str, int, str]:
    payload = signed.payload
    return payload.iss, payload.stream, payload.seq, payload_digest(payload)


def _detail(response: httpx.Response) -> str:
    """Return the sentence of a problem document (RFC 9457), or the start of whatever came instead."""
    try:
        detail = response.json()["detail"]
    except (ValueError, KeyError, TypeError):
        return response.text[:200]
    return str(detail)[:500]
