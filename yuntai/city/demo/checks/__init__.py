"""What must hold after a play; each check is a pure function of what was played and what is kept."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One invariant.  name: what must hold, Chinese.  looked_at: how much was looked at.

    faults: one Chinese sentence for each thing that breaks it; none when it holds.
    """

    name: str
    looked_at: str
    faults: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.faults


def check(name: str, looked_at: str, faults: Iterable[str]) -> Check:
    """Return the check with all its faults worked out."""
    return Check(name, looked_at, tuple(faults))
