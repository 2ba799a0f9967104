"""The database refuses a business change without an audit row."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.db.backends.utils import CursorWrapper
from psycopg import sql
from pytest_django import Settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.audit.triggers import EXEMPT, guarded_models, install

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def new_account(name: str = "王投标") -> Account:
    return Account(
        person_id="p-1",
        person_name=name,
        organization_code="91320700MA0000031D",
        organization_name="测试单位",
        created_at=NOW,
        certificate_serial="01",
        key="91320700MA0000031D:p-1",
    )


def save_audited(account: Account, before: str = "") -> None:
    with transaction.atomic():
        account.save()
        record(caller=Caller.system("test"), act="test", subject=account, before=before, now=NOW)


def test_a_write_with_its_row_commits() -> None:
    save_audited(new_account())

    entry = AuditEntry.objects.get()
    assert (entry.version_before, len(entry.version_after)) == ("", 64)


def test_a_write_without_its_row_does_not_commit() -> None:
    with pytest.raises(IntegrityError, match="without an audit entry"), transaction.atomic():
        new_account().save()

    assert not Account.objects.exists()


@pytest.mark.parametrize(
    "statement", ["UPDATE accounts_account SET person_name = 'x'", "DELETE FROM accounts_account"]
)
def test_bare_sql_without_a_row_does_not_commit(statement: str) -> None:
    save_audited(new_account())

    with pytest.raises(IntegrityError, match="without an audit entry"), transaction.atomic():
        connection.cursor().execute(statement)

    assert Account.objects.get().person_name == "王投标"


def test_the_row_of_an_earlier_transaction_does_not_count() -> None:
    save_audited(new_account())

    with pytest.raises(IntegrityError), transaction.atomic():
        Account.objects.update(person_name="x")


def test_the_version_shows_any_change() -> None:
    account = new_account()
    save_audited(account)
    before = version_of(account)

    account.person_name = "赵投标"
    save_audited(account, before)

    first, second = AuditEntry.objects.order_by("id")
    assert first.version_after == second.version_before == before
    assert second.version_after == version_of(account) != before


def test_the_version_is_the_same_when_read_again() -> None:
    account = new_account()
    account.created_at = NOW.astimezone(timezone(timedelta(hours=8)))
    save_audited(account)

    assert version_of(Account.objects.get()) == version_of(account)


def test_every_business_table_has_the_trigger() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'audit_required'")
        guarded = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {row[0] for row in cursor.fetchall()}

    assert guarded == {model._meta.db_table for model in guarded_models()}
    assert tables - guarded == {*EXEMPT, "django_migrations"}


@contextmanager
def running_role(settings: Settings) -> Iterator[CursorWrapper]:
    """Have a running role beside the owner, as a deployment has; yield a cursor that works as the owner."""
    with connection.cursor() as cursor:
        cursor.execute("DROP ROLE IF EXISTS yuntai_test_runner")
        cursor.execute("CREATE ROLE yuntai_test_runner")
        settings.DB_APP_USER = "yuntai_test_runner"
        try:
            with transaction.atomic():
                install()
            yield cursor
        finally:
            cursor.execute("RESET ROLE")
            cursor.execute("DROP OWNED BY yuntai_test_runner")
            cursor.execute("DROP ROLE yuntai_test_runner")


def test_the_running_role_can_only_add_to_the_trail(settings: Settings) -> None:
    append_only = [model for model in apps.get_models() if getattr(model, "append_only", False)]
    assert AuditEntry in append_only
    with running_role(settings) as cursor:
        for model in append_only:
            assert rights(cursor, model._meta.db_table) == {"SELECT", "INSERT"}
        assert rights(cursor, "accounts_account") == {"SELECT", "INSERT", "UPDATE", "DELETE"}


def test_the_running_role_writes_few_of_the_exempt_tables(
    settings: Settings,
) -> None:
    with running_role(settings) as cursor:
        writable = {table for table in EXEMPT if rights(cursor, table) - {"SELECT"}}

    assert writable == {
        "audit_auditentry",
        "django_session",
        "inbox_lastheartbeat",
        "recognition_revocationevidence",
    }


def test_a_row_written_for_a_transaction_to_come_does_not_count(settings: Settings) -> None:
    save_audited(new_account())
    with running_role(settings) as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        present = cursor.fetchone()[0]
        cursor.execute("SET ROLE yuntai_test_runner")
        with transaction.atomic():
            for ahead in range(1, 51):
                prepay(present + ahead)

        with pytest.raises(IntegrityError, match="without an audit entry"):
            Account.objects.update(person_name="x")

    assert Account.objects.get().person_name == "王投标"
    assert AuditEntry.objects.filter(act="t").values("transaction").distinct().count() == 1


def prepay(number: int) -> None:
    AuditEntry.objects.create(
        recorded_at=NOW,
        transaction=number,
        person_id="t",
        person_name="t",
        role="t",
        act="t",
        object_type="t",
    )


def test_a_temporary_table_does_not_stand_in_for_the_trail(settings: Settings) -> None:
    save_audited(new_account())
    with running_role(settings) as cursor:
        cursor.execute("SET ROLE yuntai_test_runner")

        with pytest.raises(IntegrityError, match="without an audit entry"):
            change_beside_a_stand_in(cursor)


def change_beside_a_stand_in(cursor: CursorWrapper) -> None:
    with transaction.atomic():
        cursor.execute(
            "CREATE TEMPORARY TABLE audit_auditentry ON COMMIT DROP AS"
            " SELECT pg_current_xact_id()::text::bigint AS transaction"
        )
        cursor.execute("GRANT SELECT ON audit_auditentry TO PUBLIC")
        Account.objects.update(person_name="x")


def test_a_row_that_is_rolled_back_does_not_count(settings: Settings) -> None:
    save_audited(new_account())
    with running_role(settings) as cursor:
        cursor.execute("SET ROLE yuntai_test_runner")

        with pytest.raises(IntegrityError, match="without an audit entry"):
            change_under_a_borrowed_row(cursor)


def change_under_a_borrowed_row(cursor: CursorWrapper) -> None:
    """Have the check made early, while a row stands that is then taken back."""
    with transaction.atomic():
        Account.objects.update(person_name="x")
        cursor.execute("SAVEPOINT borrowed")
        prepay(1)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ROLLBACK TO SAVEPOINT borrowed")


def rights(cursor: CursorWrapper, table: str) -> set[str]:
    cursor.execute(
        sql.SQL(
            "SELECT privilege_type FROM information_schema.role_table_grants "
            "WHERE grantee = 'yuntai_test_runner' AND table_name = {}"
        ).format(sql.Literal(table))
    )
    return {row[0] for row in cursor.fetchall()}
