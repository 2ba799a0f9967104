"""The database's own guard: a business change without an audit row does not commit."""

from collections.abc import Iterator
from typing import Any, LiteralString

from django.apps import apps
from django.conf import settings
from django.db import connection, models
from psycopg import sql

# Tables that hold no business facts, each with the reason why its writes need no row of their own.
EXEMPT = {
    "audit_auditentry": "the audit trail itself; the running system may only add to it",
    "django_session": "a session is no act; its login and its logout have audit rows",
    "recognition_revocationevidence": "a copy of what the CAs publish, fetched again at any time; no act",
    "inbox_lastheartbeat": "that a system is still there, every 30 seconds, is no act",
    "django_content_type": "written by migrations only",
    "auth_permission": "written by migrations only; unused",
    "auth_group": "unused part of django.contrib.auth",
    "auth_group_permissions": "unused part of django.contrib.auth",
}
# The exempt tables that the running system never writes.
READ_ONLY = frozenset({"django_content_type", "auth_permission", "auth_group", "auth_group_permissions"})

# Names are written in full and the search path ends with pg_temp: otherwise a temporary table of the
# running role, called audit_auditentry, would be asked in the trail's place.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION yuntai_require_audit() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.audit_auditentry WHERE transaction = pg_current_xact_id()::text::bigint
  ) THEN
    RAISE EXCEPTION 'table % was changed without an audit entry in the same transaction', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION yuntai_stamp_audit() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  NEW.transaction := pg_current_xact_id()::text::bigint;
  RETURN NEW;
END $$;

-- Whatever the writer says: a row for a transaction to come would let that one change data without a row.
CREATE OR REPLACE TRIGGER audit_stamp BEFORE INSERT ON public.audit_auditentry
FOR EACH ROW EXECUTE FUNCTION yuntai_stamp_audit();
"""


def guarded_models() -> Iterator[type[models.Model]]:
    """Yield every model whose table must carry the trigger."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model._meta.db_table not in EXEMPT:
            yield model


def install() -> None:
    """Put the trigger on every guarded table and give the running role its rights.  Safe to repeat."""
    with connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        for model in guarded_models():
            table = sql.Identifier(model._meta.db_table)
            cursor.execute(sql.SQL("DROP TRIGGER IF EXISTS audit_required ON {}").format(table))
            # Deferred to the commit: the row carries the version after the change, so it is written last.
            cursor.execute(
                sql.SQL(
                    "CREATE CONSTRAINT TRIGGER audit_required AFTER INSERT OR UPDATE OR DELETE ON {} "
                    "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION yuntai_require_audit()"
                ).format(table)
            )
        _grant(cursor)


def _grant(cursor: Any) -> None:
    role = settings.DB_APP_USER
    cursor.execute(
        "SELECT current_user = %s OR NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = %s)", [role, role]
    )
    if cursor.fetchone()[0]:
        return  # tests and single-role set-ups: the running role owns the tables
    user = sql.Identifier(role)
    cursor.execute(sql.SQL("GRANT USAGE ON SCHEMA public TO {}").format(user))
    cursor.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(user))
    cursor.execute(sql.SQL("GRANT SELECT ON TABLE django_migrations TO {}").format(user))
    for model in apps.get_models(include_auto_created=True):
        table = sql.Identifier(model._meta.db_table)
        cursor.execute(sql.SQL("REVOKE ALL ON {} FROM {}").format(table, user))
        cursor.execute(sql.SQL("GRANT " + _rights(model) + " ON {} TO {}").format(table, user))


def _rights(model: type[models.Model]) -> LiteralString:
    if model._meta.db_table in READ_ONLY:
        return "SELECT"
    if getattr(model, "append_only", False):
        return "SELECT, INSERT"
    return "SELECT, INSERT, UPDATE, DELETE"
