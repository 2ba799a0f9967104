"""Worked cases of a mean baseline found in a public system, where the shared data folder is at hand."""

import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from yuntai.evaluation.rules import MeanBaseline

SHARED = Path(os.environ.get("YUNTAI_SHARED", Path(__file__).parents[4] / "shared"))
CASES = SHARED / "data/evaluation/cn_price_score_gansu.json"
FEN = Decimal("0.01")


def cases() -> list[Any]:
    if not CASES.exists():
        return []
    return list(json.loads(CASES.read_text(encoding="utf-8"))["cases"])


@pytest.mark.skipif(
    not CASES.exists(), reason="no shared data: set YUNTAI_SHARED to the folder that has data/"
)
def test_there_are_cases() -> None:
    assert len(cases()) == 8


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{len(case['prices'])} bids")
def test_agrees_with_a_public_case(case: dict[str, Any]) -> None:
    """Baseline and deviation agree to the fen.

    That system rounds the deviation before it takes points off, we only at the end: a score may differ by
    0.01, and by no more.
    """
    rule = MeanBaseline(
        k=Decimal(1),
        deduction_above=Decimal(case["up"]),
        deduction_below=Decimal(case["down"]),
        full_score=Decimal(case["total"]),
        trim_from=4,
    )
    result = rule.score({str(number): Decimal(price) for number, price in enumerate(case["prices"])}, None)

    lines = {line.bidder: line for line in result.lines}
    assert result.baseline == Decimal(case["expect"]["base"])
    for number, expected in enumerate(case["expect"]["bids"]):
        line = lines[str(number)]
        assert line.deviation_percent == Decimal(expected["offset_pct"])
        assert line.score is not None
        assert abs(line.score - Decimal(expected["score"])) <= FEN
