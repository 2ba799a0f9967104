"""The server's part of the self-test: it says what a login would say, and lets nobody in."""

import base64
import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.models import AuditEntry
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import words
from yuntai.trust import certificates, clock
from yuntai.trust.base64url import base64url
from yuntai.trust.challenge import challenge_bytes

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time, which a test may move."""
    instants = [world.OPENED]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


def ask(client: Client, path: str = "/api/selftest/challenge") -> dict[str, Any]:
    given: dict[str, Any] = client.get(path).json()
    return given


def answer(
    client: Client, given: dict[str, Any], person: people.Person, path: str = "/api/selftest/certificate"
) -> Any:
    issued_at = datetime.fromisoformat(given["issued_at"])
    to_sign = challenge_bytes(given["origin"], bytes.fromhex(given["nonce"]), issued_at, given["purpose"])
    body = {
        "certificate": base64.b64encode(person.certificate).decode(),
        "signature": base64url(person.sign(to_sign)),
    }
    return client.post(path, json.dumps(body), content_type="application/json")


def person_until(end: datetime) -> people.Person:
    subject, key_pem = people.bidder().subject, certificates.new_key_pem()
    certificate = certificates.issue(
        *people.root(),
        subject=subject,
        public_key=certificates.public_key_der(key_pem),
        now=people.LONG_AGO,
        days=(end - people.LONG_AGO).days,
    )
    return people.Person(subject, frozenset({"bidder"}), key_pem, certificate)


def test_says_whose_the_certificate_is_and_until_when(client: Client) -> None:
    answered = answer(client, ask(client), people.bidder())

    assert answered.status_code == 200
    assert answered.json() == {
        "person_name": "投标0",
        "organization_name": people.bidder().subject.organization_name,
        "not_after": "2034-12-30T00:00:00Z",
    }


def test_needs_no_registration_and_leaves_nothing_behind(client: Client) -> None:
    answer(client, ask(client), people.bidder())

    assert not Account.objects.exists()
    assert not AuditEntry.objects.exists()
    assert client.get("/desk").status_code == 302


def test_what_is_signed_here_opens_no_session(client: Client) -> None:
    world.register(people.bidder())
    given = ask(client)
    ask(client, "/login/challenge")

    assert answer(client, given, people.bidder(), "/login/answer").status_code == 403


def test_what_is_signed_for_a_login_proves_nothing_here(client: Client) -> None:
    given = ask(client, "/login/challenge")
    ask(client)

    assert answer(client, given, people.bidder()).status_code == 422


def test_an_expired_certificate_is_told_of(client: Client) -> None:
    expired = person_until(world.OPENED - timedelta(days=2))

    answered = answer(client, ask(client), expired)

    assert (answered.status_code, "到期" in answered.json()["detail"]) == (422, True)


def test_a_key_of_another_certificate_is_told_of(client: Client) -> None:
    mixed = people.Person(
        people.bidder().subject, frozenset(), people.bidder(1).key_pem, people.bidder().certificate
    )

    answered = answer(client, ask(client), mixed)

    assert (answered.status_code, "不配套" in answered.json()["detail"]) == (422, True)


def test_a_challenge_is_answered_once_and_within_two_minutes(client: Client, now: list[datetime]) -> None:
    given = ask(client)
    assert answer(client, given, people.bidder()).status_code == 200
    assert answer(client, given, people.bidder()).status_code == 422

    late = ask(client)
    now.append(world.OPENED + timedelta(seconds=121))
    assert "已过期" in answer(client, late, people.bidder()).json()["detail"]


@pytest.mark.parametrize(("size", "status"), [(4 * 1024 * 1024, 200), (4 * 1024 * 1024 + 1, 413)])
def test_counts_what_was_uploaded_up_to_four_megabytes(client: Client, size: int, status: int) -> None:
    answered = client.put("/api/selftest/upload", bytes(size), content_type="application/octet-stream")

    assert answered.status_code == status
    assert status == 413 or answered.json() == {"bytes": size}


def test_another_site_cannot_make_a_browser_upload() -> None:
    strict = Client(enforce_csrf_checks=True)

    assert strict.put("/api/selftest/upload", b"x", content_type="text/plain").status_code == 403


def test_the_page_names_every_check(client: Client) -> None:
    page = words(client.get("/selftest"))

    for title in ("安全连接", "密封与解开样本", "本机时钟", "证书可读", "签名与服务器验证", "上传速度"):
        assert title in page
    assert "先做投标环境自检" in words(client.get("/login"))
