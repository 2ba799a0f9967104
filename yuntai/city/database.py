"""One database and two roles per system: who owns the tables cannot log in as who runs the system, and no
system's role can reach another system's database.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import sql

from yuntai.city.vault import Vault

NAME = re.compile(r"[a-z][a-z0-9_]{0,50}")


@dataclass(frozen=True)
class DatabaseAccess:
    """How one system reaches its database.

    user: runs the system; it owns nothing.  owner_user: owns the tables and runs migrations.
    password_file, owner_password_file: mode 0600.
    """

    host: str
    port: str
    name: str
    user: str
    password_file: Path
    owner_user: str
    owner_password_file: Path


def ensure_system_database(admin_url: str, name: str, vault: Vault) -> DatabaseAccess:
    """Make database `name` and its two roles, and set what they may do.  Safe to repeat.

    The running role gets no right on any table here: `migrate` grants them one by one.
    """
    if not NAME.fullmatch(name):
        raise ValueError(f"not a database name: {name!r}")
    owner = f"{name}_owner"
    passwords = {role: vault.password(f"{role}.db-password") for role in (name, owner)}
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role, password in passwords.items():
            _ensure_role(connection, role, password.read_text())
        _ensure_database(connection, name, owner)
        host, port = connection.info.host, str(connection.info.port)
    with psycopg.connect(admin_url, dbname=name, autocommit=True) as connection:
        _execute(connection, "REVOKE ALL ON SCHEMA public FROM PUBLIC")
        _execute(connection, "ALTER SCHEMA public OWNER TO {}", owner)
        _execute(connection, "GRANT USAGE ON SCHEMA public TO {}", name)
    return DatabaseAccess(host, port, name, name, passwords[name], owner, passwords[owner])


def close_own_databases(admin_url: str) -> None:
    """Keep every role but the administrator out of the databases that each PostgreSQL server has."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for database in ("postgres", "template1"):
            _execute(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", database)


def drop_system_database(admin_url: str, name: str) -> None:
    """Remove database `name`, its rows and its two roles."""
    with psycopg.connect(admin_url, autocommit=True) as connection:
        _execute(connection, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
        for role in (name, f"{name}_owner"):
            _execute(connection, "DROP ROLE IF EXISTS {}", role)


def _ensure_role(connection: psycopg.Connection, role: str, password: str) -> None:
    if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone():
        _execute(connection, "CREATE ROLE {} LOGIN", role)
    # Hashed here, so that the password itself reaches neither the server nor its log.
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(role), sql.Literal(verifier.decode())
    )
    connection.execute(statement)


def _ensure_database(connection: psycopg.Connection, name: str, owner: str) -> None:
    may_give_away = connection.execute(
        "SELECT rolsuper FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    if not (may_give_away and may_give_away[0]):
        # A given server's administrator need not be a superuser, but then must belong to the owner it names.
        _execute(connection, "GRANT {} TO CURRENT_USER", owner)
    if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
        _execute(connection, "CREATE DATABASE {} OWNER {} ENCODING 'UTF8' TEMPLATE template0", name, owner)
    _execute(connection, "REVOKE ALL ON DATABASE {} FROM PUBLIC", name)
    _execute(connection, "GRANT CONNECT ON DATABASE {} TO {}", name, name)


def _execute(connection: psycopg.Connection, statement: LiteralString, *names: str) -> None:
    connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
