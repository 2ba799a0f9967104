"""The published interfaces of a trading system keep to their OpenAPI documents, whatever is asked."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from yuntai.kernel.api import exchange_api
from yuntai.kernel.tests.fuzzing import Case, Known, ask, bounded, handler, published, session_of
from yuntai.standard.canonical import canonical
from yuntai.standard.fields import instant_text
from yuntai.trading.key_holders import known_holders
from yuntai.trading.tests import people, world
from yuntai.trading.tests.test_bid_api import logged_in
from yuntai.trading.urls import api, holders_api
from yuntai.trust import clock, signing
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.django_db(transaction=True)
KEY = signing.new_private_key()
INITIATOR = people.initiator().subject.organization_code
DUE = instant_text(world.DUE)

parts: dict[str, list[str]] = {"name": ["招标文件.pdf", "图纸.dwg"], "sha256": [world.SHA_OF_DOCUMENT]}
BODIES: dict[str, dict[str, Any]] = {
    "registerProject": {"name": "演示小学教学楼", "region_code": "320706", "place": "连云港市海州区"},
    "appointAgency": {"agency_code": people.agency().subject.organization_code},
    "draftTender": {
        "project_code": "",
        "title": "演示小学教学楼施工",
        "procedure_code": "construction.open-tender",
        "must_tender": True,
        "bids_due_at": DUE,
        "contact": "李招标 0518-80000000",
        "lots": [{"title": "施工一标段", "estimated_yuan": "9500000.00"}],
    },
    "publishNotice": {"text": "公告正文"},
    "moveDraftDeadline": {"bids_due_at": DUE},
    "publishCandidates": {"closes_at": instant_text(world.STANDSTILL_CLOSES)},
    "submitEvaluation": {"opinion": "同意"},
    "holderWork": {},
    "holderKey": {},
    "holderShares": {},
}


def said_by_a_holder(body: dict[str, Any], draw: int) -> dict[str, Any]:
    """Make a statement of holder T about the lot, a signed one; one field of every second is odd."""
    statement: dict[str, Any] = {
        "holder": "T",
        "lot": parts["code"][-1],
        "issued_at": instant_text(clock.now()),
        "opens_at": DUE,
        "public_key": "BA",
        "shares": {"00" * 16 + ":bid": "AA"},
        "root": "ab" * 32,
    }
    names = sorted(statement)
    if draw % 4 == 0:
        statement[names[draw % len(names)]] = ODD[draw % len(ODD)]
    return {"statement": statement, "signature": base64url(signing.sign(KEY, canonical(statement)))}


ODD: tuple[Any, ...] = (None, "", [], {}, -1, "9" * 300, "\u202e字", ["x"] * 50, {"a": {"b": 1}})
KNOWN = Known(
    parts=parts,
    bodies=BODIES,
    finish=dict.fromkeys(("holderWork", "holderKey", "holderShares"), said_by_a_holder),
)
interface = published(api, "/api/v1/")
holders = published(holders_api, "/holders/v1/")
exchange = published(exchange_api, "/exchange/v1/")


@pytest.fixture(autouse=True)
def _tenders(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A draft, and a tender that may be bid for; holder T is set up."""
    path = tmp_path / "holders.json"
    path.write_text(json.dumps({"T": {"name": "保管方 T", "public_key": base64url(signing.public_key(KEY))}}))
    settings.HOLDERS_FILE = str(path)
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat("2026-03-02T01:00:00+00:00"))
    known_holders.cache_clear()
    handler.cache_clear()
    draft, running = world.make_draft(), world.publish()
    lot = running.lot.code
    parts["code"] = [draft.project.code, draft.code, draft.lots.get().code, running.tender.code, lot]
    BODIES["draftTender"]["project_code"] = draft.project.code
    yield
    known_holders.cache_clear()


def session(*people_in: people.Person) -> dict[str, dict[str, str]]:
    """Return the session of one who plays all the parts of `people_in`."""
    person = people_in[0]
    roles = frozenset().union(*(each.roles for each in people_in))
    return session_of(logged_in(people.Person(person.subject, roles, person.key_pem, person.certificate)))


@pytest.fixture
def someone() -> dict[str, dict[str, str]]:
    """The session of an initiator who may also evaluate and bid: as many doors open as can."""
    return session(people.initiator(), people.expert(), people.bidder())


@interface.parametrize()
@bounded
def test_the_interface_is_as_published_to_whoever_is_logged_in(
    case: Case, someone: dict[str, dict[str, str]]
) -> None:
    ask(case, KNOWN, **someone)


@interface.include(func=lambda context: "security" in context.operation.definition.raw).parametrize()
@bounded
def test_the_interface_is_as_published_to_a_stranger(case: Case) -> None:
    ask(case, KNOWN)


@holders.parametrize()
@bounded
def test_the_holders_door_is_as_published(case: Case) -> None:
    ask(case, KNOWN)


@exchange.parametrize()
@bounded
def test_the_exchange_is_as_published(case: Case) -> None:
    ask(case, KNOWN)


@pytest.mark.parametrize(
    ("api", "prefix"), [(api, "/api/v1/"), (holders_api, "/holders/v1/"), (exchange_api, "/exchange/v1/")]
)
def test_the_document_is_the_one_that_is_served(client: Client, api: Any, prefix: str) -> None:
    document = json.loads(json.dumps(api.get_openapi_schema(path_prefix=prefix)))

    assert client.get(f"{prefix}openapi.json").json() == document
