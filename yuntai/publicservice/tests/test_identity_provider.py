"""The platform tells a connected system who has logged in: by the book, once, and nobody else."""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import KeySet

from yuntai.kernel.audit.models import AuditEntry
from yuntai.publicservice.identity import clients
from yuntai.publicservice.identity.models import LoginCode
from yuntai.publicservice.tests.factories import BIDDERS, NOW
from yuntai.publicservice.tests.soft_passkey import SoftPasskey
from yuntai.publicservice.tests.test_passkeys import become_citizen, by_certificate
from yuntai.trust import clock

pytestmark = pytest.mark.django_db(transaction=True)

TRADING, WATER = "trading-construction", "trading-water"
BACK = "http://localhost:8010/login/platform/return"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time, which a test may move."""
    instants = [NOW]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


@pytest.fixture(autouse=True)
def _clients(settings: Any, tmp_path: Path) -> Iterator[None]:
    listed = [
        {
            "client_id": code,
            "secret_sha256": hashlib.sha256(f"secret of {code}".encode()).hexdigest(),
            "redirect_uris": [back],
        }
        for code, back in ((TRADING, BACK), (WATER, "http://localhost:8011/login/platform/return"))
    ]
    (tmp_path / "clients.json").write_text(json.dumps(listed), encoding="utf-8")
    settings.LOGIN_CLIENTS_FILE = str(tmp_path / "clients.json")
    clients.clients.cache_clear()
    yield
    clients.clients.cache_clear()


def ask(client: Client, **changes: str | None) -> Any:
    """Ask for a code; a parameter of None is left out."""
    asked: dict[str, str | None] = {
        "response_type": "code",
        "client_id": TRADING,
        "redirect_uri": BACK,
        "scope": "openid",
        "state": "st-1",
        "nonce": "no-1",
        "code_challenge": CHALLENGE,
        "code_challenge_method": "S256",
        **changes,
    }
    query = {name: value for name, value in asked.items() if value is not None}
    return client.get(f"/oidc/authorize?{urlencode(query)}")


def answered(response: Any) -> dict[str, str]:
    """Return the parameters that the browser is sent back with."""
    assert response.status_code == 302
    assert response["Location"].startswith(f"{BACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(response["Location"]).query).items()}


def code_of(client: Client, **changes: str | None) -> str:
    return answered(ask(client, **changes))["code"]


def take(code: str, *, system: str = TRADING, secret: str = "", **changes: str) -> Any:
    basic = base64.b64encode(f"{system}:{secret or f'secret of {system}'}".encode()).decode()
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
    } | changes
    return Client(enforce_csrf_checks=True).post(
        "/oidc/token", form, headers={"Authorization": f"Basic {basic}"}
    )


def test_says_where_everything_is_and_how_it_signs(client: Client) -> None:
    found = client.get("/.well-known/openid-configuration").json()

    assert found["issuer"] == "http://localhost:8000"
    assert found["token_endpoint"] == "http://localhost:8000/oidc/token"
    assert found["code_challenge_methods_supported"] == ["S256"]
    (key,) = client.get("/oidc/keys").json()["keys"]
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("EC", "P-256", "sig", "ES256")
    assert "d" not in key


def test_tells_the_system_who_has_logged_in(client: Client) -> None:
    by_certificate(client)

    back = answered(ask(client))
    taken = take(back["code"])

    assert back["state"] == "st-1"
    assert taken.status_code == 200
    assert taken["Cache-Control"] == "no-store"
    keys = KeySet.import_key_set(client.get("/oidc/keys").json())
    claims = jwt.decode(taken.json()["id_token"], keys, algorithms=["ES256"]).claims
    expected = {
        "iss": "http://localhost:8000",
        "aud": [TRADING],
        "sub": f"{BIDDERS[0]}:P-0001",
        "nonce": "no-1",
        "organization_code": BIDDERS[0],
        "organization_name": "江苏云台建设（集团）有限公司",
        "person_id": "P-0001",
        "person_name": "赵投标",
        "amr": ["certificate"],
        "auth_time": int(NOW.timestamp()),
        "iat": int(NOW.timestamp()),
        "exp": int(NOW.timestamp()) + 120,
    }
    assert claims == expected | {"at_hash": claims["at_hash"]}
    granted, used = AuditEntry.objects.filter(act__in=["grant-login", "take-login"]).order_by("id")
    assert (granted.person_name, granted.detail) == ("赵投标", {"system": TRADING, "way": "certificate"})
    assert used.person_id == TRADING


def test_the_code_itself_is_not_kept(client: Client) -> None:
    by_certificate(client)

    code = code_of(client)

    assert LoginCode.objects.get().code_sha256 == hashlib.sha256(code.encode()).hexdigest()


def test_whoever_is_not_logged_in_logs_in_first(client: Client) -> None:
    answer = ask(client)

    assert answer.status_code == 302
    assert answer["Location"].startswith("/login?next=%2Foidc%2Fauthorize%3F")
    assert answered(ask(client, prompt="none"))["error"] == "login_required"


def test_a_system_may_ask_for_a_fresh_login(client: Client) -> None:
    by_certificate(client)

    answer = ask(client, prompt="login")

    assert answer["Location"].startswith("/login?next=")
    assert "prompt" not in answer["Location"]


@pytest.mark.parametrize(
    "changes",
    [
        {"client_id": "nobody"},
        {"client_id": None},
        {"redirect_uri": "http://evil.test/"},
        {"redirect_uri": f"{BACK}/x"},
        {"redirect_uri": "http://恶意.test/"},
        {"redirect_uri": None},
    ],
    ids=str,
)
def test_is_never_sent_to_an_address_that_is_not_registered(client: Client, changes: Any) -> None:
    by_certificate(client)

    answer = ask(client, **changes)

    assert answer.status_code == 400
    assert "登录请求不符合约定" in answer.content.decode()
    assert not LoginCode.objects.exists()


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_challenge": None}, "invalid_request"),
        ({"code_challenge_method": None}, "invalid_request"),
        ({"code_challenge_method": "plain"}, "invalid_request"),
        ({"code_challenge": "short"}, "invalid_request"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "openid email"}, "invalid_scope"),
        ({"response_type": "token"}, "unsupported_response_type"),
    ],
    ids=str,
)
def test_a_request_that_is_not_by_the_book_gets_no_code(client: Client, changes: Any, error: str) -> None:
    by_certificate(client)

    back = answered(ask(client, **changes))

    assert (back["error"], back["state"]) == (error, "st-1")
    assert not LoginCode.objects.exists()


def test_a_nonce_is_not_used_twice(client: Client) -> None:
    by_certificate(client)
    code_of(client)

    assert answered(ask(client))["error"] == "invalid_request"
    assert LoginCode.objects.count() == 1


def test_a_code_is_taken_once(client: Client) -> None:
    by_certificate(client)
    code = code_of(client)

    assert take(code).status_code == 200
    assert (take(code).status_code, take(code).json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"code_verifier": ""}, "invalid_request"),
        ({"redirect_uri": "http://evil.test/"}, "invalid_grant"),
    ],
    ids=str,
)
def test_a_code_that_somebody_else_tried_is_spent(client: Client, changes: Any, error: str) -> None:
    by_certificate(client)
    code = code_of(client)

    refused = take(code, **changes)

    assert (refused.status_code, refused.json()["error"]) == (400, error)
    assert take(code).status_code == 400


def test_another_system_cannot_take_the_code(client: Client) -> None:
    by_certificate(client)
    code = code_of(client)

    assert take(code, system=WATER).json()["error"] == "invalid_grant"
    assert take(code).status_code == 200


def test_a_system_proves_itself_by_its_secret(client: Client) -> None:
    by_certificate(client)
    code = code_of(client)

    assert take(code, secret="guessed").status_code == 401
    assert LoginCode.objects.get().taken_at is None


@pytest.mark.parametrize(("seconds", "status"), [(60, 200), (61, 400)])
def test_a_code_lives_a_minute(client: Client, now: list[datetime], seconds: int, status: int) -> None:
    by_certificate(client)
    code = code_of(client)
    now.append(NOW + timedelta(seconds=seconds))

    assert take(code).status_code == status


def test_a_citizen_stands_for_no_organization_and_is_not_passed_on(client: Client) -> None:
    become_citizen(client, SoftPasskey())

    assert answered(ask(client))["error"] == "access_denied"
    assert not LoginCode.objects.exists()
