"""Logging in by certificate challenge, over HTTP as a device does it."""

import base64
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.models import AuditEntry
from yuntai.trading.tests import people, world
from yuntai.trust import certificates, clock
from yuntai.trust.base64url import base64url
from yuntai.trust.challenge import challenge_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time, which a test may move."""
    instants = [world.OPENED]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


def ask(client: Client) -> dict[str, Any]:
    challenge: dict[str, Any] = client.get("/login/challenge").json()
    return challenge


def answer(client: Client, challenge: dict[str, Any], person: people.Person, **changes: str) -> HttpResponse:
    facts = challenge | changes
    issued_at = datetime.fromisoformat(facts["issued_at"])
    to_sign = challenge_bytes(facts["origin"], bytes.fromhex(facts["nonce"]), issued_at, facts["purpose"])
    signature = base64url(person.sign(to_sign))
    body = {"certificate": base64.b64encode(person.certificate).decode(), "signature": signature}
    response = client.post("/login/answer", json.dumps(body), content_type="application/json")
    assert isinstance(response, HttpResponse)
    return response


def detail(response: HttpResponse) -> str:
    return str(json.loads(response.content)["detail"])


@pytest.mark.usefixtures("now")
def test_a_registered_bidder_is_let_in(client: Client) -> None:
    world.register(people.bidder())

    response = answer(client, ask(client), people.bidder())

    assert json.loads(response.content) == {"next": "/desk"}
    assert Account.objects.get().roles == ["bidder"]
    entry = AuditEntry.objects.get(act="log-in")
    assert (entry.person_name, entry.address) == ("投标0", "127.0.0.1")
    assert client.get("/desk").status_code == 200


@pytest.mark.usefixtures("now")
def test_a_logout_is_in_the_trail_like_a_login(client: Client) -> None:
    world.register(people.bidder())
    answer(client, ask(client), people.bidder())
    account = Account.objects.get()

    client.post("/logout")
    client.post("/logout")

    entry = AuditEntry.objects.get(act="log-out")
    assert (entry.person_name, entry.role, entry.address) == ("投标0", "bidder", "127.0.0.1")
    assert (entry.object_id, entry.version_before) == (str(account), entry.version_after)
    assert client.get("/desk").status_code == 302


@pytest.mark.usefixtures("now")
def test_an_unregistered_organization_is_told_where_to_register(client: Client) -> None:
    response = answer(client, ask(client), people.bidder())

    assert response.status_code == 403
    assert "/registry/register" in detail(response)
    assert not Account.objects.exists()


@pytest.mark.usefixtures("now")
def test_a_challenge_is_answered_once(client: Client) -> None:
    world.register(people.bidder())
    challenge = ask(client)
    answer(client, challenge, people.bidder())

    again = answer(client, challenge, people.bidder())

    assert (again.status_code, "已用过" in detail(again)) == (403, True)
    assert AuditEntry.objects.filter(act="log-in").count() == 1


@pytest.mark.usefixtures("now")
def test_a_refused_answer_uses_the_challenge_up(client: Client) -> None:
    world.register(people.bidder())
    challenge = ask(client)
    answer(client, challenge, people.bidder(), nonce="00" * 32)

    assert answer(client, challenge, people.bidder()).status_code == 403


@pytest.mark.usefixtures("now")
def test_a_challenge_of_another_session_is_refused(client: Client) -> None:
    world.register(people.bidder())
    challenge = ask(Client())

    assert answer(client, challenge, people.bidder()).status_code == 403


@pytest.mark.parametrize(
    "changed",
    [{"origin": "http://evil.test"}, {"nonce": "00" * 32}, {"purpose": "sign"}],
    ids=lambda changed: next(iter(changed)),
)
@pytest.mark.usefixtures("now")
def test_a_signature_over_anything_else_is_refused(client: Client, changed: dict[str, str]) -> None:
    world.register(people.bidder())

    response = answer(client, ask(client), people.bidder(), **changed)

    assert (response.status_code, "签名" in detail(response)) == (403, True)
    assert not Account.objects.exists()


@pytest.mark.parametrize(("seconds", "status"), [(120, 200), (121, 403)])
def test_a_challenge_lives_two_minutes(
    client: Client, now: list[datetime], seconds: int, status: int
) -> None:
    world.register(people.bidder())
    challenge = ask(client)
    now.append(world.OPENED + timedelta(seconds=seconds))

    assert answer(client, challenge, people.bidder()).status_code == status


@pytest.mark.usefixtures("now")
def test_a_certificate_of_an_unknown_issuer_is_refused(client: Client) -> None:
    genuine = people.bidder()
    world.register(genuine)
    key, root = certificates.issue_root("别家 CA", people.LONG_AGO)
    forged = certificates.issue(
        key,
        root,
        subject=genuine.subject,
        public_key=certificates.public_key_der(genuine.key_pem),
        now=people.LONG_AGO,
        days=3650,
    )
    forger = people.Person(genuine.subject, genuine.roles, genuine.key_pem, forged)

    assert answer(client, ask(client), forger).status_code == 403
    assert not Account.objects.exists()


@pytest.mark.usefixtures("now")
def test_a_renewed_certificate_finds_the_same_account(client: Client) -> None:
    first = people.bidder()
    world.register(first)
    answer(client, ask(client), first)
    key_pem = certificates.new_key_pem()
    renewed = certificates.issue(
        *people.root(),
        subject=first.subject,
        public_key=certificates.public_key_der(key_pem),
        now=people.LONG_AGO,
        days=3650,
    )

    serial = Account.objects.get().certificate_serial
    response = answer(client, ask(client), people.Person(first.subject, first.roles, key_pem, renewed))

    assert response.status_code == 200
    assert Account.objects.get().certificate_serial != serial
    assert client.get("/desk").status_code == 200


@pytest.mark.usefixtures("now")
def test_the_same_trust_id_at_another_organization_is_another_account(client: Client) -> None:
    first, second = people.bidder(), people.bidder(1)
    moved = replace(second.subject, person_id=first.subject.person_id)
    key_pem = certificates.new_key_pem()
    certificate = certificates.issue(
        *people.root(),
        subject=moved,
        public_key=certificates.public_key_der(key_pem),
        now=people.LONG_AGO,
        days=3650,
    )
    for each in (first, second):
        world.register(each)
    answer(client, ask(client), first)

    response = answer(client, ask(client), people.Person(moved, second.roles, key_pem, certificate))

    assert response.status_code == 200
    codes = Account.objects.order_by("organization_code").values_list("organization_code", "person_id")
    assert list(codes) == [
        (each.organization_code, first.subject.person_id) for each in (first.subject, moved)
    ]


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/", "javascript:alert(1)"])
@pytest.mark.usefixtures("now")
def test_the_way_on_stays_in_this_system(client: Client, target: str) -> None:
    world.register(people.bidder())
    challenge = ask(client)
    issued_at = datetime.fromisoformat(challenge["issued_at"])
    to_sign = challenge_bytes(
        challenge["origin"], bytes.fromhex(challenge["nonce"]), issued_at, challenge["purpose"]
    )
    body = {
        "certificate": base64.b64encode(people.bidder().certificate).decode(),
        "signature": base64url(people.bidder().sign(to_sign)),
    }

    response = client.post(f"/login/answer?next={target}", json.dumps(body), content_type="application/json")

    assert response.json() == {"next": "/desk"}


@pytest.mark.parametrize("body", ["{}", "[]", '{"certificate": "!", "signature": "!"}'])
@pytest.mark.usefixtures("now")
def test_a_malformed_answer_is_a_clear_refusal(client: Client, body: str) -> None:
    ask(client)

    response = client.post("/login/answer", body, content_type="application/json")

    assert response.status_code == 400
    assert "certificate" in response.json()["detail"]


def test_an_answer_without_the_csrf_token_is_refused() -> None:
    strict = Client(enforce_csrf_checks=True)
    ask(strict)

    assert strict.post("/login/answer", "{}", content_type="application/json").status_code == 403
