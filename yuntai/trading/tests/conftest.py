"""What the trading tests share: a trust list, a file store of their own, and transactions that commit."""

from pathlib import Path

import pytest
from pytest_django import Settings

from yuntai.trading.tests.people import write_roots


@pytest.fixture(autouse=True)
def _deployment(settings: Settings, tmp_path: Path) -> None:
    settings.TRUST_ROOTS_FILE = str(write_roots(tmp_path))
    settings.FILES_DIR = tmp_path / "files"
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
