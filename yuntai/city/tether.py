"""Ties a program to the process that starts it, then becomes that program.

When the starting process dies, even by kill -9, the kernel sends the program a signal, so that nothing is
left running.  Run as a script by itself: it starts every program, so it imports nothing of the project.

    tether.py SIGNAL PARENT UID GID PROGRAM ARGUMENT...

SIGNAL: number sent when PARENT, a process number, ends.  UID, GID: whom to run as, "-" to stay as it is.
"""

import ctypes
import os
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def become(arguments: list[str]) -> None:
    """Drop rights, tie and turn into the program; returns only by failing."""
    number, parent, uid, gid, *program = arguments
    tie = _tie()  # found before the drop: the account may not be able to read Python's own files
    if uid != "-":
        os.setgroups([])
        os.setgid(int(gid))
        os.setuid(int(uid))
    tie(int(number))  # after the drop: a change of user unties
    if os.getppid() != int(parent):  # it ended before the tie
        sys.exit(0)
    os.execvpe(program[0], program, os.environ)  # noqa: S606  no shell is wanted


def _tie() -> Callable[[int], object]:
    if sys.platform != "linux":
        return lambda number: None
    prctl = ctypes.CDLL(None).prctl
    return lambda number: prctl(PR_SET_PDEATHSIG, number, 0, 0, 0)


if __name__ == "__main__":
    become(sys.argv[1:])
