"""A person of any recognised CA is known, whatever its layout; every reason to refuse is told."""

import hashlib
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from yuntai.trust import certificates, chains, der, issuing, sandbox_cas, sm2
from yuntai.trust.base64url import base64url
from yuntai.trust.certificates import (
    BadCertificate,
    CertificateRefused,
    Expired,
    NotYetValid,
    UnknownIssuer,
    WrongUsage,
    identify,
)
from yuntai.trust.challenge import challenge_bytes
from yuntai.trust.keys import Algorithm, PublicKey
from yuntai.trust.sandbox_cas import SandboxCa, establish
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.instants import TICK
from yuntai.trust.tests.openssl import openssl
from yuntai.trust.tests.trusting import (
    ADDRESSES,
    CAS,
    FOUNDED,
    WANG,
    A,
    B,
    C,
    fresh_lists,
    make_person,
    make_trust_list,
)

TRUST = make_trust_list()
YEAR = timedelta(days=365)
every_ca = pytest.mark.parametrize("ca", CAS, ids=lambda each: each.plan.letter)


@every_ca
def test_verifies_the_chain_of_a_certificate_once(ca: SandboxCa, monkeypatch: pytest.MonkeyPatch) -> None:
    person, lists, whole, signed = make_person(ca), fresh_lists(), PublicKey.verifies_der, []

    def counted(key: PublicKey, data: bytes, signature: bytes) -> bool:
        signed.append(data)
        return whole(key, data, signature)

    monkeypatch.setattr(PublicKey, "verifies_der", counted)
    chains._holds.cache_clear()
    for _ in range(3):
        identify(person.certificate, TRUST, NOW, lists)

    of_certificates = [data for data in signed if data not in of_lists(lists)]
    assert len(of_certificates) == len(set(of_certificates)) == len(ca.certificates) + 1


def of_lists(evidence: certificates.Evidence) -> list[bytes]:
    return [x509.load_der_x509_crl(each).tbs_certlist_bytes for each in evidence.lists]


@every_ca
def test_names_the_person_wherever_the_ca_writes_it(ca: SandboxCa) -> None:
    identity = identify(make_person(ca).certificate, TRUST, NOW, fresh_lists())

    assert (identity.person_name, identity.person_id) == ("王投标", "T-0007")
    assert identity.organization_code == "91320700MA1XXXXX0A"
    assert identity.organization_name == "江苏天建设工程有限公司"
    assert identity.ca == ca.plan.name


@every_ca
def test_a_renewed_certificate_names_the_same_person(ca: SandboxCa) -> None:
    later = NOW + timedelta(days=30)
    first = identify(make_person(ca).certificate, TRUST, NOW, fresh_lists())
    second = identify(make_person(ca, now=later).certificate, TRUST, later, fresh_lists(later))

    assert (second.ca, second.person_id) == (first.ca, first.person_id)
    assert second.serial_number != first.serial_number


@every_ca
def test_the_person_signs_a_login_challenge(ca: SandboxCa) -> None:
    person = make_person(ca)
    challenge = challenge_bytes("https://trading.example", bytes(32), NOW, "login")
    signature = certificates.sign_with(person.key.pem, challenge)

    assert len(signature) == 64
    assert certificates.is_signed_by(person.certificate, challenge, signature)
    assert not certificates.is_signed_by(person.certificate, challenge + b"x", signature)
    assert not certificates.is_signed_by(make_person(ca).certificate, challenge, signature)


def test_an_sm2_signature_under_another_identifier_is_not_taken() -> None:
    person = make_person(B)
    signature = sm2.sign(person.key.scalar, b"challenge", b"another id")

    assert not certificates.is_signed_by(person.certificate, b"challenge", signature)


def test_a_signature_of_one_algorithm_is_no_signature_of_the_other() -> None:
    ours, theirs = make_person(A), make_person(B)

    assert not certificates.is_signed_by(theirs.certificate, b"x", certificates.sign_with(ours.key.pem, b"x"))
    assert not certificates.is_signed_by(ours.certificate, b"x", certificates.sign_with(theirs.key.pem, b"x"))


