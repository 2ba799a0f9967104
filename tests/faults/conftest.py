"""A city that may be hurt, and a way to do something while it is watched over."""

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import TypeVar

import pytest

from tests.running_city import running_city
from yuntai.city.city import City
from yuntai.city.demo.cast import Cast, cast_of

Outcome = TypeVar("Outcome")


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    with running_city(tmp_path_factory.mktemp("city")) as running:
        yield running


@pytest.fixture
def cast(city: City) -> Iterator[Cast]:
    with cast_of(city) as players:
        yield players


def while_watched(city: City, work: Callable[[], Outcome]) -> Outcome:
    """Return what `work` returns; meanwhile the city starts again what dies, as `yuntai city up` does.

    The work runs in another thread: a city is watched by the thread that started it.
    """
    future: Future[Outcome] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    city.watch(until=future.done)
    return future.result()


def listed(city: City) -> list[dict[str, str]]:
    """Return the systems that the city's processes know of when they start."""
    found: list[dict[str, str]] = json.loads(city.folder.peers_file.read_text(encoding="utf-8"))
    return found


def told_nothing(peers: list[dict[str, str]], cast: Cast) -> None:
    """Take the trading system's address from the list, so that the platform tells it nothing.

    The load is about tenders that it does not have: codes issued for them would wait for its operator.
    """
    for row in peers:
        if row["code"] == cast.trading:
            row["url"] = ""
