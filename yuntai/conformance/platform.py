"""The tester in the place of the public service platform: writes signed messages to the system under test.

Each check uses a stream of its own, numbered from 1, so that a run leaves nothing to be remembered.
"""

import json
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

from pydantic import ValidationError

from yuntai.conformance.bidder import BadKeyFile
from yuntai.conformance.check import BadAnswer
from yuntai.conformance.description import Description
from yuntai.conformance.wire import Answer, Wire
from yuntai.standard.envelope import Position, SignedMessage, payload_for, sign
from yuntai.standard.identifiers import credit_code
from yuntai.standard.messages import ParticipantRegistered
from yuntai.standard.receipts import ReceiptBatch
from yuntai.trust import clock
from yuntai.trust.base64url import from_base64url


@dataclass(frozen=True)
class TestPlatform:
    """A platform that the system under test is connected to.  private_key: Ed25519, 32 bytes."""

    __test__ = False  # no test of pytest's

    code: str
    private_key: bytes = field(repr=False)

    @classmethod
    def read(cls, path: Path) -> "TestPlatform":
        """Read {"code", "private_key"} (base64url).

        :raises BadKeyFile: it is none.
        """
        try:
            values = json.loads(path.read_text(encoding="utf-8"))
            return cls(str(values["code"]), from_base64url(values["private_key"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise BadKeyFile(f'{path} 应为 {{"code": …, "private_key": base64url}}。请核对文件。') from error


class Stream:
    """A new stream from `sender` to the system under test."""

    def __init__(self, sender: TestPlatform, system: Description) -> None:
        self._sender = sender
        self._position = Position(sender.code, system.code, f"conformance-{secrets.token_hex(4)}")

    def next(self, **changes: Any) -> SignedMessage:
        """Return the next message; changes: of the body, to break it."""
        now = clock.now()
        told = ParticipantRegistered(
            occurred_at=now,
            organization_code=credit_code.make("320700", 999_999),
            name="检测用单位（不参与交易）",
            roles=("bidder",),
            region_code="320700",
            contact_name="检测机构",
            registered_at=now,
        )
        body = told.body() | changes
        payload = payload_for(self._position, body=body, subject=told.subject, msg_id=uuid4(), now=now)
        self._position = self._position.after(payload)
        return sign(payload, self._sender.private_key)


def send(wire: Wire, system: Description, *messages: dict[str, Any]) -> Answer:
    """Post signed messages, as JSON."""
    return wire.ask("POST", system.address("exchange"), json={"messages": list(messages)})


def receipts_of(answer: Answer) -> ReceiptBatch:
    """Return the receipts that `answer` is.

    :raises BadAnswer: it is none.
    """
    try:
        return ReceiptBatch.model_validate(answer.document())
    except ValidationError as error:
        raise BadAnswer(answer, "符合接口标准的签名回执") from error
