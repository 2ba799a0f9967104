"""Whom does a certificate name?  Judged by the trust list in force and by what its CAs have revoked."""

from dataclasses import replace
from datetime import datetime

from yuntai.kernel.recognition.asking import ask_now
from yuntai.kernel.recognition.queries import evidence_about, trust_list
from yuntai.trust import certificates
from yuntai.trust.certificates import CertificateRefused, Identity, RevocationUnknown
from yuntai.trust.identities import issued_by
from yuntai.trust.trust_list import TrustList, TrustListRefused


def identify_for_login(certificate: bytes, now: datetime) -> Identity:
    """Return whom the certificate (DER) names; its person_id is the trust id, fit to be kept.

    :raises CertificateRefused: it proves nothing now, or the trust list lapsed more than 72 hours ago.
    """
    in_force = _in_force()
    try:
        in_force.check_serves_logins(now)
    except TrustListRefused as error:
        raise CertificateRefused(str(error)) from error
    return _identify_now(certificate, in_force, now)


def identify_for_act(certificate: bytes, now: datetime) -> Identity:
    """As `identify_for_login`, for an act resting on the certificate: a list that has lapsed serves none."""
    in_force = _in_force()
    try:
        in_force.check_serves_acts(now)
    except TrustListRefused as error:
        raise CertificateRefused(str(error)) from error
    return _identify_now(certificate, in_force, now)


def identify_signer(certificate: bytes, at: datetime) -> Identity:
    """Return whom a certificate named at an earlier instant; that it was revoked since does no harm.

    Nobody is asked, since the caller may hold locks; a CA that has told nothing about that instant does the
    signer no harm either, whose login was checked then.

    :raises CertificateRefused: it proved nothing then.
    """
    trusted = _in_force()
    try:
        return _named(certificate, trusted, at)
    except RevocationUnknown:
        return _named(certificate, trusted.without_revocation(), at)


def _in_force() -> TrustList:
    try:
        return trust_list()
    except TrustListRefused as error:
        raise CertificateRefused(str(error)) from error


def _identify_now(certificate: bytes, trusted: TrustList, now: datetime) -> Identity:
    try:
        return _named(certificate, trusted, now)
    except RevocationUnknown:
        # No list at hand covers this instant: the CA is asked while the person waits.
        issued = issued_by(certificate, trusted)
        if issued is None or not ask_now(certificate, issued, now=now):
            raise
        return _named(certificate, trusted, now)


def _named(certificate: bytes, trusted: TrustList, at: datetime) -> Identity:
    issued = issued_by(certificate, trusted)
    evidence = evidence_about(certificate, issued.crl if issued else ())
    identity = certificates.identify(certificate, trusted, at, evidence)
    return replace(identity, person_id=identity.trust_id)
