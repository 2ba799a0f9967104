"""Asks the CAs of the trust list what they have revoked: their lists now and then, OCSP when somebody waits.

Only addresses that the signed list names are asked, without following redirects.  Nothing of what comes is
believed for coming: each answer carries its CA's signature, which is checked when it is used.
"""

import logging
from datetime import datetime, timedelta

import httpx

from yuntai.kernel.recognition.models import RevocationEvidence
from yuntai.kernel.recognition.queries import digest_of, trust_list
from yuntai.kernel.recognition.services import keep_evidence
from yuntai.trust.identities import Issued
from yuntai.trust.revocation import ocsp_request
from yuntai.trust.trust_list import TrustListRefused

log = logging.getLogger(__name__)
# How late a revocation may come to be known here, when the CA answers.
LIST_LASTS = timedelta(minutes=10)
AGAIN_AFTER = timedelta(minutes=1)
PERSON_WAITS_SECONDS = 2.0
LONGEST_ANSWER = 16 * 1024 * 1024
OCSP = {"Content-Type": "application/ocsp-request"}

_last_tried: dict[str, datetime] = {}


def refresh_lists(*, now: datetime) -> int:
    """Fetch each revocation list that is due; the worker's task.  Returns how many were fetched."""
    try:
        cas = trust_list().cas
    except TrustListRefused:
        log.exception("the trust list of this deployment cannot be read")
        return 0
    addresses = {address for ca in cas if ca.entry for address in ca.entry.crl}
    due = [address for address in sorted(addresses) if _is_due(address, now)]
    return sum(_fetch_list(address, now=now) for address in due)


def ask_now(certificate: bytes, issued: Issued, *, now: datetime) -> bool:
    """Ask a CA for its lists, which serve everybody, and about this certificate.  Did anything come?

    certificate: DER.
    """
    question = ocsp_request(certificate, issued.issuer)
    came = [_fetch_list(address, now=now) for address in issued.crl]
    for address in issued.ocsp:
        content = _request("POST", address, content=question, headers=OCSP)
        came.append(content is not None)
        if content is not None:
            keep_evidence(kind="ocsp", source=digest_of(certificate), content=content, now=now)
    return any(came)


def connect() -> httpx.Client:
    """Return a connection to a CA; it waits two seconds, since a person may wait behind it."""
    return httpx.Client(timeout=PERSON_WAITS_SECONDS, follow_redirects=False)


def _is_due(address: str, now: datetime) -> bool:
    tried = _last_tried.get(address)
    if tried is not None and abs(now - tried) < AGAIN_AFTER:
        return False
    kept = RevocationEvidence.objects.filter(kind="crl", source=address).values_list("fetched_at", flat=True)
    fetched_at = kept.first()
    return fetched_at is None or abs(now - fetched_at) >= LIST_LASTS


def _fetch_list(address: str, *, now: datetime) -> bool:
    _last_tried[address] = now
    content = _request("GET", address)
    if content is None:
        return False
    keep_evidence(kind="crl", source=address, content=content, now=now)
    return True


def _request(method: str, address: str, **more: object) -> bytes | None:
    try:
        with (
            connect() as client,
            client.stream(method, address, **more) as answer,  # type: ignore[arg-type]
        ):
            if answer.status_code != httpx.codes.OK:
                log.warning("%s answers %d", address, answer.status_code)
                return None
            received = bytearray()
            for part in answer.iter_bytes():
                received += part
                if len(received) > LONGEST_ANSWER:
                    log.warning("%s sends more than %d bytes", address, LONGEST_ANSWER)
                    return None
            return bytes(received)
    except httpx.HTTPError as error:
        log.warning("%s does not answer: %s", address, error)
        return None
