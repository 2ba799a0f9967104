"""Logging in through the platform, as a trading system sees it: every check, and what if it is silent."""

import base64
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey
from pytest_django import Settings

from yuntai.kernel.accounts import platform_login
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.models import AuditEntry
from yuntai.trading.tests import people, world
from yuntai.trading.tests.page_world import words
from yuntai.trust import clock

pytestmark = pytest.mark.django_db(transaction=True)

PLATFORM = "http://localhost:8000"
SYSTEM = "trading-construction"


class FakePlatform:
    """A platform that says what a test lets it say."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", private=True)
        self.key.ensure_kid()
        self.discovery: dict[str, Any] = {
            "issuer": PLATFORM,
            "authorization_endpoint": f"{PLATFORM}/oidc/authorize",
            "token_endpoint": f"{PLATFORM}/oidc/token",
            "jwks_uri": f"{PLATFORM}/oidc/keys",
        }
        self.claims: dict[str, Any] = {}
        self.signed_by: Any = self.key
        self.token_status = 200
        self.asked: list[httpx.Request] = []
        self.silent = False

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.silent:
            raise httpx.ConnectError("refused")
        if request.url.path == "/oidc/token":
            token = jwt.encode({"alg": "ES256", "kid": self.key.kid}, self.claims, self.signed_by)
            return httpx.Response(self.token_status, json={"id_token": token})
        if request.url.path == "/oidc/keys":
            return httpx.Response(200, json={"keys": [self.key.as_dict(private=False)]})
        return httpx.Response(200, json=self.discovery)


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time, which a test may move."""
    instants = [world.OPENED]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch, settings: Settings, now: list[datetime]) -> FakePlatform:
    settings.SYSTEM_CODE, settings.PLATFORM_URL = SYSTEM, PLATFORM
    settings.PUBLIC_URL, settings.LOGIN_CLIENT_SECRET = "http://localhost:8010", "s3cret"
    fake = FakePlatform()
    connection: Callable[[], httpx.Client] = lambda: httpx.Client(transport=httpx.MockTransport(fake.answer))  # noqa: E731
    monkeypatch.setattr(platform_login, "connect", connection)
    return fake


def set_out(client: Client, next_page: str = "/desk") -> dict[str, str]:
    """Start a login and return what the platform is asked."""
    answer = client.get("/login/platform", {"next": next_page})
    assert answer.status_code == 302
    assert answer["Location"].startswith(f"{PLATFORM}/oidc/authorize?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}


def claims(asked: dict[str, str], person: people.Person, **changes: Any) -> dict[str, Any]:
    at = int(world.OPENED.timestamp())
    subject = person.subject
    facts: dict[str, Any] = {
        "iss": PLATFORM,
        "aud": [SYSTEM],
        "sub": "x",
        "iat": at,
        "exp": at + 120,
        "nonce": asked["nonce"],
        "amr": ["certificate"],
        "organization_code": subject.organization_code,
        "organization_name": subject.organization_name,
        "person_id": subject.person_id,
        "person_name": subject.person_name,
    }
    return {name: value for name, value in (facts | changes).items() if value is not None}


def come_back(client: Client, asked: dict[str, str], **changes: str) -> Any:
    return client.get("/login/platform/return", {"state": asked["state"], "code": "c0de"} | changes)


def test_lets_in_whom_the_platform_names(client: Client, platform: FakePlatform) -> None:
    world.register(people.bidder())
    asked = set_out(client, "/lots/E1/bid")
    platform.claims = claims(asked, people.bidder())

    answer = come_back(client, asked)

    assert (answer.status_code, answer["Location"]) == (302, "/lots/E1/bid")
    assert client.get("/desk").status_code == 200
    account = Account.objects.get()
    assert (account.roles, account.certificate_serial) == (["bidder"], "")
    entry = AuditEntry.objects.get(act="log-in")
    assert (entry.person_name, entry.detail) == ("投标0", {"way": "platform/certificate"})


def test_proves_itself_to_the_platform(client: Client, platform: FakePlatform) -> None:
    world.register(people.bidder())
    asked = set_out(client)
    platform.claims = claims(asked, people.bidder())
    come_back(client, asked)

    request = next(each for each in platform.asked if each.url.path == "/oidc/token")
    form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
    expected = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest())
    assert asked["code_challenge"] == expected.rstrip(b"=").decode()
    assert form["redirect_uri"] == "http://localhost:8010/login/platform/return"
    assert (
        request.headers["Authorization"]
        == f"Basic {base64.b64encode(b'trading-construction:s3cret').decode()}"
    )


