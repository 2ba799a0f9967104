"""PostgreSQL as the city's child: starts, recovers, keeps its files, stays on the loopback address."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from yuntai.city import leftovers
from yuntai.city.accounts import database_account
from yuntai.city.cluster import OWNER_NOTE, Cluster, orphaned_places
from yuntai.city.errors import CityError
from yuntai.city.folder import CityFolder
from yuntai.city.postgres import Postgres
from yuntai.city.tests.waiting import becomes_true


def write_a_row(server: Postgres) -> None:
    with psycopg.connect(server.admin_url) as connection:
        connection.execute("CREATE TABLE kept (fact text)")
        connection.execute("INSERT INTO kept VALUES ('committed')")


def rows(server: Postgres) -> list[tuple[str]]:
    with psycopg.connect(server.admin_url) as connection:
        return connection.execute("SELECT fact FROM kept").fetchall()


def setting(server: Postgres, name: str) -> str:
    with psycopg.connect(server.admin_url) as connection:
        row = connection.execute("SELECT current_setting(%s)", [name]).fetchone()
    assert row is not None
    return str(row[0])


@contextmanager
def process_of_database_account(*command: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run a stranger under the account of the database, the only one whose processes PostgreSQL minds."""
    account = database_account()
    uid, gid = (account.uid, account.gid) if account else (None, None)
    with subprocess.Popen(
        command, cwd="/", user=uid, group=gid, extra_groups=[] if account else None
    ) as process:
        yield process
        process.kill()


def test_keeps_its_rows_over_a_second_start(home: Path) -> None:
    with Postgres(home, {}).running() as server:
        write_a_row(server)

    with Postgres(home, {}).running() as server:
        assert rows(server) == [("committed",)]


def test_recovers_what_was_committed_before_a_kill(home: Path) -> None:
    server = Postgres(home, {})
    with server.running():
        write_a_row(server)
        address = server.admin_url

        os.kill(server.pid, signal.SIGKILL)
        assert becomes_true(lambda: not server.is_alive())
        server.start()

        assert server.admin_url == address
        assert rows(server) == [("committed",)]


def test_a_new_launcher_takes_over_from_a_server_that_was_left_running(home: Path) -> None:
    forgotten = Postgres(home, {})
    forgotten.start()
    write_a_row(forgotten)

    with Postgres(home, {}).running() as server:
        assert not forgotten.is_alive()
        assert rows(server) == [("committed",)]


def test_leaves_no_process_when_stopped(home: Path) -> None:
    data = Cluster.of(CityFolder(home)).data
    with Postgres(home, {}).running():
        assert len(leftovers.working_in(data)) > 1

    assert leftovers.working_in(data) == []


@pytest.mark.parametrize("command", [("sleep", "60"), ("true",)], ids=["a stranger", "a zombie"])
def test_starts_though_another_process_has_the_number_in_a_stale_file(
    home: Path, command: tuple[str, ...]
) -> None:
    cluster = Cluster.of(CityFolder(home))
    with Postgres(home, {}).running() as server:
        write_a_row(server)
        stale = (cluster.data / "postmaster.pid").read_text()
        number = str(server.pid)
    with process_of_database_account(*command) as other:
        # Not waited for, so that a process that ended at once stays a zombie.
        assert becomes_true(lambda: leftovers.is_running(other.pid) == (command[0] == "sleep"))
        (cluster.data / "postmaster.pid").write_text(stale.replace(number, str(other.pid), 1))
        if cluster.account:
            os.chown(cluster.data / "postmaster.pid", cluster.account.uid, cluster.account.gid)

        with Postgres(home, {}).running() as server:
            assert rows(server) == [("committed",)]


def test_listens_on_the_loopback_address_only_and_asks_for_the_password(home: Path) -> None:
    with Postgres(home, {}).running() as server:
        assert setting(server, "listen_addresses") == "127.0.0.1"
        assert setting(server, "unix_socket_directories") == ""
        assert setting(server, "data_checksums") == "on"
        assert setting(server, "fsync") == "on"

        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(server.admin_url, password="wrong")


def test_starts_on_another_port_when_the_remembered_one_is_taken(home: Path) -> None:
    with Postgres(home, {}).running() as server:
        port = int(setting(server, "port"))

    with socket.create_server(("127.0.0.1", port)), Postgres(home, {}).running() as server:
        assert int(setting(server, "port")) != port


def test_puts_files_aside_whose_passwords_were_deleted(home: Path) -> None:
    folder = CityFolder(home)
    with Postgres(home, {}).running() as server:
        write_a_row(server)
    if not Cluster.of(folder).account:
        pytest.skip("the files lie in the folder itself and go with it")
    folder.erase()

    with Postgres(home, {}).running() as server, pytest.raises(psycopg.errors.UndefinedTable):
        rows(server)
    assert (Cluster.of(folder).place / "data.abandoned" / "PG_VERSION").exists()


def test_finds_files_of_cities_whose_folder_is_gone_and_that_nobody_uses(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    for name, folder in (("kept", "here"), ("used", "gone"), ("orphan", "gone")):
        (tmp_path / "places" / name / "data").mkdir(parents=True)
        (tmp_path / "places" / name / OWNER_NOTE).write_text(f"{tmp_path / folder}\n")
    (tmp_path / "places" / "strange").mkdir()
    with subprocess.Popen(["sleep", "600"], cwd=tmp_path / "places" / "used" / "data") as user:
        assert orphaned_places(tmp_path / "places") == [tmp_path / "places" / "orphan"]
        user.kill()


def test_writes_down_whose_files_they_are(home: Path) -> None:
    with Postgres(home, {}).running():
        pass

    assert (Cluster.of(CityFolder(home)).place / OWNER_NOTE).read_text() == f"{home}\n"


def test_refuses_a_full_disk(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    almost_full = os.statvfs_result((4096, 4096, 10**9, 0, 121_999, 0, 0, 0, 0, 255))
    monkeypatch.setattr(os, "statvfs", lambda _: almost_full)

    with pytest.raises(CityError, match="只剩 499 MB，运行城市至少需要 500 MB"):
        Postgres(home, {}).start()


def test_uses_a_given_server_and_leaves_it_running(home: Path, tmp_path: Path) -> None:
    with Postgres(home, {}).running() as own:
        given = Postgres(tmp_path / "other", {"YUNTAI_DATABASE_URL": own.admin_url})
        with given.running():
            assert given.admin_url == own.admin_url
            assert given.pid == 0

        assert own.is_alive()
        assert not (tmp_path / "other").exists()


def test_says_that_a_given_server_does_not_answer(tmp_path: Path) -> None:
    given = Postgres(tmp_path, {"YUNTAI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/postgres"})

    with pytest.raises(CityError, match="连接不上 YUNTAI_DATABASE_URL"):
        given.start()
