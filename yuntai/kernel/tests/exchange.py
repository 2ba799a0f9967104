"""Another system that writes to this one: its key, its stream, its peers file."""

import base64
import json
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from yuntai.standard.envelope import Position, SignedMessage, payload_for, sign
from yuntai.standard.messages import Message, ParticipantRegistered
from yuntai.standard.receipts import Batch
from yuntai.trust import signing

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
HUB_KEY = signing.new_private_key()
STRANGER_KEY = signing.new_private_key()


def write_peers(folder: Path) -> Path:
    """Write a peers file that knows the platform."""
    path = folder / "peers.json"
    public = base64.urlsafe_b64encode(signing.public_key(HUB_KEY)).rstrip(b"=").decode()
    row = {
        "code": "publicservice",
        "title": "公共服务平台",
        "kind": "publicservice",
        "industry": "",
        "url": "http://hub.test",
        "public_key": public,
    }
    path.write_text(json.dumps([row]), encoding="utf-8")
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


class HubStream:
    """The platform's stream to this system."""

    def __init__(self, audience: str) -> None:
        self.position = Position("publicservice", audience, audience)

    def next(self, message: Message, key: bytes = HUB_KEY) -> SignedMessage:
        """Number, chain and sign the next message."""
        payload = payload_for(
            self.position, body=message.body(), subject=message.subject, msg_id=uuid4(), now=NOW
        )
        self.position = self.position.after(payload)
        return sign(payload, key)

    def batch(self, count: int) -> Batch:
        """Return the next `count` messages."""
        return Batch(messages=tuple(self.next(registered(name=f"单位{number}")) for number in range(count)))
