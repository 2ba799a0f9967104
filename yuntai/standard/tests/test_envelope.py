"""The envelope: signed, numbered, chained; verified after a trip through JSON."""

import json
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from yuntai.standard import envelope
from yuntai.standard.envelope import NO_PREVIOUS, Payload, Position, SignedMessage, payload_digest
from yuntai.standard.tests.samples import NOW, SENDER_KEY, SENDER_PUBLIC_KEY, TENDER, signed, suspended
from yuntai.trust import signing

SIGNED = signed(suspended())


def wire() -> dict[str, Any]:
    received = json.loads(json.dumps(SIGNED.to_json()))
    assert isinstance(received, dict)
    return received


def test_verifies_after_a_trip_through_json() -> None:
    received = SignedMessage.model_validate(wire())

    assert envelope.verify(received, SENDER_PUBLIC_KEY)
    assert received.to_json() == wire()
    assert received.payload.obj == TENDER
    assert received.payload.iat == NOW


def test_verifies_with_no_other_key() -> None:
    assert not envelope.verify(SIGNED, signing.public_key(signing.new_private_key()))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("aud", "someone-else"),
        ("seq", 2),
        ("obj", "T2"),
        ("iat", "2026-03-02T01:00:01Z"),
        ("stream", "other"),
    ],
)
def test_a_changed_field_no_longer_verifies(field: str, value: object) -> None:
    received = wire()
    received["payload"][field] = value
    if field == "seq":
        received["payload"]["prev"] = "ab" * 32

    assert not envelope.verify(SignedMessage.model_validate(received), SENDER_PUBLIC_KEY)


def test_a_changed_body_no_longer_verifies() -> None:
    received = wire()
    received["payload"]["body"]["reason"] = "另一个理由"

    assert not envelope.verify(SignedMessage.model_validate(received), SENDER_PUBLIC_KEY)


@pytest.mark.parametrize("signature", ["", "A" * 86, "not*base64", SIGNED.signature + "A"])
def test_a_broken_signature_does_not_verify(signature: str) -> None:
    received = wire() | {"signature": signature}
    try:
        message = SignedMessage.model_validate(received)
    except ValidationError:
        return
    assert not envelope.verify(message, SENDER_PUBLIC_KEY)


def test_a_body_nobody_can_have_signed_does_not_verify() -> None:
    received = wire()
    received["payload"]["body"]["reason"] = float("nan")

    assert not envelope.verify(SignedMessage.model_validate(received), SENDER_PUBLIC_KEY)


def test_a_key_id_of_another_key_does_not_verify() -> None:
    assert not envelope.verify(SignedMessage.model_validate(wire() | {"key_id": "0" * 16}), SENDER_PUBLIC_KEY)


@pytest.mark.parametrize(("seq", "prev"), [(1, "ab" * 32), (2, NO_PREVIOUS)])
def test_only_the_first_of_a_stream_has_no_previous(seq: int, prev: str) -> None:
    with pytest.raises(ValidationError, match="64 个 0"):
        Payload.model_validate(wire()["payload"] | {"seq": seq, "prev": prev})


def test_the_envelope_s_type_is_the_body_s() -> None:
    with pytest.raises(ValidationError, match="不一致"):
        Payload.model_validate(wire()["payload"] | {"type": "trading.tender.resumed.v1"})


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("seq", 0),
        ("seq", "1"),
        ("seq", 1.0),
        ("seq", True),
        ("v", 2),
        ("iss", "Trading"),
        ("msg_id", "1"),
        ("iat", 1),
    ],
)
def test_refuses_a_malformed_payload(field: str, value: object) -> None:
    with pytest.raises(ValidationError):
        Payload.model_validate(wire()["payload"] | {field: value})


def test_a_position_follows_the_payload_before() -> None:
    first = SIGNED.payload
    second = signed(
        suspended("又收到异议"), Position(first.iss, first.aud, first.stream).after(first)
    ).payload

    assert (second.seq, second.prev) == (2, payload_digest(first))


def test_the_same_payload_has_the_same_signature_everywhere() -> None:
    """Ed25519 is deterministic: a sender that lost its answer sends the very same bytes again."""
    assert envelope.sign(SIGNED.payload, SENDER_KEY) == SIGNED
    later = SIGNED.payload.model_copy(update={"iat": NOW + timedelta(seconds=1)})
    assert envelope.sign(later, SENDER_KEY).signature != SIGNED.signature


def test_refuses_an_object_that_no_database_can_keep() -> None:
    received = wire()
    received["payload"]["obj"] = "E1\x00"

    with pytest.raises(ValidationError, match="空字符"):
        SignedMessage.model_validate(received)


@pytest.mark.parametrize("spoilt", ["a\x00b", {"inside": "\x00"}, ["\x00"], {"\x00": 1}])
def test_refuses_a_body_that_no_database_can_keep(spoilt: object) -> None:
    received = wire()
    received["payload"]["body"]["reason"] = spoilt

    with pytest.raises(ValidationError, match="空字符"):
        SignedMessage.model_validate(received)
