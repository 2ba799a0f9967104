"""Reads certificates of persons: who signs for which organization, if a trusted CA says so."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from yuntai.trust import profiles
from yuntai.trust.chains import Certificate, chains, named_issuers, read_certificate
from yuntai.trust.keys import PublicKey
from yuntai.trust.profiles import BROKEN
from yuntai.trust.refusals import BadCertificate, Expired, NotYetValid, UnknownIssuer, WrongUsage
from yuntai.trust.revocation import Evidence, check_if_told, check_not_revoked
from yuntai.trust.trust_list import STATUS_NAMES, Status, TrustedCa, TrustList, bare_roots

NO_EVIDENCE = Evidence()
TRUST_ID_DIGITS = 32
# Critical extensions whose meaning is taken into account here; any other must be refused (RFC 5280, 4.2).
_UNDERSTOOD = frozenset(
    oid.dotted_string
    for oid in (
        ExtensionOID.BASIC_CONSTRAINTS,
        ExtensionOID.KEY_USAGE,
        ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
        ExtensionOID.CERTIFICATE_POLICIES,
    )
)


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names.

    person_id: opaque, given by the CA (trustId), the same over all renewals; never an identity card
        number.
    organization_code: 18-character 统一社会信用代码.
    """

    person_name: str
    person_id: str
    organization_code: str
    organization_name: str


@dataclass(frozen=True)
class Identity(Subject):
    """A person as a valid certificate shows it.

    serial_number: of the certificate, lower-case hex.
    not_before, not_after: both ends belong to the validity.
    ca: the CA's name in the trust list; "" for bare roots.  A person_id is its CA's own: two
        CAs may give the same one to two persons.
    """

    serial_number: str
    not_before: datetime
    not_after: datetime
    ca: str = ""

    @property
    def trust_id(self) -> str:
        """Return what the person is called outside the CA; see `trust_id_of`."""
        return trust_id_of(self.ca, self.person_id)


def trust_id_of(ca: str, person_id: str) -> str:
    """Return an opaque name of a person, the same over all renewals and never one for two CAs' persons.

    ca: its name in the trust list, which no later version may change; "" for bare roots, whose person_id
        stands as it is.
    """
    if not ca:
        return person_id
    return hashlib.sha256(f"yuntai-trust-id-v1|{ca}|{person_id}".encode()).hexdigest()[:TRUST_ID_DIGITS]


@dataclass(frozen=True)
class Issued:
    """Where to ask about a certificate.  issuer: the certificate, DER, whose key signed it."""

    issuer: bytes
    crl: tuple[str, ...]
    ocsp: tuple[str, ...]


def issued_by(certificate_der: bytes, trusted: TrustList) -> Issued | None:
    """Return who issued a certificate and where that CA tells what it revoked; None if none of the list did.

    :raises BadCertificate: not X.509.
    """
    certificate = read_certificate(certificate_der)
    for ca in trusted.cas:
        for chain in chains(certificate, ca.certificates):
            if ca.entry is not None:
                return Issued(chain[0].der, ca.entry.crl, ca.entry.ocsp)
    return None


def identify(
    certificate_der: bytes,
    trusted: TrustList | Sequence[bytes],
    at: datetime,
    evidence: Evidence = NO_EVIDENCE,
) -> Identity:
    """Return whom the certificate names, having checked it against the trust list.

    trusted: the city's list; or the roots of a sandbox, PEM or DER, whose certificates are never revoked.
    at: the instant for which it must be valid: now for a login, the hour of signing for a signature.
    evidence: revocation lists and OCSP answers, fetched by the caller.

    :raises BadCertificate: not X.509, altered, with another key than allowed, or without the fields that name
        a person.
    :raises UnknownIssuer: no CA of the list issued it, or that CA was not recognised then.
    :raises Expired, NotYetValid: `at` lies outside its validity.
    :raises WrongUsage: it is not for signing.
    :raises Revoked, RevocationUnknown: the CA revoked it, or nobody can tell.
    """
    certificate = _read_persons(certificate_der)
    cas = trusted.cas if isinstance(trusted, TrustList) else bare_roots(trusted).cas
    ca, chain = _chain_of(certificate, cas, at)
    _check_recognised(ca, at)
    _check_validity(certificate, at)
    _check_terms(certificate, ca)
    if ca.asks_revocation:
        check_not_revoked(certificate, chain[0], evidence, at)
        for issuer, above in pairwise(chain):
            check_if_told(issuer, above, evidence, at)
    return _identity(certificate.parsed, ca)


