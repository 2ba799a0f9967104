"""Passkeys over HTTP: added after a fresh login, used, taken away; and citizens, who have nothing else."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.audit.services import record
from yuntai.publicservice.identity.models import Passkey
from yuntai.publicservice.tests.factories import BIDDERS, NOW, account, caller
from yuntai.publicservice.tests.soft_passkey import SoftPasskey
from yuntai.publicservice.tests.test_registry_pages import text_of
from yuntai.trust import clock

pytestmark = pytest.mark.django_db(transaction=True)

OPTIONS, ADD = "/api/identity/passkeys/options", "/api/identity/passkeys"
LOGIN_OPTIONS, LOGIN = "/api/identity/login/options", "/api/identity/login"
CITIZEN_OPTIONS, CITIZENS = "/api/identity/citizens/options", "/api/identity/citizens"


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """The server's time, which a test may move."""
    instants = [NOW]
    monkeypatch.setattr(clock, "now", lambda: instants[-1])
    return instants


def certified(who: Caller, *, until: datetime = NOW + timedelta(days=300)) -> Account:
    made = account(who)
    with transaction.atomic():
        made.certificate_expires_at = until
        made.save()
        record(caller=who, act="log-in", subject=made, before="", now=NOW)
    return made


def by_certificate(client: Client, who: Caller | None = None) -> Account:
    """Log in as by certificate, just now."""
    made = certified(who or caller())
    client.force_login(made, backend="yuntai.kernel.accounts.login.CertificateBackend")
    session = client.session
    session["login"] = {"way": "certificate", "at": clock.now().isoformat()}
    session.save()
    return made


def post(client: Client, path: str, body: Any) -> Any:
    return client.post(path, json.dumps(body), content_type="application/json")


def add(client: Client, passkey: SoftPasskey, name: str = "办公室电脑", **wrong: Any) -> Any:
    options = client.get(OPTIONS).json()["options"]
    return post(client, ADD, {"name": name, "credential": passkey.make(options, **wrong)})


def log_in(client: Client, passkey: SoftPasskey, **wrong: Any) -> Any:
    options = client.get(LOGIN_OPTIONS).json()["options"]
    return post(client, LOGIN, {"credential": passkey.prove(options, **wrong)})


def become_citizen(client: Client, passkey: SoftPasskey, name: str = "海州市民") -> Any:
    options = client.get(CITIZEN_OPTIONS, {"name": name}).json()["options"]
    return post(client, CITIZENS, {"credential": passkey.make(options)})


def test_a_passkey_that_was_added_lets_its_person_in(client: Client) -> None:
    passkey, elsewhere = SoftPasskey(), Client()
    made = by_certificate(client)

    assert add(client, passkey).status_code == 201
    answer = log_in(elsewhere, passkey)

    assert answer.json() == {"next": "/desk"}
    assert elsewhere.get("/desk").status_code == 200
    assert elsewhere.session["login"]["way"] == "passkey"
    stored = Passkey.objects.get()
    assert (stored.account_id, stored.name, stored.last_used_at) == (made.pk, "办公室电脑", NOW)
    entry = AuditEntry.objects.filter(act="log-in").order_by("-id")[0]
    assert (entry.person_name, entry.role, entry.detail) == ("赵投标", "participant", {"way": "passkey"})
    assert AuditEntry.objects.get(act="add-passkey").detail == {"name": "办公室电脑"}


