"""The example tenders: clean, complete, and reproducible from their source."""

import csv
import os
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from yuntai.standard.code_lists import KINDS, METHODS
from yuntai.standard.identifiers import regions
from yuntai.standard.messages import TenderHistoryRecorded, parse
from yuntai.standard.money import from_text

EXAMPLES = Path(__file__).parents[1]
SHARED = Path(os.environ.get("YUNTAI_SHARED", EXAMPLES.parents[1] / "shared"))
SOURCE = SHARED / "data/china"
MUST_TENDER_WORKS = Decimal(4_000_000)
COLUMNS = [
    "source_id",
    "title",
    "kind",
    "region_code",
    "place",
    "method",
    "ceiling_price_yuan",
    "bidder_count",
    "opened_on",
    "origin",
    "url",
]


def read(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / name).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table))


TENDERS = read("tenders.csv")
LIVE = {row["part"]: row["source_id"] for row in read("live.csv")}
BY_ID = {row["source_id"]: row for row in TENDERS}


def test_has_the_columns_the_readme_names() -> None:
    assert list(TENDERS[0]) == COLUMNS
    readme = (EXAMPLES / "README.md").read_text(encoding="utf-8")
    assert [column for column in COLUMNS if f"`{column}`" not in readme] == []


def test_has_four_hundred_rows_of_two_cities() -> None:
    assert len(TENDERS) == 400
    assert Counter(row["region_code"][:4] for row in TENDERS) == {"3311": 230, "3301": 170}


def test_no_tender_is_there_twice() -> None:
    for column in ("source_id", "title", "url"):
        assert len({row[column] for row in TENDERS}) == len(TENDERS)


def test_rows_are_in_order_of_day_and_number() -> None:
    assert sorted(TENDERS, key=lambda row: (row["opened_on"], row["source_id"])) == TENDERS


def test_every_row_is_clean() -> None:
    for row in TENDERS:
        assert re.search("[\u4e00-\u9fff]{3}", row["title"]), row
        assert not re.search("[\ufffd\u0000-\u001f]|&#|锟斤拷|\u00c3", row["title"]), row
        assert row["kind"] in KINDS, row
        assert row["method"] in METHODS, row
        assert row["place"] == regions.full_name(row["region_code"]), row
        assert from_text(row["ceiling_price_yuan"]) > 0, row
        assert int(row["bidder_count"]) > 0, row
        assert date(2021, 12, 1) <= date.fromisoformat(row["opened_on"]) <= date(2023, 10, 31), row


def test_every_row_makes_a_message_of_the_standard() -> None:
    recorded_at = datetime(2026, 1, 1, tzinfo=UTC)
    for row in TENDERS:
        facts = row | {"occurred_at": recorded_at, "bidder_count": int(row["bidder_count"])}
        message = TenderHistoryRecorded.model_validate(facts)

        assert parse(message.body()) == message


def test_three_tenders_are_played_with_many_a_dozen_and_few_bidders() -> None:
    counts = [
        int(BY_ID[LIVE[part]]["bidder_count"]) for part in ("many-bidders", "dozen-bidders", "few-bidders")
    ]

    assert 101 <= counts[0] <= 130
    assert counts[1] == 12
    assert 3 <= counts[2] <= 5


def test_one_tender_must_be_tendered_and_one_has_too_few_bidders() -> None:
    assert Decimal(BY_ID[LIVE["short-bid-period"]]["ceiling_price_yuan"]) > MUST_TENDER_WORKS
    assert int(BY_ID[LIVE["too-few-bidders"]]["bidder_count"]) == 2


def test_what_is_played_is_housing_or_municipal_works() -> None:
    assert len(set(LIVE.values())) == len(LIVE) == 5
    assert {BY_ID[source_id]["kind"] for source_id in LIVE.values()} == {"housing", "municipal"}


@pytest.mark.skipif(
    not SOURCE.exists(), reason="no shared data: set YUNTAI_SHARED to the folder that has data/"
)
def test_the_source_gives_these_very_bytes(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "examples.curate", str(SOURCE), str(tmp_path)], cwd=EXAMPLES.parent, check=True
    )

    for name in ("tenders.csv", "live.csv"):
        assert (tmp_path / name).read_bytes() == (EXAMPLES / name).read_bytes()
