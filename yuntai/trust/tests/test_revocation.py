"""Whether a certificate was revoked, from lists and answers; what cannot be relied on is no evidence."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from yuntai.trust import issuing
from yuntai.trust.base64url import base64url
from yuntai.trust.certificates import (
    Evidence,
    Identity,
    RevocationUnknown,
    Revoked,
    identify,
)
from yuntai.trust.chains import read_trusted
from yuntai.trust.keys import read_private_key
from yuntai.trust.revocation import ocsp_request
from yuntai.trust.sandbox_cas import (
    SandboxCa,
    answer_ocsp,
    establish,
    revocation_list,
)
from yuntai.trust.tests.instants import SHANGHAI_NINE as NOW
from yuntai.trust.tests.instants import TICK
from yuntai.trust.tests.trusting import ADDRESSES, CAS, FOUNDED, A, B, C, Person, make_person, make_trust_list

TRUST = make_trust_list()
KEY_USAGES = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
              "key_agreement", "key_cert_sign", "crl_sign")  # fmt: skip
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
every_ca = pytest.mark.parametrize("ca", CAS, ids=lambda each: each.plan.letter)
both_kinds = pytest.mark.parametrize("kind", ["list", "answer"])


def evidence_of(
    kind: str,
    ca: SandboxCa,
    person: Person,
    now: datetime = NOW,
    *,
    revoked_at: datetime | None = None,
) -> Evidence:
    """Return a list or an answer of `now` about a person's certificate."""
    numbers = {person.serial_number: revoked_at} if revoked_at else {}
    if kind == "list":
        return Evidence(lists=(revocation_list(ca.signer, numbers, now),))
    request = ocsp_request(person.certificate, ca.issuer)
    return Evidence(answers=(answer_ocsp(ca.signer, request, numbers, now),))


def check(person: Person, evidence: Evidence, at: datetime = NOW) -> Identity:
    return identify(person.certificate, TRUST, at, evidence)


@every_ca
@both_kinds
def test_a_certificate_that_stands_well_is_taken(ca: SandboxCa, kind: str) -> None:
    person = make_person(ca)

    assert check(person, evidence_of(kind, ca, person)).person_name == "王投标"


@every_ca
@both_kinds
def test_a_revoked_certificate_is_refused_from_its_revocation_on(ca: SandboxCa, kind: str) -> None:
    person = make_person(ca)
    end = NOW + HOUR
    evidence = evidence_of(kind, ca, person, NOW + 2 * HOUR, revoked_at=end)

    assert check(person, evidence, end - TICK).person_name == "王投标"
    with pytest.raises(Revoked, match="2026-03-02 被发证机构吊销") as refusal:
        check(person, evidence, end)
    assert refusal.value.code == "certificate-revoked"


@every_ca
def test_without_evidence_nobody_can_tell(ca: SandboxCa) -> None:
    with pytest.raises(RevocationUnknown, match="吊销状态") as refusal:
        check(make_person(ca), Evidence())
    assert refusal.value.code == "revocation-unknown"


@both_kinds
def test_evidence_counts_until_it_lapses(kind: str) -> None:
    person = make_person(B)
    evidence = evidence_of(kind, B, person)
    lapses = NOW + (DAY if kind == "list" else HOUR)

    assert check(person, evidence, lapses).person_name == "王投标"
    with pytest.raises(RevocationUnknown):
        check(person, evidence, lapses + timedelta(seconds=1))


@both_kinds
def test_evidence_of_today_tells_about_a_signature_of_last_month(kind: str) -> None:
    person = make_person(B)

    assert check(person, evidence_of(kind, B, person, NOW + 30 * DAY), NOW).person_name == "王投标"


@both_kinds
def test_evidence_from_after_the_certificates_end_tells_nothing(kind: str) -> None:
    """By then the CA may have dropped it from its lists."""
    person = make_person(B, days=10)

    with pytest.raises(RevocationUnknown):
        check(person, evidence_of(kind, B, person, NOW + 11 * DAY), NOW)


@both_kinds
def test_evidence_of_another_ca_tells_nothing(kind: str) -> None:
    person, stranger = make_person(B), make_person(C)

    with pytest.raises(RevocationUnknown):
        check(person, evidence_of(kind, C, stranger))


@both_kinds
def test_evidence_under_a_forged_signature_tells_nothing(kind: str) -> None:
    """The name is B's, the key is not."""
    person, impostor = make_person(B), establish(B.plan, FOUNDED)
    signer = replace(impostor.signer, certificate=B.signer.certificate)
    forged = revocation_list(signer, {}, NOW)
    request = ocsp_request(person.certificate, B.issuer)
    evidence = {
        "list": Evidence(lists=(forged,)),
        "answer": Evidence(answers=(answer_ocsp(signer, request, {}, NOW),)),
    }

    with pytest.raises(RevocationUnknown):
        check(person, evidence[kind])


@both_kinds
def test_altered_evidence_tells_nothing(kind: str) -> None:
    person = make_person(B)
    evidence = evidence_of(kind, B, person)
    (good,) = evidence.lists or evidence.answers

    for at in range(0, len(good), 7):
        bad = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        altered = Evidence(lists=(bad,)) if kind == "list" else Evidence(answers=(bad,))
        with suppress(RevocationUnknown):
            assert check(person, altered).person_name == "王投标"  # a bit that nothing is read from