def test_the_device_is_asked_to_verify_its_user_and_to_keep_the_passkey(client: Client) -> None:
    by_certificate(client)

    asked = client.get(OPTIONS).json()["options"]

    assert asked["rp"]["id"] == "localhost"
    assert asked["authenticatorSelection"]["userVerification"] == "required"
    assert asked["authenticatorSelection"]["residentKey"] == "required"
    assert BIDDERS[0] not in asked["user"]["id"]
    assert client.get(LOGIN_OPTIONS).json()["options"]["userVerification"] == "required"


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "http://localhost:8010"}, {"origin": "http://evil.test"}, {"verified": False}],
    ids=str,
)
def test_an_answer_for_another_site_or_without_its_user_is_refused(client: Client, wrong: Any) -> None:
    passkey, good, elsewhere = SoftPasskey(), SoftPasskey(), Client()
    by_certificate(client)

    assert add(client, passkey, **wrong).status_code == 403
    assert not Passkey.objects.exists()
    add(client, good)
    assert log_in(elsewhere, good, **wrong).status_code == 403
    assert "_auth_user_id" not in elsewhere.session


def test_an_answer_counts_once(client: Client) -> None:
    passkey, elsewhere = SoftPasskey(count=None), Client()
    by_certificate(client)
    add(client, passkey)
    options = elsewhere.get(LOGIN_OPTIONS).json()["options"]
    body = {"credential": passkey.prove(options)}

    assert post(elsewhere, LOGIN, body).status_code == 200
    elsewhere.get(LOGIN_OPTIONS)
    assert post(elsewhere, LOGIN, body).status_code == 403
    assert post(elsewhere, LOGIN, body).status_code == 403


def test_an_answer_comes_within_five_minutes(client: Client, now: list[datetime]) -> None:
    passkey, elsewhere = SoftPasskey(), Client()
    by_certificate(client)
    add(client, passkey)
    options = elsewhere.get(LOGIN_OPTIONS).json()["options"]
    now.append(NOW + timedelta(minutes=5, seconds=1))

    answer = post(elsewhere, LOGIN, {"credential": passkey.prove(options)})

    assert (answer.status_code, "已过期" in answer.json()["detail"]) == (403, True)


def test_a_copied_passkey_is_noticed_by_its_count(client: Client) -> None:
    passkey = SoftPasskey(count=5)
    by_certificate(client)
    add(client, passkey)
    assert log_in(Client(), passkey).status_code == 200
    passkey.count = 3

    answer = log_in(Client(), passkey)

    assert (answer.status_code, "使用次数倒退" in answer.json()["detail"]) == (403, True)


def test_a_passkey_holds_no_longer_than_the_certificate(client: Client, now: list[datetime]) -> None:
    passkey = SoftPasskey()
    made = by_certificate(client)
    add(client, passkey)
    assert made.certificate_expires_at is not None
    now.append(made.certificate_expires_at)
    assert log_in(Client(), passkey).status_code == 200
    now.append(made.certificate_expires_at + timedelta(seconds=1))

    answer = log_in(Client(), passkey)

    assert (answer.status_code, "请用换发的证书登录一次" in answer.json()["detail"]) == (403, True)


def test_ways_in_are_changed_shortly_after_a_login_only(client: Client, now: list[datetime]) -> None:
    by_certificate(client)
    add(client, SoftPasskey())
    now.append(NOW + timedelta(minutes=15, seconds=1))

    assert client.get(OPTIONS).status_code == 403
    assert client.post(f"/passkeys/{Passkey.objects.get().pk}/remove").status_code == 403
    assert Passkey.objects.count() == 1


def test_a_removed_passkey_lets_nobody_in(client: Client) -> None:
    passkey = SoftPasskey()
    by_certificate(client)
    add(client, passkey)

    answer = client.post(f"/passkeys/{Passkey.objects.get().pk}/remove")

    assert answer.status_code == 302
    assert log_in(Client(), passkey).status_code == 403
    assert AuditEntry.objects.get(act="remove-passkey").detail["name"] == "办公室电脑"


def test_a_passkey_is_renamed(client: Client) -> None:
    by_certificate(client)
    add(client, SoftPasskey())
    key = Passkey.objects.get().pk

    assert client.post(f"/passkeys/{key}/rename", {"name": "手机"}).status_code == 302
    assert client.post(f"/passkeys/{key}/rename", {"name": " "}).status_code == 422

    assert Passkey.objects.get().name == "手机"
    assert "手机" in text_of(client.get("/passkeys"))