# --- Reasons to refuse --------------------------------------------------------------------------------------


@every_ca
def test_holds_to_both_ends_of_its_validity(ca: SandboxCa) -> None:
    person = make_person(ca)
    trusted = make_trust_list(next_update=(NOW + 3 * YEAR).isoformat())
    last = NOW + YEAR

    assert identify(person.certificate, trusted, last, fresh_lists(last)).not_after == last
    with pytest.raises(Expired, match="2027-03-02 到期"):
        identify(person.certificate, trusted, last + TICK, fresh_lists(last))
    with pytest.raises(NotYetValid, match="2026-03-02 起生效"):
        identify(person.certificate, trusted, NOW - TICK, fresh_lists())


def test_refuses_an_sm2_certificate_of_a_p256_ca_outside_the_list() -> None:
    stranger = establish(replace(sandbox_cas.PLANS[0], name="别家认证中心"), FOUNDED)

    with pytest.raises(UnknownIssuer, match="互认名单"):
        identify(make_person(stranger, algorithm=Algorithm.SM2).certificate, TRUST, NOW, fresh_lists())


@every_ca
def test_refuses_a_ca_that_only_has_the_right_name(ca: SandboxCa) -> None:
    impostor = establish(ca.plan, FOUNDED)

    with pytest.raises(BadCertificate, match="改动"):
        identify(make_person(impostor).certificate, TRUST, NOW, fresh_lists())


def test_refuses_a_root_of_the_right_name_that_is_presented_as_issuing_certificate() -> None:
    """B's list knows B's root: an issuing certificate that the root did not sign makes no person."""
    forged = establish(replace(B.plan, name="山寨"), FOUNDED)
    signer = replace(forged.signer, certificate=B.signer.certificate)
    certificate = issuing.issue_by(signer, WANG, public_key=make_person(B).key.public.der, now=NOW, days=1)

    with pytest.raises(BadCertificate):
        identify(certificate, TRUST, NOW, fresh_lists())


@pytest.mark.filterwarnings("ignore:Parsed a serial number")
@pytest.mark.parametrize("mask", [0x01, 0x80])
def test_refuses_an_sm2_certificate_that_was_altered_anywhere(mask: int) -> None:
    encoded = make_person(B).certificate
    content = x509.load_der_x509_certificate(encoded).tbs_certificate_bytes
    start, evidence = encoded.index(content), fresh_lists()

    for at in range(start, start + len(content)):
        altered = encoded[:at] + bytes([encoded[at] ^ mask]) + encoded[at + 1 :]
        with pytest.raises(CertificateRefused):
            identify(altered, TRUST, NOW, evidence)


@every_ca
def test_refuses_a_certificate_whose_two_algorithms_differ(ca: SandboxCa) -> None:
    """The outer one is not signed: it must not tell anything the inner one does not."""
    content, algorithm, signature = der.parts(make_person(ca).certificate)
    longer = der.sequence(*der.parts(algorithm), der.element(5, b""))

    with pytest.raises(BadCertificate, match="改动"):
        identify(der.sequence(content, longer, signature), TRUST, NOW, fresh_lists())


def test_refuses_a_chain_with_a_tampered_byte_in_the_issuing_certificate() -> None:
    """The list's own copy was altered behind the officers' backs: no chain leads through it."""
    issuer = C.certificates[1]
    altered = issuer[:-1] + bytes([issuer[-1] ^ 1])
    entry = C.entry(since=FOUNDED, addresses=ADDRESSES)
    pool = [entry.certificates[0], base64url(altered)]
    trusted = make_trust_list(entries=[entry.model_dump(mode="json") | {"certificates": pool}])

    with pytest.raises(BadCertificate, match="改动"):
        identify(make_person(C).certificate, trusted, NOW, fresh_lists())


@every_ca
def test_refuses_an_encryption_certificate(ca: SandboxCa) -> None:
    person = make_person(ca, usage=issuing.ENCRYPTING)

    with pytest.raises(WrongUsage, match="签名证书") as refusal:
        identify(person.certificate, TRUST, NOW, fresh_lists())
    assert refusal.value.code == "wrong-key-usage"


