"""Puts a version in force, and tells every connected system what is."""

from datetime import datetime
from typing import Protocol

from yuntai.kernel.outbox.services import publish
from yuntai.kernel.peers import peers
from yuntai.publicservice.bigrams import vector
from yuntai.publicservice.exchange.routing import Scene, destinations
from yuntai.publicservice.registry.models import Participant
from yuntai.standard.messages import ParticipantFacts


class Facts(Protocol):
    """What a registration and a kept version of one have in common."""

    @property
    def name(self) -> str: ...
    @property
    def region_code(self) -> str: ...
    @property
    def address(self) -> str: ...
    @property
    def legal_representative(self) -> str: ...
    @property
    def contact_name(self) -> str: ...
    @property
    def contact_phone(self) -> str: ...


def put_in_force(participant: Participant, facts: Facts, *, number: int) -> None:
    """Write the facts of version `number` onto `participant`; its roles are the caller's to set."""
    participant.name = facts.name
    participant.region_code = facts.region_code
    participant.address = facts.address
    participant.legal_representative = facts.legal_representative
    participant.contact_name = facts.contact_name
    participant.contact_phone = facts.contact_phone
    participant.in_force = number
    participant.search = vector(participant.organization_code, facts.name)


def tell(message_type: type[ParticipantFacts], participant: Participant, *, now: datetime) -> None:
    """Queue what is in force of `participant` for every trading and supervision system."""
    message = message_type(
        occurred_at=now,
        organization_code=participant.organization_code,
        name=participant.name,
        roles=tuple(participant.roles),
        region_code=participant.region_code,
        address=participant.address,
        legal_representative=participant.legal_representative,
        contact_name=participant.contact_name,
        registered_at=participant.registered_at,
        version=participant.version,
        verified_roles=tuple(participant.verified_roles),
        verified_at=participant.verified_at,
    )
    for destination in destinations(message, Scene(), peers()):
        publish(message, now=now, destination=destination)
