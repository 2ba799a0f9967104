"""PostgreSQL's files: where they lie, how they are made, and what a killed run left in them."""

import os
import shutil
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from yuntai.city import leftovers
from yuntai.city.accounts import Account, database_account, run_as
from yuntai.city.binaries import Binaries, find_binaries, reachable_binaries
from yuntai.city.errors import CityError
from yuntai.city.files import write_whole
from yuntai.city.folder import CityFolder, reason, require_space
from yuntai.city.vault import Vault

ADMINISTRATOR = "yuntai_admin"
# Root's checkout often lies where no other account can look, and its parents are not ours to open.
PLACE_OF_ROOT = Path("/var/lib/yuntai")
OWNER_NOTE = "city-folder.txt"
# Gentle first: a fast shutdown, then one that recovers from the log at the next start.
ENDING = ((signal.SIGINT, 10.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))


@dataclass(frozen=True)
class Cluster:
    """The files of one city's PostgreSQL.

    place: folder for them, reachable by the account.  account: whom it runs as, None for this process' own.
    """

    folder: CityFolder
    place: Path
    account: Account | None

    @classmethod
    def of(cls, folder: CityFolder) -> "Cluster":
        """Return the cluster that `folder` remembers, or where a new one will be."""
        account = database_account()
        place = PLACE_OF_ROOT / folder.hash if account else folder.home / "postgres"
        return cls(folder, Path(folder.state().get("postgres_place", place)), account)

    @property
    def data(self) -> Path:
        return self.place / "data"

    @property
    def _owner_note(self) -> Path:
        return self.place / OWNER_NOTE

    @property
    def password(self) -> Path:
        """Return the file of the administrator's password."""
        return Vault(self.folder.secrets).password("postgres-administrator")

    def prepare(self, environ: Mapping[str, str]) -> Binaries:
        """Make the files the first time, clear what a killed run left, and return the programs that fit them.

        :raises CityError: no fitting programs, no permission, no space, or files of another account.
        """
        self._make_place()
        if "postgres_place" not in self.folder.state():
            self._set_aside()
            self.folder.remember(postgres_place=str(self.place))
        major = self._major()
        binaries = reachable_binaries(find_binaries(environ, major=major), self.account, self.place)
        if major is None:
            self._initialise(binaries)
        self._end_leftovers()
        return binaries

    def erase(self) -> None:
        """End what runs on the files and remove them; the caller holds the city's lock."""
        if self.data.exists():
            self._end_leftovers()
        if self.place.parent == PLACE_OF_ROOT or self.place.is_relative_to(self.folder.home):
            shutil.rmtree(self.place, ignore_errors=True)

    def started(self) -> int:
        """Return the process number of the postmaster that has announced itself ready, 0 when none has."""
        lines = self._postmaster_lines()
        return int(lines[0]) if len(lines) > 7 and lines[7].strip() == "ready" else 0

    def _make_place(self) -> None:
        try:
            for folder in (self.place.parent, self.place) if self.account else (self.place,):
                if not folder.is_dir():
                    folder.mkdir(parents=True)
                    folder.chmod(0o755)  # ours, made now; the umask may have closed it to the account
            self._owner_note.write_text(f"{self.folder.home}\n", encoding="utf-8")
        except OSError as error:
            raise CityError(
                f"不能建立数据库目录 {self.place}：{reason(error)}。"
                "请检查权限，或以普通用户启动，或用 YUNTAI_DATABASE_URL 指明一台已有的服务器。"
            ) from error
        require_space(self.place)
        owner = self.account.uid if self.account else os.geteuid()
        if self.data.exists() and self.data.stat().st_uid != owner:
            raise CityError(
                f"数据库目录 {self.data} 属于另一账户（编号 {self.data.stat().st_uid}）。"
                "请仍以第一次启动时的账户启动本城市。"
            )

    def _set_aside(self) -> None:
        # The city's folder was deleted by hand, and with it the passwords of these files.
        if self.data.exists():
            self._end_leftovers()
            aside = self.place / "data.abandoned"
            shutil.rmtree(aside, ignore_errors=True)
            self.data.rename(aside)

    def _major(self) -> int | None:
        try:
            return int((self.data / "PG_VERSION").read_text())
        except FileNotFoundError:
            return None

    def _initialise(self, binaries: Binaries) -> None:
        fresh, password = self.place / "data.new", self.place / "password.new"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        try:
            write_whole(password, self.password.read_bytes(), mode=0o600)
            if self.account:
                for path in (fresh, password):
                    os.chown(path, self.account.uid, self.account.gid)
            made = run_as(
                self.account, _initdb(binaries, fresh, password), environ={"LC_ALL": "C", "PATH": "/usr/bin"}
            )
        finally:
            password.unlink(missing_ok=True)
        if made.returncode != 0:
            log = self.folder.log("postgres")
            write_whole(log, (made.stdout + made.stderr).encode())
            raise CityError(f"建立数据库失败，详情见 {log}。请检查 {self.place} 的磁盘空间和权限后重新启动。")
        fresh.rename(self.data)  # in one step: an initdb that was killed half-way never looks finished

    def _end_leftovers(self) -> None:
        if not leftovers.end(partial(leftovers.working_in, self.data), steps=ENDING):
            raise CityError(
                f"上次运行留下的 PostgreSQL 进程停不下来（数据目录 {self.data}）。请手动结束它后再启动。"
            )
        lines = self._postmaster_lines()
        pid = int(lines[0]) if lines else 0
        # Inside some containers root may not see where another account's process works.
        if pid and self._is_ours(pid) and not leftovers.end(lambda: [pid] * self._is_ours(pid), steps=ENDING):
            raise CityError(f"上次运行留下的 PostgreSQL 进程 {pid} 停不下来。请手动结束它后再启动。")
        # A zombie, or a stranger that got the number after a reboot, would make PostgreSQL refuse to start.
        # A number that nobody has stays in the file: PostgreSQL then looks for orphans by its shared memory.
        if pid and leftovers.exists(pid):
            (self.data / "postmaster.pid").unlink(missing_ok=True)

    def _is_ours(self, pid: int) -> bool:
        return leftovers.is_running(pid) and str(self.data) in leftovers.command_line(pid)

    def _postmaster_lines(self) -> list[str]:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return []
        return lines if lines and lines[0].strip().isdigit() else []


def orphaned_places(parent: Path = PLACE_OF_ROOT) -> list[Path]:
    """Return root's places whose city's folder was deleted, passwords and all, and that nobody uses."""
    return [
        note.parent
        for note in parent.glob(f"*/{OWNER_NOTE}")
        if not Path(note.read_text(encoding="utf-8").strip()).exists()
        and not leftovers.working_in(note.parent / "data")
    ]


def _initdb(binaries: Binaries, data: Path, password: Path) -> list[str]:
    # The built-in locale of 17 sorts alike on every machine; before it there is only the machine's own.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    locale = builtin if binaries.major >= 17 else ["--locale=C.UTF-8"]
    return [
        binaries.program("initdb"),
        f"--pgdata={data}",
        f"--username={ADMINISTRATOR}",
        f"--pwfile={password}",
        "--auth=scram-sha-256",
        "--data-checksums",
        "--encoding=UTF8",
        *locale,
    ]
