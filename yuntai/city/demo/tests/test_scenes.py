"""Every part of the play has its tender, and the parts are what they must be."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest

from yuntai.city.demo.scenes import (
    DOZEN,
    FEW,
    MANY,
    OPEN,
    SHORT,
    STANDSTILL,
    TOO_FEW,
    TWO_LOTS,
    Scene,
    past_tenders,
    scenes,
)


@pytest.fixture(scope="module")
def parts() -> dict[str, list[Scene]]:
    return scenes(past_tenders())


def test_every_part_has_its_tenders(parts: dict[str, list[Scene]]) -> None:
    counts = {part: len(listed) for part, listed in parts.items()}

    assert counts == {MANY: 1, DOZEN: 1, FEW: 1, SHORT: 1, TOO_FEW: 1, STANDSTILL: 1, OPEN: 2, TWO_LOTS: 1}


def test_no_tender_is_played_twice(parts: dict[str, list[Scene]]) -> None:
    played = Counter(scene.past.source_id for listed in parts.values() for scene in listed)

    assert set(played.values()) == {1}


def test_more_than_a_hundred_bid_for_the_largest(parts: dict[str, list[Scene]]) -> None:
    assert parts[MANY][0].bids == parts[MANY][0].past.bidder_count > 100


def test_the_numbers_of_bids_fit_the_parts(parts: dict[str, list[Scene]]) -> None:
    assert parts[FEW][0].bids == 3
    assert parts[TOO_FEW][0].bids == 2
    assert parts[STANDSTILL][0].bids >= 3


def test_the_short_tender_hides_its_size(parts: dict[str, list[Scene]]) -> None:
    short = parts[SHORT][0]

    assert short.days < 20
    assert not short.must_tender
    assert short.ceiling_of(1) > 4_000_000


def test_the_others_give_twenty_days(parts: dict[str, list[Scene]]) -> None:
    lawful = [scene for part, listed in parts.items() if part != SHORT for scene in listed]

    assert all(scene.days >= 20 and scene.must_tender for scene in lawful)


def test_says_what_is_made_up(parts: dict[str, list[Scene]]) -> None:
    assert all(scene.past.source_id in scene.origin for listed in parts.values() for scene in listed)
    assert all(len(scene.origin) <= 300 for listed in parts.values() for scene in listed)


def test_two_lots_share_the_ceiling_to_the_fen(parts: dict[str, list[Scene]]) -> None:
    scene = parts[TWO_LOTS][0]

    assert [scene.title_of(number) for number in (1, 2)] == [
        f"{scene.past.title}（一标段）",
        f"{scene.past.title}（二标段）",
    ]
    assert [scene.lot_title(number) for number in (1, 2)] == ["一标段", "二标段"]
    odd = replace(scene, past=replace(scene.past, ceiling_price_yuan=Decimal("10.01")))
    assert [odd.ceiling_of(number) for number in (1, 2)] == [Decimal("5.00"), Decimal("5.01")]
    assert scene.bids >= 3
    assert parts[FEW][0].title_of(1) == parts[FEW][0].past.title
