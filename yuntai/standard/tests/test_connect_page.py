"""The worked example of docs/connect/README.md is true, byte for byte."""

import json
import re
from pathlib import Path

from yuntai.standard import envelope, messages, receipts
from yuntai.standard.canonical import canonical
from yuntai.trust import signing

PAGE = (Path(__file__).parents[3] / "docs/connect/README.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.partition("## 7. ")[2]
PLAIN = re.findall(r"```\n(.*?)\n```", re.sub(r"```json\n.*?\n```", "", EXAMPLE, flags=re.DOTALL), re.DOTALL)
JSON = re.findall(r"```json\n(.*?)\n```", EXAMPLE, re.DOTALL)


def test_the_message_of_the_example_is_signed_by_the_key_of_the_example() -> None:
    (public, key_id), payload, digest = PLAIN[0].split("\n"), PLAIN[1], PLAIN[2]
    signed = envelope.SignedMessage.model_validate_json(JSON[0])

    assert public == signing.public_key(bytes(range(32))).hex()
    assert key_id == signed.key_id
    assert canonical(signed.to_json()["payload"]).decode() == payload
    assert envelope.payload_digest(signed.payload) == digest
    assert envelope.verify(signed, bytes.fromhex(public))
    assert messages.parse(signed.payload.body).subject == signed.payload.obj


def test_the_receipt_of_the_example_is_signed_by_the_platform_of_the_example() -> None:
    public, statement = PLAIN[3], PLAIN[4]
    answer = receipts.ReceiptBatch.model_validate_json(JSON[1])

    assert public == signing.public_key(bytes(range(32, 64))).hex()
    assert receipts.verify(answer, bytes.fromhex(public))
    assert json.loads(statement) == {
        name: value for name, value in json.loads(JSON[1]).items() if name not in {"signature", "key_id"}
    }
    assert canonical(json.loads(statement)).decode() == statement
    assert answer.receipts[0].digest == PLAIN[2]


def test_the_page_names_every_field_of_the_envelope_and_of_a_record() -> None:
    named = set(re.findall(r"`([a-z_0-9]+)`", PAGE))

    assert set(envelope.Payload.model_fields) <= named
    assert set(messages.RecordSubmitted.model_fields) - {"type", "occurred_at"} <= named
    assert set(messages.AttachmentFacts.model_fields) <= named
