"""The persons of the play and their logins: everybody acts with a certificate of their own, over HTTP."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from yuntai.bidtool import KeyBundle, Refused, Session
from yuntai.city.city import City
from yuntai.city.demo.waiting import wait_for
from yuntai.city.sandbox.people import Person

CONNECTIONS = 16


class Cast:
    """Who plays, and in which systems.  May be used from several threads; a person's login is made once.

    Plays in the first trading and the first supervision system that the city declares.
    """

    def __init__(self, city: City, transport: httpx.BaseTransport) -> None:
        self.city = city
        self._transport = transport
        self._people = {person.id: person for person in city.people()}
        self._sessions: dict[tuple[str, str], Session] = {}
        self._lock = threading.Lock()
        self.platform = city.topology.platform.code
        self.trading = city.topology.of_kind("trading")[0].code
        self.supervision = city.topology.of_kind("supervision")[0].code

    def person(self, person_id: str) -> Person:
        return self._people[person_id]

    def crowd(self) -> list[Person]:
        """Return the many bidders, always in the same order."""
        return [person for person in self._people.values() if person.crowd]

    def one(self, role: str) -> Person:
        """Return the first main person with `role`."""
        return next(person for person in self._people.values() if person.role == role and not person.crowd)

    def key(self, person: Person) -> KeyBundle:
        """Return the person's key and certificate."""
        return KeyBundle.from_json(self.city.bundle(person.id))

    def visitor(self, system: str) -> Session:
        """Return a session at `system` that is nobody's."""
        return Session(self.city.url(system), transport=self._transport)

    def session(self, person: Person, system: str) -> Session:
        """Return the person's session at `system`, logging in the first time.

        A trading system knows an organization once the platform's message has come, so that is waited for.
        """
        known = self._sessions.get((person.id, system))
        if known is None:
            known = wait_for(
                f"{person.organization.name} 可以登录 {system}", lambda: self._try(person, system)
            )
            with self._lock:
                self._sessions[person.id, system] = known
        return known

    def at_trading(self, person: Person) -> Session:
        return self.session(person, self.trading)

    def _try(self, person: Person, system: str) -> Session | None:
        session = self.visitor(system)
        try:
            session.log_in(self.key(person))
        except Refused as refusal:
            if refusal.kind == "login-refused":
                return None
            raise
        return session


@contextmanager
def cast_of(city: City) -> Iterator[Cast]:
    """Have a cast whose connections are closed at the end of the with block."""
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    with httpx.HTTPTransport(limits=limits, retries=2) as transport:
        yield Cast(city, transport)