def test_another_account_cannot_touch_a_passkey(client: Client) -> None:
    other = Client()
    by_certificate(client)
    add(client, SoftPasskey())
    by_certificate(other, caller(person_id="P-0002"))
    key = Passkey.objects.get().pk

    answers = [
        other.post(f"/passkeys/{key}/{act}", {"name": "x"}).status_code for act in ("rename", "remove")
    ]

    assert answers == [404, 404]
    assert Passkey.objects.get().name == "办公室电脑"


def test_the_same_passkey_is_not_added_twice(client: Client) -> None:
    passkey, other = SoftPasskey(), Client()
    by_certificate(client)
    by_certificate(other, caller(person_id="P-0002"))
    add(client, passkey)

    assert add(other, passkey).status_code == 403
    assert Passkey.objects.count() == 1


def test_an_account_has_ten_passkeys_at_most(client: Client) -> None:
    by_certificate(client)
    for _ in range(10):
        add(client, SoftPasskey())

    assert client.get(OPTIONS).status_code == 409


def test_a_stranger_is_sent_to_the_login(client: Client) -> None:
    assert client.get("/passkeys").status_code == 302
    assert client.get(OPTIONS).status_code == 401
    assert post(client, ADD, {}).status_code == 401


@pytest.mark.parametrize(
    "body",
    ["", "[]", "{}", '{"credential": []}', '{"credential": {}}', "[" * 100_000, '{"credential": {"id": 1}}'],
    ids=lambda body: body[:20],
)
def test_a_malformed_answer_is_a_clear_refusal(client: Client, body: str) -> None:
    client.get(LOGIN_OPTIONS)

    answer = client.post(LOGIN, body, content_type="application/json")

    assert answer.status_code in {400, 403}
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("field", ["clientDataJSON", "authenticatorData", "signature"])
@pytest.mark.parametrize("value", ["", "AAAA", "!", 5, None])
def test_a_mangled_answer_is_a_clear_refusal(client: Client, field: str, value: Any) -> None:
    passkey, elsewhere = SoftPasskey(), Client()
    by_certificate(client)
    add(client, passkey)
    credential = passkey.prove(elsewhere.get(LOGIN_OPTIONS).json()["options"])
    credential["response"][field] = value

    assert post(elsewhere, LOGIN, {"credential": credential}).status_code == 403


def test_a_citizen_registers_with_a_name_and_a_passkey_alone(client: Client) -> None:
    passkey = SoftPasskey()

    answer = become_citizen(client, passkey)

    assert answer.status_code == 201
    made = Account.objects.get()
    assert (made.person_name, made.organization_code, made.roles) == ("海州市民", "", ["citizen"])
    assert client.get("/desk").status_code == 200
    entry = AuditEntry.objects.get(act="log-in")
    assert (entry.person_id, entry.role) == (made.person_id, "citizen")
    back = Client()
    assert log_in(back, passkey).status_code == 200
    assert Account.objects.count() == 1


@pytest.mark.parametrize("name", ["", " ", "名" * 51, "a\nb"], ids=repr)
def test_a_citizen_without_a_proper_name_is_refused(client: Client, name: str) -> None:
    answer = client.get(CITIZEN_OPTIONS, {"name": name})

    assert (answer.status_code, "显示名称须为 1 至 50 个字" in answer.json()["detail"]) == (422, True)


def test_a_citizen_keeps_the_last_passkey(client: Client) -> None:
    become_citizen(client, SoftPasskey())

    answer = client.post(f"/passkeys/{Passkey.objects.get().pk}/remove")

    assert answer.status_code == 409
    assert Passkey.objects.count() == 1


def test_a_citizen_registers_no_organization(client: Client) -> None:
    become_citizen(client, SoftPasskey())

    shown = text_of(client.get("/registry/register"))

    assert "本账户无须登记" in shown
    assert client.post("/registry/register", {"bidder": "on"}).status_code == 403
