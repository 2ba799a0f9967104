"""why_changed …: the record of a close is believed only as it was signed."""

from collections.abc import Callable

import pytest

from yuntai.trading.opening.closed_set import why_changed
from yuntai.trading.opening.models import BidSetClose
from yuntai.trading.opening.queries import closed_headers
from yuntai.trading.tests import world
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

pytestmark = pytest.mark.django_db(transaction=True)


def signed_by_another(close: BidSetClose) -> None:
    close.signature = base64url(signing.sign(signing.new_private_key(), b"close"))


def signature_unreadable(close: BidSetClose) -> None:
    close.signature = "!"


def statement_and_row_of_another_root(close: BidSetClose) -> None:
    close.root = "0" * 64
    close.statement = close.statement | {"root": close.root}


def fewer_bids_in_both(close: BidSetClose) -> None:
    close.count -= 1
    close.statement = close.statement | {"bids": close.count}


def row_of_another_root(close: BidSetClose) -> None:
    close.root = "0" * 64


def row_of_fewer_bids(close: BidSetClose) -> None:
    close.count -= 1


def row_of_another_lot(close: BidSetClose) -> None:
    close.lot.code = f"{close.lot.code[:-1]}9"


def why(change: Callable[[BidSetClose], None]) -> str:
    place = world.close_lot()
    close = BidSetClose.objects.select_related("lot").get(lot=place.lot)
    headers, bids = list(closed_headers(place.fresh_lot())), close.count
    change(close)
    return why_changed(close, headers, bids)


def test_what_was_closed_is_unchanged() -> None:
    assert why(lambda close: None) == ""


@pytest.mark.parametrize(
    "change",
    [
        signed_by_another,
        signature_unreadable,
        statement_and_row_of_another_root,
        fewer_bids_in_both,
        row_of_another_root,
        row_of_fewer_bids,
        row_of_another_lot,
    ],
    ids=lambda change: change.__name__,
)
def test_a_close_that_is_not_as_signed_is_not_believed(change: Callable[[BidSetClose], None]) -> None:
    assert why(change).startswith("封标记录与其签名不一致。")
