"""Sets the clock of a sandbox city: every system reads the shift from one file."""

import json
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from yuntai.city.files import read_json, write_whole

LONGEST_SHIFT = timedelta(days=5 * 365)


class ShiftError(ValueError):
    """The clock can't be set so.  str(error): one Chinese sentence."""


@dataclass(frozen=True)
class SandboxClock:
    """The shift in `file`; an absent file is no shift."""

    file: Path

    def shift_seconds(self) -> float:
        """Return how far the city's clock is ahead of real time."""
        shift: float = read_json(self.file).get("shift_seconds", 0)
        return shift

    def set(self, shift_seconds: object) -> None:
        """Set how far the city's clock is ahead of real time.

        :raises ShiftError: not a number from 0 to five years.
        """
        longest = LONGEST_SHIFT.total_seconds()
        is_number = isinstance(shift_seconds, int | float) and not isinstance(shift_seconds, bool)
        if not is_number or not 0 <= shift_seconds <= longest:  # type: ignore[operator]
            raise ShiftError(f"shift_seconds 应为 0 到 {longest:.0f} 之间的数字，表示比真实时间快多少秒。")
        # Renamed into place: a system never reads half a number.
        write_whole(self.file, json.dumps({"shift_seconds": shift_seconds}).encode())
