"""Reads of certificates: the marks of systems, the register, the shares, one certificate."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from yuntai.law.days import date_of
from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.certification.refusals import CertificateNotFound
from yuntai.publicservice.certification.shares import Share, shares
from yuntai.publicservice.systems.models import ConnectedSystem, State


@dataclass(frozen=True)
class Mark:
    """What a system has to show.  newest: the certificate that lasts longest, even lapsed; None for none."""

    newest: Certificate | None = None
    is_valid: bool = False

    @property
    def standing(self) -> Certificate | None:
        """The certificate that holds now."""
        return self.newest if self.is_valid else None


@dataclass(frozen=True)
class Entry:
    """A connected trading system with its mark."""

    system: ConnectedSystem
    mark: Mark


def is_valid(certificate: Certificate, now: datetime) -> bool:
    """Return whether it holds at `now`; its last day counts."""
    return certificate.valid_until >= date_of(now)


def marks(*, now: datetime) -> Mapping[str, Mark]:
    """Return the mark of every system by code; of one without any certificate, a bare one."""
    longest: dict[str, Certificate] = {}
    for each in Certificate.objects.order_by("valid_until", "id"):
        longest[each.system_code] = each
    found = {code: Mark(each, is_valid(each, now)) for code, each in longest.items()}
    return defaultdict(Mark, found)


def mark_of(system_code: str, *, now: datetime) -> Mark:
    """Return the mark of one system."""
    newest = Certificate.objects.filter(system_code=system_code).order_by("-valid_until", "-id").first()
    return Mark(newest, is_valid(newest, now)) if newest else Mark()


def register(*, now: datetime) -> list[Entry]:
    """Return every connected trading system, by code: those of the deployment and those entered since."""
    found = marks(now=now)
    systems = ConnectedSystem.objects.filter(kind="trading", state=State.CONNECTED).order_by("code")
    return [Entry(each, found[each.code]) for each in systems]


def history() -> list[Certificate]:
    """Return every certificate ever published, newest first."""
    return list(Certificate.objects.order_by("-published_at", "-id"))


def certified_shares(entries: Iterable[Entry]) -> list[Share]:
    """Return the certified share of the connected trading systems, by class."""
    known = list(entries)
    systems = {each.system.code: each.system.industry for each in known}
    return shares(systems, [each.system.code for each in known if each.mark.standing])


def certificate(number: str) -> Certificate:
    """Return the certificate of that number.

    :raises CertificateNotFound: there is none.
    """
    found = Certificate.objects.filter(number=number).first()
    if found is None:
        raise CertificateNotFound(f"没有编号为 {number} 的检测认证证书，请核对编号。")
    return found
