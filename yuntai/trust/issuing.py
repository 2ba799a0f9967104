"""Issues certificates: for sandbox CAs and for tests, never for a real city.

`cryptography` builds everything around a throw-away key; subject key and signature are then put in by hand,
since it can neither carry nor use SM2 keys.  So both algorithms take one way.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from yuntai.trust import der
from yuntai.trust.chains import Certificate, read_trusted
from yuntai.trust.identities import Subject
from yuntai.trust.keys import (
    SIGNATURE_OIDS,
    Algorithm,
    PrivateKey,
    PublicKey,
    new_private_key,
    read_private_key,
    read_public_key,
)
from yuntai.trust.profiles import BASIC, Profile

ROOT_DAYS = 20 * 365
_ALGORITHM_AT, _KEY_AT = 2, 6  # in what of a certificate is signed


def new_key_pem(algorithm: Algorithm = Algorithm.P256) -> bytes:
    """Return a fresh private key, PKCS#8 PEM without a password."""
    return new_private_key(algorithm).pem


def public_key_der(private_key_pem: bytes) -> bytes:
    """Return the public key as SubjectPublicKeyInfo, the form WebCrypto calls "spki"."""
    return read_private_key(private_key_pem).public.der


def issue_root(
    name: str, now: datetime, *, algorithm: Algorithm = Algorithm.P256, issuers_below: int = 0
) -> tuple[bytes, bytes]:
    """Return key and certificate of a new root, both PEM, valid for twenty years.

    issuers_below: how many issuing certificates may stand between it and a person's.
    """
    key = new_private_key(algorithm)
    subject = ca_name(name)
    template = _template(subject, subject, now, ROOT_DAYS)
    template = _as_ca(template, key.public, key.public, issuers_below)
    return key.pem, der.to_pem(signed(template, key.public, key), "CERTIFICATE")


def issue_issuer(
    root_key: bytes, root_certificate: bytes, *, name: str, public_key: bytes, now: datetime, days: int
) -> bytes:
    """Return the certificate of a CA that issues persons' certificates under a root, DER.

    root_key, root_certificate: PEM, from `issue_root`.  public_key: SubjectPublicKeyInfo in DER.
    """
    root, key = read_trusted(root_certificate), read_public_key(public_key)
    template = _template(ca_name(name), root.parsed.subject, now, days)
    return signed(_as_ca(template, key, root.key, 0), key, read_private_key(root_key))


@dataclass(frozen=True)
class Issuer:
    """Who signs persons' certificates.  profile: where it writes whom it names."""

    key: PrivateKey
    certificate: Certificate
    profile: Profile


def issue(
    issuer_key: bytes,
    issuer_certificate: bytes,
    *,
    subject: Subject,
    public_key: bytes,
    now: datetime,
    days: int,
) -> bytes:
    """Return a person's certificate for signing in the basic profile, DER.

    issuer_key, issuer_certificate: PEM, as `issue_root` gives them.
    public_key: of the person, SM2 or P-256, SubjectPublicKeyInfo in DER.

    :raises ValueError: a name is empty or longer than 64 characters, or the key is neither SM2 nor P-256.
    """
    issuer = Issuer(read_private_key(issuer_key), read_trusted(issuer_certificate), BASIC)
    return issue_by(issuer, subject, public_key=public_key, now=now, days=days)


def issue_by(
    issuer: Issuer,
    subject: Subject,
    *,
    public_key: bytes,
    now: datetime,
    days: int,
    usage: x509.KeyUsage | None = None,
) -> bytes:
    """Return a person's certificate in the issuer's profile, DER.

    public_key: of the person, SM2 or P-256, SubjectPublicKeyInfo in DER.
    usage: for signing when left out.

    :raises ValueError: a name is empty or longer than 64 characters, or the key is neither SM2 nor P-256.
    """
    names, beside, extensions = _placed(subject, issuer.profile)
    template = (
        _template(x509.Name(names), issuer.certificate.parsed.subject, now, days)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage or SIGNING, critical=True)
        .add_extension(_identifier_of(issuer.key.public), critical=False)
    )
    if beside:
        alternative = x509.SubjectAlternativeName([x509.DirectoryName(x509.Name(beside))])
        template = template.add_extension(alternative, critical=False)
    for extension in extensions:
        template = template.add_extension(extension, critical=False)
    return signed(template, read_public_key(public_key), issuer.key)


