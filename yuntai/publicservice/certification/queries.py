"""Reads of certificates: the register by system, the shares, one certificate."""

from dataclasses import dataclass
from datetime import datetime

from yuntai.kernel.peers import Peer, peers
from yuntai.law.days import date_of
from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.certification.refusals import CertificateNotFound
from yuntai.publicservice.certification.shares import Share, shares


@dataclass(frozen=True)
class Entry:
    """A connected trading system.  standing: its valid certificate that lasts longest, None for none.

    newest: of those that lapsed, when nothing is valid.
    """

    system: Peer
    standing: Certificate | None
    newest: Certificate | None


def is_valid(certificate: Certificate, now: datetime) -> bool:
    """Return whether it holds at `now`; its last day counts."""
    return certificate.valid_until >= date_of(now)


def register(*, now: datetime) -> list[Entry]:
    """Return every connected trading system, by code."""
    by_system: dict[str, list[Certificate]] = {}
    for each in Certificate.objects.order_by("valid_until", "id"):
        by_system.setdefault(each.system_code, []).append(each)
    listed = sorted((each for each in peers().values() if each.kind == "trading"), key=lambda each: each.code)
    return [_entry(each, by_system.get(each.code, []), now) for each in listed]


def standing_certificate(system_code: str, *, now: datetime) -> Certificate | None:
    """Return the valid certificate of a system that lasts longest, None when it has none."""
    found = Certificate.objects.filter(system_code=system_code, valid_until__gte=date_of(now))
    return found.order_by("-valid_until", "-id").first()


def history() -> list[Certificate]:
    """Return every certificate ever published, newest first."""
    return list(Certificate.objects.order_by("-published_at", "-id"))


def certified_shares(entries: list[Entry]) -> list[Share]:
    """Return the certified share of the connected trading systems, by class."""
    systems = {each.system.code: each.system.industry for each in entries}
    return shares(systems, [each.system.code for each in entries if each.standing])


def certificate(number: str) -> Certificate:
    """Return the certificate of that number.

    :raises CertificateNotFound: there is none.
    """
    found = Certificate.objects.filter(number=number).first()
    if found is None:
        raise CertificateNotFound(f"没有编号为 {number} 的检测认证证书，请核对编号。")
    return found


def _entry(system: Peer, certificates: list[Certificate], now: datetime) -> Entry:
    newest = certificates[-1] if certificates else None
    return Entry(system, newest if newest and is_valid(newest, now) else None, newest)
