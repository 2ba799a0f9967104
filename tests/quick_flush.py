"""Empties the test database between tests by DELETE: a TRUNCATE makes new files for each of a hundred tables.

The tables hold a handful of rows, so deleting them takes milliseconds.  Triggers and foreign keys stand aside
meanwhile, as they do for TRUNCATE … CASCADE; only the test database's own superuser may say so.
"""

from collections.abc import Sequence

from django.core.management.color import Style
from django.db.backends.postgresql.operations import DatabaseOperations


def _delete_rows(
    self: DatabaseOperations,
    style: Style,
    tables: Sequence[str],
    *,
    reset_sequences: bool = False,
    allow_cascade: bool = False,
) -> list[str]:
    """Return the statements that empty `tables`; their numbering goes on, as Django's tests expect."""
    if reset_sequences:
        raise NotImplementedError("No test of ours asks for it.")
    deletes = [f"DELETE FROM {self.quote_name(table)};" for table in tables]  # noqa: S608 - quoted names
    return [
        "SET LOCAL session_replication_role = replica;",
        *deletes,
        "SET LOCAL session_replication_role = origin;",
    ]


def empty_by_delete() -> None:
    """Have every flush of this process delete."""
    DatabaseOperations.sql_flush = _delete_rows  # type: ignore[method-assign,assignment]
