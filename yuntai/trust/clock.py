"""The one clock: real time, which only a sandbox may shift to play twenty days in a minute.

YUNTAI_CLOCK_FILE names a file {"shift_seconds": N}, read again when it changes.  Write it with `set_shift`,
since a half-written file is an error.  So is a clock file outside a sandbox (YUNTAI_SANDBOX=1).
"""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

FILE_VARIABLE = "YUNTAI_CLOCK_FILE"
SANDBOX_VARIABLE = "YUNTAI_SANDBOX"

_Version = tuple[str, int, int, int]
_last_read: tuple[_Version, timedelta] | None = None


class ClockMayNotShift(RuntimeError):
    """A clock file is configured on a system that is no sandbox."""


class BadClockFile(RuntimeError):
    """The clock file holds no shift.  Going on with a guessed time would be worse than stopping."""


def now() -> datetime:
    """Return the present instant, aware, in UTC."""
    return datetime.now(UTC) + shift()


def shift() -> timedelta:
    """Return by how much this clock is ahead of real time; nothing without a clock file.

    :raises ClockMayNotShift: as `require_unshifted`.
    :raises BadClockFile: the file is there but holds no shift.
    """
    global _last_read  # noqa: PLW0603 - one tuple, replaced whole, so threads see an old or a new one
    path = os.environ.get(FILE_VARIABLE, "")
    if not path:
        return timedelta(0)
    require_unshifted()
    try:
        status = Path(path).stat()
    except FileNotFoundError:
        return timedelta(0)
    version = (path, status.st_mtime_ns, status.st_ino, status.st_size)
    if _last_read is None or _last_read[0] != version:
        _last_read = (version, _read(Path(path)))
    return _last_read[1]


def require_unshifted() -> None:
    """Refuse to go on where a shifted clock would be a fraud; systems call this when they start.

    :raises ClockMayNotShift: a clock file is configured and this is no sandbox.
    """
    if os.environ.get(FILE_VARIABLE) and os.environ.get(SANDBOX_VARIABLE) != "1":
        raise ClockMayNotShift(
            f"{FILE_VARIABLE} is set: remove it, or set {SANDBOX_VARIABLE}=1 if this is a sandbox."
        )


def set_shift(path: Path, shift: timedelta) -> None:
    """Write the clock file whole; every process of the sandbox follows at its next reading."""
    draft = path.with_name(path.name + ".new")
    draft.write_text(json.dumps({"shift_seconds": shift.total_seconds()}), encoding="utf-8")
    draft.replace(path)


def _read(path: Path) -> timedelta:
    try:
        seconds = json.loads(path.read_text(encoding="utf-8"))["shift_seconds"]
        return timedelta(seconds=seconds)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise BadClockFile(f'{path}: expected {{"shift_seconds": N}}.') from error
