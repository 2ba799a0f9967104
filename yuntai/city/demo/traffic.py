"""Both ends of every stream of messages in the city, read from the systems' databases."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg

from yuntai.city.city import City
from yuntai.city.demo import archive
from yuntai.city.demo.checks.streams import Received, Sent, Stream
from yuntai.city.demo.databases import Row, database, rows
from yuntai.city.demo.waiting import wait_for
from yuntai.city.files import read_json

SENT = """
    SELECT seq, digest, delivered_at IS NOT NULL, refusal
    FROM outbox_outboxmessage WHERE destination = %s AND seq IS NOT NULL ORDER BY seq
"""
RECEIVED = """
    SELECT seq, digest, signed->'payload'->>'prev', refusal, applied_at IS NOT NULL OR refusal <> ''
    FROM inbox_inboxmessage WHERE iss = %s ORDER BY stream, seq
"""
WAITING = """
    SELECT (SELECT count(*) FROM outbox_outboxmessage WHERE delivered_at IS NULL)
         + (SELECT count(*) FROM inbox_inboxmessage WHERE applied_at IS NULL AND refusal = '')
"""
CAME_IN = "SELECT seq FROM inbox_inboxmessage WHERE iss = %s AND refusal = '' AND type LIKE %s ORDER BY seq"
WENT_ON = """
    SELECT (body->'origin'->'payload'->>'seq')::bigint FROM outbox_outboxmessage
    WHERE destination = %s AND body->'origin'->'payload'->>'iss' = %s AND type LIKE 'exchange.%%' ORDER BY seq
"""


@dataclass(frozen=True)
class Forwarding:
    """What the hub got from one system for another, and what it passed on, by the sender's numbers."""

    name: str
    due: Sequence[int]
    forwarded: Sequence[int]


def wait_until_quiet(city: City, *, seconds: float = 240.0) -> None:
    """Return when no message is under way or waiting to be acted on, in any system.

    :raises Stuck: that took longer than `seconds`.
    """
    codes = [system.code for system in city.topology.systems]

    def is_quiet() -> bool:
        return all(_waiting(city, code) == 0 for code in codes)

    wait_for("各系统的报文送达并办理完毕", is_quiet, seconds=seconds)


def streams(city: City) -> list[Stream]:
    """Return every stream between the systems of the city, and the archive's."""
    codes = [system.code for system in city.topology.systems]
    found = [
        _stream(city, sender, receiver)
        for sender in codes
        for receiver in codes
        if sender != receiver and city.topology.platform.code in (sender, receiver)
    ]
    return [stream for stream in found if stream.sent or stream.received]


def archived(city: City) -> tuple[int, list[Received]]:
    """Return how many tenders of the past the archive numbered, and what the platform stored of it."""
    numbered = read_json(city.folder.home / "files" / archive.CODE / "numbered.json").get("source_ids", [])
    with database(city, city.topology.platform.code) as platform:
        return len(numbered), _received(platform, archive.CODE)


def forwardings(city: City, trading: str, supervision: str) -> list[Forwarding]:
    """Return what the hub had to forward, and what it did."""
    with database(city, city.topology.platform.code) as hub:
        return [
            _forwarding(hub, trading, supervision, "trading.%"),
            _forwarding(hub, supervision, trading, "supervision.directive.%"),
        ]


def _forwarding(hub: psycopg.Connection[Row], author: str, reader: str, family: str) -> Forwarding:
    due = [row[0] for row in rows(hub, CAME_IN, [author, family])]
    forwarded = [row[0] for row in rows(hub, WENT_ON, [reader, author])]
    return Forwarding(f"{author} → {reader}", due, forwarded)


def _waiting(city: City, code: str) -> int:
    with database(city, code) as connection:
        count: int = rows(connection, WAITING)[0][0]
        return count


def _stream(city: City, sender: str, receiver: str) -> Stream:
    with database(city, sender) as sending, database(city, receiver) as receiving:
        sent = [Sent(*row) for row in rows(sending, SENT, [receiver])]
        return Stream(sender, receiver, sent, _received(receiving, sender))


def _received(connection: psycopg.Connection[Row], sender: str) -> list[Received]:
    return [Received(*row) for row in rows(connection, RECEIVED, [sender])]
