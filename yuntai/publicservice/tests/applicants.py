"""An operator that brings its system through the trial, as its own programs would."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx

from yuntai.kernel.tests.operators import Operator
from yuntai.publicservice.systems import services, trying
from yuntai.publicservice.systems.entering import Entry, Responsible
from yuntai.publicservice.systems.models import ConnectedSystem, SystemKey
from yuntai.publicservice.systems.services import statement_of
from yuntai.publicservice.systems.trial import to_receipt
from yuntai.publicservice.tests.factories import NOW
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.standard.envelope import Position, SignedMessage, payload_digest, payload_for, sign
from yuntai.standard.messages import Message, RecordSubmitted, WarningRaised
from yuntai.standard.receipts import Batch, Receipt, ReceiptBatch
from yuntai.standard.receipts import sign as sign_receipts
from yuntai.trust import certificates, signing
from yuntai.trust.base64url import base64url


def entry(operator: Operator, **changes: Any) -> Entry:
    """Return what the operator enters; give the fields to change."""
    facts: dict[str, Any] = {
        "code": "trading-harbour",
        "title": "港区工程建设电子交易系统",
        "kind": "trading",
        "industry": "construction",
        "region_code": "320703",
        "url": "",
        "public_key": operator.public_key,
        "responsible": (Responsible("冯运营", "主要负责人"),),
    }
    return Entry(**facts | changes)


def record(no: int = 501, **fields: str) -> RecordSubmitted:
    """Return a record of a data set."""
    return RecordSubmitted(
        occurred_at=NOW,
        data_set=no,
        action="add",
        data_key=sample_key(no),
        object_code=sample_object(no),
        fields=sample(no) | fields,
    )


class Door:
    """A system's door.  key: what it signs with.  takes: which messages it receipts, by place."""

    def __init__(self, code: str, key: bytes, takes: tuple[bool, ...] = (False, True)) -> None:
        self.code, self.key, self.takes, self.calls = code, key, takes, 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        """Answer one batch of one message."""
        payload = Batch.model_validate_json(request.content).messages[0].payload
        takes, self.calls = self.takes[self.calls], self.calls + 1
        if not takes:
            return httpx.Response(400)
        receipt = Receipt(
            iss=payload.iss,
            stream=payload.stream,
            seq=payload.seq,
            digest=payload_digest(payload),
            state="received",
            received_at=NOW,
        )
        answer = sign_receipts(receiver=self.code, receipts=[receipt], expected_seq=2, private_key=self.key)
        return httpx.Response(200, content=answer.model_dump_json())


class Applicant:
    """One operator with one system on trial."""

    def __init__(self, operator: Operator | None = None, **changes: Any) -> None:
        self.operator = operator or Operator()
        self.entry = entry(self.operator, **changes)
        self.code = self.entry.code
        self.position = Position(self.code, "publicservice", "trial")

    @property
    def system(self) -> ConnectedSystem:
        """The system as it is stored."""
        return ConnectedSystem.objects.get(code=self.code)

    @property
    def key(self) -> SystemKey:
        """Its newest key."""
        return self.system.keys.order_by("-number")[0]

    def enter(self) -> None:
        services.enter_system(entry=self.entry, caller=self.operator.caller, now=NOW)

    def sign(self, operator: Operator | None = None, now: datetime = NOW) -> None:
        """Sign the entry with the operator's certificate."""
        signer = operator or self.operator
        services.sign_entry(
            code=self.code,
            certificate=signer.certificate,
            signature=certificates.sign_with(signer.key_pem, statement_of(self.key).to_sign()),
            caller=self.operator.caller,
            now=now,
        )

    def answer_challenge(self, key: bytes = b"", now: datetime = NOW) -> None:
        key = key or self.operator.system_key
        challenge = statement_of(self.key).challenge(self.key.nonce)
        services.answer_challenge(code=self.code, signature=base64url(signing.sign(key, challenge)), now=now)

    def signed(self, message: Message, key: bytes = b"", **body: Any) -> SignedMessage:
        """Number, chain and sign the next message of the trial.  body: what to write wrongly."""
        payload = payload_for(
            self.position, body=message.body() | body, subject=message.subject, msg_id=uuid4(), now=NOW
        )
        self.position = self.position.after(payload)
        return sign(payload, key or self.operator.system_key)

    def send(self, *messages: SignedMessage) -> ReceiptBatch:
        return trying.receive_trial(
            code=self.code, batch=Batch(messages=messages), address="192.0.2.9", now=NOW
        )

    def try_messages(self) -> ReceiptBatch:
        """Send a good, a broken and a good message; return the answer; and send the first again."""
        first = self.signed(self.example())
        answer = self.send(first, self.signed(self.example(), **self.broken()), self.signed(self.example()))
        self.send(first)
        return answer

    def example(self) -> Message:
        """Return a message that its kind of system may send."""
        if self.entry.kind != "supervision":
            return record()
        return WarningRaised(
            occurred_at=NOW,
            warning_id="YJ-1",
            tender_code="T-1",
            rule="short-bid-period",
            rule_version="1",
            level="serious",
            clause="tendering/24",
            evidence="12 日",
            raised_at=NOW,
        )

    def broken(self) -> dict[str, Any]:
        return {"level": "?"} if self.entry.kind == "supervision" else {"data_key": "?"}

    def hand_back(self, answer: ReceiptBatch) -> None:
        trying.hand_back(code=self.code, answer=answer, address="192.0.2.9", now=NOW)

    def take_receipt(self, message: SignedMessage, key: bytes = b"") -> None:
        signature = signing.sign(key or self.operator.system_key, to_receipt(message))
        trying.take_receipt(code=self.code, signature=base64url(signature), address="", now=NOW)

    def all_but_the_last(self) -> None:
        """Pass every test but the platform's own message."""
        self.enter()
        self.sign()
        self.answer_challenge()
        self.hand_back(self.try_messages())

    def connect(self) -> ConnectedSystem:
        """Pass every test."""
        self.all_but_the_last()
        self.take_receipt(trying.offered_messages(code=self.code)[1])
        return self.system

    def receive_offered(self) -> None:
        """Let the platform call the system, which takes the true message and no other."""
        http = httpx.Client(transport=httpx.MockTransport(Door(self.code, self.operator.system_key)))
        trying.call_system(code=self.code, caller=self.operator.caller, http=http, now=NOW)

    def with_new_key(self) -> "Applicant":
        """Return the same operator and system with another key in hand."""
        other = Applicant(replace(self.operator, system_key=signing.new_private_key()))
        other.entry, other.code = self.entry, self.code
        return other
