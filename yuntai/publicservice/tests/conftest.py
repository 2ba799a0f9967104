"""A small city around the platform: connected systems with keys, and pages that need no built styles."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from yuntai.kernel import peers as kernel_peers
from yuntai.publicservice.pages.systems import counted
from yuntai.publicservice.tests.factories import KEYS, PLATFORM_OPERATOR, SYSTEMS
from yuntai.trust import signing
from yuntai.trust.base64url import base64url


@pytest.fixture(autouse=True)
def connected(settings: Any, tmp_path: Path) -> Iterator[None]:
    """Connect the systems of the factories; the platform signs with its own key."""
    rows = [
        system | {"public_key": base64url(signing.public_key(KEYS[system["code"]]))} for system in SYSTEMS
    ]
    (tmp_path / "peers.json").write_text(json.dumps(rows), encoding="utf-8")
    signing.save_private(tmp_path / "signing.key", KEYS["publicservice"])
    settings.PEERS_FILE = str(tmp_path / "peers.json")
    settings.SIGNING_KEY_FILE = str(tmp_path / "signing.key")
    settings.SYSTEM_CODE = "publicservice"
    settings.OPERATOR_CODE = PLATFORM_OPERATOR
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    _forget()
    yield
    _forget()


def _forget() -> None:
    kernel_peers.peers.cache_clear()
    kernel_peers.own_key.cache_clear()
    counted.cache_clear()
