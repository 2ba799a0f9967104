"""The city's folder: where everything of one city lies, and the lock that keeps it to one city at a time."""

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yuntai.city.errors import CityError
from yuntai.city.files import read_json, write_json

PROJECT = Path(__file__).resolve().parents[2]
VARIABLE = "YUNTAI_CITY_DIR"
LEAST_FREE_MB = 500

# What a city may have made; a reset removes these and nothing else, whatever folder the variable names.
ENTRIES = ("files", "holders", "log", "postgres", "sandbox", "secrets", "static")
FILES = ("clock.json", "experts.json", "login-clients.json", "peers.json", "running.json", "state.json")


@dataclass(frozen=True)
class CityFolder:
    """The paths of one city.  home: absolute, without symbolic links."""

    home: Path

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "CityFolder":
        """Return the folder that YUNTAI_CITY_DIR names, var/city of the project when it is unset."""
        return cls(Path(environ.get(VARIABLE) or PROJECT / "var" / "city").resolve())

    @property
    def hash(self) -> str:
        """Return twelve hex digits that stand for this folder where its path does not fit."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:12]

    @property
    def secrets(self) -> Path:
        return self.home / "secrets"

    @property
    def sandbox(self) -> Path:
        return self.home / "sandbox"

    @property
    def clock_file(self) -> Path:
        return self.home / "clock.json"

    @property
    def peers_file(self) -> Path:
        return self.home / "peers.json"

    @property
    def login_clients_file(self) -> Path:
        return self.home / "login-clients.json"

    @property
    def experts_file(self) -> Path:
        return self.home / "experts.json"

    @property
    def running_file(self) -> Path:
        return self.home / "running.json"

    def log(self, name: str) -> Path:
        return self.home / "log" / f"{name}.log"

    def holder(self, trading_code: str, letter: str) -> Path:
        return self.home / "holders" / trading_code / letter

    def holders_file(self, trading_code: str) -> Path:
        return self.home / "holders" / trading_code / "holders.json"

    def prepare(self) -> None:
        """Make the folder and what stands in it.

        :raises CityError: no permission, or less than 500 MB free.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            for name in ENTRIES:
                (self.home / name).mkdir(exist_ok=True)
            self.secrets.chmod(0o700)
        except OSError as error:
            raise CityError(
                f"不能写入城市目录 {self.home}：{reason(error)}。请检查该目录的所有者和权限，"
                f"或用环境变量 {VARIABLE} 指定另一个目录。"
            ) from error
        require_space(self.home)

    def state(self) -> dict[str, Any]:
        """Return what earlier starts remembered; {} for a city that has never been started."""
        return read_json(self.home / "state.json")

    def remember(self, **facts: Any) -> None:
        """Keep `facts` for later starts."""
        write_json(self.home / "state.json", self.state() | facts)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the city's lock; a process that dies, however it dies, gives it back.

        :raises CityError: another process holds it.
        """
        # Opened for appending: the number of the process that holds the lock must stay readable.
        with (self.home / "city.lock").open("a+", encoding="utf-8") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                file.seek(0)
                raise CityError(
                    f"此目录的城市已在运行（进程 {file.read().strip() or '未知'}）：{self.home}。"
                    f"请先停止它，或用环境变量 {VARIABLE} 指定另一个目录。"
                ) from error
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
            yield

    def is_locked(self) -> bool:
        """Return whether a city is running here."""
        try:
            with (self.home / "city.lock").open(encoding="utf-8") as file:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except FileNotFoundError:
            return False
        except BlockingIOError:
            return True
        return False

    def erase(self) -> None:
        """Remove what a city made here; files of others stay.  The caller holds the lock."""
        for name in ENTRIES:
            shutil.rmtree(self.home / name, ignore_errors=True)
        for name in FILES:
            (self.home / name).unlink(missing_ok=True)


def require_space(folder: Path) -> None:
    """Return when the disk of `folder` has room for a city.

    :raises CityError: less than 500 MB free.
    """
    free_mb = shutil.disk_usage(folder).free // 1000**2
    if free_mb < LEAST_FREE_MB:
        raise CityError(
            f"{folder} 所在磁盘只剩 {free_mb} MB，运行城市至少需要 {LEAST_FREE_MB} MB。请清理磁盘后再启动。"
        )


def reason(error: OSError) -> str:
    """Return in Chinese why the operating system refused."""
    known = {
        PermissionError: "没有权限",
        FileNotFoundError: "路径不存在",
        FileExistsError: "同名文件已存在",
        NotADirectoryError: "路径中有一段不是目录",
        IsADirectoryError: "该路径是目录",
    }
    by_number = {28: "磁盘已满", 30: "文件系统只读", 122: "超出磁盘配额"}
    return known.get(type(error)) or by_number.get(error.errno or 0) or f"系统错误 {error.errno}"
