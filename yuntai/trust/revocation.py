"""Was a certificate revoked?  Answered from revocation lists (CRL) and OCSP answers that the caller fetched.

Nothing here goes to the network, and the same evidence gives the same answer for ever: the question is how
the certificate stood at an instant, not how it stands now.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID

from yuntai.trust.chains import Certificate, is_signed_by, read_certificate, read_trusted
from yuntai.trust.keys import SIGNATURE_OIDS
from yuntai.trust.refusals import CertificateRefused, RevocationUnknown, Revoked

_HASHES: dict[str, Callable[[bytes], bytes]] = {
    "sha1": lambda data: hashlib.sha1(data, usedforsecurity=False).digest(),
    "sha256": lambda data: hashlib.sha256(data).digest(),
}
_Unreadable = (ValueError, TypeError, UnsupportedAlgorithm, x509.DuplicateExtension, CertificateRefused)


@dataclass(frozen=True)
class Evidence:
    """lists: CRLs.  answers: OCSP responses.  Each DER, in any order, of any CAs."""

    lists: tuple[bytes, ...] = ()
    answers: tuple[bytes, ...] = ()


@dataclass(frozen=True)
class _Finding:
    """revoked_at: None when the evidence says that the certificate stood well."""

    issued_at: datetime
    revoked_at: datetime | None


def check_not_revoked(
    certificate: Certificate, issuer: Certificate, evidence: Evidence, at: datetime
) -> None:
    """Refuse a certificate that was revoked at `at`, or of which the evidence does not tell.

    Evidence counts when the issuer signed it and it had not lapsed at `at`; it may be newer than `at`, but
    not than the certificate's own end, after which a CA may drop it from its lists.

    :raises Revoked: revoked at `at` or before.
    :raises RevocationUnknown: no evidence counts.
    """
    known = _is_known(certificate, issuer, evidence, at)
    if not known:
        raise RevocationUnknown(
            "查不到证书在该时点的吊销状态（吊销列表和在线查询均不可用），暂不能使用；请稍后重试或联系发证机构。"
        )


def check_if_told(certificate: Certificate, issuer: Certificate, evidence: Evidence, at: datetime) -> None:
    """As `check_not_revoked`, but silence is no reason to refuse: for issuing certificates, which the trust
    list itself speaks for.
    """
    _is_known(certificate, issuer, evidence, at)


def _is_known(certificate: Certificate, issuer: Certificate, evidence: Evidence, at: datetime) -> bool:
    known = False
    last = certificate.parsed.not_valid_after_utc
    for finding in _findings(certificate, issuer, evidence, at):
        if finding.revoked_at is not None and finding.revoked_at <= at:
            raise Revoked(
                f"证书已于 {finding.revoked_at:%Y-%m-%d} 被发证机构吊销，不能使用；请到发证机构申领新证书。"
            )
        known = known or finding.issued_at <= last
    return known


def _findings(
    certificate: Certificate, issuer: Certificate, evidence: Evidence, at: datetime
) -> Iterator[_Finding]:
    for encoded in evidence.lists:
        try:
            yield from _in_list(encoded, certificate, issuer, at)
        except _Unreadable:
            continue  # what cannot be read is no evidence
    for encoded in evidence.answers:
        try:
            yield from _in_answer(encoded, certificate, issuer, at)
        except _Unreadable:
            continue


def _in_list(
    encoded: bytes, certificate: Certificate, issuer: Certificate, at: datetime
) -> Iterator[_Finding]:
    crl = x509.load_der_x509_crl(encoded)
    lapses = crl.next_update_utc
    # A critical extension says that the list is a part or a difference only: reading it as a whole would err.
    if crl.issuer != issuer.parsed.subject or any(extension.critical for extension in crl.extensions):
        return
    if lapses is None or at > lapses or (issuer.usage is not None and not issuer.usage.crl_sign):
        return
    if not _signed(crl.signature_algorithm_oid, crl.tbs_certlist_bytes, crl.signature, by=issuer):
        return
    entry = crl.get_revoked_certificate_by_serial_number(certificate.parsed.serial_number)
    yield _Finding(crl.last_update_utc, entry.revocation_date_utc if entry else None)


def _in_answer(
    encoded: bytes, certificate: Certificate, issuer: Certificate, at: datetime
) -> Iterator[_Finding]:
    response = ocsp.load_der_ocsp_response(encoded)
    if response.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
        return
    responder = _responder(response, issuer)
    signature = response.signature_algorithm_oid, response.tbs_response_bytes, response.signature
    if responder is None or not _signed(*signature, by=responder):
        return
    for answer in response.responses:
        lapses = answer.next_update_utc
        if lapses is None or at > lapses or not _is_about(answer, certificate, issuer):
            continue
        if answer.certificate_status is ocsp.OCSPCertStatus.GOOD:
            yield _Finding(answer.this_update_utc, None)
        elif answer.certificate_status is ocsp.OCSPCertStatus.REVOKED:
            yield _Finding(answer.this_update_utc, answer.revocation_time_utc)


def _responder(response: ocsp.OCSPResponse, issuer: Certificate) -> Certificate | None:
    """Return who signed the answer: the issuer, or somebody to whom it gave a certificate for that."""
    if response.responder_name in (None, issuer.parsed.subject) and not response.certificates:
        return issuer
    for parsed in response.certificates:
        candidate = read_certificate(parsed.public_bytes(Encoding.DER))
        if candidate.key == issuer.key:
            return issuer
        held = candidate.holds_at(response.produced_at_utc)
        if held and _may_answer(candidate) and is_signed_by(candidate, issuer):
            return candidate
    return None


def _may_answer(certificate: Certificate) -> bool:
    try:
        purposes = certificate.parsed.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.OCSP_SIGNING in purposes


def ocsp_request(certificate: bytes, issuer: bytes) -> bytes:
    """Return the question whether a certificate was revoked, DER, to be posted to a CA's address.

    certificate, issuer: DER or PEM.
    """
    parsed = read_trusted(certificate).parsed
    builder = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        *hashes_of(read_trusted(issuer)), parsed.serial_number, SHA256()
    )
    return builder.build().public_bytes(Encoding.DER)


def hashes_of(issuer: Certificate, algorithm: str = "sha256") -> tuple[bytes, bytes]:
    """Return how OCSP calls an issuer: the hashes of its name and of its key."""
    digest = _HASHES[algorithm]
    return digest(issuer.parsed.subject.public_bytes()), digest(issuer.key.point)


def _is_about(answer: ocsp.OCSPSingleResponse, certificate: Certificate, issuer: Certificate) -> bool:
    algorithm = answer.hash_algorithm.name
    if algorithm not in _HASHES or answer.serial_number != certificate.parsed.serial_number:
        return False
    return (answer.issuer_name_hash, answer.issuer_key_hash) == hashes_of(issuer, algorithm)


def _signed(oid: x509.ObjectIdentifier, data: bytes, signature: bytes, *, by: Certificate) -> bool:
    expected = SIGNATURE_OIDS[by.key.algorithm]
    return oid.dotted_string == expected and by.key.verifies_der(data, signature)
