"""Tries, as each running system, to change a row of every table without an audit row; all is rolled back."""

from collections.abc import Iterator

import psycopg
from psycopg import sql

from yuntai.city.demo.databases import Row, rows, tables

# No business facts: sessions, heartbeats, what CAs publish, Django's own lists, and the trail itself.
WITHOUT_GUARD = {
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "inbox_lastheartbeat",
    "recognition_revocationevidence",
}
TRIGGER = "audit_required"


def unguarded_tables(connection: psycopg.Connection[Row]) -> Iterator[str]:
    """Yield each table of which a row can be changed without an audit row in the same transaction."""
    for table in tables(connection):
        if table not in WITHOUT_GUARD and not (
            _refuses(connection, table) or _has_trigger(connection, table)
        ):
            yield table


def guarded_count(connection: psycopg.Connection[Row]) -> int:
    """Return how many tables must be guarded."""
    return len(set(tables(connection)) - WITHOUT_GUARD)


def _refuses(connection: psycopg.Connection[Row], table: str) -> bool:
    column = rows(
        connection,
        "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public' AND table_name = %s"
        " AND is_identity = 'NO' ORDER BY ordinal_position LIMIT 1",
        [table],
    )[0][0]
    change = sql.SQL("UPDATE {table} SET {column} = {column} WHERE ctid = (SELECT ctid FROM {table} LIMIT 1)")
    try:
        with connection.transaction(force_rollback=True):
            connection.execute(change.format(table=sql.Identifier(table), column=sql.Identifier(column)))
            connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
    except (psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError):
        return True
    return False


def _has_trigger(connection: psycopg.Connection[Row], table: str) -> bool:
    """Return whether an empty table, which can't be tried, carries the trigger."""
    empty = connection.execute(sql.SQL("SELECT NOT EXISTS (SELECT 1 FROM {})").format(sql.Identifier(table)))
    if not empty.fetchone()[0]:  # type: ignore[index]
        return False
    return bool(
        rows(
            connection,
            "SELECT 1 FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = %s AND tgenabled = 'O'",
            [table, TRIGGER],
        )
    )
