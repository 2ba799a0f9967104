"""Reads certificates of persons: who signs for which organization, if a trusted issuer says so.

Directly issued by a root of the trust list; no intermediate issuers and no revocation yet.  SM2 certificates
will need another reader, since `cryptography` cannot load their keys.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

PERSON_NAME = NameOID.COMMON_NAME
PERSON_ID = NameOID.SERIAL_NUMBER
ORGANIZATION_NAME = NameOID.ORGANIZATION_NAME
ORGANIZATION_CODE = NameOID.ORGANIZATION_IDENTIFIER

_BROKEN = "证书内容不完整或被改动，请联系发证机构重新签发。"
_WRONG_CURVE = "证书不是 P-256 密钥，请使用 P-256 证书。"


@dataclass(frozen=True)
class Subject:
    """Whom a certificate names.

    person_id: opaque, given by the issuer, the same over all renewals; never an identity card number.
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
    """

    serial_number: str
    not_before: datetime
    not_after: datetime


class CertificateRefused(Exception):
    """A certificate proves nothing; `str(error)` is one Chinese sentence for its owner."""

    code = "certificate-refused"


class BadCertificate(CertificateRefused):
    code = "bad-certificate"


class UnknownIssuer(CertificateRefused):
    code = "unknown-issuer"


class Expired(CertificateRefused):
    code = "certificate-expired"


class NotYetValid(CertificateRefused):
    code = "certificate-not-yet-valid"


def identify(certificate_der: bytes, roots: Sequence[bytes], at: datetime) -> Identity:
    """Return whom the certificate names, having checked it against the trust list.

    roots: certificates of trusted issuers, PEM or DER.
    at: the instant for which it must be valid: now for a login, the hour of signing for a signature.

    :raises BadCertificate: not X.509, altered, not on P-256, or without the fields that name a person.
    :raises UnknownIssuer: no root of the list issued it, or that root was not valid then.
    :raises Expired, NotYetValid: `at` lies outside its validity.
    """
    certificate = _load(certificate_der)
    _check_issuer(certificate, roots, at)
    if at > certificate.not_valid_after_utc:
        raise Expired(f"证书已于 {certificate.not_valid_after_utc:%Y-%m-%d} 到期，请到发证机构续期。")
    if at < certificate.not_valid_before_utc:
        raise NotYetValid(f"证书自 {certificate.not_valid_before_utc:%Y-%m-%d} 起生效，请在生效后使用。")
    subject = certificate.subject
    return Identity(
        person_name=_only(subject, PERSON_NAME),
        person_id=_only(subject, PERSON_ID),
        organization_code=_only(subject, ORGANIZATION_CODE),
        organization_name=_only(subject, ORGANIZATION_NAME),
        serial_number=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
    )


def public_key_of(certificate_der: bytes) -> ec.EllipticCurvePublicKey:
    """Return the key a certificate speaks for.

    :raises BadCertificate: not X.509 on P-256.
    """
    return _p256_key(_load(certificate_der))


def _load(der: bytes) -> x509.Certificate:
    try:
        certificate = x509.load_der_x509_certificate(der)
        is_issuer = _may_issue(certificate)
        _read_names(certificate)
    except (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension) as error:
        raise BadCertificate(_BROKEN) from error
    if is_issuer:
        raise BadCertificate("发证机构证书不能用于个人登录或签名，请使用本人证书。")
    _p256_key(certificate)
    return certificate


def _read_names(certificate: x509.Certificate) -> None:
    """Read what the library parses only when asked, so that malformed names fail here and not later."""
    for read in ("subject", "issuer", "not_valid_before_utc", "not_valid_after_utc"):
        getattr(certificate, read)


def _may_issue(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _p256_key(certificate: x509.Certificate) -> ec.EllipticCurvePublicKey:
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm) as error:
        raise BadCertificate(_WRONG_CURVE) from error
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise BadCertificate(_WRONG_CURVE)
    return key


def _check_issuer(certificate: x509.Certificate, roots: Sequence[bytes], at: datetime) -> None:
    named = [root for root in map(_load_root, roots) if root.subject == certificate.issuer]
    if not named:
        raise UnknownIssuer("证书的发证机构不在本市互认名单内，请使用互认机构签发的证书。")
    signers = [root for root in named if _issued(root, certificate)]
    if not signers:
        raise BadCertificate(_BROKEN)
    if not any(root.not_valid_before_utc <= at <= root.not_valid_after_utc for root in signers):
        raise UnknownIssuer("发证机构自身的证书不在有效期内，请联系发证机构。")


def _issued(root: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(root)
        # A weaker hash would let an issuer be tricked into signing for two persons at once.
        return isinstance(certificate.signature_hash_algorithm, SHA256)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError):
        return False


@lru_cache(maxsize=64)
def _load_root(root: bytes) -> x509.Certificate:
    if root.startswith(b"-----BEGIN"):
        return x509.load_pem_x509_certificate(root)
    return x509.load_der_x509_certificate(root)


def _only(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    """Return the one value of a field; two would let two readers see two persons."""
    values = name.get_attributes_for_oid(oid)
    if len(values) != 1 or not isinstance(values[0].value, str) or not values[0].value.strip():
        raise BadCertificate(_BROKEN)
    return values[0].value
