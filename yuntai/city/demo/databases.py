"""Reading the systems' databases, for the checks at the end only: nobody plays through them."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from yuntai.city.city import City

Row = tuple[Any, ...]


@contextmanager
def database(city: City, code: str, *, as_owner: bool = False) -> Iterator[psycopg.Connection[Row]]:
    """Have a connection to the database of the system `code`, as the role that runs it.

    as_owner: as the role that owns the tables, which alone may do what the running system may not.
    """
    access = city.database(code)
    user, password_file = access.user, access.password_file
    if as_owner:
        user, password_file = access.owner_user, access.owner_password_file
    connection = psycopg.connect(
        host=access.host,
        port=access.port,
        dbname=access.name,
        user=user,
        password=password_file.read_text(encoding="utf-8"),
        connect_timeout=5,
    )
    with connection:
        yield connection


def rows(connection: psycopg.Connection[Row], query: LiteralString, values: Sequence[Any] = ()) -> list[Row]:
    """Return the rows of a query."""
    return connection.execute(query, values).fetchall()


def tables(connection: psycopg.Connection[Row]) -> list[str]:
    """Return the names of the tables, sorted."""
    found = rows(connection, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [row[0] for row in found]


def dump(connection: psycopg.Connection[Row]) -> dict[str, set[bytes]]:
    """Return each row of each table as the text a dump of the database would hold, by table."""
    return {table: set(_lines(connection, table)) for table in tables(connection)}


def _lines(connection: psycopg.Connection[Row], table: str) -> list[bytes]:
    statement = sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))
    with connection.cursor().copy(statement) as copy:
        return b"".join(bytes(part) for part in copy).splitlines()
