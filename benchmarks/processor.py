"""Processor time that processes used: unlike a rate, it does not depend on what else the machine does."""

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")
GROUP_FIELD, USER_FIELD, SYSTEM_FIELD = 2, 11, 12  # of /proc/<pid>/stat behind the name in brackets


def seconds_used(groups: list[int]) -> float:
    """Return the processor seconds that the running members of these process groups have used so far.

    Zero where there is no /proc (macOS).
    """
    ticks = sum(ticks_of for group, ticks_of in _processes() if group in groups)
    return ticks / os.sysconf("SC_CLK_TCK")


def _processes() -> Iterator[tuple[int, int]]:
    """Yield the group and the used clock ticks of every process that can be read."""
    for entry in PROC.glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        yield int(fields[GROUP_FIELD]), int(fields[USER_FIELD]) + int(fields[SYSTEM_FIELD])
