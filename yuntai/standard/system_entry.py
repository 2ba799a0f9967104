"""What an operator signs with its certificate to enter its system, and what the system's key signs.

Both signatures travel with the key in every message that tells of it: the platform cannot invent a key.
"""

from hashlib import sha256
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from yuntai.standard.canonical import canonical
from yuntai.standard.fields import (
    Base64Url,
    OrganizationCode,
    RegionCodeOrEmpty,
    SystemCode,
    WebAddress,
    WordOrEmpty,
)
from yuntai.trust import signing

PURPOSE = "connect-system"
KEY_BYTES = 32

EnteredKind = Literal["trading", "supervision", "connected"]
"""What a system may be entered as; the platform itself is not entered."""


class EntryStatement(BaseModel):
    """What an operator declares of its system and one key of it.

    platform: code of the public service platform that enters it.
    industry: "" for a system of kind "connected".
    region_code: where it works, with what lies below; "" for everywhere.
    url: where it takes messages, "" when it only sends.
    key_number: 1 for the first key of the system, one more for each later one; a lower one counts no more.
    public_key: Ed25519, 32 bytes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    platform: SystemCode
    code: SystemCode
    kind: EnteredKind
    industry: WordOrEmpty
    region_code: RegionCodeOrEmpty
    url: WebAddress
    operator_code: OrganizationCode
    key_number: int = Field(ge=1, le=9999)
    public_key: Base64Url

    @property
    def sha256(self) -> str:
        """The SHA-256 of the canonical statement, 64 hex digits."""
        return sha256(canonical(self.model_dump(mode="json"))).hexdigest()

    def to_sign(self) -> bytes:
        """Return the bytes that a person of the operator signs with the certificate's key."""
        return f"yuntai-sign-v1|{PURPOSE}|{self.sha256}".encode()

    def challenge(self, nonce: str) -> bytes:
        """Return the bytes that the system's key signs.  nonce: 32 hex digits, given by the platform."""
        return f"yuntai-key-v1|{self.sha256}|{nonce}".encode()


def holds_key(statement: EntryStatement, nonce: str, public_key: bytes, signature: bytes) -> bool:
    """Tell whether `signature` (64 bytes) over the challenge is of this key (32 bytes)."""
    return len(public_key) == KEY_BYTES and signing.is_valid(
        public_key, statement.challenge(nonce), signature
    )