def test_refuses_a_key_the_ca_is_not_recognised_for() -> None:
    with pytest.raises(BadCertificate, match="互认范围"):
        identify(make_person(A, algorithm=Algorithm.SM2).certificate, TRUST, NOW, fresh_lists())


@every_ca
def test_refuses_the_cas_own_certificates(ca: SandboxCa) -> None:
    for encoded in ca.certificates:
        with pytest.raises(BadCertificate, match="本人证书"):
            identify(encoded, TRUST, NOW, fresh_lists())


def test_a_person_of_one_layout_is_not_read_by_another() -> None:
    """C writes the credit code where A writes the person's id: the list says which is which."""
    entry = C.entry(since=FOUNDED, addresses=ADDRESSES).model_dump(mode="json")
    fields = A.entry(since=FOUNDED, addresses=ADDRESSES).fields
    trusted = make_trust_list(entries=[entry | {"fields": fields}])

    with pytest.raises(BadCertificate):
        identify(make_person(C).certificate, trusted, NOW, fresh_lists())


def test_refuses_a_policy_outside_the_recognition() -> None:
    entry = A.entry(since=FOUNDED, addresses=ADDRESSES).model_dump(mode="json")
    trusted = make_trust_list(entries=[entry | {"policies": ["2.999.30.1"]}])

    with pytest.raises(WrongUsage, match="策略"):
        identify(make_person(A).certificate, trusted, NOW, fresh_lists())


def test_refuses_a_critical_extension_it_does_not_know() -> None:
    key = A.signer.key
    person = make_person(A)
    parsed = x509.load_der_x509_certificate(person.certificate)
    odd = x509.UnrecognizedExtension(x509.ObjectIdentifier("2.999.40"), der.text("x"))
    template = (
        x509.CertificateBuilder(parsed.issuer, parsed.subject)
        .serial_number(7)
        .not_valid_before(NOW)
        .not_valid_after(NOW + YEAR)
        .add_extension(odd, critical=True)
    )

    with pytest.raises(BadCertificate, match=r"2\.999\.40"):
        identify(issuing.signed(template, person.key.public, key), TRUST, NOW, fresh_lists())


def test_refuses_a_person_below_an_issuer_that_may_not_make_issuers() -> None:
    """A's root allows no issuing certificate below it."""
    below = issuing.issue_issuer(
        A.root_key, A.root, name="下级", public_key=A.signer.key.public.der, now=FOUNDED, days=3650
    )
    entry = A.entry(since=FOUNDED, addresses=ADDRESSES).model_dump(mode="json")
    pool = [base64url(A.certificates[0]), base64url(below)]
    trusted = make_trust_list(entries=[entry | {"certificates": pool}])
    lower = replace(A, issuer=der.to_pem(below, "CERTIFICATE"))

    with pytest.raises(BadCertificate):
        identify(make_person(lower).certificate, trusted, NOW, fresh_lists())


# --- Status of the CA itself -------------------------------------------------------------------------


def withdrawn(status: str, day: int) -> dict[str, object]:
    """Return B's entry, recognised at its founding and in another status since `day` days after NOW."""
    entry = B.entry(since=FOUNDED, addresses=ADDRESSES).model_dump(mode="json")
    return entry | {
        "history": [{"status": "recognised", "since": FOUNDED.isoformat()}],
        "status": status,
        "status_since": (NOW + timedelta(days=day)).isoformat(),
    }


@pytest.mark.parametrize(("status", "says"), [("suspended", "暂停互认"), ("withdrawn", "退出互认")])
def test_a_signature_is_judged_by_what_held_when_it_was_made(status: str, says: str) -> None:
    person, trusted = make_person(B), make_trust_list(entries=[withdrawn(status, day=10)])
    end = NOW + timedelta(days=10)

    assert identify(person.certificate, trusted, end - TICK, fresh_lists(end)).ca == B.plan.name
    with pytest.raises(UnknownIssuer, match=f"2026-03-12 {says}") as refusal:
        identify(person.certificate, trusted, end, fresh_lists(end))
    assert refusal.value.code == "unknown-issuer"


