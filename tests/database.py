"""A pytest plugin: gives a test run of one system (--ds=…) a PostgreSQL of its own.

It works at import, since pytest-django reads the settings before any hook or fixture could set them.
"""

import atexit
import os
import sys
import tempfile
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg

os.environ.setdefault("YUNTAI_SANDBOX", "1")
WANTED = any(argument.startswith("--ds") for argument in sys.argv)


def _start() -> None:
    from yuntai.city.postgres import Postgres  # noqa: PLC0415 - only runs that need a database start one

    home = Path(tempfile.mkdtemp(prefix="yuntai-test-"))
    server = Postgres(home)
    server.start()
    atexit.register(server.erase)
    if server.pid:  # our own: its data is thrown away, so it need not survive a power cut
        _hurry(server.admin_url)
    url = urlsplit(server.admin_url)
    password_file = home / "password"
    password_file.write_text(unquote(url.password or ""), encoding="utf-8")
    os.environ |= {
        "DB_HOST": url.hostname or "localhost",
        "DB_PORT": str(url.port or 5432),
        "DB_USER": url.username or "postgres",
        "DB_PASSWORD_FILE": str(password_file),
        "FILES_DIR": str(home / "files"),
    }


def pytest_sessionstart() -> None:
    """Speed up what happens between two tests, once Django is set up."""
    if WANTED:
        from tests.quick_flush import empty_by_delete  # noqa: PLC0415 - Django's modules want its settings

        empty_by_delete()


def _hurry(admin_url: str) -> None:
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")


if WANTED:
    _start()
