"""A city's trust list with the three sandbox cas, and persons of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509

from yuntai.trust import issuing, sandbox_cas, signing
from yuntai.trust.certificates import Evidence, Subject
from yuntai.trust.keys import Algorithm, PrivateKey, new_private_key
from yuntai.trust.sandbox_cas import SandboxCa, establish, revocation_list
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.trust_list import TrustList, TrustListDocument, read_trust_list, sign_trust_list

FOUNDED = NOW - timedelta(days=400)
A, B, C = CAS = tuple(establish(plan, FOUNDED) for plan in sandbox_cas.PLANS)
ADDRESSES = {"crl": "http://ca.example/list.crl", "ocsp": "http://ca.example/ocsp"}
OFFICERS = {"甲": signing.new_private_key(), "乙": signing.new_private_key()}
PUBLIC = {name: signing.public_key(key) for name, key in OFFICERS.items()}
WANG = Subject("王投标", "T-0007", "91320700MA1XXXXX0A", "江苏天建设工程有限公司")


@dataclass(frozen=True)
class Person:
    """certificate: DER."""

    key: PrivateKey
    certificate: bytes

    @property
    def serial_number(self) -> int:
        return x509.load_der_x509_certificate(self.certificate).serial_number


def make_person(
    ca: SandboxCa,
    *,
    now: datetime = NOW,
    days: int = 365,
    algorithm: Algorithm | None = None,
    usage: x509.KeyUsage | None = None,
) -> Person:
    key = new_private_key(algorithm or ca.plan.algorithm)
    certificate = issuing.issue_by(
        ca.signer, WANG, public_key=key.public.der, now=now, days=days, usage=usage
    )
    return Person(key, certificate)


def make_document(**changes: object) -> dict[str, Any]:
    """Return an unsigned version with the three cas, recognised since they were founded."""
    document = TrustListDocument(
        format="yuntai-trust-list-v1",
        scheme="连云港市公共资源交易数字证书互认名单",
        seq=1,
        issued=NOW - timedelta(days=1),
        next_update=NOW + timedelta(days=180),
        entries=tuple(each.entry(since=FOUNDED, addresses=ADDRESSES) for each in CAS),
    )
    return document.model_dump(mode="json") | changes


def make_signed(**changes: object) -> dict[str, object]:
    return signed_by(OFFICERS, **changes)


def signed_by(officers: Mapping[str, bytes], **changes: object) -> dict[str, object]:
    return sign_trust_list(TrustListDocument.model_validate(make_document(**changes)), officers)


def make_trust_list(**changes: object) -> TrustList:
    return read_trust_list(make_signed(**changes), PUBLIC)


def fresh_lists(now: datetime = NOW, **revoked: datetime) -> Evidence:
    """Return the CAs' lists of this hour.  revoked: when, by serial number in decimal."""
    numbers = {int(number.removeprefix("n")): at for number, at in revoked.items()}
    return Evidence(lists=tuple(revocation_list(each.signer, numbers, now) for each in CAS))
