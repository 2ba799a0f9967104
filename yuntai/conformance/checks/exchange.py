"""D10, D37, D40: messages are believed for their signature alone, kept once, and answered with receipts."""

from dataclasses import dataclass
from typing import Any

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.platform import Stream, TestPlatform, receipts_of, send
from yuntai.conformance.probe import Probe
from yuntai.conformance.wire import Answer
from yuntai.standard import receipts
from yuntai.trust import signing

UNKNOWN_TYPE = "conformance.nothing.happened.v1"


def forged_message_is_refused(probe: Probe, found: Findings) -> None:
    """A message by nobody known is refused, and gets no receipt."""
    nobody = TestPlatform("conformance-nobody", signing.new_private_key())
    message = Stream(nobody, probe.system).next()
    came = send(probe.visitor, probe.system, message.to_json())
    found.expect(came.is_refused and came.is_chinese, came, "不明系统的报文拒收（4xx），并说明原因")


def altered_message_is_refused(probe: Probe, found: Findings) -> None:
    """A message whose body was altered after it was signed is refused."""
    message = Stream(probe.platform, probe.system).next().to_json()
    altered: dict[str, Any] = message | {
        "payload": message["payload"] | {"body": message["payload"]["body"] | {"name": "被改动的名称"}}
    }
    came = send(probe.visitor, probe.system, altered)
    found.expect(came.is_refused and came.is_chinese, came, "签名后被改动的报文拒收（4xx），并说明原因")


def door_answers_as_the_standard_says(probe: Probe, found: Findings) -> None:
    """Valid: received; once more: the same receipt; of an unknown type: rejected, and the stream goes on."""
    stream = Stream(probe.platform, probe.system)
    first, unknown = stream.next().to_json(), stream.next(type=UNKNOWN_TYPE).to_json()
    received = _receipts(probe, found, first, state="received", expected_seq=2)
    repeated = _receipts(probe, found, first, state="received", expected_seq=2)
    found.expect(repeated.receipts == received.receipts, repeated.came, "重复的报文得到与原来相同的回执")
    _receipts(probe, found, unknown, state="rejected", expected_seq=3)


@dataclass(frozen=True)
class _Receipts:
    came: Answer
    receipts: tuple[receipts.Receipt, ...]


def _receipts(
    probe: Probe, found: Findings, message: dict[str, Any], *, state: str, expected_seq: int
) -> _Receipts:
    came = send(probe.visitor, probe.system, message)
    answer = receipts_of(came)
    found.expect(
        [each.state for each in answer.receipts] == [state] and answer.expected_seq == expected_seq,
        came,
        f"回执为 {state}，expected_seq 为 {expected_seq}",
    )
    return _Receipts(came, tuple(answer.receipts))


def receipts_are_signed(probe: Probe, found: Findings) -> None:
    """The receipt names the message's digest, and the system under test signed it."""
    message = Stream(probe.platform, probe.system).next()
    came = send(probe.visitor, probe.system, message.to_json())
    genuine = receipts.verify(receipts_of(came), probe.system.key)
    found.expect(genuine, came, "回执的签名由公布的 signing_key 作出")


PLATFORM = (Need.PLATFORM,)
CHECKS = (
    Check("d10-forged", "D10", "冒名的报文拒收", "etendering/14", forged_message_is_refused),
    Check("d10-altered", "D10", "被篡改的报文拒收", "etendering/14", altered_message_is_refused, PLATFORM),
    Check(
        "d37-door",
        "D37",
        "按标准与公共服务平台交换数据",
        "etendering/45",
        door_answers_as_the_standard_says,
        PLATFORM,
    ),
    Check(
        "d40-receipts",
        "D40",
        "交换的数据有签名回执，可以追溯",
        "etendering/49",
        receipts_are_signed,
        PLATFORM,
    ),
)
