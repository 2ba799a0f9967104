"""Waits for what another process will do, never longer than a limit."""

import time
from collections.abc import Callable


def becomes_true(question: Callable[[], bool], *, seconds: float = 30.0) -> bool:
    """Return whether `question` answers true within `seconds`."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if question():
            return True
        time.sleep(0.05)
    return question()
