"""Certificates of persons: whom they name, and every reason to refuse one."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509.oid import NameOID

from yuntai.trust import certificates
from yuntai.trust.certificates import (
    BadCertificate,
    CertificateRefused,
    Expired,
    NotYetValid,
    Subject,
    UnknownIssuer,
    identify,
)
from yuntai.trust.tests.instants import SHANGHAI_NINE, TICK

LI = Subject("李招标", "p-0001", "123207000000000018", "连云港市示范工程建设中心")
ROOT_KEY, ROOT = certificates.issue_root("连云港沙箱认证中心", SHANGHAI_NINE)
LI_KEY = certificates.new_key_pem()
YEAR = timedelta(days=365)


def make_certificate(
    *,
    root: tuple[bytes, bytes] = (ROOT_KEY, ROOT),
    subject: Subject = LI,
    key: bytes = LI_KEY,
    now: datetime = SHANGHAI_NINE,
) -> bytes:
    public_key = certificates.public_key_der(key)
    return certificates.issue(*root, subject=subject, public_key=public_key, now=now, days=365)


def make_odd_certificate(
    name: list[x509.NameAttribute[str]] | None = None,
    *,
    key: ec.EllipticCurvePrivateKey | None = None,
    algorithm: SHA256 | SHA384 | None = None,
) -> bytes:
    """Return what a careless issuer might sign: rightly signed, wrong inside."""
    issuer = x509.load_pem_x509_certificate(ROOT)
    attributes = (
        x509.load_der_x509_certificate(make_certificate()).subject if name is None else x509.Name(name)
    )
    signer = load_pem_private_key(ROOT_KEY, None)
    assert isinstance(signer, ec.EllipticCurvePrivateKey)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(attributes)
        .issuer_name(issuer.subject)
        .public_key((key or ec.generate_private_key(ec.SECP256R1())).public_key())
        .serial_number(1)
        .not_valid_before(SHANGHAI_NINE)
        .not_valid_after(SHANGHAI_NINE + YEAR)
        .sign(signer, algorithm or SHA256())
    )
    return certificate.public_bytes(Encoding.DER)


def test_names_person_and_organization() -> None:
    identity = identify(make_certificate(), [ROOT], SHANGHAI_NINE)

    assert identity.person_name == "李招标"
    assert identity.person_id == "p-0001"
    assert identity.organization_code == "123207000000000018"
    assert identity.organization_name == "连云港市示范工程建设中心"
    assert identity.not_before == SHANGHAI_NINE
    assert identity.not_after == SHANGHAI_NINE + YEAR
    assert int(identity.serial_number, 16) > 0


def test_a_renewed_certificate_names_the_same_person() -> None:
    first = identify(make_certificate(), [ROOT], SHANGHAI_NINE)
    renewed = make_certificate(key=certificates.new_key_pem(), now=SHANGHAI_NINE + YEAR)
    second = identify(renewed, [ROOT], SHANGHAI_NINE + YEAR)

    assert second.person_id == first.person_id
    assert second.serial_number != first.serial_number


def test_takes_roots_in_pem_and_der_and_picks_the_right_one() -> None:
    other = certificates.issue_root("另一认证中心", SHANGHAI_NINE)[1]
    der = x509.load_pem_x509_certificate(ROOT).public_bytes(Encoding.DER)

    assert identify(make_certificate(), [other, der], SHANGHAI_NINE).person_name == "李招标"


def test_holds_for_the_instant_of_its_issue() -> None:
    issued_at = SHANGHAI_NINE + timedelta(microseconds=700_000)

    assert identify(make_certificate(now=issued_at), [ROOT], issued_at).person_name == "李招标"


def test_holds_to_its_last_second_and_not_after() -> None:
    last = SHANGHAI_NINE + YEAR

    assert identify(make_certificate(), [ROOT], last).not_after == last
    with pytest.raises(Expired, match="2027-03-02 到期") as refusal:
        identify(make_certificate(), [ROOT], last + TICK)
    assert refusal.value.code == "certificate-expired"


def test_does_not_hold_before_its_first_second() -> None:
    with pytest.raises(NotYetValid, match="2026-03-02 起生效") as refusal:
        identify(make_certificate(now=SHANGHAI_NINE + TICK), [ROOT], SHANGHAI_NINE)
    assert refusal.value.code == "certificate-not-yet-valid"


@pytest.mark.parametrize("roots", [[], [certificates.issue_root("另一认证中心", SHANGHAI_NINE)[1]]], ids=len)
def test_refuses_an_unknown_issuer(roots: list[bytes]) -> None:
    with pytest.raises(UnknownIssuer, match="互认名单") as refusal:
        identify(make_certificate(), roots, SHANGHAI_NINE)
    assert refusal.value.code == "unknown-issuer"


def test_refuses_an_issuer_that_only_has_the_right_name() -> None:
    impostor = certificates.issue_root("连云港沙箱认证中心", SHANGHAI_NINE)

    with pytest.raises(BadCertificate):
        identify(make_certificate(root=impostor), [ROOT], SHANGHAI_NINE)


def test_refuses_an_issuer_whose_own_certificate_has_ended() -> None:
    late = SHANGHAI_NINE + timedelta(days=20 * 365)

    with pytest.raises(UnknownIssuer, match="有效期"):
        identify(make_certificate(now=late), [ROOT], late + TICK)


# An altered serial number may come out negative, of which the library warns before the signature is checked.
@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_refuses_a_certificate_that_was_altered_anywhere() -> None:
    der = make_certificate()
    signed = x509.load_der_x509_certificate(der).tbs_certificate_bytes
    names = range(der.index(signed), der.index(signed) + len(signed))

    for at, mask in product(names, (0x01, 0x10, 0x80)):
        altered = der[:at] + bytes([der[at] ^ mask]) + der[at + 1 :]
        with pytest.raises(CertificateRefused):
            identify(altered, [ROOT], SHANGHAI_NINE)


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
def test_an_altered_certificate_never_names_anybody_else() -> None:
    """The unused bits of the signature's bit string may change; what is signed may not."""
    der = make_certificate()
    named = identify(der, [ROOT], SHANGHAI_NINE)

    for at, mask in product(range(len(der)), (0x01, 0x02, 0x40)):
        altered = der[:at] + bytes([der[at] ^ mask]) + der[at + 1 :]
        with suppress(CertificateRefused):
            assert identify(altered, [ROOT], SHANGHAI_NINE) == named


