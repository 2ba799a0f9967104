"""One row is deleted on one side, as root would: reconciliation finds it, and both sides are equal again."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from tests.planting import behind_its_back
from yuntai.city.city import City
from yuntai.city.demo import traffic
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.checks.streams import stream_faults
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.load import fill_outbox, records
from yuntai.city.demo.waiting import wait_for
from yuntai.city.environment import Environments

pytestmark = pytest.mark.city

MESSAGES = 40
DELETE = "DELETE FROM inbox_inboxmessage WHERE iss = %s AND seq = 7"
KEPT = "SELECT seq, digest, received_at, applied_at FROM inbox_inboxmessage WHERE iss = %s AND seq = 7"


def reconcile(city: City, cast: Cast, system: str) -> tuple[int, str]:
    """Run the platform's command; return its exit code and what it says."""
    platform = city.topology.platform
    environment = Environments(city.topology, city.folder).of_system(platform, city.database(platform.code))
    command = [sys.executable, "-m", "yuntai", "publicservice", "reconcile", system]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return ended.returncode, ended.stdout + ended.stderr


def kept(city: City, code: str, sender: str) -> list[tuple[object, ...]]:
    with database(city, code) as connection:
        return rows(connection, KEPT, [sender])


def test_a_deleted_row_is_found_and_repaired_on_either_side(city: City, cast: Cast) -> None:
    fill_outbox(city, cast.trading, MESSAGES, first=1, now=datetime.now(UTC), make=records)
    traffic.wait_until_quiet(city)
    city.set_shift(timedelta(hours=2))  # the hour is over and settled
    for system in (cast.trading, cast.supervision):
        assert reconcile(city, cast, system)[0] == 0

    for keeper, sender, system in (
        (cast.platform, cast.trading, cast.trading),
        (cast.supervision, cast.platform, cast.supervision),
    ):
        before = kept(city, keeper, sender)
        behind_its_back(city, keeper, "inbox_inboxmessage", DELETE, [sender])
        assert kept(city, keeper, sender) == []

        code, said = reconcile(city, cast, system)

        assert (code, "缺 1 条：7 号" in said) == (1, True), said
        wait_for("补回", partial(kept, city, keeper, sender))
        assert kept(city, keeper, sender) == before, "the same, also when it came and was acted on"
        code, said = reconcile(city, cast, system)
        assert (code, "一致" in said) == (0, True), said
    assert [fault for stream in traffic.streams(city) for fault in stream_faults(stream)] == []
