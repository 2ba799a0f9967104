"""The routing table: who gets a message, and what the hub rejects."""

from dataclasses import replace
from decimal import Decimal

import pytest

from yuntai.publicservice.exchange.routing import ROUTES, Scene, destinations, why_not_routed
from yuntai.publicservice.tests import factories
from yuntai.publicservice.tests.factories import BIDDERS, NOW, PEERS
from yuntai.standard.datasets.samples import sample_key, sample_object
from yuntai.standard.messages import (
    MESSAGE_TYPES,
    LotFacts,
    Message,
    MessageForwarded,
    ParticipantRegistered,
    RecordSubmitted,
)


def participant() -> ParticipantRegistered:
    return ParticipantRegistered(
        occurred_at=NOW,
        organization_code=BIDDERS[0],
        name="江苏云台建设有限公司",
        roles=("bidder",),
        region_code="320700",
        contact_name="赵投标",
        registered_at=NOW,
    )


def record() -> RecordSubmitted:
    return RecordSubmitted(
        occurred_at=NOW,
        data_set=501,
        action="delete",
        data_key=sample_key(501),
        object_code=sample_object(501),
    )


@pytest.mark.parametrize(
    ("message", "sender", "expected"),
    [
        (factories.noticed(), "trading-construction", ("supervision-construction",)),
        (factories.contracted(), "trading-construction", ("supervision-construction",)),
        (factories.noticed(tender_code="E3207000002000001001"), "trading-water", ("supervision-water",)),
        (factories.directive(), "supervision-construction", ("trading-construction",)),
        (factories.warning(), "supervision-construction", ()),
        (factories.history(), "history-archive", ()),
        (record(), "trading-construction", ("supervision-construction",)),
        (
            participant(),
            "publicservice",
            ("supervision-construction", "supervision-water", "trading-construction", "trading-water"),
        ),
    ],
    ids=lambda value: getattr(value, "type", None),
)
def test_each_family_reaches_whom_the_table_names(
    message: Message, sender: str, expected: tuple[str, ...]
) -> None:
    assert why_not_routed(message, PEERS[sender], PEERS) == ""
    assert destinations(message, Scene(PEERS[sender].industry), PEERS) == expected


@pytest.mark.parametrize(
    ("rows", "place", "expected"),
    [
        ([("construction", "320700")], "320703", ["supervision-construction"]),
        ([("construction", "320703")], "320703", ["supervision-construction"]),
        ([("construction", "320703")], "320706", []),
        ([("construction", "320703")], "320700", []),
        ([("construction", "320703"), ("construction", "320706")], "320706", ["supervision-construction"]),
        ([("water", "320700")], "320703", []),
        ([("", "320000")], "320703", ["supervision-construction"]),
        ([("", "")], "330100", ["supervision-construction"]),
        ([("construction", "320703")], "", ["supervision-construction"]),
    ],
    ids=str,
)
def test_an_authority_gets_what_happens_in_its_industry_and_region(
    rows: list[tuple[str, str]], place: str, expected: list[str]
) -> None:
    scene = Scene(
        "construction", place, {"supervision-construction": rows, "supervision-water": [("water", "")]}
    )

    assert list(destinations(factories.noticed(), scene, PEERS)) == expected


def test_a_directive_to_an_unknown_system_is_rejected() -> None:
    stray = factories.directive(target_system="trading-land")

    reason = why_not_routed(stray, PEERS["supervision-construction"], PEERS)

    assert reason == "没有代码为 trading-land 的交易系统，指令无法送达。请核对 target_system。"


def test_a_directive_to_a_supervision_system_is_rejected() -> None:
    stray = factories.directive(target_system="supervision-water")

    assert "没有代码为 supervision-water 的交易系统" in why_not_routed(
        stray, PEERS["supervision-construction"], PEERS
    )


def test_an_authority_directs_only_its_own_industry() -> None:
    reason = why_not_routed(factories.directive(), PEERS["supervision-water"], PEERS)

    assert reason == (
        "supervision-water 只能向本行业（water）的交易系统发指令，"
        "trading-construction 属于 construction。请核对 target_system。"
    )


def test_every_released_message_but_the_hub_s_own_is_in_the_table() -> None:
    hubs_own = MessageForwarded.model_fields["type"].default

    missing = [
        name
        for name in MESSAGE_TYPES
        if name != hubs_own and not any(name.startswith(route.family) for route in ROUTES)
    ]

    assert missing == []


def test_a_trading_system_registers_only_tenders_of_its_own_industry() -> None:
    reason = why_not_routed(factories.registered(), PEERS["trading-water"], PEERS)

    assert reason == (
        "trading-water 对接登记的行业是 water，不能登记 construction 行业的招标项目。请核对 industry。"
    )


OTHERS = "E3207000002000001"
OTHER_LOTS = (LotFacts(lot_code="BD-1", title="一", estimated_yuan=Decimal("1.00")),)


@pytest.mark.parametrize(
    ("sender", "message", "reason"),
    [
        (
            "trading-construction",
            factories.registered(tender_code=f"{OTHERS}001"),
            "编号 E3207000002000001001 中的平台编号 0002 属于 trading-water，trading-construction 的",
        ),
        ("trading-construction", factories.registered(project_code=OTHERS), "0002 属于 trading-water"),
        (
            "trading-construction",
            factories.registered(
                lots=(LotFacts(lot_code=f"{OTHERS}001001", title="一", estimated_yuan=Decimal("1.00")),)
            ),
            "平台编号 0002 属于 trading-water",
        ),
        ("trading-construction", factories.noticed(tender_code=f"{OTHERS}001"), "属于 trading-water"),
        ("trading-construction", factories.opened(lot_code=f"{OTHERS}001001"), "属于 trading-water"),
        ("trading-construction", factories.noticed(tender_code="E3207009999000001001"), "没有分配给任何系统"),
        ("history-archive", factories.registered(), "history-archive 的平台编号是 未分配"),
    ],
    ids=["tender", "project", "lot", "notice", "opening", "nobodys", "no number"],
)  # fmt: skip
def test_nobody_speaks_under_a_code_of_anothers_number(sender: str, message: Message, reason: str) -> None:
    systems = PEERS | {"history-archive": replace(PEERS["history-archive"], industry="construction")}

    assert reason in why_not_routed(message, systems[sender], systems)


@pytest.mark.parametrize(
    "message",
    [
        factories.registered(),
        factories.registered(tender_code="320700-ZB-1", project_code="320700-XM-1", lots=OTHER_LOTS),
        factories.noticed(),
    ],
    ids=["own number", "another vendor's form", "notice"],
)
def test_a_system_speaks_under_its_own_number_and_in_other_forms(message: Message) -> None:
    assert why_not_routed(message, PEERS["trading-construction"], PEERS) == ""


def test_an_authority_directs_the_tenders_of_others() -> None:
    assert why_not_routed(factories.directive(), PEERS["supervision-construction"], PEERS) == ""


def test_a_tender_of_the_past_may_have_any_number() -> None:
    assert why_not_routed(factories.history(source_id=f"{OTHERS}001"), PEERS["history-archive"], PEERS) == ""