def test_a_ca_counts_from_its_recognition_on() -> None:
    entry = B.entry(since=NOW, addresses=ADDRESSES).model_dump(mode="json")
    trusted = make_trust_list(entries=[entry])
    person = make_person(B, now=NOW - timedelta(days=1))

    assert identify(person.certificate, trusted, NOW, fresh_lists()).person_name == "王投标"
    with pytest.raises(UnknownIssuer, match="才列入"):
        identify(person.certificate, trusted, NOW - TICK, fresh_lists())


# --- Other implementations ----------------------------------------------------------------------------------


@every_ca
def test_openssl_verifies_each_link(ca: SandboxCa, tmp_path: Path) -> None:
    person, issuer, root = (tmp_path / name for name in ("person", "issuer", "root"))
    person.write_bytes(der.to_pem(make_person(ca).certificate, "CERTIFICATE"))
    issuer.write_bytes(ca.issuer)
    root.write_bytes(ca.root)
    options = [] if ca is A else ["-vfyopt", "distid:1234567812345678"]
    at = ["-attime", str(int(NOW.timestamp()))]

    said = openssl("verify", *options, *at, "-partial_chain", "-trusted", str(issuer), str(person))
    above = openssl("verify", *options, *at, "-CAfile", str(root), str(issuer))

    assert said.endswith(b": OK\n")
    assert above.endswith(b": OK\n")


def test_reads_a_certificate_that_openssl_issued(tmp_path: Path) -> None:
    """SM2 root and person made by the command line, with the organization named as A does."""
    distid = ["-sm3", "-sigopt", "distid:1234567812345678"]
    config = tmp_path / "config"
    config.write_text("[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:TRUE\n"
                      "[person]\nkeyUsage=critical,digitalSignature\n")  # fmt: skip
    root_key, root = str(tmp_path / "root.key"), str(tmp_path / "root.pem")
    key, request = str(tmp_path / "key"), str(tmp_path / "request")
    for file in (root_key, key):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:SM2", "-out", file)
    openssl("req", "-new", "-x509", "-config", str(config), "-extensions", "ca", "-key", root_key,
            "-out", root, "-subj", "/CN=root", "-days", "30", *distid)  # fmt: skip
    openssl("req", "-new", "-config", str(config), "-key", key, "-out", request,
            "-subj", "/CN=Wang/O=Firm/2.5.4.97=91320700MA1XXXXX0A/serialNumber=T-1", *distid)  # fmt: skip
    made = openssl("x509", "-req", "-in", request, "-CA", root, "-CAkey", root_key, "-CAcreateserial",
                   "-extfile", str(config), "-extensions", "person", "-outform", "DER",
                   "-vfyopt", "distid:1234567812345678", *distid)  # fmt: skip

    at = x509.load_der_x509_certificate(made).not_valid_before_utc
    identity = identify(made, [Path(root).read_bytes()], at)

    assert (identity.person_name, identity.organization_code) == ("Wang", "91320700MA1XXXXX0A")
    signature = certificates.sign_with(Path(key).read_bytes(), b"challenge")
    assert certificates.is_signed_by(made, b"challenge", signature)


def test_cryptography_verifies_what_ca_a_issues() -> None:
    person = x509.load_der_x509_certificate(make_person(A).certificate)

    person.verify_directly_issued_by(x509.load_pem_x509_certificate(A.root))
    assert isinstance(person.public_key(), ec.EllipticCurvePublicKey)
    assert isinstance(person.signature_hash_algorithm, SHA256)
    assert hashlib.sha256(person.public_bytes(Encoding.DER)).digest() == person.fingerprint(SHA256())


def test_a_person_is_a_person_of_its_ca_only() -> None:
    """Two CAs may give one id to two persons: accounts must be bound to both."""
    first, second = (identify(make_person(each).certificate, TRUST, NOW, fresh_lists()) for each in (A, B))

    assert first.person_id == second.person_id
    assert first.ca != second.ca
