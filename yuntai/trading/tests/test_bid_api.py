"""Handing in over HTTP: the ciphertext first, then the small submit."""

import base64
import hashlib
import io
import json
from datetime import datetime
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record
from yuntai.kernel.peers import own_key
from yuntai.standard.canonical import canonical
from yuntai.trading.api.bids import MOST_BODY_BYTES
from yuntai.trading.bids.models import Envelope
from yuntai.trading.tests import people, world
from yuntai.trust import clock, signing
from yuntai.trust.sealing import Header

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time."""
    instants = [world.OPENED]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


def logged_in(person: people.Person, client: Client | None = None) -> Client:
    """Return a client with the person's session."""
    client = client or Client()
    world.register(person)
    subject = person.subject
    with transaction.atomic():
        account = Account.objects.create(
            person_id=subject.person_id,
            person_name=subject.person_name,
            organization_code=subject.organization_code,
            organization_name=subject.organization_name,
            roles=sorted(person.roles),
            certificate_serial="01",
            created_at=world.OPENED,
            key=f"{subject.organization_code}:{subject.person_id}",
        )
        record(caller=person.caller, act="log-in", subject=account, before="", now=world.OPENED)
    client.force_login(account)
    return client


def put(client: Client, body: bytes, sha256: str) -> int:
    response = client.put(f"/api/v1/bodies/{sha256}", body, content_type="application/octet-stream")
    return response.status_code


def submit(client: Client, lot_code: str, header: Header) -> tuple[int, dict[str, Any]]:
    signature = base64.urlsafe_b64encode(world.owner_signature(header)).rstrip(b"=").decode()
    body = json.dumps({"header": header.to_json(), "signature": signature})
    response = client.post(f"/api/v1/lots/{lot_code}/bids", body, content_type="application/json")
    return response.status_code, response.json()


def test_the_receipt_proves_what_was_handed_in_and_when() -> None:
    place = world.publish()
    client = logged_in(people.bidder())
    header, body = world.seal_bid(place, people.bidder())

    assert put(client, body, header.body_sha256) == 201
    status, receipt = submit(client, place.lot.code, header)

    assert status == 201
    statement = receipt["statement"]
    assert (statement["header_sha256"], statement["received_at"]) == (header.digest(), "2026-03-02T01:00:00Z")
    signature = base64.urlsafe_b64decode(receipt["signature"] + "==")
    assert signing.is_valid(signing.public_key(own_key()), canonical(statement), signature)


def test_the_same_bid_again_gets_the_same_receipt_even_after_the_deadline(now: list[datetime]) -> None:
    place = world.publish()
    client = logged_in(people.bidder())
    header, body = world.seal_bid(place, people.bidder())
    put(client, body, header.body_sha256)
    _, first = submit(client, place.lot.code, header)
    now.append(world.DUE)

    assert submit(client, place.lot.code, header) == (201, first)
    assert Envelope.objects.count() == 1


def test_a_body_that_is_not_what_was_announced_is_not_kept() -> None:
    place = world.publish()
    client = logged_in(people.bidder())
    header, body = world.seal_bid(place, people.bidder())

    assert put(client, body[:-1], header.body_sha256) == 422
    assert submit(client, place.lot.code, header)[0] == 422
    assert not Envelope.objects.exists()


def test_the_deadline_is_decided_by_the_small_submit(now: list[datetime]) -> None:
    place = world.publish()
    client = logged_in(people.bidder())
    header, body = world.seal_bid(place, people.bidder())
    put(client, body, header.body_sha256)
    now.append(world.DUE)

    status, problem = submit(client, place.lot.code, header)

    assert (status, problem["type"], problem["clause"]) == (409, "urn:problem:bid-too-late", "tendering/28")


def test_nobody_hands_in_without_a_login() -> None:
    place = world.publish()
    header, body = world.seal_bid(place, people.bidder())

    assert put(Client(), body, header.body_sha256) == 401
    assert submit(Client(), place.lot.code, header)[0] == 401


def test_a_request_that_another_site_makes_is_refused() -> None:
    place = world.publish()
    client = logged_in(people.bidder(), Client(enforce_csrf_checks=True))
    header, body = world.seal_bid(place, people.bidder())

    assert put(client, body, header.body_sha256) == 403
    assert submit(client, place.lot.code, header)[0] == 403


@pytest.mark.parametrize("sha256", ["..%2f..%2fetc", "AB" * 32, "ab" * 31])
def test_nothing_but_a_digest_becomes_a_file_name(sha256: str) -> None:
    client = logged_in(people.bidder())

    assert put(client, b"x", sha256) in {404, 422}


def test_a_draft_is_not_shown_to_the_public() -> None:
    lot = world.make_draft().lots.get()

    assert Client().get(f"/api/v1/lots/{lot.code}").status_code == 404


@pytest.mark.parametrize(("size", "status"), [(MOST_BODY_BYTES, 422), (MOST_BODY_BYTES + 1, 413)])
def test_a_ciphertext_that_is_too_large_is_refused_before_it_is_read(size: int, status: int) -> None:
    world.publish()
    client = logged_in(people.bidder())

    announced: dict[str, Any] = {"CONTENT_LENGTH": str(size), "wsgi.input": io.BytesIO(b"cut off")}
    answer = client.generic("PUT", f"/api/v1/bodies/{'ab' * 32}", b"", **announced)

    assert answer.status_code == status
    assert ("67108864 字节（64 MB）的上限" in answer.json()["detail"]) == (status == 413)


def test_a_ciphertext_larger_than_any_json_is_taken() -> None:
    world.publish()
    body = bytes(3 * 2**20)

    assert put(logged_in(people.bidder()), body, hashlib.sha256(body).hexdigest()) == 201
