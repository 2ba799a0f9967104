"""The interface for programs: lists, signed originals, participants; refusals as problem documents."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client

from yuntai.kernel.inbox.apply import apply_messages
from yuntai.kernel.inbox.services import receive_batch
from yuntai.publicservice.registry.models import Participant
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import BIDDERS, KEYS, NOW, TENDER, account, caller, shown, stream
from yuntai.standard.envelope import SignedMessage, verify
from yuntai.standard.receipts import Batch
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)

ENTRY = {
    "organization_code": BIDDERS[0],
    "name": "江苏云台建设（集团）有限公司",
    "roles": ["bidder"],
    "region_code": "320703",
    "contact_name": "赵投标",
    "contact_phone": "0518-85800000",
}


def logged_in(client: Client) -> Client:
    client.force_login(account(caller()), backend=django_settings.AUTHENTICATION_BACKENDS[0])
    return client


def post(client: Client, entry: dict[str, Any], **headers: str) -> Any:
    return client.post("/api/v1/participants", entry, content_type="application/json", headers=headers)


def test_lists_tenders_page_by_page(client: Client) -> None:
    shown(factories.registered(), factories.noticed(), *(factories.history() for _ in range(4)))

    answer = client.get("/api/v1/tenders", {"per_page": 2, "page": 1}).json()

    assert (answer["total"], answer["page"], answer["last_page"]) == (5, 1, 3)
    assert answer["tenders"][0] == {
        "code": TENDER,
        "title": "连云新城道路提升工程施工招标公告",
        "kind": "construction",
        "procedure": "construction.open-tender",
        "stage": answer["tenders"][0]["stage"],
        "region_code": "320703",
        "place": "连云港市连云区",
        "initiator_name": "连云区城市建设管理处",
        "estimated_yuan": "12000000.00",
        "ceiling_price_yuan": "11880000.00",
        "published_at": "2026-03-02T01:00:00Z",
        "told_at": "2026-03-02T01:00:00Z",
        "lot_count": 1,
        "failed_lot_count": 0,
        "bids_due_at": "2026-03-23T01:00:00Z",
        "standstill_closes_at": None,
        "history": False,
        "demonstration": True,
        "url": f"http://localhost:8000/tenders/{TENDER}",
    }
    assert answer["tenders"][1]["history"] is True


def test_lists_only_what_is_asked_for(client: Client) -> None:
    shown(factories.registered(), factories.history(title="旧桥"))

    assert [t["title"] for t in client.get("/api/v1/tenders", {"q": "旧桥"}).json()["tenders"]] == ["旧桥"]
    assert client.get("/api/v1/tenders", {"q": "没有的"}).json()["tenders"] == []


@pytest.mark.parametrize(("per_page", "status"), [(1, 200), (100, 200), (0, 422), (101, 422)])
def test_a_page_holds_at_most_a_hundred(client: Client, per_page: int, status: int) -> None:
    assert client.get("/api/v1/tenders", {"per_page": per_page}).status_code == status


def test_hands_out_the_signed_originals(client: Client, tmp_path: Path) -> None:
    numbering = stream("trading-construction", tmp_path)
    messages = (factories.registered(), factories.noticed(), factories.opened())
    sent = tuple(numbering.next(message, now=NOW) for message in messages)
    receive_batch(batch=Batch(messages=sent), address="", now=NOW)
    warned = stream("supervision-construction", tmp_path).next(factories.warning(), now=NOW)
    receive_batch(batch=Batch(messages=(warned,)), address="", now=NOW)
    apply_messages(now=NOW)

    answer = client.get(f"/api/v1/tenders/{TENDER}/messages").json()

    received = [SignedMessage.model_validate(each) for each in answer]
    assert received == list(sent)
    public = signing.public_key(KEYS["trading-construction"])
    assert all(verify(message, public) for message in received)


def test_hands_out_only_what_the_page_is_made_of(client: Client, tmp_path: Path) -> None:
    numbering = stream("trading-construction", tmp_path)
    first, second = (numbering.next(each, now=NOW) for each in (factories.registered(), factories.noticed()))
    receive_batch(batch=Batch(messages=(first,)), address="", now=NOW)
    apply_messages(now=NOW)
    receive_batch(batch=Batch(messages=(second,)), address="", now=NOW)

    def handed_out() -> list[SignedMessage]:
        answer = client.get(f"/api/v1/tenders/{TENDER}/messages").json()
        return [SignedMessage.model_validate(each) for each in answer]

    assert handed_out() == [first]
    apply_messages(now=NOW)
    assert handed_out() == [first, second]


def test_an_unknown_tender_is_a_problem_document(client: Client) -> None:
    answer = client.get("/api/v1/tenders/E9/messages")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["type"] == "urn:problem:tender-not-public"


def test_registers_then_changes_a_participant(client: Client) -> None:
    logged_in(client)

    first = post(client, ENTRY)
    second = post(client, ENTRY | {"roles": ["agency"]})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["version"] == 1
    assert client.get(f"/api/v1/participants/{BIDDERS[0]}").json() == {
        "organization_code": BIDDERS[0],
        "name": "江苏云台建设(集团)有限公司",
        "roles": ["agency"],
        "region_code": "320703",
        "registered_at": second.json()["registered_at"],
        "version": 2,
        "verified_roles": [],
        "verified_at": None,
    }


@pytest.mark.parametrize("version", [True, "1", 1.0, 0, 2**40])
def test_a_version_is_a_whole_number(client: Client, version: Any) -> None:
    logged_in(client)

    assert post(client, ENTRY | {"version": version}).status_code == 422
    assert not Participant.objects.exists()


def test_refuses_a_stranger(client: Client) -> None:
    answer = post(client, ENTRY)

    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:problem:not-logged-in"
    assert not Participant.objects.exists()


def test_refuses_a_request_that_another_site_could_send() -> None:
    client = logged_in(Client(enforce_csrf_checks=True))

    refused = post(client, ENTRY)
    client.get("/login")
    token = client.cookies[django_settings.CSRF_COOKIE_NAME].value
    accepted = post(client, ENTRY, **{"X-CSRFToken": token})

    assert refused.status_code == 403
    assert refused.json()["type"] == "urn:problem:csrf-token-missing"
    assert accepted.status_code == 201


def test_refuses_to_register_somebody_else(client: Client) -> None:
    answer = post(logged_in(client), ENTRY | {"organization_code": BIDDERS[1]})

    assert answer.status_code == 403
    assert answer.json()["type"] == "urn:problem:organization-not-yours"
    assert not Participant.objects.exists()


def test_an_unknown_participant_is_a_problem_document(client: Client) -> None:
    answer = client.get(f"/api/v1/participants/{BIDDERS[0]}")

    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        f"没有统一社会信用代码为 {BIDDERS[0]} 的市场主体，请核对代码或先登记。"
    )
