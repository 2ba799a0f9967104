"""Three sandbox CAs with roots and layouts of their own, to prove that any recognised one will do.

A is on P-256 and issues from its root; B and C are on SM2 and issue through an issuing certificate.  B names
the organization by an extension of GM/T 0015 and the person by one of its own; C by the subject's serial
number and a name beside the subject.  None of them ever serves a real city.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import NameOID

from yuntai.trust import der, issuing
from yuntai.trust.base64url import base64url
from yuntai.trust.chains import read_trusted
from yuntai.trust.keys import Algorithm, new_private_key, read_private_key
from yuntai.trust.profiles import BASIC, Profile, in_subject
from yuntai.trust.revocation import hashes_of
from yuntai.trust.trust_list import Entry, Status

ISSUER_DAYS = 10 * 365
LIST_LASTS = timedelta(hours=24)
ANSWER_LASTS = timedelta(hours=1)
_BASIC_RESPONSE_OID = "1.3.6.1.5.5.7.48.1.1"
_LIST_ALGORITHM_AT = 1


@dataclass(frozen=True)
class Plan:
    """How a sandbox CA is made.  through_issuer: the root does not issue persons' certificates."""

    letter: str
    name: str
    algorithm: Algorithm
    profile: Profile
    through_issuer: bool


# 2.999 is the arc that ITU-T X.660 keeps for examples; 1.2.156.10260.4.1.4 is GM/T 0015's organization code.
PLANS = (
    Plan("A", "云台演示证书发证机构", Algorithm.P256, BASIC, through_issuer=False),
    Plan(
        "B",
        "海州演示数字证书认证中心",
        Algorithm.SM2,
        Profile(
            person_name=in_subject(NameOID.COMMON_NAME),
            person_id="extension:2.999.20.1",
            organization_code="extension:1.2.156.10260.4.1.4",
            organization_name=in_subject(NameOID.ORGANIZATION_NAME),
        ),
        through_issuer=True,
    ),
    Plan(
        "C",
        "花果山演示电子认证服务公司",
        Algorithm.SM2,
        Profile(
            person_name=in_subject(NameOID.COMMON_NAME),
            person_id=f"alternative:{NameOID.USER_ID.dotted_string}",
            organization_code=in_subject(NameOID.SERIAL_NUMBER),
            organization_name=in_subject(NameOID.ORGANIZATION_NAME),
        ),
        through_issuer=True,
    ),
)


@dataclass(frozen=True)
class SandboxCa:
    """A CA with its keys.

    root, issuer: certificates in PEM, the same one where the root issues itself.
    root_key, issuer_key: PKCS#8 PEM.
    """

    plan: Plan
    root: bytes
    root_key: bytes
    issuer: bytes
    issuer_key: bytes

    @property
    def signer(self) -> issuing.Issuer:
        return issuing.Issuer(read_private_key(self.issuer_key), read_trusted(self.issuer), self.plan.profile)

    @property
    def certificates(self) -> tuple[bytes, ...]:
        """Return what stands in a trust list, DER."""
        encoded = (read_trusted(pem).der for pem in (self.root, self.issuer))
        return tuple(dict.fromkeys(encoded))

    def entry(self, *, since: datetime, addresses: Mapping[str, str]) -> Entry:
        """Return the CA's entry in a trust list, recognised from `since` on.

        addresses: under "crl" and "ocsp" where its lists and answers are served.
        """
        profile = self.plan.profile
        return Entry(
            ca=self.plan.name,
            service="sign",
            certificates=tuple(map(base64url, self.certificates)),
            status=Status.RECOGNISED,
            status_since=since,
            algorithms=(self.plan.algorithm,),
            fields={name: getattr(profile, name) for name in Profile.__dataclass_fields__},
            crl=(addresses["crl"],) if "crl" in addresses else (),
            ocsp=(addresses["ocsp"],) if "ocsp" in addresses else (),
        )


def establish(plan: Plan, now: datetime) -> SandboxCa:
    """Make a CA's keys and certificates, valid from `now` on."""
    below = 1 if plan.through_issuer else 0
    root_key, root = issuing.issue_root(plan.name, now, algorithm=plan.algorithm, issuers_below=below)
    if not plan.through_issuer:
        return SandboxCa(plan, root, root_key, root, root_key)
    key = new_private_key(plan.algorithm)
    issuer = issuing.issue_issuer(
        root_key, root, name=f"{plan.name}签发证书", public_key=key.public.der, now=now, days=ISSUER_DAYS
    )
    return SandboxCa(plan, root, root_key, der.to_pem(issuer, "CERTIFICATE"), key.pem)


def revocation_list(
    issuer: issuing.Issuer, revoked: Mapping[int, datetime], now: datetime, lasts: timedelta = LIST_LASTS
) -> bytes:
    """Return a revocation list (CRL), DER.  revoked: when, by serial number."""
    start = now.replace(microsecond=0)
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(issuer.certificate.parsed.subject)
        .last_update(start)
        .next_update(start + lasts)
    )
    for serial_number, at in revoked.items():
        entry = x509.RevokedCertificateBuilder().serial_number(serial_number).revocation_date(at).build()
        builder = builder.add_revoked_certificate(entry)
    draft = builder.sign(_stand_in(), SHA256())
    fields = der.parts(draft.tbs_certlist_bytes)
    fields[_LIST_ALGORITHM_AT] = issuing.algorithm_identifier(issuer.key.algorithm)
    return issuing.with_signature(der.sequence(*fields), issuer.key)


def answer_ocsp(
    issuer: issuing.Issuer,
    request: bytes,
    revoked: Mapping[int, datetime],
    now: datetime,
    lasts: timedelta = ANSWER_LASTS,
) -> bytes:
    """Return the responder's answer, DER.

    request: from outside.  revoked: when, by serial number; every other number is said to stand well.

    :raises ValueError: the request cannot be read, or asks about another CA's certificate.
    """
    question = ocsp.load_der_ocsp_request(request)
    expected = hashes_of(issuer.certificate)
    if (question.issuer_name_hash, question.issuer_key_hash) != expected:
        raise ValueError("The request asks about a certificate of another ca.")
    revoked_at, start = revoked.get(question.serial_number), now.replace(microsecond=0)
    builder = ocsp.OCSPResponseBuilder().add_response_by_hash(
        *expected,
        question.serial_number,
        SHA256(),
        ocsp.OCSPCertStatus.REVOKED if revoked_at else ocsp.OCSPCertStatus.GOOD,
        start,
        start + lasts,
        revoked_at,
        None,
    )
    stand_in = _stand_in()
    named_alike = issuing.stand_in_certificate(issuer.certificate.parsed.subject, stand_in, start)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.NAME, named_alike)
    draft = builder.sign(stand_in, SHA256())
    basic = issuing.with_signature(draft.tbs_response_bytes, issuer.key)
    inside = der.sequence(der.object_identifier(_BASIC_RESPONSE_OID), der.octet_string(basic))
    status = der.parts(draft.public_bytes(Encoding.DER))[0]
    return der.sequence(status, der.tagged(0, inside))


def _stand_in() -> ec.EllipticCurvePrivateKey:
    """Return a key that signs only a draft, whose signature is then replaced."""
    return ec.generate_private_key(ec.SECP256R1())
