"""A city's folder per test, and one running server for the tests that don't hurt it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from yuntai.city.cluster import Cluster
from yuntai.city.database import close_own_databases
from yuntai.city.folder import CityFolder
from yuntai.city.postgres import Postgres


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Return a folder for a city; whatever PostgreSQL leaves elsewhere for it is removed afterwards."""
    folder = CityFolder((tmp_path / "city").resolve())
    yield folder.home
    Cluster.of(folder).erase()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """Return a running server, closed to strangers as a city's own is."""
    folder = CityFolder(tmp_path_factory.mktemp("server") / "city")
    with Postgres(folder.home, {}).running() as running:
        close_own_databases(running.admin_url)
        yield running
    Cluster.of(folder).erase()
