"""Reads of the register.  What the public sees leaves out whom to call."""

from dataclasses import dataclass
from datetime import datetime

from yuntai.publicservice import bigrams, places
from yuntai.publicservice.paging import Page, page_of
from yuntai.publicservice.registry.models import Participant
from yuntai.publicservice.registry.registration import Registration
from yuntai.publicservice.registry.services import NotRegistered
from yuntai.standard.identifiers import credit_code


@dataclass(frozen=True)
class PublicParticipant:
    """What anyone may know of a participant."""

    organization_code: str
    name: str
    roles: tuple[str, ...]
    region_code: str
    registered_at: datetime
    version: int


@dataclass(frozen=True)
class OwnRegistration:
    """A registration as its own organization sees it.  version: to be given back with a change."""

    registration: Registration
    version: int
    registered_at: datetime


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

    :raises NotRegistered: there is none.
    """
    known = Participant.objects.filter(organization_code=organization_code)
    found = known.first() if credit_code.is_valid(organization_code) else None
    if found is None:
        raise NotRegistered(f"没有统一社会信用代码为 {organization_code} 的市场主体，请核对代码或先登记。")
    return _public(found)


def own_registration(organization_code: str) -> OwnRegistration | None:
    """Return the registration of the caller's own organization, None when it has none.

    organization_code: from the caller's certificate, never from the request.
    """
    found = Participant.objects.filter(organization_code=organization_code).first()
    if found is None:
        return None
    registration = Registration(
        organization_code=found.organization_code,
        name=found.name,
        roles=tuple(found.roles),
        region_code=found.region_code,
        contact_name=found.contact_name,
        contact_phone=found.contact_phone,
    )
    return OwnRegistration(registration, found.version, found.registered_at)


def _public(found: Participant) -> PublicParticipant:
    return PublicParticipant(
        organization_code=found.organization_code,
        name=found.name,
        roles=tuple(found.roles),
        region_code=found.region_code,
        registered_at=found.registered_at,
        version=found.version,
    )
