"""The city's folder: room and rights to write, one city at a time, files that are whole."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from yuntai.city.errors import CityError
from yuntai.city.files import read_json, write_json
from yuntai.city.folder import PROJECT, CityFolder
from yuntai.city.vault import Vault


def disk_with(free_mb: int) -> os.statvfs_result:
    return os.statvfs_result((10**6, 10**6, 10**6, 0, free_mb, 0, 0, 0, 0, 255))


def test_lies_in_var_unless_the_variable_names_another_place(tmp_path: Path) -> None:
    assert CityFolder.of({}).home == PROJECT / "var" / "city"
    assert CityFolder.of({"YUNTAI_CITY_DIR": str(tmp_path / "x" / ".." / "y")}).home == tmp_path / "y"


@pytest.mark.parametrize(("free_mb", "is_enough"), [(499, False), (500, True)])
def test_needs_500_mb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, free_mb: int, is_enough: bool) -> None:
    monkeypatch.setattr(os, "statvfs", lambda _: disk_with(free_mb))

    if is_enough:
        CityFolder(tmp_path).prepare()
    else:
        with pytest.raises(CityError, match=f"只剩 {free_mb} MB，运行城市至少需要 500 MB。请清理磁盘"):
            CityFolder(tmp_path).prepare()


def test_says_that_it_may_not_write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)

    with pytest.raises(CityError) as refusal:
        CityFolder(tmp_path / "city").prepare()

    assert str(refusal.value) == (
        f"不能写入城市目录 {tmp_path / 'city'}：没有权限。请检查该目录的所有者和权限，"
        "或用环境变量 YUNTAI_CITY_DIR 指定另一个目录。"
    )


def test_says_that_a_file_stands_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "city").write_text("")

    with pytest.raises(CityError, match="同名文件已存在"):
        CityFolder(tmp_path / "city").prepare()


def test_keeps_secrets_from_other_accounts(tmp_path: Path) -> None:
    folder = CityFolder(tmp_path / "city")
    folder.prepare()

    assert folder.secrets.stat().st_mode & 0o777 == 0o700
    assert Vault(folder.secrets).password("x").stat().st_mode & 0o777 == 0o600


def test_a_lock_is_held_by_one_and_given_back(tmp_path: Path) -> None:
    folder = CityFolder(tmp_path)
    assert not folder.is_locked()

    with folder.locked():
        assert folder.is_locked()
        with pytest.raises(CityError, match=rf"已在运行（进程 {os.getpid()}）：{tmp_path}"), folder.locked():
            pass
        assert folder.is_locked()

    assert not folder.is_locked()
    with folder.locked():
        pass


def test_a_killed_process_gives_its_lock_back(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys, time; from yuntai.city.folder import CityFolder\n"
        "with CityFolder(pathlib.Path(sys.argv[1])).locked(): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        assert CityFolder(tmp_path).is_locked()

        holder.kill()

    assert not CityFolder(tmp_path).is_locked()


def test_erases_what_a_city_made_and_nothing_else(tmp_path: Path) -> None:
    folder = CityFolder(tmp_path)
    folder.prepare()
    folder.remember(postgres_port=15432)
    Vault(folder.secrets).password("x")
    (tmp_path / "photos").mkdir()

    folder.erase()

    assert [path.name for path in tmp_path.iterdir()] == ["photos"]


def test_remembers_one_fact_beside_another(tmp_path: Path) -> None:
    folder = CityFolder(tmp_path)

    folder.remember(postgres_port=15432)
    folder.remember(postgres_place="/x")

    assert folder.state() == {"postgres_port": 15432, "postgres_place": "/x"}


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    write_json(file, {"n": 1})

    with pytest.raises(TypeError):
        write_json(file, {"n": object()})

    assert read_json(file) == {"n": 1}
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    vault = Vault(tmp_path)

    first = vault.password("x").read_text()

    assert vault.password("x").read_text() == first
    assert vault.password("y").read_text() != first
    assert json.dumps(first) == f'"{first}"'
