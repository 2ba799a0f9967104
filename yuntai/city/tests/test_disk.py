"""A disk that runs full is said at the terminal, once."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from yuntai.city import disk
from yuntai.city.disk import DiskWatch


def test_a_full_disk_is_said_once_and_so_is_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free_mb = iter([900, 200, 199, 0, 200])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=next(free_mb) * 1000**2))
    monkeypatch.setattr(disk, "EVERY_SECONDS", 0.0)
    said: list[str] = []
    watch = DiskWatch(tmp_path, said.append)

    for _ in range(5):
        watch.look()

    assert said == [
        f"{tmp_path} 所在磁盘只剩 199 MB。用完后，各系统不能保存提交的文件和数据。请马上清理磁盘。",
        f"{tmp_path} 所在磁盘已有 200 MB 可用。",
    ]


def test_the_disk_is_not_asked_at_every_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []

    def ask(folder: Path) -> SimpleNamespace:
        asked.append(folder)
        return SimpleNamespace(free=10**12)

    monkeypatch.setattr(shutil, "disk_usage", ask)
    watch = DiskWatch(tmp_path, print)

    watch.look()
    watch.look()

    assert asked == [tmp_path]
