"""Receipts: the system's signed word on exactly this envelope, or refused."""

from typing import Any

import pytest

from yuntai.bidtool.key_bundle import KeyBundle
from yuntai.bidtool.lots import PublishedLot
from yuntai.bidtool.receipts import check_receipt
from yuntai.bidtool.refusals import ReceiptNotGenuine
from yuntai.bidtool.sealed_bid import SealedBid, seal_bid
from yuntai.bidtool.session import Session
from yuntai.bidtool.submitting import submit, upload
from yuntai.bidtool.tests.fake_trading import URL, FakeTrading
from yuntai.standard.bidfile import BidForm
from yuntai.trust import signing


@pytest.fixture
def bid(lot: PublishedLot, bundle: KeyBundle, form: BidForm) -> SealedBid:
    return seal_bid(form, {}, lot=lot, bundle=bundle)


def hand_in(trading: FakeTrading, bundle: KeyBundle, bid: SealedBid) -> dict[str, Any]:
    session = Session(URL, transport=trading.transport)
    session.log_in(bundle)
    upload(session, bid)
    return submit(session, bid, system_key=trading.public_key)


def test_the_receipt_of_a_submit_is_genuine(trading: FakeTrading, bundle: KeyBundle, bid: SealedBid) -> None:
    receipt = hand_in(trading, bundle, bid)

    check_receipt(receipt, bid.header, system_key=trading.public_key)
    assert receipt["statement"]["header_sha256"] == bid.header.digest()


@pytest.mark.parametrize(
    "change",
    [
        {"envelope_id": "00" * 16},
        {"header_sha256": "00" * 32},
        {"body_sha256": "00" * 32},
        {"body_length": 1},
        {"lot": "E3207000001000001001002"},
    ],
)
def test_refuses_a_receipt_for_something_else(
    trading: FakeTrading, bundle: KeyBundle, bid: SealedBid, change: dict[str, Any]
) -> None:
    trading.receipt_changes = change

    with pytest.raises(ReceiptNotGenuine, match="不是这份投标文件"):
        hand_in(trading, bundle, bid)


def test_refuses_a_receipt_by_another_system(trading: FakeTrading, bundle: KeyBundle, bid: SealedBid) -> None:
    receipt = hand_in(trading, bundle, bid)

    with pytest.raises(ReceiptNotGenuine, match="签名不是该交易系统的"):
        check_receipt(receipt, bid.header, system_key=signing.public_key(signing.new_private_key()))


def test_refuses_a_receipt_whose_instant_was_changed(
    trading: FakeTrading, bundle: KeyBundle, bid: SealedBid
) -> None:
    receipt = hand_in(trading, bundle, bid)
    receipt["statement"]["received_at"] = "2026-03-09T03:00:00Z"

    with pytest.raises(ReceiptNotGenuine):
        check_receipt(receipt, bid.header, system_key=trading.public_key)


def test_refuses_half_a_receipt(trading: FakeTrading, bundle: KeyBundle, bid: SealedBid) -> None:
    receipt = hand_in(trading, bundle, bid)
    del receipt["statement"]["body_sha256"]

    with pytest.raises(ReceiptNotGenuine, match="不完整"):
        check_receipt(receipt, bid.header)
