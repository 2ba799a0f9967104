"""The envelope of a message: sender, receiver, number in the stream, link to the one before, signature.

The signature travels with the message and is stored with it.  Whether a number is due, the receiver judges.
"""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from yuntai.standard.canonical import canonical, digest
from yuntai.standard.fields import Base64Url, Instant, Sha256, SystemCode, UuidText, Word, instant_text
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url

NO_PREVIOUS = "0" * 64
"""`prev` of the first message of a stream."""

KeyId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


class Payload(BaseModel):
    """What is signed.

    Every field is written out: a receiver computes the digest of what it was sent.
    v: version of this envelope.  iss, aud: sending and receiving system.
    stream, seq, prev: name of the stream, number in it from 1 without gaps, SHA-256 of the payload before.
    msg_id: the receiver acts once per msg_id.  obj: code of the object the message is about.
    iat: the instant of signing.  body: the message, verbatim.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    v: Literal[1]
    iss: SystemCode
    aud: SystemCode
    stream: Word
    seq: int = Field(ge=1, le=2**53 - 1, strict=True)
    prev: Sha256
    msg_id: UuidText
    type: str = Field(min_length=1, max_length=100)
    obj: str = Field(min_length=1, max_length=100)
    iat: Instant
    body: dict[str, Any]

    @model_validator(mode="after")
    def _only_the_first_has_no_previous(self) -> Self:
        if (self.seq == 1) != (self.prev == NO_PREVIOUS):
            raise ValueError("流中第 1 条报文的 prev 须为 64 个 0，其余报文的 prev 须为上一条的摘要")
        return self

    @model_validator(mode="after")
    def _can_be_stored(self) -> Self:
        # PostgreSQL takes any JSON text but this character: a receiver could never keep such a message.
        if _has_nul([self.obj, self.body]):
            raise ValueError("报文不得含空字符（U+0000）")
        return self

    @model_validator(mode="after")
    def _type_is_the_body_s(self) -> Self:
        if self.body.get("type") != self.type:
            raise ValueError("信封的 type 与报文的 type 不一致")
        return self


def _has_nul(value: object) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        for name, each in value.items():
            if "\x00" in name or ("\x00" in each if type(each) is str else _has_nul(each)):
                return True
        return False
    return isinstance(value, list) and any(map(_has_nul, value))


class SignedMessage(BaseModel):
    """A payload with its Ed25519 signature over `canonical(payload)`, and the id of the key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    payload: Payload
    signature: Base64Url
    key_id: KeyId

    def to_json(self) -> dict[str, Any]:
        """Return the message as JSON types; reading them again gives the same bytes to verify."""
        return {
            "payload": plain(self.payload),
            "signature": self.signature,
            "key_id": self.key_id,
        }


@dataclass(frozen=True)
class Position:
    """Where the next message of a stream goes.  prev: digest of the payload before."""

    iss: str
    aud: str
    stream: str
    seq: int = 1
    prev: str = NO_PREVIOUS

    def after(self, payload: Payload) -> "Position":
        """Return the position that follows `payload`."""
        return Position(self.iss, self.aud, self.stream, payload.seq + 1, payload_digest(payload))


def payload_for(
    position: Position, *, body: dict[str, Any], subject: str, msg_id: UUID, now: datetime
) -> Payload:
    """Put a message at `position`.  body, subject: `message.body()` and `message.subject`."""
    return Payload(
        v=1,
        iss=position.iss,
        aud=position.aud,
        stream=position.stream,
        seq=position.seq,
        prev=position.prev,
        msg_id=str(msg_id),
        type=body["type"],
        obj=subject,
        iat=now,
        body=body,
    )


def plain(payload: Payload) -> dict[str, Any]:
    """Return the payload as JSON types: what `model_dump` would give, without a look at the body."""
    return {
        "v": payload.v,
        "iss": payload.iss,
        "aud": payload.aud,
        "stream": payload.stream,
        "seq": payload.seq,
        "prev": payload.prev,
        "msg_id": payload.msg_id,
        "type": payload.type,
        "obj": payload.obj,
        "iat": instant_text(payload.iat),
        "body": payload.body,
    }


def payload_digest(payload: Payload) -> str:
    """Return the SHA-256 of the canonical payload as 64 hex digits."""
    return digest(plain(payload))


def sign(payload: Payload, private_key: bytes) -> SignedMessage:
    """Sign a payload with a system's Ed25519 key (32 bytes raw)."""
    return sign_and_digest(payload, private_key)[0]


def sign_plain(
    position: Position, *, body: dict[str, Any], subject: str, msg_id: UUID, now: datetime, private_key: bytes
) -> tuple[dict[str, Any], str]:
    """Return a signed message as JSON types, and its digest; for bodies that the sender itself wrote."""
    payload = {
        "v": 1,
        "iss": position.iss,
        "aud": position.aud,
        "stream": position.stream,
        "seq": position.seq,
        "prev": position.prev,
        "msg_id": str(msg_id),
        "type": body["type"],
        "obj": subject,
        "iat": instant_text(now),
        "body": body,
    }
    statement = canonical(payload)
    signature = base64url(signing.sign(private_key, statement))
    key_id = signing.key_id(signing.public_key(private_key))
    signed = {"payload": payload, "signature": signature, "key_id": key_id}
    return signed, sha256(statement).hexdigest()


def sign_and_digest(payload: Payload, private_key: bytes) -> tuple[SignedMessage, str]:
    """Sign a payload and return its `payload_digest` too: both are of the same bytes, written once."""
    statement = canonical(plain(payload))
    signature = base64url(signing.sign(private_key, statement))
    key_id = signing.key_id(signing.public_key(private_key))
    return SignedMessage(payload=payload, signature=signature, key_id=key_id), sha256(statement).hexdigest()


def verify(signed: SignedMessage, public_key: bytes) -> bool:
    """Tell whether `signed` bears the signature of this key (32 bytes raw)."""
    return verified_digest(signed, public_key) is not None


def verified_digest(signed: SignedMessage, public_key: bytes) -> str | None:
    """Return `payload_digest` of what this key (32 bytes raw) signed; None when it did not sign it."""
    if signed.key_id != signing.key_id(public_key):
        return None
    try:
        statement = canonical(plain(signed.payload))
        signature = from_base64url(signed.signature)
    except ValueError:  # NotCanonical is one too: nobody can have signed such a payload
        return None
    return sha256(statement).hexdigest() if signing.is_valid(public_key, statement, signature) else None
