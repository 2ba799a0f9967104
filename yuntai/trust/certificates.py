"""Certificates of persons, X.509 on SM2 or P-256: the door to reading, issuing and signing with them."""

from yuntai.trust.identities import Identity, Subject, identify, public_key_of
from yuntai.trust.issuing import issue, issue_root, new_key_pem, public_key_der
from yuntai.trust.keys import read_private_key
from yuntai.trust.refusals import (
    BadCertificate,
    CertificateRefused,
    Expired,
    NotYetValid,
    RevocationUnknown,
    Revoked,
    UnknownIssuer,
    WrongUsage,
)
from yuntai.trust.revocation import Evidence

__all__ = [
    "BadCertificate",
    "CertificateRefused",
    "Evidence",
    "Expired",
    "Identity",
    "NotYetValid",
    "RevocationUnknown",
    "Revoked",
    "Subject",
    "UnknownIssuer",
    "WrongUsage",
    "identify",
    "is_signed_by",
    "issue",
    "issue_root",
    "new_key_pem",
    "public_key_der",
    "sign_with",
]


def is_signed_by(certificate_der: bytes, data: bytes, signature: bytes) -> bool:
    """Was `data` signed with the key of this certificate?  Whether the certificate counts, says `identify`.

    signature: ECDSA with SHA-256 or SM2 with SM3, as the certificate's key is; r and s as 32 bytes each, the
        form WebCrypto gives.

    :raises BadCertificate: not X.509, or its key is neither SM2 nor P-256.
    """
    return public_key_of(certificate_der).verifies(data, signature)


def sign_with(private_key_pem: bytes, data: bytes) -> bytes:
    """Return the signature in the form `is_signed_by` reads, 64 bytes.

    :raises ValueError: the PEM text holds no SM2 or P-256 key.
    """
    return read_private_key(private_key_pem).sign(data)
