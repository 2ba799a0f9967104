"""What the kernel's tests share: known peers, pages that need no built styles."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from yuntai.kernel import peers
from yuntai.kernel.tests.exchange import write_peers


@pytest.fixture(autouse=True)
def _peers(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.PEERS_FILE = str(write_peers(tmp_path))
    settings.SYSTEM_CODE = "trading-construction"
    settings.FILES_DIR = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    peers.peers.cache_clear()
    yield
    peers.peers.cache_clear()
