"""Empty twins of a system's tables in a schema of their own: what the baselines write to."""

from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg import sql

SCHEMA = "bench"


def make_twins(owner: psycopg.Connection[Any], tables: Sequence[str]) -> None:
    """Make an empty twin of each table, with its indexes and checks, without its triggers."""
    schema = sql.Identifier(SCHEMA)
    owner.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
    owner.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    for table in tables:
        owner.execute(
            sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(twin(table), sql.Identifier(table))
        )


def twin(table: str) -> sql.Identifier:
    """Return the name of a table's twin."""
    return sql.Identifier(SCHEMA, table)


def rows_as_json(
    connection: psycopg.Connection[Any], table: str, where: str, values: Sequence[Any]
) -> list[str]:
    """Return the rows of `table` for which `where` holds as JSON text, by id."""
    query = sql.SQL("SELECT to_jsonb(row)::text FROM {} row WHERE {} ORDER BY id").format(
        sql.Identifier(table),
        sql.SQL(where),
    )
    return [row[0] for row in connection.execute(query, values)]


def insertion(table: str) -> sql.Composed:
    """Return the statement that writes one row, given as JSON text, into the twin of `table`."""
    return sql.SQL("INSERT INTO {twin} SELECT * FROM jsonb_populate_record(NULL::{twin}, %s)").format(
        twin=twin(table)
    )
