"""Waiting for what other processes do by themselves: looks again and again, and says what it waited for."""

import time
from collections.abc import Callable
from typing import TypeVar

POLL_SECONDS = 0.1
PATIENCE_SECONDS = 90.0

Found = TypeVar("Found")


class Stuck(Exception):
    """Nothing came of the waiting.  str(error): one Chinese sentence: for what, how long."""


def wait_for(what: str, look: Callable[[], Found | None], *, seconds: float = PATIENCE_SECONDS) -> Found:
    """Return the first true answer of `look`.

    what: what is waited for, Chinese, fits after "等待".

    :raises Stuck: none came in time.
    """
    until = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > until:
            raise Stuck(f"等待{what}超过 {seconds:.0f} 秒仍没有结果。请查看城市目录 log 中各进程的日志。")
        time.sleep(POLL_SECONDS)
    return found
