"""The people of the tests, each with a certificate of the test CA."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from yuntai.kernel.accounts.caller import Caller
from yuntai.standard.identifiers import credit_code
from yuntai.trust import certificates
from yuntai.trust.certificates import Subject

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Person:
    """A person with a key and a certificate (DER), and what the person may act as."""

    subject: Subject
    roles: frozenset[str]
    key_pem: bytes
    certificate: bytes

    @property
    def caller(self) -> Caller:
        """The person as a service sees it."""
        return Caller(
            person_id=self.subject.person_id,
            person_name=self.subject.person_name,
            organization_code=self.subject.organization_code,
            organization_name=self.subject.organization_name,
            roles=self.roles,
            address="192.0.2.7",
        )

    def sign(self, data: bytes) -> bytes:
        """Sign as the browser does: raw r||s."""
        return certificates.sign_with(self.key_pem, data)


@cache
def root() -> tuple[bytes, bytes]:
    """Return the test CA's key and certificate (PEM)."""
    return certificates.issue_root("测试 CA", LONG_AGO)


def write_roots(folder: Path) -> Path:
    """Write the trust list file that settings.TRUST_ROOTS_FILE names."""
    path = folder / "roots.pem"
    path.write_bytes(root()[1])
    return path


@cache
def person(name: str, number: int, *roles: str) -> Person:
    """Return a person of organization `number`; the same arguments give the same person."""
    subject = Subject(
        person_name=name,
        person_id=f"person-{number:04d}",
        organization_code=credit_code.make("320700", number),
        organization_name=f"测试单位第{number:03d}号",
    )
    key_pem = certificates.new_key_pem()
    certificate = certificates.issue(
        *root(),
        subject=subject,
        public_key=certificates.public_key_der(key_pem),
        now=LONG_AGO,
        days=3650,
    )
    return Person(subject, frozenset(roles), key_pem, certificate)


def initiator() -> Person:
    """李招标, who buys."""
    return person("李招标", 1, "initiator")


def expert() -> Person:
    """钱专家, who evaluates."""
    return person("钱专家", 2, "expert")


def stranger() -> Person:
    """孙监督, who may do nothing here."""
    return person("孙监督", 3)


def other_initiator() -> Person:
    """周招标, who buys something else."""
    return person("周招标", 4, "initiator")


def agency() -> Person:
    """郑代理, who acts for initiators that appointed it."""
    return person("郑代理", 60, "agency")


def bidder(number: int = 0) -> Person:
    """王投标 and the other bidders."""
    return person(f"投标{number}", 100 + number, "bidder")
