"""The published lot, and whether its keys are the holders' own."""

from datetime import datetime
from typing import Any

import pytest

from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.refusals import HolderKeyNotGenuine, UnexpectedAnswer
from yuntai.bidtool.tests.fake_trading import DUE, FakeTrading
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url
from yuntai.trust.sealing import HOLDERS, INTERNATIONAL

DUE_AT = datetime.fromisoformat(DUE)


def known(trading: FakeTrading) -> dict[str, bytes]:
    return {letter: from_base64url(row["public_key"]) for letter, row in trading.holders_list().items()}


def test_reads_what_the_system_publishes(trading: FakeTrading) -> None:
    lot = PublishedLot.from_json(trading.lot())

    assert lot.title == "演示道路工程施工一标段"
    assert str(lot.ceiling_price_yuan) == "52000000.00"
    assert lot.holder_keys == {letter: pair[1] for letter, pair in trading.holder_pairs.items()}
    assert lot.context("ab" * 16).part == "bid"


def test_ignores_fields_of_a_newer_system(trading: FakeTrading) -> None:
    assert PublishedLot.from_json(trading.lot() | {"something_new": 1}).code == trading.lot()["code"]


@pytest.mark.parametrize("missing", ["code", "documents_sha256", "bids_due_at", "holders"])
def test_refuses_an_incomplete_lot(trading: FakeTrading, missing: str) -> None:
    document = {name: value for name, value in trading.lot().items() if name != missing}

    with pytest.raises(UnexpectedAnswer):
        PublishedLot.from_json(document)


def test_refuses_a_lot_without_one_holder(trading: FakeTrading) -> None:
    document = trading.lot()
    del document["holders"][2]

    with pytest.raises(UnexpectedAnswer, match="不齐全"):
        PublishedLot.from_json(document)


def test_accepts_keys_that_the_holders_signed(trading: FakeTrading) -> None:
    PublishedLot.from_json(trading.lot()).check_holders(known(trading), due_at=DUE_AT)


@pytest.mark.parametrize("letter", HOLDERS)
def test_refuses_a_key_that_was_swapped(trading: FakeTrading, letter: str) -> None:
    document = trading.lot()
    row = next(row for row in document["holders"] if row["letter"] == letter)
    row["public_key"] = base64url(INTERNATIONAL.new_holder_key()[1])

    with pytest.raises(HolderKeyNotGenuine, match="与保管方签名声明的不同"):
        PublishedLot.from_json(document).check_holders(known(trading), due_at=DUE_AT)


def test_refuses_a_statement_by_another_key(trading: FakeTrading) -> None:
    trading.holder_signing["C"] = signing.new_private_key()
    others = known(trading) | {"C": signing.public_key(signing.new_private_key())}

    with pytest.raises(HolderKeyNotGenuine, match="签名不符"):
        PublishedLot.from_json(trading.lot()).check_holders(others, due_at=DUE_AT)


def test_refuses_a_holder_nobody_knows(trading: FakeTrading) -> None:
    without = {letter: key for letter, key in known(trading).items() if letter != "R"}

    with pytest.raises(HolderKeyNotGenuine, match="保管方 R"):
        PublishedLot.from_json(trading.lot()).check_holders(without, due_at=DUE_AT)


def test_refuses_a_key_for_another_lot(trading: FakeTrading) -> None:
    document: dict[str, Any] = trading.lot() | {"code": "E3207000001000001001002"}

    with pytest.raises(HolderKeyNotGenuine, match="不是为 E3207000001000001001002"):
        PublishedLot.from_json(document).check_holders(known(trading), due_at=DUE_AT)


@pytest.mark.parametrize(
    ("opens_at", "early"), [("2026-03-22T00:59:59Z", True), ("2026-03-22T01:00:00Z", False)]
)
def test_refuses_a_key_that_may_open_before_the_deadline(
    trading: FakeTrading, opens_at: str, early: bool
) -> None:
    trading.opens_at = opens_at
    lot = PublishedLot.from_json(trading.lot())

    if early:
        with pytest.raises(HolderKeyNotGenuine, match="早于投标截止时间"):
            lot.check_holders(known(trading), due_at=DUE_AT)
    else:
        lot.check_holders(known(trading), due_at=DUE_AT)
