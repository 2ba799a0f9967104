"""The trust list in force and the evidence at hand."""

import json
from collections.abc import Iterable
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from yuntai.kernel.recognition.models import RevocationEvidence, TrustListVersion
from yuntai.trust.base64url import from_base64url
from yuntai.trust.certificates import Evidence
from yuntai.trust.trust_list import TrustList, bare_roots, read_trust_list


def trust_list() -> TrustList:
    """Return the newest version that was taken over, else the one this deployment was set up with.

    A sandbox without any takes the bare roots of TRUST_ROOTS_FILE.

    :raises TrustListRefused: the file of the deployment is not a list signed by two officers.
    """
    newest = TrustListVersion.objects.order_by("-seq").values_list("signed", flat=True).first()
    if newest is not None:
        return _read(newest, settings.TRUST_OFFICERS_FILE)
    first = _first_list()
    if first is not None:
        return first
    roots = settings.TRUST_ROOTS_FILE
    return bare_roots([Path(roots).read_bytes()] if roots else [])


def versions() -> tuple[TrustList, ...]:
    """Return every signed version that was ever in force here, newest first; () in a sandbox of bare roots.

    :raises TrustListRefused: the file of the deployment is not a list signed by two officers.
    """
    taken = TrustListVersion.objects.order_by("-seq").values_list("signed", flat=True)
    listed = tuple(_read(signed, settings.TRUST_OFFICERS_FILE) for signed in taken)
    first = _first_list()
    return listed if first is None or first in listed else (*listed, first)


def officers() -> dict[str, bytes]:
    """Return the Ed25519 keys of those who may sign a trust list, by name, from TRUST_OFFICERS_FILE."""
    return _officers(settings.TRUST_OFFICERS_FILE)


def evidence_about(certificate: bytes, lists: Iterable[str]) -> Evidence:
    """Return what is at hand about a certificate.

    certificate: DER.  lists: the addresses of its CA's revocation lists.
    """
    crls = RevocationEvidence.objects.filter(kind="crl", source__in=list(lists))
    answers = RevocationEvidence.objects.filter(kind="ocsp", source=digest_of(certificate))
    return Evidence(
        lists=tuple(bytes(each) for each in crls.values_list("content", flat=True)),
        answers=tuple(bytes(each) for each in answers.values_list("content", flat=True)),
    )


def digest_of(certificate: bytes) -> str:
    """Return under what an OCSP answer about a certificate is kept."""
    return sha256(certificate).hexdigest()


def _first_list() -> TrustList | None:
    if not settings.TRUST_LIST_FILE:
        return None
    return _read(Path(settings.TRUST_LIST_FILE).read_text(encoding="utf-8"), settings.TRUST_OFFICERS_FILE)


@lru_cache(maxsize=8)
def _read(signed: str, officers_file: str) -> TrustList:
    return read_trust_list(json.loads(signed), _officers(officers_file))


def _officers(path: str) -> dict[str, bytes]:
    if not path:
        return {}
    listed: dict[str, str] = json.loads(Path(path).read_text(encoding="utf-8"))
    return {name: from_base64url(key) for name, key in listed.items()}
