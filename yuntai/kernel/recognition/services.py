"""Taking over a version of the trust list, and keeping what the CAs say."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record
from yuntai.kernel.errors import DomainError
from yuntai.kernel.recognition.models import RevocationEvidence, TrustListVersion
from yuntai.kernel.recognition.queries import officers, trust_list
from yuntai.standard.canonical import NotCanonical, canonical
from yuntai.trust.trust_list import TrustListRefused, succeed


class ListRefused(DomainError):
    """The version is not taken over."""

    code = "trust-list-refused"
    status = 422


def take_trust_list(*, signed: object, caller: Caller, now: datetime) -> TrustListVersion:
    """Take over a newer version of the trust list; from its commit on every certificate is judged by it.

    signed: {"list", "signatures"}, as `read_trust_list` reads it.

    :raises ListRefused: not signed by two officers, no newer than the one in force, or it tells another past.
    """
    with transaction.atomic():
        list(TrustListVersion.objects.select_for_update().order_by("seq"))
        try:
            newer = succeed(trust_list(), signed, officers())
            text = canonical(newer.signed).decode()
        except (TrustListRefused, NotCanonical) as error:
            raise ListRefused(str(error)) from error
        taken = TrustListVersion.objects.create(seq=newer.seq, signed=text, taken_at=now)
        record(caller=caller, act="take-trust-list", subject=taken, before="", now=now)
    return taken


def keep_evidence(*, kind: str, source: str, content: bytes, now: datetime) -> None:
    """Keep what a CA said in place of what it said before."""
    RevocationEvidence.objects.update_or_create(
        kind=kind, source=source, defaults={"content": content, "fetched_at": now}
    )
