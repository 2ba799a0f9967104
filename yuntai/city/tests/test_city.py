"""A whole city, with small programs in place of the systems: up, hurt, down, up again."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from yuntai.city import leftovers
from yuntai.city.children import answers
from yuntai.city.city import is_free
from yuntai.city.cluster import Cluster
from yuntai.city.demo.invariants import broken_invariants
from yuntai.city.environment import MARK
from yuntai.city.errors import CityError
from yuntai.city.folder import PROJECT
from yuntai.city.postgres import Postgres
from yuntai.city.tests.fakes import FakeCity, free_port, topology_text
from yuntai.city.tests.waiting import becomes_true

pytestmark = pytest.mark.city


@pytest.fixture
def quick(environ: dict[str, str], server: Postgres) -> dict[str, str]:
    """Return the variables of a city on the shared server."""
    return environ | {"YUNTAI_DATABASE_URL": server.admin_url}


@pytest.fixture
def environ(home: Path) -> dict[str, str]:
    """Return the variables of a city with a platform and a trading system on free ports."""
    ports = [free_port() for _ in range(3)]
    declared = home.parent / "city.toml"
    declared.write_text(topology_text({"publicservice": ports[0], "trading": ports[1]}, ports[2]))
    passed = {name: value for name, value in os.environ.items() if name != MARK}
    return passed | {"YUNTAI_CITY_DIR": str(home), "YUNTAI_CITY_TOPOLOGY": str(declared)}


def fetched(address: str) -> Any:
    return httpx.get(address, trust_env=False).raise_for_status().json()


def still_there(home: Path) -> list[int]:
    return leftovers.marked(f"{MARK}={home}")


@contextmanager
def city_in_a_process(environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run a fake city in a process of its own; it is up when the block begins."""
    command = [sys.executable, "-m", "yuntai.city.tests.fakes"]
    with subprocess.Popen(command, cwd=PROJECT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "up\n"
        yield process
        process.kill()


def test_brings_back_whatever_is_killed(environ: dict[str, str], home: Path) -> None:
    said: list[str] = []
    city = FakeCity(environ, say=said.append)

    with city.running():
        before = city.processes()
        for pid in before.values():
            os.kill(pid, signal.SIGKILL)
        assert becomes_true(lambda: not any(map(leftovers.is_running, before.values())))
        ports = [system.port for system in city.topology.systems] + [city.topology.sandbox_port]
        city.watch(until=lambda: len(city.processes()) == len(before) and all(map(answers, ports)))

        assert set(before) == {"postgres", "sandbox", "publicservice-x-web", "trading-x-web", "worker"}
        assert set(city.restarts().values()) == {1}
        assert sum("意外退出" in line for line in said) == len(before)

    assert still_there(home) == []


def test_a_second_city_in_the_same_folder_is_refused(quick: dict[str, str], home: Path) -> None:
    with FakeCity(quick, say=print).running() as city:
        processes = city.processes()

        with pytest.raises(CityError, match=rf"此目录的城市已在运行（进程 {os.getpid()}）"):
            FakeCity(quick, say=print).running().__enter__()
        assert city.processes() == processes


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_takes_the_whole_city_down(
    quick: dict[str, str], home: Path, number: signal.Signals
) -> None:
    with city_in_a_process(quick) as process:
        assert len(still_there(home)) >= 3

        process.send_signal(number)
        said, _ = process.communicate(timeout=60)

    assert said == "down\n"
    assert still_there(home) == []
    assert sorted((home / "ended.txt").read_text().split()) == ["publicservice-x", "trading-x"]


def test_starts_again_after_the_supervisor_was_killed(environ: dict[str, str], home: Path) -> None:
    with city_in_a_process(environ) as process:
        process.kill()
        process.wait()

    with city_in_a_process(environ) as process:
        process.send_signal(signal.SIGTERM)
        said, _ = process.communicate(timeout=60)

    assert said == "down\n"
    assert still_there(home) == []


def test_ends_what_a_killed_city_left_running(quick: dict[str, str], home: Path) -> None:
    orphan = subprocess.Popen(["sleep", "600"], env={MARK: str(home)})
    stranger = subprocess.Popen(["sleep", "600"], env={MARK: f"{home}-other"})
    try:
        assert becomes_true(lambda: still_there(home) == [orphan.pid])

        with FakeCity(quick, say=print).running():
            assert orphan.poll() == -signal.SIGTERM
            assert stranger.poll() is None
    finally:
        for process in (orphan, stranger):
            process.kill()
            process.wait()


def test_names_a_port_that_is_taken_and_the_key_to_change(quick: dict[str, str], home: Path) -> None:
    city = FakeCity(quick, say=print)
    port = city.topology.systems[1].port

    with (
        socket.create_server(("127.0.0.1", port)),
        pytest.raises(CityError) as refusal,
        city.running(),
    ):
        pass

    assert str(refusal.value) == (
        f"端口 {port} 已被别的程序占用。请停掉它，"
        f"或在 {quick['YUNTAI_CITY_TOPOLOGY']} 中把 trading-x 的 port 改为空闲端口后重新启动。"
    )
    assert still_there(home) == []


@pytest.mark.skipif(not socket.has_ipv6, reason="no second family of addresses")
def test_sees_a_port_that_is_taken_on_the_other_family_of_addresses() -> None:
    try:
        taken = socket.create_server(("::1", 0), family=socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6 loopback address")
    with taken:
        assert not is_free(taken.getsockname()[1])


def test_a_player_finds_everything_in_the_city(quick: dict[str, str]) -> None:
    with FakeCity(quick, say=print).running() as city:
        bundle = fetched(f"{city.topology.sandbox_url}/people/wang-toubiao/bundle")
        city.set_shift(timedelta(days=20))
        clock = fetched(f"{city.topology.sandbox_url}/clock")

        assert bundle == city.bundle("wang-toubiao")
        assert bundle["person_name"] == "王投标"
        assert city.shift() == timedelta(days=20)
        assert clock["shift_seconds"] == 20 * 86400
        ahead = datetime.fromisoformat(clock["now"]) - datetime.now(UTC)
        assert timedelta(days=20, seconds=-5) < ahead <= timedelta(days=20)
        assert city.url("trading-x") == f"http://localhost:{city.topology.systems[1].port}"


def test_the_play_holds_only_while_every_service_answers(quick: dict[str, str]) -> None:
    with FakeCity(quick, say=print).running() as city:
        assert list(broken_invariants(city)) == []

        os.kill(city.processes()["trading-x-web"], signal.SIGKILL)
        port = city.topology.systems[1].port
        assert becomes_true(lambda: not answers(port))

        assert list(broken_invariants(city)) == [f"trading应在端口 {port} 应答，但没有应答"]
        city.watch(until=lambda: answers(port))
        assert list(broken_invariants(city)) == ["trading-x-web 应一直运行，却重新启动了 1 次"]


def test_reset_removes_rows_and_keys_and_nothing_else(environ: dict[str, str], home: Path) -> None:
    with FakeCity(environ, say=print).running() as city:
        key = city.connected_key("trading-x").read_text()
        place = Cluster.of(city.folder).place
    (home / "notes.txt").write_text("mine")

    FakeCity(environ, say=print).erase()

    assert not place.exists()
    assert sorted(path.name for path in home.iterdir()) == ["city.lock", "ended.txt", "notes.txt"]
    with FakeCity(environ, say=print).running() as city:
        assert city.connected_key("trading-x").read_text() != key


def test_reset_is_refused_while_the_city_runs(quick: dict[str, str]) -> None:
    with FakeCity(quick, say=print).running() as city:
        with pytest.raises(CityError, match="此目录的城市已在运行"):
            FakeCity(quick, say=print).erase()
        assert city.connected_key("trading-x").exists()
