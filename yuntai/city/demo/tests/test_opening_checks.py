"""The check of openings decrypts by itself, and finds what was published otherwise."""

from decimal import Decimal

import pytest

from yuntai.city.demo.checks.openings import opening_faults
from yuntai.city.demo.evidence import OpenedBid
from yuntai.city.demo.played import HandedIn
from yuntai.city.demo.tests.sealed import HOLDER_KEYS, SmallPlay, handed_in, small_play


@pytest.fixture(scope="module")
def three() -> list[HandedIn]:
    return [
        handed_in(0, "9000000.00"),
        handed_in(1, "9100000.00"),
        handed_in(2, "9200000.00", is_sealed_wrongly=True),
    ]


@pytest.fixture
def play(three: list[HandedIn]) -> SmallPlay:
    return small_play(list(three))


def faults(play: SmallPlay, **changes: object) -> list[str]:
    """Return the faults when the first published line is changed so."""
    published = play.published
    if changes:
        first, *rest = published.bids
        published = published.model_copy(update={"bids": (first.model_copy(update=changes), *rest)})
    return list(opening_faults(play.tender, play.opened, published, HOLDER_KEYS))


def test_finds_nothing_in_an_honest_opening(play: SmallPlay) -> None:
    assert faults(play) == []


@pytest.mark.parametrize(
    "change",
    [
        {"price_yuan": Decimal("8999999.99")},
        {"bidder_name": "演示别氏建设工程有限公司"},
        {"duration_days": 199},
        {"header_sha256": "00" * 32},
        {"outcome": "platform-fault"},
    ],
)
def test_finds_a_line_that_was_published_otherwise(play: SmallPlay, change: dict[str, object]) -> None:
    assert len(faults(play, **change)) == 1


def test_finds_a_wrong_key_in_the_record(play: SmallPlay) -> None:
    envelope_id = play.tender.bids[0].bid.envelope_id
    play.opened[envelope_id] = OpenedBid("opened", "00" * 32)

    assert "离线打不开" in faults(play)[0]


def test_finds_a_bid_missing_in_the_record(play: SmallPlay) -> None:
    del play.opened[play.tender.bids[1].bid.envelope_id]

    assert len(faults(play)) == 1


def test_finds_a_bid_missing_in_the_publication(play: SmallPlay) -> None:
    published = play.published.model_copy(update={"bids": play.published.bids[1:]})

    assert len(list(opening_faults(play.tender, play.opened, published, HOLDER_KEYS))) == 1


def test_finds_a_wrong_sealing_that_was_let_through(play: SmallPlay) -> None:
    play.opened[play.tender.bids[2].bid.envelope_id] = OpenedBid("opened", "00" * 32)

    assert "应记为投标人原因未解密" in faults(play)[0]