def signed(template: x509.CertificateBuilder, subject_key: PublicKey, issuer_key: PrivateKey) -> bytes:
    """Return the certificate with this subject key, signed by this issuer, DER."""
    stand_in = ec.generate_private_key(ec.SECP256R1())
    draft = template.public_key(stand_in.public_key()).sign(stand_in, SHA256())
    fields = der.parts(draft.tbs_certificate_bytes)
    fields[_ALGORITHM_AT] = algorithm_identifier(issuer_key.algorithm)
    fields[_KEY_AT] = subject_key.der
    return with_signature(der.sequence(*fields), issuer_key)


def stand_in_certificate(name: x509.Name, key: ec.EllipticCurvePrivateKey, now: datetime) -> x509.Certificate:
    """Return a certificate that lends a draft its name and is then thrown away."""
    return _template(name, name, now, 1).public_key(key.public_key()).sign(key, SHA256())


def with_signature(content: bytes, key: PrivateKey, *behind: bytes) -> bytes:
    """Return content, algorithm and signature as one sequence: the frame certificates and lists share."""
    signature = der.bit_string(key.sign_der(content))
    return der.sequence(content, algorithm_identifier(key.algorithm), signature, *behind)


def algorithm_identifier(algorithm: Algorithm) -> bytes:
    return der.sequence(der.object_identifier(SIGNATURE_OIDS[algorithm]))


def ca_name(name: str) -> x509.Name:
    oids = (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
    return x509.Name([x509.NameAttribute(oid, name) for oid in oids])


def _placed(
    subject: Subject, profile: Profile
) -> tuple[list[x509.NameAttribute[str]], list[x509.NameAttribute[str]], list[x509.UnrecognizedExtension]]:
    """Return what goes into the subject, into the name beside it, and into extensions."""
    names: dict[str, list[x509.NameAttribute[str]]] = {"subject": [], "alternative": []}
    extensions = []
    for field in ("person_name", "organization_name", "organization_code", "person_id"):
        kind, _, dotted = getattr(profile, field).partition(":")
        oid, text = x509.ObjectIdentifier(dotted), getattr(subject, field)
        if kind == "extension":
            extensions.append(x509.UnrecognizedExtension(oid, der.text(text)))
        else:
            names[kind].append(x509.NameAttribute(oid, text))
    return names["subject"], names["alternative"], extensions


def _template(subject: x509.Name, issuer: x509.Name, now: datetime, days: int) -> x509.CertificateBuilder:
    # X.509 counts whole seconds; rounding down keeps a certificate valid at the instant of its issue.
    start = now.replace(microsecond=0)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
    )


def _as_ca(
    template: x509.CertificateBuilder, key: PublicKey, issuer: PublicKey, issuers_below: int
) -> x509.CertificateBuilder:
    digest = x509.SubjectKeyIdentifier(_key_digest(key))
    return (
        template.add_extension(x509.BasicConstraints(ca=True, path_length=issuers_below), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .add_extension(digest, critical=False)
        .add_extension(_identifier_of(issuer), critical=False)
    )


def _identifier_of(issuer: PublicKey) -> x509.AuthorityKeyIdentifier:
    return x509.AuthorityKeyIdentifier(_key_digest(issuer), None, None)


def _key_digest(key: PublicKey) -> bytes:
    """Name a key as RFC 5280, 4.2.1.2, has it; nothing is proved by it."""
    return hashlib.sha1(key.point, usedforsecurity=False).digest()


def _usage(*, signs_certificates: bool = False, encrypts: bool = False) -> x509.KeyUsage:
    signs = not signs_certificates and not encrypts
    return x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=encrypts,
        data_encipherment=encrypts,
        key_agreement=False,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        encipher_only=False,
        decipher_only=False,
    )


SIGNING, ENCRYPTING = _usage(), _usage(encrypts=True)
