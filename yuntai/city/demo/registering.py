"""Registering the demo organizations on the public service platform, each by its own person."""

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from yuntai.bidtool import Refused
from yuntai.city.demo.cast import Cast
from yuntai.city.sandbox.people import Person

TRADING_ROLES = {"initiator", "agency", "bidder"}
AT_ONCE = 4
PHONE = "0518-00000000"


def traders(people: Iterable[Person]) -> list[Person]:
    """Return those whose organizations trade, and so must be registered."""
    return [person for person in people if person.role in TRADING_ROLES]


def register(cast: Cast, people: Iterable[Person]) -> Iterator[Person]:
    """Register the organization of each person; yield each when it is done."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield from pool.map(lambda person: _register_one(cast, person), people)


def _register_one(cast: Cast, person: Person) -> Person:
    if not _is_registered(cast, person):
        entry = {
            "organization_code": person.organization.code,
            "name": person.organization.name,
            "roles": [person.role],
            "region_code": cast.city.topology.region,
            "contact_name": person.name,
            "contact_phone": PHONE,
        }
        cast.session(person, cast.platform).post("/api/v1/participants", entry)
    return person


def _is_registered(cast: Cast, person: Person) -> bool:
    try:
        cast.visitor(cast.platform).get(f"/api/v1/participants/{person.organization.code}")
    except Refused as refusal:
        if refusal.status == 404:
            return False
        raise
    return True
