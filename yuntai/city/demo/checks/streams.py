"""Streams of messages: what was sent was stored, once, in order, without a gap, and acted on."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from yuntai.standard.envelope import NO_PREVIOUS


@dataclass(frozen=True)
class Sent:
    """A numbered message in the sender's outbox."""

    seq: int
    digest: str
    is_delivered: bool
    refusal: str


@dataclass(frozen=True)
class Received:
    """A message in the receiver's inbox.  prev: digest of the one before, as signed."""

    seq: int
    digest: str
    prev: str
    refusal: str
    is_applied: bool


@dataclass(frozen=True)
class Stream:
    """Both ends of one stream, each by number."""

    sender: str
    receiver: str
    sent: Sequence[Sent]
    received: Sequence[Received]

    @property
    def name(self) -> str:
        return f"{self.sender} → {self.receiver}"


def stream_faults(stream: Stream) -> Iterator[str]:
    """Yield a sentence for each way in which the two ends differ or the chain is broken."""
    sent, received = {each.seq: each.digest for each in stream.sent}, stream.received
    if sorted(sent) != list(range(1, len(stream.sent) + 1)):
        yield f"{stream.name} 发出的报文编号不连续"
    if sent != {each.seq: each.digest for each in received}:
        yield f"{stream.name} 发出 {len(sent)} 条，收到 {len(received)} 条，内容不完全相同"
    undelivered = sum(not each.is_delivered for each in stream.sent)
    if undelivered:
        yield f"{stream.name} 有 {undelivered} 条报文没有回执"
    refused = [each.refusal for each in stream.sent if each.refusal]
    if refused:
        yield f"{stream.name} 有 {len(refused)} 条报文被退回：{refused[0]}"
    yield from chain_faults(stream.name, received)


def chain_faults(name: str, received: Sequence[Received]) -> Iterator[str]:
    """Yield a sentence for each way in which what was received is no gap-free chain, or was not acted on."""
    if [each.seq for each in received] != list(range(1, len(received) + 1)):
        yield f"{name} 收到的报文编号不连续或有重复"
    previous = [NO_PREVIOUS, *(each.digest for each in received)]
    if any(each.prev != digest for each, digest in zip(received, previous, strict=False)):
        yield f"{name} 收到的报文前后摘要不衔接"
    refused = [each.refusal for each in received if each.refusal]
    if refused:
        yield f"{name} 有 {len(refused)} 条收到的报文未被接受：{refused[0]}"
    unapplied = sum(not each.is_applied for each in received)
    if unapplied:
        yield f"{name} 有 {unapplied} 条报文收到而没有办理"


def forwarding_faults(name: str, due: Sequence[int], forwarded: Sequence[int]) -> Iterator[str]:
    """Yield a sentence when the hub did not forward exactly the messages it had to, in their order.

    due: numbers of the messages that came in and must go on.  forwarded: numbers that went on, in order.
    """
    if list(due) != list(forwarded):
        yield f"{name} 应转发 {len(due)} 条，实际转发 {len(forwarded)} 条或次序不同"
