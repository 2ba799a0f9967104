"""2,000 messages of three producers through losses, repetitions, shuffling and kills: each once, in order."""

import os
import random
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial

import pytest

from tests.faults.chaos import Chaos, chaos_before
from tests.faults.conftest import listed, told_nothing, while_watched
from tests.faults.receipts import unproven
from tests.planting import behind_its_back
from yuntai.city import processes
from yuntai.city.city import City
from yuntai.city.demo import traffic
from yuntai.city.demo.cast import Cast
from yuntai.city.demo.checks.streams import forwarding_faults, stream_faults
from yuntai.city.demo.databases import database, rows
from yuntai.city.demo.load import fill_outbox
from yuntai.city.demo.waiting import wait_for
from yuntai.city.files import write_json
from yuntai.trust.base64url import from_base64url

pytestmark = pytest.mark.city

PRODUCERS, EACH, AT_ONCE = 3, 667, 4
FAR_APART = 10_000  # between the numbers of two producers
PAUSE_SECONDS = 0.03
KILLS, LONGEST_BATCH_SECONDS = 5, 0.3
WHO_IS_KILLED = ("{trading}-worker", "{platform}-web", "{platform}-worker", "{supervision}-web")
CAME = "SELECT count(*) FROM inbox_inboxmessage"
UNPROCESSED = "SELECT count(*) FROM outbox_outboxmessage WHERE processed_at IS NULL"
STORED = "SELECT signed #>> %s FROM inbox_inboxmessage WHERE iss = %s AND refusal = '' ORDER BY seq"
FORWARDED = ["payload", "body", "origin", "payload", "body", "title"]
WATCHED = "SELECT title FROM intake_watchedtender WHERE title LIKE '演示负载 %%' ORDER BY id"


@contextmanager
def chaos_on_the_way(city: City, cast: Cast) -> Iterator[list[Chaos]]:
    """Put a proxy before the platform and before the supervision system, for all who send from now on."""
    peers = listed(city)
    with ExitStack() as stack:
        played = []
        told_nothing(peers, cast)
        for row in peers:
            if row["code"] in (cast.platform, cast.supervision):
                row["url"], chaos = stack.enter_context(chaos_before(row["url"]))
                played.append(chaos)
        write_json(city.folder.peers_file, peers)
        kill(city, [f"{code}-worker" for code in (cast.trading, cast.platform, cast.supervision)])
        yield played


def kill(city: City, names: list[str]) -> int:
    """Kill processes with all their children, so that no one can tidy up; return how many there were."""
    running = city.processes()
    found = [running[name] for name in names if name in running]
    for group in found:
        os.killpg(group, signal.SIGKILL)
    return len(found)


def produce(city: City, code: str, producer: int) -> None:
    """Act by act, a few messages in each transaction."""
    for done in range(0, EACH, AT_ONCE):
        first = producer * FAR_APART + done + 1
        fill_outbox(city, code, min(AT_ONCE, EACH - done), first=first, now=datetime.now(UTC))
        time.sleep(PAUSE_SECONDS)


def kill_again_and_again(city: City, cast: Cast) -> int:
    """Kill the sender and another process, each time when so many more messages have come to the hub."""
    chance, killed = random.SystemRandom(), 0
    names = [
        name.format(trading=cast.trading, platform=cast.platform, supervision=cast.supervision)
        for name in WHO_IS_KILLED
    ]
    for turn in range(KILLS):
        due = PRODUCERS * EACH * (turn + chance.uniform(0.2, 0.8)) / (KILLS + 1)
        wait_for("报文到达枢纽", partial(has_come, city, cast, due))
        time.sleep(chance.uniform(0, LONGEST_BATCH_SECONDS))  # into the midst of a batch
        killed += kill(city, [names[0], names[1 + turn % 3]])
    return killed


def has_come(city: City, cast: Cast, due: float) -> bool:
    return count(city, cast.platform, CAME) >= due


def all_processed(city: City, cast: Cast) -> bool:
    codes = (cast.trading, cast.platform, cast.supervision)
    return all(count(city, code, UNPROCESSED) == 0 for code in codes)


def count(city: City, code: str, query: str) -> int:
    with database(city, code) as connection:
        found: int = connection.execute(query).fetchall()[0][0]
        return found


def test_each_message_is_applied_once_and_in_order(
    city: City, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Killed five times, a process would wait half a minute; the time that it runs is what is tested.
    monkeypatch.setattr(processes, "STEADY_SECONDS", 0.0)

    def play() -> tuple[int, list[Chaos]]:
        with chaos_on_the_way(city, cast) as played, ThreadPoolExecutor() as pool:
            producers = [pool.submit(produce, city, cast.trading, number) for number in range(PRODUCERS)]
            killer = pool.submit(kill_again_and_again, city, cast)
            for each in producers:
                each.result()
            killed = killer.result()
            traffic.wait_until_quiet(city)
            wait_for("各系统收到办理回执", lambda: all_processed(city, cast))
        return killed, played

    killed, played = while_watched(city, play)

    assert killed == 2 * KILLS, "what was to be killed did not run"
    for fault in ("request lost", "answer lost", "doubled", "shuffled", "late"):
        assert all(chaos.seen[fault] for chaos in played), f"not played: {fault}, {played[0].seen}"
    assert faults(city, cast) == []
    check_order(city, cast)
    check_finds_what_is_planted(city, cast)


def faults(city: City, cast: Cast) -> list[str]:
    found = [fault for stream in traffic.streams(city) for fault in stream_faults(stream)]
    for each in traffic.forwardings(city, cast.trading, cast.supervision):
        found += forwarding_faults(each.name, each.due, each.forwarded)
    keys = {row["code"]: from_base64url(row["public_key"]) for row in listed(city)}
    for sender, receiver in ((cast.trading, cast.platform), (cast.platform, cast.supervision)):
        with database(city, sender) as connection:
            found += unproven(connection, receiver, keys[receiver])
    return found


def check_order(city: City, cast: Cast) -> None:
    """Check that each producer's messages were stored and applied in its order, each once."""
    with database(city, cast.platform) as hub, database(city, cast.supervision) as authority:
        stored = rows(hub, STORED, [["payload", "body", "title"], cast.trading])
        passed_on = rows(authority, STORED, [FORWARDED, cast.platform])
        applied = rows(authority, WATCHED)
    for found in (stored, passed_on, applied):
        numbers = [int(row[0].split()[1]) for row in found if row[0] and row[0].startswith("演示负载")]
        for producer in range(PRODUCERS):
            first = producer * FAR_APART
            own = [number for number in numbers if first < number <= first + EACH]
            assert own == list(range(first + 1, first + EACH + 1))
        assert len(numbers) == PRODUCERS * EACH


def check_finds_what_is_planted(city: City, cast: Cast) -> None:
    """Alter a kept answer and drop a message behind the systems' backs: the checks must say so."""
    change = (
        "UPDATE outbox_keptanswer SET answer = jsonb_set(answer, '{expected_seq}', '1')"
        " WHERE id = (SELECT receipt_id FROM outbox_outboxmessage WHERE seq = 700 AND destination = %s)"
    )
    behind_its_back(city, cast.trading, "outbox_keptanswer", change, [cast.platform])
    behind_its_back(
        city, cast.supervision, "inbox_inboxmessage", "DELETE FROM inbox_inboxmessage WHERE seq = 600"
    )

    found = faults(city, cast)

    assert f"{cast.platform} 700: no genuine receipt" in found
    assert f"{cast.platform} → {cast.supervision} 收到的报文编号不连续或有重复" in found
