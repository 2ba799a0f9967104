"""Fixed instants the tests of this room share."""

from datetime import UTC, datetime, timedelta

SHANGHAI_NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # a Monday, 09:00 in China
TICK = timedelta(seconds=1)