def test_the_same_person_by_certificate_or_platform_is_one_account(
    client: Client, platform: FakePlatform
) -> None:
    world.register(people.bidder())
    for _ in range(2):
        asked = set_out(client)
        platform.claims = claims(asked, people.bidder())
        come_back(client, asked)

    assert Account.objects.count() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "http://evil.test"},
        {"aud": ["trading-water"]},
        {"nonce": "another"},
        {"nonce": None},
        {"exp": int(world.OPENED.timestamp()) - 31},
        {"exp": None},
        {"amr": None},
        {"person_id": None},
        {"organization_code": ""},
    ],
    ids=str,
)
def test_an_answer_that_is_not_for_this_login_is_refused(
    client: Client, platform: FakePlatform, changes: dict[str, Any]
) -> None:
    world.register(people.bidder())
    asked = set_out(client)
    platform.claims = claims(asked, people.bidder(), **changes)

    answer = come_back(client, asked)

    assert answer.status_code == 403
    assert "没有登录" in words(answer)
    assert not Account.objects.exists()


def test_an_answer_signed_by_another_key_is_refused(client: Client, platform: FakePlatform) -> None:
    world.register(people.bidder())
    asked = set_out(client)
    platform.claims, platform.signed_by = claims(asked, people.bidder()), ECKey.generate_key("P-256")

    answer = come_back(client, asked)

    assert (answer.status_code, "验证未通过" in words(answer)) == (403, True)
    assert not Account.objects.exists()


def test_an_answer_to_another_session_is_refused(client: Client, platform: FakePlatform) -> None:
    world.register(people.bidder())
    asked = set_out(Client())
    platform.claims = claims(asked, people.bidder())

    answer = come_back(client, asked)

    assert (answer.status_code, "与本次请求不符" in words(answer)) == (403, True)


@pytest.mark.parametrize("state", ["", "wrong", "状态"])
def test_an_answer_with_another_state_is_refused_and_ends_the_login(
    client: Client, platform: FakePlatform, state: str
) -> None:
    world.register(people.bidder())
    asked = set_out(client)
    platform.claims = claims(asked, people.bidder())

    assert come_back(client, asked, state=state).status_code == 403
    assert come_back(client, asked).status_code == 403
    assert not Account.objects.exists()


def test_an_answer_after_ten_minutes_is_refused(
    client: Client, platform: FakePlatform, now: list[datetime]
) -> None:
    asked = set_out(client)
    now.append(world.OPENED + timedelta(minutes=10, seconds=1))

    assert "已超过 10 分钟" in words(come_back(client, asked))


@pytest.mark.parametrize("status", [400, 401])
def test_a_code_that_the_platform_does_not_know_is_refused(
    client: Client, platform: FakePlatform, status: int
) -> None:
    asked = set_out(client)
    platform.token_status = status

    assert "不认可这次登录" in words(come_back(client, asked))


def test_a_citizen_is_told_why_not(client: Client, platform: FakePlatform) -> None:
    asked = set_out(client)

    answer = client.get("/login/platform/return", {"state": asked["state"], "error": "access_denied"})

    assert (answer.status_code, "公众账户" in words(answer)) == (403, True)


def test_an_unregistered_organization_is_told_where_to_register(
    client: Client, platform: FakePlatform
) -> None:
    asked = set_out(client)
    platform.claims = claims(asked, people.bidder())

    assert "尚未注册为市场主体" in words(come_back(client, asked))


def test_when_the_platform_is_silent_the_certificate_login_stands_on_the_same_page(
    client: Client, platform: FakePlatform
) -> None:
    platform.silent = True

    answer = client.get("/login/platform?next=/lots/E1/bid")

    assert answer.status_code == 503
    assert "公共服务平台暂时没有应答" in words(answer)
    assert 'data-answer-url="/login/answer"' in answer.content.decode()


def test_when_the_platform_falls_silent_on_the_way_it_is_said(client: Client, platform: FakePlatform) -> None:
    asked = set_out(client)
    platform.silent = True

    answer = come_back(client, asked)

    assert (answer.status_code, "暂时没有应答" in words(answer)) == (503, True)


@pytest.mark.parametrize(
    "discovery",
    [
        {},
        {"issuer": PLATFORM},
        {
            "issuer": PLATFORM,
            "authorization_endpoint": "http://evil.test/a",
            "token_endpoint": f"{PLATFORM}/t",
            "jwks_uri": f"{PLATFORM}/k",
        },
    ],
    ids=str,
)
def test_a_platform_that_talks_nonsense_counts_as_silent(
    client: Client, platform: FakePlatform, discovery: dict[str, Any]
) -> None:
    platform.discovery = discovery

    assert client.get("/login/platform").status_code == 503


@pytest.mark.parametrize("target", ["https://evil.test/", "//evil.test/"])
def test_the_way_on_stays_in_this_system(client: Client, platform: FakePlatform, target: str) -> None:
    world.register(people.bidder())
    asked = set_out(client, target)
    platform.claims = claims(asked, people.bidder())

    assert come_back(client, asked)["Location"] == "/desk"


def test_a_logout_says_what_it_closed(client: Client, platform: FakePlatform) -> None:
    world.register(people.bidder())
    asked = set_out(client)
    platform.claims = claims(asked, people.bidder())
    come_back(client, asked)

    answer = client.post("/logout", follow=True)

    assert "只退出了本系统" in words(answer)
    assert client.get("/desk").status_code == 302
