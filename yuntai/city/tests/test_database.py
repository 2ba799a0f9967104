"""Databases and roles: each system reaches its own database and no other."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yuntai.city.database import (
    DatabaseAccess,
    drop_system_database,
    ensure_system_database,
)
from yuntai.city.postgres import Postgres
from yuntai.city.vault import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(tmp_path)


@pytest.fixture
def trading(server: Postgres, vault: Vault) -> Iterator[DatabaseAccess]:
    yield ensure_system_database(server.admin_url, "trading", vault)
    drop_system_database(server.admin_url, "trading")


@pytest.fixture
def supervision(server: Postgres, vault: Vault) -> Iterator[DatabaseAccess]:
    yield ensure_system_database(server.admin_url, "supervision", vault)
    drop_system_database(server.admin_url, "supervision")


def as_app(access: DatabaseAccess, database: str = "") -> psycopg.Connection:
    return connect(access, access.user, access.password_file, database)


def as_owner(access: DatabaseAccess, database: str = "") -> psycopg.Connection:
    return connect(access, access.owner_user, access.owner_password_file, database)


def connect(access: DatabaseAccess, user: str, password_file: Path, database: str) -> psycopg.Connection:
    return psycopg.connect(
        host=access.host,
        port=access.port,
        dbname=database or access.name,
        user=user,
        password=password_file.read_text(),
        autocommit=True,
    )


@pytest.mark.parametrize("connect_as", [as_app, as_owner])
def test_a_role_of_one_system_cannot_reach_another_database(
    connect_as: object, trading: DatabaseAccess, supervision: DatabaseAccess
) -> None:
    assert callable(connect_as)
    connect_as(trading).close()

    for database in (supervision.name, "postgres", "template1"):
        with pytest.raises(psycopg.OperationalError, match=f'permission denied for database "{database}"'):
            connect_as(trading, database)


def test_the_running_role_gets_only_what_a_migration_grants(trading: DatabaseAccess) -> None:
    with as_owner(trading) as owner:
        owner.execute("CREATE TABLE bids (price numeric)")

    with as_app(trading) as app:
        for statement in (
            "SELECT * FROM bids",
            "DROP TABLE bids",
            "CREATE TABLE own (n int)",
            "CREATE TEMP TABLE own (n int)",
            "SET ROLE trading_owner",
            "CREATE ROLE friend",
        ):
            with pytest.raises((psycopg.errors.InsufficientPrivilege, psycopg.errors.InvalidParameterValue)):
                app.execute(statement)
        with as_owner(trading) as owner:
            owner.execute("GRANT SELECT ON bids TO trading")
        assert app.execute("SELECT * FROM bids").fetchall() == []


def test_repeating_it_keeps_rows_and_passwords(
    server: Postgres, vault: Vault, trading: DatabaseAccess
) -> None:
    password = trading.password_file.read_text()
    with as_owner(trading) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 1 AS n")

    again = ensure_system_database(server.admin_url, "trading", vault)

    assert again == trading
    assert trading.password_file.read_text() == password
    with as_owner(again) as owner:
        assert owner.execute("SELECT n FROM kept").fetchall() == [(1,)]


def test_new_passwords_replace_lost_ones(server: Postgres, trading: DatabaseAccess, tmp_path: Path) -> None:
    (tmp_path / "fresh").mkdir()

    fresh = ensure_system_database(server.admin_url, "trading", Vault(tmp_path / "fresh"))

    as_app(fresh).close()
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        as_app(trading)


def test_passwords_lie_in_closed_files_and_the_server_holds_only_verifiers(
    server: Postgres, trading: DatabaseAccess
) -> None:
    files = (trading.password_file, trading.owner_password_file)
    with psycopg.connect(server.admin_url) as connection:
        verifiers = connection.execute(
            "SELECT rolpassword FROM pg_authid WHERE rolname IN ('trading', 'trading_owner')"
        ).fetchall()

    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]
    assert len({file.read_text() for file in files}) == 2
    assert all(len(file.read_text()) == 32 for file in files)
    assert [row[0].startswith("SCRAM-SHA-256$") for row in verifiers] == [True, True]


def test_an_administrator_of_a_given_server_need_not_be_superuser(server: Postgres, vault: Vault) -> None:
    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute("CREATE ROLE keeper LOGIN CREATEDB CREATEROLE PASSWORD 'x'")
        connection.execute("GRANT CONNECT ON DATABASE postgres TO keeper")
        address = f"postgresql://keeper:x@{connection.info.host}:{connection.info.port}/postgres"

    access = ensure_system_database(address, "kept", vault)
    as_app(ensure_system_database(address, "kept", vault)).close()
    with as_owner(access) as owner:
        owner.execute("CREATE TABLE made (n int)")
    drop_system_database(address, "kept")

    with psycopg.connect(server.admin_url, autocommit=True) as connection:
        connection.execute("REVOKE ALL ON DATABASE postgres FROM keeper")
        connection.execute("DROP ROLE keeper")
        left = connection.execute("SELECT rolname FROM pg_roles WHERE rolname LIKE 'kept%'").fetchall()
    assert left == []


@pytest.mark.parametrize("name", ["", "a-b", "a b", 'a"; DROP', "Ä", "1a", "a" * 60])
def test_refuses_a_name_that_is_no_plain_word(server: Postgres, vault: Vault, name: str) -> None:
    with pytest.raises(ValueError, match="not a database name"):
        ensure_system_database(server.admin_url, name, vault)
