"""An operator of a connected system: a person with a certificate, and the system's own key."""

import base64
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from yuntai.kernel.accounts.caller import Caller
from yuntai.standard.identifiers import credit_code
from yuntai.standard.messages import ResponsibleFacts, SystemKeyFacts, SystemListed
from yuntai.standard.system_entry import EntryStatement
from yuntai.trust import certificates, signing
from yuntai.trust.base64url import base64url
from yuntai.trust.certificates import Subject

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
NONCE = "0f" * 16
CA = "测试 CA"


@cache
def root(name: str) -> tuple[bytes, bytes]:
    """Return a CA's key and certificate, PEM."""
    return certificates.issue_root(name, LONG_AGO)


def write_roots(folder: Path) -> Path:
    """Write the file of recognised roots: the test CA alone."""
    path = folder / "recognised-roots.pem"
    path.write_bytes(root(CA)[1])
    return path


@dataclass(frozen=True)
class Operator:
    """number: of the organization, its code follows from it.  ca: who issued the certificate."""

    number: int = 71
    ca: str = CA
    key_pem: bytes = field(default_factory=certificates.new_key_pem)
    system_key: bytes = field(default_factory=signing.new_private_key)

    @property
    def subject(self) -> Subject:
        """Who the certificate names."""
        code = credit_code.make("320703", self.number)
        return Subject("冯运营", f"person-{self.number}", code, f"港区交易运营{self.number}号有限公司")

    @property
    def caller(self) -> Caller:
        """The person as a service sees it."""
        subject = self.subject
        return Caller(
            subject.person_id,
            subject.person_name,
            subject.organization_code,
            subject.organization_name,
            frozenset({"participant"}),
            address="192.0.2.9",
        )

    @property
    def certificate(self) -> bytes:
        """The certificate, DER."""
        public_key = certificates.public_key_der(self.key_pem)
        return certificates.issue(
            *root(self.ca), subject=self.subject, public_key=public_key, now=LONG_AGO, days=3650
        )

    @property
    def public_key(self) -> str:
        """The system's public key, base64url."""
        return base64url(signing.public_key(self.system_key))

    def statement(self, **changes: Any) -> EntryStatement:
        """Return what is declared of the system."""
        facts: dict[str, Any] = {
            "platform": "publicservice",
            "code": "trading-harbour",
            "kind": "trading",
            "industry": "construction",
            "region_code": "320703",
            "url": "",
            "operator_code": self.subject.organization_code,
            "key_number": 1,
            "public_key": self.public_key,
        }
        return EntryStatement.model_validate(facts | changes)

    def sign(self, statement: EntryStatement) -> str:
        """Sign with the certificate's key, base64url."""
        return base64url(certificates.sign_with(self.key_pem, statement.to_sign()))

    def possess(self, statement: EntryStatement, nonce: str) -> str:
        """Sign the challenge with the system's key, base64url."""
        return base64url(signing.sign(self.system_key, statement.challenge(nonce)))

    def key(self, statement: EntryStatement, **changes: Any) -> SystemKeyFacts:
        """Return the key with all that proves it."""
        facts: dict[str, Any] = {
            "number": statement.key_number,
            "public_key": statement.public_key,
            "valid_from": NOW,
            "certificate": base64.b64encode(self.certificate).decode(),
            "signature": self.sign(statement),
            "nonce": NONCE,
            "possession": self.possess(statement, NONCE),
        }
        return SystemKeyFacts.model_validate(facts | changes)

    def listed(self, statement: EntryStatement | None = None, **changes: Any) -> SystemListed:
        """Return the message that tells of the system."""
        statement = statement or self.statement()
        facts: dict[str, Any] = {
            "occurred_at": NOW,
            "system_code": statement.code,
            "version": 1,
            "title": "港区工程建设电子交易系统",
            "kind": statement.kind,
            "industry": statement.industry,
            "region_code": statement.region_code,
            "url": statement.url,
            "operator_code": statement.operator_code,
            "operator_name": self.subject.organization_name,
            "responsible": (ResponsibleFacts(name="冯运营", duty="主要负责人"),),
            "state": "connected",
            "keys": changes.pop("keys", None) or (self.key(statement),),
        }
        return SystemListed.model_validate(facts | changes)
