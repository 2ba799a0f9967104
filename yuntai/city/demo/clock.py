"""The city's clock as a player moves it: over the sandbox service, only forward."""

from datetime import UTC, datetime, timedelta

import httpx

from yuntai.city.city import City


class CityClock:
    """Tells and moves the time of a sandbox city."""

    def __init__(self, city: City) -> None:
        self._city = city
        self._url = f"{city.topology.sandbox_url}/clock"

    def now(self) -> datetime:
        return datetime.now(UTC) + self._city.shift()

    def go_to(self, instant: datetime) -> None:
        """Let the city's time be `instant`; a past instant changes nothing."""
        step = instant - self.now()
        if step <= timedelta(0):
            return
        shift = self._city.shift() + step
        answer = httpx.post(self._url, json={"shift_seconds": shift.total_seconds()}, trust_env=False)
        answer.raise_for_status()
