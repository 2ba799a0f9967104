"""Messages: every type, through JSON and back; what is refused, and in which words."""

import json
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from yuntai.standard import messages as m
from yuntai.standard.messages.base import released
from yuntai.standard.tests.samples import BIDDER, LOT, SAMPLES, opened_bid, suspended


def through_json(message: m.Message) -> dict[str, Any]:
    body = json.loads(json.dumps(message.body()))
    assert isinstance(body, dict)
    return body


def sample(message_type: type[m.Message]) -> dict[str, Any]:
    return through_json(next(message for message in SAMPLES if isinstance(message, message_type)))


def test_there_is_a_sample_of_every_type() -> None:
    assert {message.body()["type"] for message in SAMPLES} == set(m.MESSAGE_TYPES)


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.body()["type"])
def test_reads_back_what_it_wrote(message: m.Message) -> None:
    body = through_json(message)

    assert m.parse(body) == message
    assert m.parse(body).body() == body


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.body()["type"])
def test_names_its_subject(message: m.Message) -> None:
    assert message.subject
    assert message.subject in json.dumps(message.body())


@pytest.mark.parametrize("message", SAMPLES, ids=lambda message: message.body()["type"])
def test_refuses_a_field_the_standard_does_not_have(message: m.Message) -> None:
    with pytest.raises(m.InvalidMessage, match="surprise 标准中没有此项"):
        m.parse(through_json(message) | {"surprise": 1})


def test_each_message_names_the_kinds_of_system_that_may_author_it() -> None:
    families = {"trading": "trading", "supervision": "supervision"}  # all else is the platform's
    expected = {
        name: frozenset({families.get(name.split(".")[0], "publicservice")}) for name in m.MESSAGE_TYPES
    }
    for anyones in (
        "trading.tender.history-recorded.v1",
        "exchange.record.submitted.v1",
        "exchange.record.corrected.v1",
        "exchange.code.requested.v1",
    ):
        expected[anyones] = frozenset({"trading", "connected"})

    assert {name: message.SPEAKERS for name, message in m.MESSAGE_TYPES.items()} == expected


def test_a_message_without_speakers_is_not_released() -> None:
    class Anonymous(m.Message):
        type: str = "trading.tender.anonymous.v1"

    with pytest.raises(ValueError, match="names no SPEAKERS"):
        released(Anonymous)

    assert "trading.tender.anonymous.v1" not in m.MESSAGE_TYPES


def test_an_opening_is_about_its_lot() -> None:
    assert m.parse(sample(m.OpeningRecorded)).subject == LOT


def test_writes_instants_in_utc_whatever_zone_they_came_in() -> None:
    china = timezone(timedelta(hours=8))
    message = m.TenderResumed(
        occurred_at=datetime(2026, 3, 2, 9, 0, 0, 500, tzinfo=china),
        tender_code="T1",
        reason="恢复",
        resumed_at=datetime(2026, 3, 2, 9, 0, tzinfo=china),
        bids_due_at=datetime(2026, 3, 22, 9, 0, tzinfo=china),
    )

    assert message.body()["occurred_at"] == "2026-03-02T01:00:00.000500Z"
    assert message.body()["resumed_at"] == "2026-03-02T01:00:00Z"


def test_refuses_a_naive_instant() -> None:
    with pytest.raises(ValidationError):
        m.TenderResumed.model_validate(
            {"occurred_at": datetime(2026, 3, 2), "tender_code": "T1", "reason": "恢复", "resumed_at": None}  # noqa: DTZ001
        )


