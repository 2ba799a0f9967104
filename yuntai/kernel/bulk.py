"""Writes many rows in one statement.

Django's bulk_update builds an expression for each row and field, its bulk_create escapes each value for an
array, letter by letter: each cost more than all else that is done with a message.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models.fields.json import JSONField
from psycopg import sql


def update_rows(rows: Sequence[models.Model], fields: Sequence[str]) -> None:
    """Write `fields` of `rows`, which are of one model and stored already; none is no harm.

    For fields that JSON can say: text, whole numbers, instants, JSON values and null.
    """
    if not rows:
        return
    meta = rows[0]._meta
    columns = {str(each.column): each for each in meta.concrete_fields if each.name in fields}
    values = [{"id": row.pk} | {name: _plain(field, row) for name, field in columns.items()} for row in rows]
    statement = sql.SQL(
        "UPDATE {table} SET {sets} FROM jsonb_to_recordset(%s::jsonb) AS new({types})"
        " WHERE {table}.id = new.id"
    ).format(
        table=sql.Identifier(meta.db_table),
        sets=sql.SQL(", ").join(sql.SQL("{0} = new.{0}").format(sql.Identifier(name)) for name in columns),
        types=sql.SQL(", ").join([sql.SQL("id bigint"), *map(_typed, columns, columns.values())]),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, ensure_ascii=False)])


def insert_rows(rows: Sequence[models.Model]) -> None:
    """Insert new `rows` of one model in their order, without reading their keys back.

    For the fields that `update_rows` writes.
    """
    if not rows:
        return
    meta = rows[0]._meta
    columns = {str(each.column): each for each in meta.concrete_fields if not each.primary_key}
    values = [{name: _plain(field, row) for name, field in columns.items()} for row in rows]
    statement = sql.SQL(
        "INSERT INTO {table} ({names}) SELECT {names} FROM ROWS FROM"
        " (jsonb_to_recordset(%s::jsonb) AS ({types})) WITH ORDINALITY ORDER BY ordinality"
    ).format(
        table=sql.Identifier(meta.db_table),
        names=sql.SQL(", ").join(map(sql.Identifier, columns)),
        types=sql.SQL(", ").join(map(_typed, columns, columns.values())),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [json.dumps(values, ensure_ascii=False)])


def _typed(name: str, field: "models.Field[Any, Any]") -> sql.Composed:
    kind = field.db_type(connection)
    return sql.SQL("{} {}").format(sql.Identifier(name), sql.SQL(kind))  # type: ignore[arg-type]


def _plain(field: "models.Field[Any, Any]", row: models.Model) -> Any:
    value = getattr(row, field.attname)
    if isinstance(value, datetime):
        return value.isoformat()
    if value is None or isinstance(value, str | int) or isinstance(field, JSONField):
        return value
    raise TypeError(f"{field} holds {type(value).__name__}, which JSON cannot say")
