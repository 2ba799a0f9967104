"""The technical tests that connect a system: what they are, and how its trial messages are judged.

Pure: nothing here is stored.  A trial message is judged as the door of the exchange judges, but by the key
that the operator entered, and without effect.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from yuntai.kernel.errors import DomainError
from yuntai.standard.envelope import NO_PREVIOUS, SignedMessage, payload_digest, verified_digest
from yuntai.standard.messages import InvalidMessage, Message, UnknownMessageType, parse, type_of
from yuntai.standard.receipts import Receipt

MOST_MESSAGES = 50
STREAM = "trial"


@dataclass(frozen=True)
class Test:
    """title: what is shown to work.  how: what the operator does for it."""

    __test__ = False  # no test class of pytest's

    code: str
    title: str
    how: str


SIGNED, CHALLENGE, ACCEPTED, REJECTED, RECEIPT, REPEATED, OFFERED = (
    "signed",
    "challenge",
    "accepted",
    "rejected",
    "receipt",
    "repeated",
    "offered",
)
TESTS = (
    Test(SIGNED, "运营机构签署登记内容", "用本机构的证书签署系统代码、类别、行业、地区、地址和公钥。"),
    Test(CHALLENGE, "系统持有登记的密钥", "用系统的私钥签署平台给出的挑战文本，提交签名。"),
    Test(ACCEPTED, "合规报文被接收", "向测试地址发送一条符合接口标准的报文，得到 received 回执。"),
    Test(
        REJECTED,
        "不合规报文被退回后，报文流继续",
        "发送一条不符合接口标准的报文，得到 rejected 回执；随后以下一编号发送合规报文。",
    ),
    Test(RECEIPT, "保存并能出示平台的回执", "核对退回回执的签名并保存，把含该回执的答复原样交回。"),
    Test(REPEATED, "重复发送不会重复办理", "把已发过的报文原样再发一次，得到同一编号的回执。"),
    Test(
        OFFERED,
        "核验并签收平台的报文",
        "平台给出两条测试报文，其中一条签名不符。只对签名相符的一条签收。",
    ),
)


class TrialNotAuthentic(DomainError):
    """A trial message is not by the system that it names, or not for the platform."""

    code = "message-not-authentic"
    status = 400


class TrialForked(DomainError):
    """A number with two contents, or a predecessor that is not ours."""

    code = "stream-forked"


class TrialTooLong(DomainError):
    """The system sent more trial messages than a trial needs."""

    code = "trial-too-long"


@dataclass(frozen=True)
class Position:
    """How far the trial stream has come.

    answered: the receipt of each message, in order.  repeated: how often a message came again.
    """

    answered: tuple[Receipt, ...] = ()
    repeated: int = 0

    @property
    def last_seq(self) -> int:
        return self.answered[-1].seq if self.answered else 0

    @property
    def last_digest(self) -> str:
        return self.answered[-1].digest if self.answered else NO_PREVIOUS


@dataclass(frozen=True)
class Examiner:
    """Judges the trial messages of one system.  platform, code: receiver and sender.  kind: of the sender."""

    platform: str
    code: str
    kind: str
    public_key: bytes

    def judge(
        self, position: Position, signed: SignedMessage, now: datetime
    ) -> tuple[Position, Receipt] | None:
        """Return the position after a message and its receipt; None behind a hole.

        :raises TrialNotAuthentic: it is not by this system or not for the platform.
        :raises TrialForked: its number has another content, or it denies its predecessor.
        :raises TrialTooLong: the trial has all the messages that it may have.
        """
        payload, digest = signed.payload, self._verified(signed)
        if payload.seq <= position.last_seq:
            first = position.answered[payload.seq - 1]
            if first.digest != digest:
                raise TrialForked(
                    f"第 {payload.seq} 号已收到内容不同的测试报文。请重新开始测试，自 1 起编号。"
                )
            return replace(position, repeated=position.repeated + 1), first
        if payload.seq > position.last_seq + 1:
            return None
        if payload.prev != position.last_digest:
            raise TrialForked(f"第 {payload.seq} 号测试报文的 prev 与上一号的摘要不符。请核对摘要的算法。")
        if payload.seq > MOST_MESSAGES:
            raise TrialTooLong(f"测试报文至多 {MOST_MESSAGES} 条。请重新开始测试，自 1 起编号。")
        reason = self._why_rejected(signed)
        receipt = Receipt(
            iss=payload.iss,
            stream=payload.stream,
            seq=payload.seq,
            digest=digest,
            state="rejected" if reason else "received",
            reason=reason,
            received_at=now,
        )
        return replace(position, answered=(*position.answered, receipt)), receipt

    def _verified(self, signed: SignedMessage) -> str:
        payload = signed.payload
        if (payload.iss, payload.aud) != (self.code, self.platform):
            raise TrialNotAuthentic(
                f"测试报文须由 {self.code} 发给 {self.platform}，"
                f"报文写的是由 {payload.iss} 发给 {payload.aud}。请核对。"
            )
        digest = verified_digest(signed, self.public_key)
        if digest is None:
            raise TrialNotAuthentic(
                f"第 {payload.seq} 号测试报文的签名与登记的公钥不符。"
                "请核对规范 JSON 和签名的算法（对接说明第 3 节）。"
            )
        return digest

    def _why_rejected(self, signed: SignedMessage) -> str:
        try:
            message = parse(signed.payload.body)
        except (UnknownMessageType, InvalidMessage) as error:
            return " ".join(str(error).split())[:200]
        return self._why_not_its_own(message, signed.payload.obj)

    def _why_not_its_own(self, message: Message, subject: str) -> str:
        if self.kind not in message.SPEAKERS:
            return f"{self.code} 不是可以发送“{type_of(message)}”的系统。请核对报文类型与登记的系统类别。"
        if message.subject != subject:
            return f"报文头的对象 {subject} 与正文的 {message.subject} 不一致。请改为一致后另发新报文。"
        return ""


def shown_by(position: Position) -> set[str]:
    """Return the tests that the messages up to `position` passed."""
    received = [each.seq for each in position.answered if each.state == "received"]
    rejected = [each.seq for each in position.answered if each.state == "rejected"]
    passed = {
        ACCEPTED: bool(received),
        REJECTED: bool(rejected) and max(received, default=0) > rejected[0],
        REPEATED: position.repeated > 0,
    }
    return {test for test, holds in passed.items() if holds}


def with_forged(offered: SignedMessage) -> tuple[SignedMessage, SignedMessage]:
    """Return the offered message behind one that looks like it, whose signature is another text's."""
    body = offered.payload.body | {"text": "这一条的签名不符，不应签收"}
    forged = offered.model_copy(update={"payload": offered.payload.model_copy(update={"body": body})})
    return forged, offered


def to_receipt(offered: SignedMessage) -> bytes:
    """Return the bytes that a system which only sends signs, to show that it verified the offered message."""
    return f"yuntai-trial-receipt-v1|{payload_digest(offered.payload)}".encode()