@pytest.mark.parametrize("junk", [b"", b"no evidence", bytes(100)], ids=["empty", "text", "zeros"])
def test_junk_beside_good_evidence_does_no_harm(junk: bytes) -> None:
    person = make_person(A)
    good = evidence_of("list", A, person)

    both = Evidence(lists=(junk, *good.lists), answers=(junk,))
    assert check(person, both).person_name == "王投标"
    with pytest.raises(RevocationUnknown):
        check(person, Evidence(lists=(junk,), answers=(junk,)))


def test_one_word_of_revocation_outweighs_another_that_knows_of_none() -> None:
    person = make_person(B)
    bad = evidence_of("answer", B, person, revoked_at=NOW)
    good = evidence_of("list", B, person)

    with pytest.raises(Revoked):
        check(person, Evidence(lists=good.lists, answers=bad.answers))


def test_a_revoked_issuing_certificate_is_refused() -> None:
    person = make_person(B)
    issuer_number = x509.load_pem_x509_certificate(B.issuer).serial_number
    by_root = issuing.Issuer(read_private_key(B.root_key), read_trusted(B.root), B.plan.profile)
    lists = (
        revocation_list(by_root, {issuer_number: NOW}, NOW),
        *evidence_of("list", B, person).lists,
    )

    with pytest.raises(Revoked):
        check(person, Evidence(lists=lists))


def test_a_list_that_is_only_a_part_is_not_read_as_a_whole() -> None:
    person = make_person(A)
    key = ec.derive_private_key(int.from_bytes(A.signer.key.scalar), ec.SECP256R1())
    difference = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(A.signer.certificate.parsed.subject)
        .last_update(NOW)
        .next_update(NOW + DAY)
        .add_extension(x509.DeltaCRLIndicator(1), critical=True)
        .sign(key, SHA256())
    )

    with pytest.raises(RevocationUnknown):
        check(person, Evidence(lists=(difference.public_bytes(Encoding.DER),)))


def test_an_issuer_that_may_not_sign_lists_is_not_believed() -> None:
    key = ec.derive_private_key(int.from_bytes(A.signer.key.scalar), ec.SECP256R1())
    parsed = A.signer.certificate.parsed
    usage = parsed.extensions.get_extension_for_class(x509.KeyUsage).value
    only_certificates = {name: getattr(usage, name) for name in KEY_USAGES} | {"crl_sign": False}
    root = (
        x509.CertificateBuilder(parsed.subject, parsed.subject, key.public_key(), 3, FOUNDED, NOW + 900 * DAY)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(
            x509.KeyUsage(**only_certificates, encipher_only=False, decipher_only=False), critical=True
        )
        .sign(key, SHA256())
    )
    entry = A.entry(since=FOUNDED, addresses=ADDRESSES).model_dump(mode="json")
    encoded = base64url(root.public_bytes(Encoding.DER))
    trusted = make_trust_list(entries=[entry | {"certificates": [encoded]}])
    person = make_person(A)

    with pytest.raises(RevocationUnknown):
        identify(person.certificate, trusted, NOW, evidence_of("list", A, person))


# --- Answers by somebody whom the CA appointed -------------------------------------------------------


def answer_by(person: Person, *, appointed: bool, appointing: SandboxCa = A) -> bytes:
    """Return an answer about a person of A, signed by a responder whose certificate names A as issuer."""
    key = ec.generate_private_key(ec.SECP256R1())
    root = x509.load_pem_x509_certificate(A.root)
    root_key = ec.derive_private_key(int.from_bytes(appointing.signer.key.scalar), ec.SECP256R1())
    purpose = ExtendedKeyUsageOID.OCSP_SIGNING if appointed else ExtendedKeyUsageOID.CLIENT_AUTH
    responder = (
        x509.CertificateBuilder(root.subject, issuing.ca_name("应答服务"))
        .public_key(key.public_key())
        .serial_number(9)
        .not_valid_before(FOUNDED)
        .not_valid_after(datetime(2036, 1, 1, tzinfo=NOW.tzinfo))
        .add_extension(x509.ExtendedKeyUsage([purpose]), critical=False)
        .sign(root_key, SHA256())
    )
    about = x509.load_der_x509_certificate(person.certificate)
    builder = ocsp.OCSPResponseBuilder().add_response(
        about, root, SHA256(), ocsp.OCSPCertStatus.GOOD, NOW, NOW + HOUR, None, None
    )
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, responder).certificates([responder])
    return builder.sign(key, SHA256()).public_bytes(Encoding.DER)


def test_an_appointed_responder_speaks_for_the_ca() -> None:
    person = make_person(A)

    assert check(person, Evidence(answers=(answer_by(person, appointed=True),))).ca == A.plan.name


def test_a_certificate_that_is_not_for_answering_does_not() -> None:
    person = make_person(A)

    with pytest.raises(RevocationUnknown):
        check(person, Evidence(answers=(answer_by(person, appointed=False),)))


def test_a_responder_whom_somebody_else_appointed_does_not() -> None:
    person, impostor = make_person(A), establish(A.plan, FOUNDED)
    answer = answer_by(person, appointed=True, appointing=impostor)

    with pytest.raises(RevocationUnknown):
        check(person, Evidence(answers=(answer,)))


# --- The responder ------------------------------------------------------------------------------------------


def test_the_responder_answers_for_its_own_ca_only() -> None:
    request = ocsp_request(make_person(C).certificate, C.issuer)

    with pytest.raises(ValueError, match="another ca"):
        answer_ocsp(B.signer, request, {}, NOW)
    with pytest.raises(ValueError, match=r"."):
        answer_ocsp(B.signer, b"no request", {}, NOW)
