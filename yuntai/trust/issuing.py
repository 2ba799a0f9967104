"""Issues certificates of persons: for the sandbox issuer and for tests, never for a real city."""

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_public_key,
    load_pem_private_key,
)

from yuntai.trust.identities import (
    ORGANIZATION_CODE,
    ORGANIZATION_NAME,
    PERSON_ID,
    PERSON_NAME,
    Subject,
)

ROOT_DAYS = 20 * 365


def new_key_pem() -> bytes:
    """Return a fresh P-256 private key, PKCS#8 PEM without a password."""
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def public_key_der(private_key_pem: bytes) -> bytes:
    """Return the public key as SubjectPublicKeyInfo, the form WebCrypto calls "spki"."""
    key = load_key(private_key_pem).public_key()
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def issue_root(name: str, now: datetime) -> tuple[bytes, bytes]:
    """Return key and certificate of a new issuer, both PEM, valid for twenty years."""
    key_pem = new_key_pem()
    key = load_key(key_pem)
    subject = x509.Name([x509.NameAttribute(PERSON_NAME, name), x509.NameAttribute(ORGANIZATION_NAME, name)])
    builder = _builder(subject, subject, key.public_key(), now, ROOT_DAYS)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, SHA256())
    )
    return key_pem, certificate.public_bytes(Encoding.PEM)


def issue(
    root_key: bytes, root_certificate: bytes, *, subject: Subject, public_key: bytes, now: datetime, days: int
) -> bytes:
    """Return a person's certificate, DER.

    root_key, root_certificate: PEM, from `issue_root`.
    public_key: of the person, P-256, SubjectPublicKeyInfo in DER.

    :raises ValueError: a name is empty or longer than 64 characters, or the key is not on P-256.
    """
    key = load_der_public_key(public_key)
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("A person's key must be on P-256.")
    issuer = x509.load_pem_x509_certificate(root_certificate)
    name = x509.Name(
        [
            x509.NameAttribute(PERSON_NAME, subject.person_name),
            x509.NameAttribute(ORGANIZATION_NAME, subject.organization_name),
            x509.NameAttribute(ORGANIZATION_CODE, subject.organization_code),
            x509.NameAttribute(PERSON_ID, subject.person_id),
        ]
    )
    builder = _builder(name, issuer.subject, key, now, days)
    certificate = (
        builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .sign(load_key(root_key), SHA256())
    )
    return certificate.public_bytes(Encoding.DER)


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, days: int
) -> x509.CertificateBuilder:
    # X.509 counts whole seconds; rounding down keeps a certificate valid at the instant of its issue.
    start = now.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        content_commitment=not signs_certificates,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


def load_key(pem: bytes) -> ec.EllipticCurvePrivateKey:
    """Read a private key from PKCS#8 PEM.

    :raises ValueError: it is no elliptic curve key.
    """
    key = load_pem_private_key(pem, password=None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("An issuer's and a person's key must be elliptic curve keys.")
    return key
