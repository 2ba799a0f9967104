"""Certificates of persons, X.509 on P-256: the door to reading, issuing and signing with them."""

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from yuntai.trust.identities import (
    BadCertificate,
    CertificateRefused,
    Expired,
    Identity,
    NotYetValid,
    Subject,
    UnknownIssuer,
    identify,
    public_key_of,
)
from yuntai.trust.issuing import issue, issue_root, load_key, new_key_pem, public_key_der

__all__ = [
    "BadCertificate",
    "CertificateRefused",
    "Expired",
    "Identity",
    "NotYetValid",
    "Subject",
    "UnknownIssuer",
    "identify",
    "is_signed_by",
    "issue",
    "issue_root",
    "new_key_pem",
    "public_key_der",
    "sign_with",
]

_NUMBER_BYTES = 32


def is_signed_by(certificate_der: bytes, data: bytes, signature: bytes) -> bool:
    """Was `data` signed with the key of this certificate?  Whether the certificate counts, says `identify`.

    signature: ECDSA with SHA-256, r and s as 32 bytes each, the form WebCrypto gives.

    :raises BadCertificate: not X.509 on P-256.
    """
    key = public_key_of(certificate_der)
    if len(signature) != 2 * _NUMBER_BYTES:
        return False
    r, s = int.from_bytes(signature[:_NUMBER_BYTES]), int.from_bytes(signature[_NUMBER_BYTES:])
    try:
        key.verify(encode_dss_signature(r, s), data, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return False
    return True


def sign_with(private_key_pem: bytes, data: bytes) -> bytes:
    """Return the signature in the form `is_signed_by` reads, 64 bytes."""
    r, s = decode_dss_signature(load_key(private_key_pem).sign(data, ec.ECDSA(SHA256())))
    return r.to_bytes(_NUMBER_BYTES) + s.to_bytes(_NUMBER_BYTES)
