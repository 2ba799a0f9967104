"""People and connected systems of this system's tests."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from yuntai.kernel import peers
from yuntai.kernel.accounts.caller import Caller
from yuntai.supervision.tests import factories as make
from yuntai.trust import signing
from yuntai.trust.base64url import base64url


@pytest.fixture(autouse=True)
def _deployment(settings: Settings, tmp_path: Path) -> Iterator[None]:
    rows = [
        {
            "code": code,
            "title": f"{code} 的名称",
            "kind": kind,
            "industry": industry,
            "url": "http://localhost:9",
            "platform_number": make.PLATFORM_NUMBERS.get(code, ""),
            "public_key": base64url(signing.public_key(make.KEYS[code])),
        }
        for code, kind, industry in make.SYSTEMS
    ]
    (tmp_path / "peers.json").write_text(json.dumps(rows), encoding="utf-8")
    settings.PEERS_FILE = str(tmp_path / "peers.json")
    settings.SYSTEM_CODE = make.OWN
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    }
    peers.peers.cache_clear()
    yield
    peers.peers.cache_clear()


@pytest.fixture
def sun() -> Caller:
    """Return 孙监督, a supervisor of the authority."""
    return make.supervisor()


@pytest.fixture(params=["initiator", "bidder", "expert", "operator", ""], ids=lambda role: role or "no role")
def stranger(request: pytest.FixtureRequest) -> Caller:
    """Return 李招标 with each role that must be refused here."""
    roles = frozenset({request.param} - {""})
    return make.supervisor(person_id="P-LI", person_name="李招标", roles=roles)


@pytest.fixture
def browser(client: Client, sun: Caller) -> Client:
    """Return a browser in which 孙监督 is logged in."""
    return logged_in(client, sun)


@pytest.fixture
def strange_browser(client: Client, stranger: Caller) -> Client:
    """Return a browser in which somebody is logged in who must be refused."""
    return logged_in(client, stranger)


def logged_in(client: Client, caller: Caller) -> Client:
    client.force_login(make.account(caller), backend="yuntai.kernel.accounts.login.CertificateBackend")
    return client