def test_refuses_the_issuers_own_certificate() -> None:
    der = x509.load_pem_x509_certificate(ROOT).public_bytes(Encoding.DER)

    with pytest.raises(BadCertificate, match="本人证书"):
        identify(der, [ROOT], SHANGHAI_NINE)


def test_refuses_a_certificate_signed_by_a_person() -> None:
    """A person's key must not serve to make further persons."""
    li = make_certificate()
    pem = x509.load_der_x509_certificate(li).public_bytes(Encoding.PEM)
    forged = make_certificate(root=(LI_KEY, pem), subject=replace(LI, person_name="王投标"))

    with pytest.raises(UnknownIssuer):
        identify(forged, [ROOT], SHANGHAI_NINE)


def test_a_persons_certificate_is_no_root_even_if_it_stands_among_them() -> None:
    pem = x509.load_der_x509_certificate(make_certificate()).public_bytes(Encoding.PEM)
    forged = make_certificate(root=(LI_KEY, pem), subject=replace(LI, person_name="王投标"))

    with pytest.raises(BadCertificate):
        identify(forged, [ROOT, pem], SHANGHAI_NINE)


@pytest.mark.parametrize("der", [b"", b"no certificate", bytes(500)], ids=["empty", "text", "zeros"])
def test_refuses_what_is_no_certificate(der: bytes) -> None:
    with pytest.raises(BadCertificate) as refusal:
        identify(der, [ROOT], SHANGHAI_NINE)
    assert refusal.value.code == "bad-certificate"


def test_refuses_another_curve() -> None:
    with pytest.raises(BadCertificate, match="P-256"):
        identify(make_odd_certificate(key=ec.generate_private_key(ec.SECP384R1())), [ROOT], SHANGHAI_NINE)


def test_refuses_another_hash() -> None:
    with pytest.raises(BadCertificate):
        identify(make_odd_certificate(algorithm=SHA384()), [ROOT], SHANGHAI_NINE)


def test_takes_a_certificate_without_the_field_that_marks_issuers() -> None:
    assert identify(make_odd_certificate(), [ROOT], SHANGHAI_NINE).person_name == "李招标"


@pytest.mark.parametrize("doubled", [False, True], ids=["missing", "twice"])
@pytest.mark.parametrize(
    "oid",
    [NameOID.COMMON_NAME, NameOID.SERIAL_NUMBER, NameOID.ORGANIZATION_NAME, NameOID.ORGANIZATION_IDENTIFIER],
    ids=lambda oid: oid._name,
)
def test_refuses_a_name_that_does_not_say_who(oid: x509.ObjectIdentifier, doubled: bool) -> None:
    name = list(x509.load_der_x509_certificate(make_certificate()).subject)
    odd = [*name, x509.NameAttribute(oid, "x")] if doubled else [part for part in name if part.oid != oid]

    with pytest.raises(BadCertificate):
        identify(make_odd_certificate(odd), [ROOT], SHANGHAI_NINE)  # type: ignore[arg-type]


# --- Signatures ---------------------------------------------------------------------------------------------


def test_knows_its_own_signature() -> None:
    signature = certificates.sign_with(LI_KEY, b"challenge")

    assert len(signature) == 64
    assert certificates.is_signed_by(make_certificate(), b"challenge", signature)


@pytest.mark.parametrize("spoilt", ["data", "key", "bit", "zeros", "short", "der"])
def test_takes_nothing_else_for_its_signature(spoilt: str) -> None:
    data, signature = b"challenge", certificates.sign_with(LI_KEY, b"challenge")
    if spoilt == "data":
        data = b"another challenge"
    elif spoilt == "key":
        signature = certificates.sign_with(certificates.new_key_pem(), data)
    elif spoilt == "bit":
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    elif spoilt == "zeros":
        signature = bytes(64)
    elif spoilt == "short":
        signature = signature[:63]
    else:
        key = load_pem_private_key(LI_KEY, None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        signature = key.sign(data, ec.ECDSA(SHA256()))

    assert not certificates.is_signed_by(make_certificate(), data, signature)


def test_issues_no_certificate_for_another_curve() -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    spki = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(ValueError, match="P-256"):
        certificates.issue(ROOT_KEY, ROOT, subject=LI, public_key=spki, now=SHANGHAI_NINE, days=1)
