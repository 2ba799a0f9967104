"""The checks of receipts, stored envelopes and closed sets find what is planted, and nothing else."""

from dataclasses import replace

import pytest

from yuntai.city.demo.checks import bids
from yuntai.city.demo.evidence import Envelope
from yuntai.city.demo.played import HandedIn
from yuntai.city.demo.tests.sealed import (
    LOT,
    SYSTEM_PUBLIC_KEY,
    SmallPlay,
    handed_in,
    receipt,
    small_play,
)
from yuntai.trust import signing


@pytest.fixture(scope="module")
def three() -> list[HandedIn]:
    return [handed_in(0, "9000000.00"), handed_in(1, "9100000.00"), handed_in(2, "9200000.00")]


@pytest.fixture
def play(three: list[HandedIn]) -> SmallPlay:
    return small_play(list(three))


def stored(bids_: list[HandedIn]) -> list[Envelope]:
    return [Envelope(LOT, bid.bid.envelope_id, bid.bid.header.digest(), is_withdrawn=False) for bid in bids_]


def test_finds_nothing_in_an_honest_play(play: SmallPlay) -> None:
    tender = play.tender

    assert list(bids.receipt_faults(tender.bids, SYSTEM_PUBLIC_KEY)) == []
    assert list(bids.envelope_faults(bids.acknowledged_of(tender), stored(tender.bids))) == []
    assert list(bids.closed_set_faults(tender, play.closed, SYSTEM_PUBLIC_KEY)) == []


def test_finds_a_receipt_of_another_bid(play: SmallPlay) -> None:
    first, second, _ = play.tender.bids
    swapped = replace(first, receipt=receipt(second.bid))

    assert len(list(bids.receipt_faults([swapped], SYSTEM_PUBLIC_KEY))) == 1


def test_finds_receipts_of_another_system(play: SmallPlay) -> None:
    stranger = signing.public_key(signing.new_private_key())

    assert len(list(bids.receipt_faults(play.tender.bids, stranger))) == 3


def test_finds_an_acknowledged_bid_that_is_not_stored(play: SmallPlay) -> None:
    faults = list(bids.envelope_faults(bids.acknowledged_of(play.tender), stored(play.tender.bids[1:])))

    assert faults == [
        f"已出具回执的投标文件 {play.tender.bids[0].bid.envelope_id} 在数据库中有 0 份，应为 1 份"
    ]


def test_finds_a_bid_that_is_stored_twice(play: SmallPlay) -> None:
    twice = stored([*play.tender.bids, play.tender.bids[0]])

    assert len(list(bids.envelope_faults(bids.acknowledged_of(play.tender), twice))) == 1


def test_finds_a_bid_that_was_swapped(play: SmallPlay) -> None:
    kept = stored(play.tender.bids)
    kept[0] = replace(kept[0], header_sha256="00" * 32)

    assert len(list(bids.envelope_faults(bids.acknowledged_of(play.tender), kept))) == 1


def test_finds_a_withdrawn_bid_that_still_stands(play: SmallPlay) -> None:
    kept = stored(play.tender.bids)
    play.tender.withdrawn.append(play.tender.bids.pop())

    assert len(list(bids.envelope_faults(bids.acknowledged_of(play.tender), kept))) == 1


def test_finds_a_bid_dropped_from_the_closed_set(play: SmallPlay) -> None:
    without = small_play(play.tender.bids[:2]).closed

    assert len(list(bids.closed_set_faults(play.tender, without, SYSTEM_PUBLIC_KEY))) == 2


def test_finds_a_close_that_the_system_did_not_sign(play: SmallPlay) -> None:
    forged = replace(play.closed, statement=play.closed.statement | {"closed_at": "2026-03-22T01:00:00Z"})

    faults = list(bids.closed_set_faults(play.tender, forged, SYSTEM_PUBLIC_KEY))

    assert faults == [f"{LOT} 封标声明的签名不是交易系统的"]
