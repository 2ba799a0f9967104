"""why_changed …: the record of the close is held against its signature, and the stored set against both."""

from collections.abc import Callable
from typing import Any

import pytest

from yuntai.trading.bids.receipts import signed
from yuntai.trading.opening.closed_set import why_changed
from yuntai.trading.opening.models import BidSetClose
from yuntai.trading.opening.queries import closed_headers
from yuntai.trading.tests import world

pytestmark = pytest.mark.django_db(transaction=True)
NOT_AS_SIGNED = "封标记录与其签名不一致"
NOT_AS_CLOSED = "默克尔树根或份数与封标时签名的不一致"
Change = Callable[[BidSetClose], None]


def says(close: BidSetClose, **changes: Any) -> None:
    """Make the statement say otherwise, under the signature that stands."""
    close.statement = close.statement | changes


def resigned(close: BidSetClose, **changes: Any) -> None:
    """Make the statement say otherwise, and sign it anew."""
    says(close, **changes)
    close.signature = signed(close.statement)["signature"]


def other_root(close: BidSetClose) -> None:
    close.root = "0" * 64


def other_count(close: BidSetClose) -> None:
    close.count += 1


def other_signature(close: BidSetClose) -> None:
    close.signature = signed({"lot": close.lot.code})["signature"]


def unreadable_signature(close: BidSetClose) -> None:
    close.signature = "*"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda close: says(close, closed_at="2026-03-22T01:00:00Z"), NOT_AS_SIGNED),
        (other_signature, NOT_AS_SIGNED),
        (unreadable_signature, NOT_AS_SIGNED),
        (other_root, NOT_AS_SIGNED),
        (other_count, NOT_AS_SIGNED),
        (lambda close: resigned(close, lot="E3207000001000001001002"), NOT_AS_SIGNED),
        (lambda close: resigned(close, root="0" * 64), NOT_AS_SIGNED),
        (lambda close: resigned(close, bids=99), NOT_AS_SIGNED),
        (lambda close: resigned(close, count=99), NOT_AS_CLOSED),
    ],
    ids=[
        "altered statement",
        "signature of another statement",
        "no signature",
        "row with another root",
        "row with another number",
        "signed for another lot",
        "signed another root",
        "signed another number of bids",
        "signed another number of leaves",
    ],
)
def test_a_record_that_does_not_bear_its_signature_keeps_the_lot_sealed(change: Change, why: str) -> None:
    place = world.close_lot()
    close, headers = BidSetClose.objects.get(), list(closed_headers(place.fresh_lot()))
    assert why_changed(close, headers, bids=3) == ""

    change(close)

    assert why in why_changed(close, headers, bids=3)


def test_a_set_of_other_envelopes_keeps_the_lot_sealed() -> None:
    place = world.close_lot()
    close, headers = BidSetClose.objects.get(), list(closed_headers(place.fresh_lot()))

    assert NOT_AS_CLOSED in why_changed(close, headers[1:], bids=3)
    assert NOT_AS_CLOSED in why_changed(close, headers, bids=2)
    assert "已不合格式" in why_changed(close, [headers[0] | {"version": 2}, *headers[1:]], bids=3)
    assert "已不合格式" in why_changed(close, [headers[0], *headers], bids=4)
