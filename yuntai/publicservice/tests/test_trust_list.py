"""The page of recognised CAs, and publishing the list's next version."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.inbox.apply import Delivery
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.kernel.recognition.models import TrustListVersion
from yuntai.kernel.recognition.telling import trust_list_published
from yuntai.publicservice.tests.factories import NOW, caller
from yuntai.publicservice.tests.test_registration_pages import operator
from yuntai.publicservice.tests.test_registry_pages import logged_in
from yuntai.standard.messages import TrustListPublished, parse
from yuntai.trust.base64url import base64url
from yuntai.trust.sandbox_cas import PLANS
from yuntai.trust.tests.trusting import OFFICERS, PUBLIC, make_signed, signed_by

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _deployment(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text(json.dumps(make_signed()), encoding="utf-8")
    public = {name: base64url(key) for name, key in PUBLIC.items()}
    (tmp_path / "officers.json").write_text(json.dumps(public), encoding="utf-8")
    settings.TRUST_LIST_FILE = str(tmp_path / "list.json")
    settings.TRUST_OFFICERS_FILE = str(tmp_path / "officers.json")


def publish(client: Client, content: bytes) -> Any:
    return client.post("/trust-list/publish", {"file": SimpleUploadedFile("trust-list.json", content)})


def next_version() -> bytes:
    return json.dumps(make_signed(seq=2)).encode()


def told(destination: str) -> TrustListPublished:
    message = parse(OutboxMessage.objects.get(destination=destination).body)
    assert isinstance(message, TrustListPublished)
    return message


def test_anybody_sees_who_is_recognised_and_may_check_the_signed_list(client: Client) -> None:
    page = client.get("/trust-list").content.decode()

    assert all(plan.name in page for plan in PLANS)
    assert "国密（SM2）" in page
    assert "发布新版本" not in page
    assert client.get("/trust-list.json").json() == json.loads(json.dumps(make_signed()))


def test_every_version_stays_to_be_downloaded(client: Client) -> None:
    logged_in(client, operator())
    publish(client, next_version())

    page = client.get("/trust-list").content.decode()

    assert page.index("/trust-list/2.json") < page.index("/trust-list/1.json")
    assert client.get("/trust-list/1.json").json() == json.loads(json.dumps(make_signed()))
    assert client.get("/trust-list/2.json").json() == json.loads(next_version())
    assert client.get("/trust-list/3.json", headers={"Accept": "application/json"}).status_code == 404


def test_a_sandbox_without_a_list_says_so(client: Client, settings: Any) -> None:
    settings.TRUST_LIST_FILE = ""

    assert "还没有互认名单" in client.get("/trust-list").content.decode()


def test_the_operator_publishes_and_every_system_is_told(client: Client) -> None:
    logged_in(client, operator())

    assert publish(client, next_version())["Location"] == "/trust-list?published=1"

    assert TrustListVersion.objects.get().seq == 2
    assert set(OutboxMessage.objects.values_list("destination", flat=True)) == {
        "trading-construction",
        "trading-water",
        "supervision-construction",
        "supervision-water",
    }
    assert told("trading-water").signed == json.loads(next_version())
    assert AuditEntry.objects.get(act="take-trust-list").person_name == "周运营"
    assert "第 2 版" in client.get("/trust-list").content.decode()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"%PDF", "文件不是 JSON"),
        (b"[1]", "格式不正确"),
        (b"[" * 100_000, "文件不是 JSON"),
        (json.dumps(make_signed()).encode(), "序号必须大于现用的第 1 版"),
        (json.dumps(signed_by({"甲": OFFICERS["甲"]}, seq=2)).encode(), "须由 2 名管理员签名"),
    ],
    ids=["a paper", "no list", "nested", "the old one", "one signature"],
)
def test_a_wrong_file_is_refused_with_a_sentence(client: Client, content: bytes, sentence: str) -> None:
    logged_in(client, operator())

    answer = publish(client, content)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not TrustListVersion.objects.exists()
    assert not OutboxMessage.objects.exists()


def test_nobody_else_publishes(client: Client) -> None:
    logged_in(client, caller())
    assert publish(client, next_version()).status_code == 403
    assert not TrustListVersion.objects.exists()


def test_a_system_takes_the_version_over_once_and_a_forged_one_never(client: Client) -> None:
    logged_in(client, operator())
    publish(client, next_version())
    message, delivery = told("trading-construction"), Delivery("publicservice", "m-1", NOW)
    forged = message.model_copy(update={"document": {**message.document, "seq": 3}})
    before = TrustListVersion.objects.count()

    trust_list_published(message, delivery, NOW)
    trust_list_published(forged, delivery, NOW)

    assert TrustListVersion.objects.count() == before
    refused = AuditEntry.objects.filter(act="refuse-trust-list").order_by("id")
    assert [("序号" in each.detail["refusal"], "签名无效" in each.detail["refusal"]) for each in refused] == [
        (True, False),
        (False, True),
    ]
