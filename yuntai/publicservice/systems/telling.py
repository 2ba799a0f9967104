"""Telling every system how one of them stands, and taking it to heart here too."""

from datetime import datetime

from django.conf import settings

from yuntai.kernel.connected.belief import why_not_believed
from yuntai.kernel.connected.services import system_listed
from yuntai.kernel.errors import DomainError
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.peers import listed_peers, peers
from yuntai.publicservice.exchange.routing import Scene, destinations
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemKey
from yuntai.publicservice.systems.reasons import REASONS
from yuntai.standard.messages import ResponsibleFacts, SystemKeyFacts, SystemListed


class NotCredible(DomainError):
    """What is entered would not be believed by the other systems."""

    code = "system-not-credible"


def tell(system: ConnectedSystem, *, reason: str = "", now: datetime) -> None:
    """Tell every system that takes messages, the system itself among them, how `system` stands.

    reason: key of REASONS, when it is suspended.
    Precondition: the caller holds the system's lock, and saves and records it afterwards.

    :raises NotCredible: other systems would leave it aside; nothing is told.
    """
    system.version += 1
    message = message_of(system, reason, now)
    refusal = why_not_believed(
        message,
        platform=settings.SYSTEM_CODE,
        listed=listed_peers().get(system.code),
        before=None,
    )
    if refusal:
        raise NotCredible(refusal)
    system_listed(message, Delivery(settings.SYSTEM_CODE, f"{system.code}/{system.version}", now), now)
    peers.read_anew()  # the system itself is told, too
    for destination in destinations(message, Scene(), peers()):
        publish(message, now=now, destination=destination)


def message_of(system: ConnectedSystem, reason: str, now: datetime) -> SystemListed:
    """Return what is told of `system`."""
    keys = system.keys.filter(valid_from__isnull=False).order_by("number")
    return SystemListed.model_validate(
        {
            "occurred_at": now,
            "system_code": system.code,
            "version": system.version,
            "title": system.title,
            "kind": system.kind,
            "industry": system.industry,
            "region_code": system.region_code,
            "url": system.url,
            "operator_code": system.operator_code,
            "operator_name": system.operator_name,
            "responsible": tuple(ResponsibleFacts(**each) for each in system.responsible),
            "state": "suspended" if system.state == State.SUSPENDED else "connected",
            "reason": reason,
            "clause": REASONS[reason].clause if reason else "",
            "keys": tuple(_key_facts(key) for key in keys),
        }
    )


def _key_facts(key: SystemKey) -> SystemKeyFacts:
    return SystemKeyFacts.model_validate(
        {
            "number": key.number,
            "public_key": key.public_key,
            "valid_from": key.valid_from,
            "valid_until": key.valid_until,
            "certificate": key.certificate,
            "signature": key.signature,
            "nonce": key.nonce,
            "possession": key.possession,
        }
    )
