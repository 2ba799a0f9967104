"""The hub's processes are killed in the middle of a batch: no message is lost, doubled or out of order."""

import os
import random
import signal
import time
from datetime import UTC, datetime

import pytest

from tests.faults.conftest import listed, told_nothing, while_watched
from tests.planting import behind_its_back
from yuntai.city.city import City
from yuntai.city.demo import traffic
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.checks.streams import forwarding_faults, stream_faults
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.load import fill_outbox
from yuntai.city.demo.waiting import wait_for
from yuntai.city.files import write_json

pytestmark = pytest.mark.city

MESSAGES = 600
LONGEST_BATCH_SECONDS = 0.3


def stored_at_hub(city: City, code: str) -> int:
    with database(city, code) as hub:
        count: int = rows(hub, "SELECT count(*) FROM inbox_inboxmessage")[0][0]
        return count


def kill_hub(city: City, code: str) -> None:
    """Kill both processes with all their children, so that no one can tidy up."""
    running = city.processes()
    for name in (f"{code}-web", f"{code}-worker"):
        os.killpg(running[name], signal.SIGKILL)


def test_messages_outlive_the_hub(city: City, cast: Cast) -> None:
    before = stored_at_hub(city, cast.platform)
    chance = random.SystemRandom()
    chosen = before + chance.randrange(MESSAGES // 6, MESSAGES // 2)

    peers = listed(city)
    told_nothing(peers, cast)
    write_json(city.folder.peers_file, peers)

    def play() -> int:
        kill_hub(city, cast.platform)  # so that it reads the list again
        fill_outbox(city, cast.trading, MESSAGES, first=1, now=datetime.now(UTC))
        wait_for("报文到达一半", lambda: stored_at_hub(city, cast.platform) >= chosen)
        time.sleep(chance.uniform(0, LONGEST_BATCH_SECONDS))  # into the midst of the next batch
        kill_hub(city, cast.platform)
        at_the_kill = stored_at_hub(city, cast.platform)
        traffic.wait_until_quiet(city)
        return at_the_kill

    at_the_kill = while_watched(city, play)

    assert at_the_kill < before + MESSAGES, "the kill came too late to interrupt anything"
    restarts = city.restarts()
    assert (restarts[f"{cast.platform}-web"], restarts[f"{cast.platform}-worker"]) == (2, 2)
    assert faults(city, cast) == []
    assert stored_at_hub(city, cast.platform) == before + MESSAGES
    check_finds_a_dropped_message(city, cast)


def faults(city: City, cast: Cast) -> list[str]:
    found = [fault for stream in traffic.streams(city) for fault in stream_faults(stream)]
    for each in traffic.forwardings(city, cast.trading, cast.supervision):
        found += forwarding_faults(each.name, each.due, each.forwarded)
    return found


def check_finds_a_dropped_message(city: City, cast: Cast) -> None:
    """Drop one message at supervision behind its back: the check must say so."""
    change = "DELETE FROM inbox_inboxmessage WHERE seq = %s"
    behind_its_back(city, cast.supervision, "inbox_inboxmessage", change, [MESSAGES // 2])

    assert f"{cast.platform} → {cast.supervision} 收到的报文编号不连续或有重复" in faults(city, cast)