@pytest.mark.parametrize("type_name", ["trading.tender.opened.v9", None, 7, ["x"]], ids=repr)
def test_refuses_an_unknown_type(type_name: object) -> None:
    with pytest.raises(m.UnknownMessageType, match="没有"):
        m.parse({"type": type_name})


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("occurred_at", "2026-03-02T09:00:00+08:00", "occurred_at 时刻须写作世界协调时"),
        ("occurred_at", "2026-03-02T01:00:00.5Z", "occurred_at 时刻须写作世界协调时"),
        ("occurred_at", 1772413200, "occurred_at 时刻须写作世界协调时"),
        ("reason", 5, "reason 须为文本（收到 5）"),
        ("reason", "", "reason 不得少于 1 个字符"),
        ("reason", "两\n行", "reason 须符合格式"),
        ("tender_code", "../etc", "tender_code 须符合格式"),
        ("directive_id", None, "directive_id 须为文本"),
    ],
)
def test_says_which_field_breaks_which_rule(field: str, value: object, words: str) -> None:
    with pytest.raises(m.InvalidMessage) as refusal:
        m.parse(through_json(suspended()) | {field: value})

    assert words in str(refusal.value)
    assert refusal.value.problems[0].field == field


def test_names_a_missing_field() -> None:
    body = through_json(suspended())
    del body["reason"]

    with pytest.raises(m.InvalidMessage, match="reason 缺少必填项"):
        m.parse(body)


@pytest.mark.parametrize("value", [float("nan"), 2**60, "\ud800"], ids=repr)
def test_refuses_a_body_that_cannot_be_signed(value: object) -> None:
    with pytest.raises(m.InvalidMessage, match="RFC 8785"):
        m.parse(through_json(suspended()) | {"reason": value})


def test_names_the_place_inside_a_list() -> None:
    body = sample(m.OpeningRecorded)
    body["bids"][0]["price_yuan"] = 980000

    with pytest.raises(m.InvalidMessage, match=r"bids\.0\.price_yuan 金额须为文本"):
        m.parse(body)


@pytest.mark.parametrize(
    "changes",
    [{"price_yuan": None}, {"duration_days": None}, {"bidder_name": ""}, {"bidder_code": ""}],
    ids=str,
)
def test_an_opened_bid_is_complete(changes: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="已解密的投标须有投标人"):
        m.OpenedBidFacts.model_validate(opened_bid().model_dump() | changes)


@pytest.mark.parametrize("outcome", ["bidder-fault", "platform-fault"])
def test_a_bid_that_did_not_open_tells_no_price(outcome: str) -> None:
    closed = opened_bid().model_dump() | {"outcome": outcome}

    with pytest.raises(ValidationError, match="未解密的投标不得有报价"):
        m.OpenedBidFacts.model_validate(closed)
    assert m.OpenedBidFacts.model_validate(
        closed | {"price_yuan": None, "duration_days": None, "bidder_code": "", "bidder_name": ""}
    )


def test_refuses_a_credit_code_with_a_wrong_check_character() -> None:
    wrong = BIDDER[:-1] + ("0" if BIDDER[-1] != "0" else "1")

    with pytest.raises(m.InvalidMessage, match="统一社会信用代码的格式或校验码不符"):
        m.parse(sample(m.AwardPublished) | {"supplier_code": wrong})


def test_no_message_tells_of_a_bid_before_the_opening() -> None:
    before_opening = (m.TenderRegistered, m.TenderNoticePublished, m.TenderSuspended, m.TenderResumed)
    fields = {name for message_type in before_opening for name in message_type.model_fields}

    assert not [
        name for name in fields if name.startswith(("bid_", "bidder", "bids_")) and name != "bids_due_at"
    ]
    assert not [name for name in m.MESSAGE_TYPES if ".bid." in name]


def test_refuses_lots_whose_estimates_add_up_to_no_amount() -> None:
    registered = sample(m.TenderRegistered)
    lot = registered["lots"][0]
    most = {"estimated_yuan": "99999999999999.99", "lot_code": LOT}

    assert m.parse(registered | {"lots": [lot | most]})
    with pytest.raises(m.InvalidMessage, match=r"各标段估算价合计不得超过 99999999999999\.99 元"):
        m.parse(registered | {"lots": [lot | most, lot | {"estimated_yuan": "0.01"}]})
