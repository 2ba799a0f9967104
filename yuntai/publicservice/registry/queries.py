"""Reads of the register.  What the public sees leaves out whom to call, and the papers."""

from dataclasses import dataclass
from datetime import datetime

from yuntai.publicservice import bigrams, places
from yuntai.publicservice.paging import Page, page_of
from yuntai.publicservice.registry.models import Participant
from yuntai.publicservice.registry.registration import normal
from yuntai.publicservice.registry.services import NotRegistered
from yuntai.standard.identifiers import credit_code


@dataclass(frozen=True)
class PublicParticipant:
    """What anyone may know of a participant.  verified_at: null when the operator has not verified it yet."""

    organization_code: str
    name: str
    roles: tuple[str, ...]
    region_code: str
    registered_at: datetime
    version: int
    verified_roles: tuple[str, ...]
    verified_at: datetime | None


def find_participants(*, text: str, role: str, region_code: str, page: int) -> Page[PublicParticipant]:
    """Return a page of the register, newest first.

    text: part of a name or code.  role, region_code: "" for all; a city's code covers its counties.
    """
    found = Participant.objects.order_by("-registered_at", "-id")
    words = bigrams.query(text)
    if words:
        found = found.filter(search__matches=words)
    if role:
        found = found.filter(roles__contains=[role])
    if region_code:
        found = found.filter(region_code__startswith=places.prefix(region_code))
    return page_of(found, page, _public)


def participant(organization_code: str) -> PublicParticipant:
    """Return the participant with that code.

    :raises NotRegistered: there is none; offers the plain form of a code in full-width or small letters.
    """
    known = Participant.objects.filter(organization_code=organization_code)
    found = known.first() if credit_code.is_valid(organization_code) else None
    if found is None:
        plain = normal(organization_code).upper()
        meant = f"是否要查 {plain}？" if plain != organization_code and credit_code.is_valid(plain) else ""
        raise NotRegistered(
            f"没有统一社会信用代码为 {organization_code} 的市场主体，{meant}请核对代码或先登记。"
        )
    return _public(found)


def _public(found: Participant) -> PublicParticipant:
    return PublicParticipant(
        organization_code=found.organization_code,
        name=found.name,
        roles=tuple(found.roles),
        region_code=found.region_code,
        registered_at=found.registered_at,
        version=found.version,
        verified_roles=tuple(role for role in found.roles if role in found.verified_roles),
        verified_at=found.verified_at,
    )
