"""The door for the key holders, over HTTP."""

import base64
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from yuntai.standard.canonical import canonical
from yuntai.trading.key_holders import known_holders
from yuntai.trading.opening.models import ShareRelease
from yuntai.trading.opening.services import close_bidding
from yuntai.trading.tenders.models import HolderKey
from yuntai.trading.tests import people, world
from yuntai.trust import clock, signing
from yuntai.trust.suites import INTERNATIONAL, NATIONAL

pytestmark = pytest.mark.django_db(transaction=True)
KEY = signing.new_private_key()


def text(octets: bytes) -> str:
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


@pytest.fixture(autouse=True)
def now(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """The server's time; one holder, T, is set up."""
    path = tmp_path / "holders.json"
    path.write_text(json.dumps({"T": {"name": "保管方 T", "public_key": text(signing.public_key(KEY))}}))
    settings.HOLDERS_FILE = str(path)
    known_holders.cache_clear()
    instants = [world.OPENED]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    yield instants
    known_holders.cache_clear()


def say(client: Client, path: str, statement: dict[str, Any], key: bytes = KEY) -> tuple[int, dict[str, Any]]:
    """Post a signed statement; return status and answer."""
    body = {"statement": statement, "signature": text(signing.sign(key, canonical(statement)))}
    response = client.post(f"/holders/v1/{path}", json.dumps(body), content_type="application/json")
    return response.status_code, response.json()


def asking(at: datetime = world.OPENED) -> dict[str, Any]:
    return {"holder": "T", "issued_at": at.isoformat(), "nonce": "00"}


def test_a_holder_is_told_which_keys_are_wanted(client: Client) -> None:
    tender = world.make_draft()

    status, work = say(client, "work", asking())

    assert status == 200
    wanted = [(each["lot"], each["suite"], each["opens_at"]) for each in work["keys_wanted"]]
    assert wanted == [(tender.lots.get().code, "international-1", "2026-03-22T01:00:00Z")]
    assert work["shares_wanted"] == []


def test_a_stranger_is_told_nothing(client: Client) -> None:
    world.make_draft()

    assert say(client, "work", asking(), key=signing.new_private_key())[0] == 403
    assert say(client, "work", asking() | {"holder": "P"})[0] == 403


@pytest.mark.parametrize(("minutes", "status"), [(5, 200), (6, 422), (-5, 200), (-6, 422)])
def test_an_old_statement_is_refused(client: Client, minutes: int, status: int) -> None:
    assert say(client, "work", asking(world.OPENED + timedelta(minutes=minutes)))[0] == status


def test_a_key_is_kept_with_the_statement_that_proves_it(client: Client) -> None:
    lot = world.make_draft().lots.get()
    _, public = INTERNATIONAL.new_holder_key()
    statement = {
        "holder": "T",
        "lot": lot.code,
        "public_key": text(public),
        "opens_at": world.DUE.isoformat(),
    }

    assert say(client, "keys", statement)[0] == 201

    key = HolderKey.objects.get()
    assert (bytes(key.public_key), key.letter) == (public, "T")
    assert key.statement["statement"] == statement


def test_a_key_of_another_suite_than_the_tenders_is_refused(client: Client) -> None:
    lot = world.make_draft().lots.get()
    _, public = NATIONAL.new_holder_key()
    due = world.DUE.isoformat()
    statement = {"holder": "T", "lot": lot.code, "public_key": text(public), "opens_at": due}

    status, problem = say(client, "keys", statement)

    assert (status, problem["type"]) == (409, "urn:problem:wrong-holder-key")
    assert "国际算法" in problem["detail"]
    assert not HolderKey.objects.exists()


def test_a_key_for_another_instant_is_refused(client: Client) -> None:
    lot = world.make_draft().lots.get()
    _, public = INTERNATIONAL.new_holder_key()
    early = (world.DUE - timedelta(days=1)).isoformat()
    statement = {"holder": "T", "lot": lot.code, "public_key": text(public), "opens_at": early}

    assert say(client, "keys", statement)[0] == 409
    assert not HolderKey.objects.exists()


def test_shares_are_wanted_after_the_close_and_no_sooner(client: Client, now: list[datetime]) -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    assert say(client, "work", asking())[1]["shares_wanted"] == []

    now.append(world.CLOSED)
    close_bidding(lot_code=place.lot.code, now=world.CLOSED)
    (wanted,) = say(client, "work", asking(world.CLOSED))[1]["shares_wanted"]

    assert wanted["close"]["statement"]["bids"] == 3
    assert len(wanted["envelopes"]) == 6  # each bid, and the sealed act that handed it in


def test_shares_of_another_set_are_refused(client: Client) -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    close_bidding(lot_code=place.lot.code, now=world.CLOSED)
    statement = {"holder": "T", "lot": place.lot.code, "root": "0" * 64, "shares": {}}

    assert say(client, "shares", statement)[0] == 409
    assert not ShareRelease.objects.exists()


@pytest.mark.parametrize("shares", [None, [], {"a:bid": 7}, {"a:bid": {}}])
def test_shares_of_another_shape_are_a_clear_refusal(client: Client, shares: object) -> None:
    status, problem = say(client, "shares", {"holder": "T", "lot": "x", "root": "", "shares": shares})

    assert (status, "shares" in problem["detail"]) == (422, True)


@pytest.mark.parametrize("missing", ["lot", "public_key", "opens_at"])
def test_a_statement_that_lacks_a_field_is_a_clear_refusal(client: Client, missing: str) -> None:
    statement = {"holder": "T", "lot": "x", "public_key": "AA", "opens_at": world.DUE.isoformat()}
    del statement[missing]

    status, problem = say(client, "keys", statement)

    assert (status, missing in problem["detail"]) == (422, True)
