"""The public half of a sealed bid: what it belongs to (Context) and what stands outside it (Header).

Format: docs/connect/sealing.md, sections 4 and 6.
"""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields

import rfc8785

from yuntai.trust.base64url import base64url
from yuntai.trust.faults import MalformedHeader
from yuntai.trust.header_fields import Fields
from yuntai.trust.suites import SUITES, Suite

VERSION = 1
HOLDERS = ("T", "P", "C", "R")
HOLDER_NAMES = {"T": "招标人", "P": "交易系统运营机构", "C": "公共服务平台", "R": "恢复保管方"}
THRESHOLD = 3

_CODE = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEX = {"documents_sha256": re.compile(r"[0-9a-f]{64}"), "envelope_id": re.compile(r"[0-9a-f]{32}")}


def prefixed(value: bytes | str) -> bytes:
    """Return the value behind its length in two bytes, so that no two lists of values encode alike."""
    raw = value.encode() if isinstance(value, str) else value
    return len(raw).to_bytes(2) + raw


@dataclass(frozen=True)
class Context:
    """What one envelope belongs to.  Moved to another context, it no longer opens.

    tender, lot, part: 1 to 64 characters of A-Z a-z 0-9 . _ -
    documents_sha256: over the tender documents with all addenda, 64 hex digits.
    envelope_id: drawn for this envelope and never used twice, 32 hex digits.
    """

    tender: str
    lot: str
    part: str
    documents_sha256: str
    envelope_id: str

    def __post_init__(self) -> None:
        for name, value in asdict(self).items():
            pattern = _HEX.get(name, _CODE)
            if not pattern.fullmatch(value):
                rule = f"密封文件头的 context.{name} 应符合 {pattern.pattern}，实际为“{value[:80]}”"
                raise MalformedHeader(f"{rule}；请重新密封。", field=f"context.{name}")

    def encode(self) -> bytes:
        """Return the context as bytes, each field behind its length."""
        return prefixed("yuntai-seal-v1") + b"".join(prefixed(value) for value in asdict(self).values())


@dataclass(frozen=True)
class Header:
    """What stands outside a sealed body; its digest is what the owner signs and the receipt names.

    share_commitments, wrapped_shares: by holder letter.
    body_sha256, body_length: of the whole body, in hex and in bytes.
    owner_public_key: Ed25519, 32 bytes; its private half signs `submit` and `withdraw`.
    """

    version: int
    suite: str
    context: Context
    key_commitment: bytes
    share_commitments: Mapping[str, bytes]
    wrapped_shares: Mapping[str, bytes]
    body_sha256: str
    body_length: int
    owner_public_key: bytes

    @property
    def algorithms(self) -> Suite:
        return SUITES[self.suite]

    def binding(self) -> bytes:
        """Return the bytes every derived value is bound to."""
        return binding(self.context, self.suite, self.owner_public_key)

    def to_json(self) -> dict[str, object]:
        return {
            "version": self.version,
            "suite": self.suite,
            "context": asdict(self.context),
            "key_commitment": self.key_commitment.hex(),
            "share_commitments": {letter: self.share_commitments[letter].hex() for letter in HOLDERS},
            "wrapped_shares": {letter: base64url(self.wrapped_shares[letter]) for letter in HOLDERS},
            "body_sha256": self.body_sha256,
            "body_length": self.body_length,
            "owner_public_key": base64url(self.owner_public_key),
        }

    @classmethod
    def from_json(cls, document: object) -> "Header":
        """Read a header from decoded JSON.  One header has one form, so that its digest is stable.

        :raises MalformedHeader: a key is missing or unknown, or a value is not of the published form.
        """
        header = Fields(document, names=[field.name for field in fields(cls)])
        if header.whole_number("version") != VERSION:
            raise header.refuse("version", f"应为 {VERSION}")
        suite = SUITES.get(header.text("suite"))
        if suite is None:
            raise header.refuse("suite", f"应为 {'、'.join(SUITES)} 之一")
        context = header.inner("context", names=[field.name for field in fields(Context)])
        commitments = header.inner("share_commitments", names=HOLDERS)
        wrapped = header.inner("wrapped_shares", names=HOLDERS)
        return cls(
            version=VERSION,
            suite=suite.code,
            context=Context(**{field.name: context.text(field.name) for field in fields(Context)}),
            key_commitment=header.hexadecimal("key_commitment", 32),
            share_commitments={letter: commitments.hexadecimal(letter, 32) for letter in HOLDERS},
            wrapped_shares={
                letter: wrapped.base64url(letter, suite.wrapped_share_bytes) for letter in HOLDERS
            },
            body_sha256=header.hexadecimal("body_sha256", 32).hex(),
            body_length=header.whole_number("body_length"),
            owner_public_key=header.base64url("owner_public_key", 32),
        )

    def digest(self) -> str:
        """Return the SHA-256 of the header's canonical JSON, in hex."""
        # The JSON types of to_json are all rfc8785 takes; mypy cannot see that through `object`.
        return hashlib.sha256(rfc8785.dumps(self.to_json())).hexdigest()  # type: ignore[arg-type]


def binding(context: Context, suite: str, owner_public_key: bytes) -> bytes:
    """Return context, suite and owner as bytes: an envelope moved to another of these does not open."""
    return context.encode() + prefixed(suite) + prefixed(owner_public_key)
