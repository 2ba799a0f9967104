"""What is wrong with a message and what the hub's door says; nothing that is right is lost."""

import json
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from yuntai.kernel.inbox.models import HeldMessage, InboxMessage, StreamFork
from yuntai.publicservice.tests.factories import KEYS, NOW
from yuntai.standard import envelope
from yuntai.standard.datasets.samples import sample, sample_key, sample_object
from yuntai.standard.envelope import NO_PREVIOUS, Position
from yuntai.standard.messages import RecordSubmitted
from yuntai.trust import signing

pytestmark = pytest.mark.django_db(transaction=True)
SENDER = "trading-construction"
SET = 501


def body(**fields: str) -> dict[str, Any]:
    """A right record, then with wrong fields."""
    right = RecordSubmitted(
        occurred_at=NOW,
        data_set=SET,
        action="add",
        data_key=sample_key(SET),
        object_code=sample_object(SET),
        fields=sample(SET),
    ).body()
    return right | {"fields": right["fields"] | fields}


def signed(
    said: dict[str, Any], *, seq: int = 1, prev: str = NO_PREVIOUS, sender: str = SENDER, key: bytes = b""
) -> tuple[dict[str, Any], str]:
    position = Position(sender, "publicservice", "records", seq, prev)
    return envelope.sign_plain(
        position,
        body=said,
        subject=sample_object(SET),
        msg_id=uuid4(),
        now=NOW,
        private_key=key or KEYS[SENDER],
    )


def post(content: object) -> tuple[int, dict[str, Any]]:
    raw = content if isinstance(content, bytes | str) else json.dumps({"messages": content})
    answer = Client().post("/exchange/v1/messages", raw, content_type="application/json")
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"IS_TO_LAW": "是"}, "不在代码表"),
        ({"TENDER_PROJECT_NAME": "长" * 5000}, "TENDER_PROJECT_NAME"),
        ({"PLATFORM_CODE": "91320700MA0090014B"}, "PLATFORM_CODE"),
    ],
    ids=["unknown code", "over-long field", "wrong check character"],
)
def test_rejects_a_wrong_field_by_name_and_goes_on(wrong: dict[str, str], words: str) -> None:
    bad, digest = signed(body(**wrong))
    good, _ = signed(body(), seq=2, prev=digest)

    status, answer = post([bad, good])

    assert status == 200
    assert [receipt["state"] for receipt in answer["receipts"]] == ["rejected", "received"]
    assert words in answer["receipts"][0]["reason"]
    assert InboxMessage.objects.filter(refusal="").count() == 1


def test_rejects_an_old_version_of_a_message_and_goes_on() -> None:
    old, digest = signed(body() | {"type": "exchange.record.submitted.v0"})
    good, _ = signed(body(), seq=2, prev=digest)

    _, answer = post([old, good])

    assert [receipt["state"] for receipt in answer["receipts"]] == ["rejected", "received"]
    assert "接口标准没有“exchange.record.submitted.v0”这种报文" in answer["receipts"][0]["reason"]


def test_refuses_an_old_version_of_the_envelope() -> None:
    message, _ = signed(body())
    message["payload"]["v"] = 0

    status, answer = post([message])

    assert (status, answer["type"]) == (422, "urn:problem:invalid")
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize(
    ("sender", "key", "words"),
    [
        (SENDER, signing.new_private_key(), "签名不符"),
        ("trading-nowhere", b"", "没有代码为 trading-nowhere 的对接系统"),
    ],
    ids=["forged", "unknown system"],
)
def test_stores_nothing_of_what_is_not_authentic(sender: str, key: bytes, words: str) -> None:
    message, _ = signed(body(), sender=sender, key=key)

    status, answer = post([message])

    assert (status, answer["type"]) == (400, "urn:problem:message-not-authentic")
    assert words in answer["detail"]
    assert not InboxMessage.objects.exists()
    assert not HeldMessage.objects.exists()


def test_repeated_reordered_and_lost_ones_end_in_order() -> None:
    messages: list[dict[str, Any]] = []
    prev = NO_PREVIOUS
    for seq in range(1, 6):
        message, prev = signed(body(), seq=seq, prev=prev)
        messages.append(message)

    for order in ([2], [2, 4], [0], [0], [3], [1]):
        post([messages[place] for place in order])

    assert list(InboxMessage.objects.order_by("id").values_list("seq", flat=True)) == [1, 2, 3, 4, 5]
    assert not HeldMessage.objects.exists()


def test_refuses_another_content_under_a_known_number_and_keeps_the_evidence() -> None:
    post([signed(body())[0]])

    status, answer = post([signed(body(IS_TO_LAW="1"))[0]])

    assert (status, answer["type"]) == (409, "urn:problem:stream-forked")
    assert (InboxMessage.objects.count(), StreamFork.objects.count()) == (1, 1)


@pytest.mark.parametrize("nested", ["[" * 10_000_000, '{"a":' * 2_000_000], ids=["lists", "objects"])
def test_refuses_ten_megabytes_of_nesting(nested: str) -> None:
    status, answer = post(nested)

    assert (status, answer["type"]) == (413, "urn:problem:body-too-large")


def test_refuses_nesting_inside_a_message() -> None:
    message, _ = signed(body() | {"deep": json.loads("[" * 40 + "]" * 40)})

    status, answer = post([message])

    assert (status, answer["type"]) == (400, "urn:problem:malformed-json")
    assert "32 层" in answer["detail"]
