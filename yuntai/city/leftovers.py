"""Finds and ends processes that an earlier run of this city left behind when it was killed.

Reads /proc; where there is none (macOS) nothing is found and the programs' own locks decide.
"""

import os
import signal
import time
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

PROC = Path("/proc")
POLL_SECONDS = 0.05

Find = Callable[[], Collection[int]]


def is_running(pid: int) -> bool:
    """Return whether `pid` is a process that still runs: a zombie has ended, whatever kill(pid, 0) says."""
    try:
        state = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return not PROC.is_dir() and exists(pid)
    return state not in {"Z", "X"}


def exists(pid: int) -> bool:
    """Return whether the number `pid` is taken, by a zombie or another user's process too."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def working_in(folder: Path) -> list[int]:
    """Return the processes whose working directory is `folder`, as it is for every process of PostgreSQL."""
    return [pid for pid in _pids() if _link(pid, "cwd") == str(folder)]


def marked(mark: str) -> list[int]:
    """Return the processes, except this one, that were started with the variable `mark` ("NAME=value")."""
    wanted = mark.encode()
    return [pid for pid in _pids() if pid != os.getpid() and wanted in _read(pid, "environ").split(b"\0")]


def command_line(pid: int) -> list[str]:
    """Return the words of the command that `pid` runs; [] when they can't be read."""
    return [word.decode(errors="replace") for word in _read(pid, "cmdline").split(b"\0") if word]


def end(find: Find, *, steps: tuple[tuple[signal.Signals, float], ...]) -> bool:
    """Signal what `find` finds, step by step, until it finds nothing; return whether that was reached.

    steps: a signal, and the seconds to wait after it before the next, harder one.
    """
    for number, seconds in steps:
        for pid in find():
            _signal(pid, number)
        until = time.monotonic() + seconds
        while find():
            if time.monotonic() >= until:
                break
            time.sleep(POLL_SECONDS)
        else:
            return True
    return not find()


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except (ProcessLookupError, PermissionError):
        return  # it ended by itself, or was never ours


def _pids() -> Iterator[int]:
    if PROC.is_dir():
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit())


def _link(pid: int, name: str) -> str:
    try:
        return str((PROC / str(pid) / name).readlink())
    except OSError:
        return ""  # ended meanwhile, or another user's


def _read(pid: int, name: str) -> bytes:
    try:
        return (PROC / str(pid) / name).read_bytes()
    except OSError:
        return b""
