"""Other systems that write to this one: their keys, their streams, the peers file."""

import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from yuntai.kernel.inbox.services import receive_batch
from yuntai.standard.envelope import Position, SignedMessage, payload_for, sign
from yuntai.standard.messages import Message, MessageForwarded, ParticipantRegistered, SuspensionDirected
from yuntai.standard.receipts import Batch, ReceiptBatch
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
US = "trading-construction"
HUB = "publicservice"
AUTHORITY = "supervision-construction"
NEIGHBOUR = "trading-water"
SYSTEMS = (
    (HUB, "publicservice", ""),
    (US, "trading", "construction"),
    (AUTHORITY, "supervision", "construction"),
    (NEIGHBOUR, "trading", "water"),
)
KEYS = {code: signing.new_private_key() for code, _, _ in SYSTEMS}
HUB_KEY = KEYS[HUB]
STRANGER_KEY = signing.new_private_key()


def write_peers(folder: Path) -> Path:
    """Write a peers file that knows the systems."""
    path = folder / "peers.json"
    rows = [
        {
            "code": code,
            "title": code,
            "kind": kind,
            "industry": industry,
            "url": "http://hub.test",
            "public_key": base64url(signing.public_key(KEYS[code])),
        }
        for code, kind, industry in SYSTEMS
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


def registered(code: str = "91320700MA0000031D", name: str = "测试单位") -> ParticipantRegistered:
    """Return a message that the platform might send."""
    return ParticipantRegistered(
        occurred_at=NOW,
        organization_code=code,
        name=name,
        roles=("bidder",),
        region_code="320700",
        contact_name="王投标",
        registered_at=NOW,
    )


def directed(tender_code: str = "E3207001234000001001", reason: str = "须查实") -> SuspensionDirected:
    """Return a directive that the authority might send."""
    return SuspensionDirected(
        occurred_at=NOW,
        directive_id="ZL-1",
        tender_code=tender_code,
        target_system=US,
        authority_code="91320700MA0000031D",
        authority_name="住建局",
        clause="tendering/7",
        reason=reason,
        directed_by="孙监督",
        directed_at=NOW,
    )


class SystemStream:
    """The stream of the system `sender` to `audience`."""

    def __init__(self, sender: str, audience: str, name: str = "") -> None:
        self.sender = sender
        self.position = Position(sender, audience, name or audience)

    def next(self, message: Message, *, key: bytes = b"", **changes: str) -> SignedMessage:
        """Number, chain and sign the next message.  changes: fields of the payload that are not as usual."""
        payload = payload_for(
            self.position, body=message.body(), subject=message.subject, msg_id=uuid4(), now=NOW
        ).model_copy(update=changes)
        self.position = self.position.after(payload)
        return sign(payload, key or KEYS[self.sender])

    def batch(self, count: int) -> Batch:
        """Return the next `count` messages."""
        return Batch(messages=tuple(self.next(registered(name=f"单位{number}")) for number in range(count)))


class HubStream(SystemStream):
    """The platform's stream to `audience`."""

    def __init__(self, audience: str, name: str = "") -> None:
        super().__init__(HUB, audience, name)

    def forward(self, origin: SignedMessage, *, key: bytes = b"", **changes: str) -> SignedMessage:
        """Pass `origin` on."""
        return self.next(MessageForwarded(occurred_at=NOW, origin=origin), key=key, **changes)


def receive(*messages: SignedMessage, now: datetime = NOW) -> ReceiptBatch:
    """Take the messages in, in one batch."""
    return receive_batch(batch=Batch(messages=messages), address="192.0.2.1", now=now)


def states(answer: ReceiptBatch) -> list[tuple[int, str]]:
    """Return number and state of each receipt."""
    return [(receipt.seq, receipt.state) for receipt in answer.receipts]


def outcome(*messages: SignedMessage) -> tuple[str, str]:
    """Take the messages in; return state and reason of the last receipt."""
    receipt = receive(*messages).receipts[-1]
    return receipt.state, receipt.reason