def public_key_of(certificate_der: bytes) -> PublicKey:
    """Return the key a certificate speaks for.

    :raises BadCertificate: not X.509, or its key is neither SM2 nor P-256.
    """
    return _read_persons(certificate_der).key


def _read_persons(certificate_der: bytes) -> Certificate:
    certificate = read_certificate(certificate_der)
    if certificate.belongs_to_a_ca:
        raise BadCertificate("发证机构证书不能用于个人登录或签名，请使用本人证书。")
    return certificate


def _chain_of(
    certificate: Certificate, cas: Sequence[TrustedCa], at: datetime
) -> tuple[TrustedCa, list[Certificate]]:
    """Return the CA and the chain to its root, every link of which held at `at`."""
    found = [(ca, chain) for ca in cas for chain in chains(certificate, ca.certificates)]
    if not found:
        if any(named_issuers(certificate, ca.certificates) for ca in cas):
            raise BadCertificate(BROKEN)
        raise UnknownIssuer("证书的发证机构不在本市互认名单内，请使用互认机构签发的证书。")
    for ca, chain in found:
        if all(issuer.holds_at(at) for issuer in chain):
            return ca, chain
    raise UnknownIssuer("发证机构自身的证书不在有效期内，请联系发证机构。")


def _check_recognised(ca: TrustedCa, at: datetime) -> None:
    if ca.entry is None:
        return
    period = ca.entry.period_at(at)
    if period is None:
        first = ca.entry.timeline[0].since
        raise UnknownIssuer(
            f"发证机构“{ca.name}”自 {first:%Y-%m-%d} 起才列入本市互认名单，此前的签名不予认可。"
        )
    if period.status is not Status.RECOGNISED:
        raise UnknownIssuer(
            f"发证机构“{ca.name}”已于 {period.since:%Y-%m-%d} {STATUS_NAMES[period.status]}，"
            "请使用其他互认机构签发的证书。"
        )


def _check_validity(certificate: Certificate, at: datetime) -> None:
    parsed = certificate.parsed
    if at > parsed.not_valid_after_utc:
        raise Expired(f"证书已于 {parsed.not_valid_after_utc:%Y-%m-%d} 到期，请到发证机构续期。")
    if at < parsed.not_valid_before_utc:
        raise NotYetValid(f"证书自 {parsed.not_valid_before_utc:%Y-%m-%d} 起生效，请在生效后使用。")


def _check_terms(certificate: Certificate, ca: TrustedCa) -> None:
    """Check what the certificate may be used for, and that nothing it insists on is passed over."""
    if certificate.key.algorithm not in ca.algorithms:
        raise BadCertificate(f"发证机构“{ca.name}”的互认范围不含此类密钥，请使用互认范围内的证书。")
    usage = certificate.usage
    if usage is not None and not usage.digital_signature:
        raise WrongUsage("这张证书不是签名证书（可能是加密证书），不能用于登录和签名，请选用签名证书。")
    understood = _UNDERSTOOD | ca.profile.extensions
    for extension in certificate.parsed.extensions:
        if extension.critical and extension.oid.dotted_string not in understood:
            raise BadCertificate(
                f"证书含有本系统不认识的关键扩展项 {extension.oid.dotted_string}，请联系发证机构。"
            )
    if ca.policies and not ca.policies & _policies(certificate.parsed):
        raise WrongUsage("证书的策略不在本市互认范围内，请联系发证机构申领符合要求的证书。")


def _policies(certificate: x509.Certificate) -> frozenset[str]:
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return frozenset()
    return frozenset(policy.policy_identifier.dotted_string for policy in policies)


def _identity(certificate: x509.Certificate, ca: TrustedCa) -> Identity:
    profile = ca.profile
    return Identity(
        person_name=profiles.read(certificate, profile.person_name),
        person_id=profiles.read(certificate, profile.person_id),
        organization_code=profiles.read(certificate, profile.organization_code),
        organization_name=profiles.read(certificate, profile.organization_name),
        serial_number=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        ca=ca.name,
    )
