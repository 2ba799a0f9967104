"""Our trading system as the conformance suite meets it: over WSGI, with tenders in the stages it needs."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.core import signals
from django.core.handlers.wsgi import WSGIHandler
from django.db import close_old_connections, transaction
from django.test import override_settings

from yuntai.conformance.bidder import TestBidder
from yuntai.conformance.platform import TestPlatform
from yuntai.conformance.probe import Given
from yuntai.kernel import peers as kernel_peers
from yuntai.kernel.tests.exchange import HUB, HUB_KEY, US
from yuntai.standard.identifiers import credit_code
from yuntai.trading.awards.services import award, publish_candidates
from yuntai.trading.bids.models import Envelope
from yuntai.trading.tests import world
from yuntai.trading.tests.people import Person, bidder, initiator, write_roots
from yuntai.trading.tests.world import EVALUATED, STANDSTILL_CLOSES, World
from yuntai.trust import clock, signing
from yuntai.trust.base64url import base64url

URL = "http://localhost:8000"
NOW = STANDSTILL_CLOSES + timedelta(days=1)
NOTICE = (
    f"招标文件获取和投标文件递交：{URL}/tenders/{{code}}。招标人地址：海州区演示路 1 号。"
    "资金来源：财政资金。主要技术要求：见招标文件第五章。"
)


@dataclass(frozen=True)
class SystemUnderTest:
    """The system under test.  open_lot, late_lot, awarded_lot: codes."""

    application: WSGIHandler
    given: Given
    open_lot: str
    late_lot: str
    awarded_lot: str
    files: Path

    def transport(self) -> httpx.BaseTransport:
        """Return the way to the system."""
        return httpx.WSGITransport(app=self._answer)

    def _answer(self, environ: dict[str, Any], start: Any) -> Any:
        # WSGI wants a path's UTF-8 bytes as Latin-1 letters; httpx hands over the letters themselves.
        return self.application(
            environ | {"PATH_INFO": environ["PATH_INFO"].encode().decode("latin-1")}, start
        )


@contextmanager
def _open_connection() -> Iterator[None]:
    """Let requests leave the database's connection open, as Django's own test client does."""
    ends = (signals.request_started, signals.request_finished)
    for end in ends:
        end.disconnect(close_old_connections)
    yield
    for end in ends:
        end.connect(close_old_connections)


@contextmanager
def system_under_test(folder: Path) -> Iterator[SystemUnderTest]:
    """Have the system under test; nothing of it stays in the database."""
    with (
        override_settings(**_deployment(folder)),
        pytest.MonkeyPatch.context() as patch,
        _open_connection(),
        transaction.atomic(),
    ):
        patch.setattr(clock, "now", lambda: NOW)
        _forget()
        yield _tested(folder)
        transaction.set_rollback(True)
    _forget()


def as_test_bidder(person: Person) -> TestBidder:
    """Return a person as the suite reads one from its key file."""
    subject = person.subject
    return TestBidder(
        subject.organization_code, subject.organization_name, person.certificate, person.key_pem
    )


def _tested(folder: Path) -> SystemUnderTest:
    awarded = _award()
    opens = world.publish(now=NOW - timedelta(days=1), text=NOTICE, bids_due_at=NOW + timedelta(days=25))
    late = world.publish(text=NOTICE)
    tester = bidder(50)
    world.register(tester)
    envelope = Envelope.objects.filter(lot=awarded.lot).order_by("id")[0]
    given = Given(
        bidder=as_test_bidder(tester),
        platform=TestPlatform(HUB, HUB_KEY),
        lots=(opens.lot.code, late.lot.code),
        receipts=(envelope.receipt,),
    )
    codes = opens.lot.code, late.lot.code, awarded.lot.code
    return SystemUnderTest(WSGIHandler(), given, *codes, files=folder / "files")


def _award() -> World:
    awarded = world.evaluate(text=NOTICE)
    caller = initiator().caller
    publish_candidates(lot_code=awarded.lot.code, closes_at=STANDSTILL_CLOSES, caller=caller, now=EVALUATED)
    award(lot_code=awarded.lot.code, caller=caller, now=STANDSTILL_CLOSES)
    return awarded


def _deployment(folder: Path) -> dict[str, Any]:
    (folder / "peers.json").write_text(json.dumps([_peer(HUB, "publicservice"), _peer(US, "trading")]))
    return {
        "SYSTEM_CODE": US,
        "SYSTEM_TITLE": "工程建设电子交易系统",
        "OPERATOR_CODE": credit_code.make("320700", 7),
        "OPERATOR_NAME": "演示运营机构",
        "PEERS_FILE": str(folder / "peers.json"),
        "TRUST_ROOTS_FILE": str(write_roots(folder)),
        "FILES_DIR": folder / "files",
        "STATIC_ROOT": folder,
        "STORAGES": {
            "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
            "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
        },
    }


def _peer(code: str, kind: str) -> dict[str, str]:
    key = HUB_KEY if code == HUB else signing.new_private_key()
    return {
        "code": code,
        "title": code,
        "kind": kind,
        "industry": "",
        "url": "http://hub.test",
        "public_key": base64url(signing.public_key(key)),
        "contact": "运行部值守岗 0518-80000001",
    }


def _forget() -> None:
    kernel_peers.peers.cache_clear()
