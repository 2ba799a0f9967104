"""Which tenders are played: real ones with their title, place and number of bidders, each in one part.

What real data does not tell is made up here and marked 演示: who bids, the prices, the days.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from pathlib import Path

from yuntai.city.folder import PROJECT
from yuntai.standard.money import yuan
from yuntai.trust.suites import INTERNATIONAL, NATIONAL

TENDERS = PROJECT / "examples" / "tenders.csv"
LIVE = PROJECT / "examples" / "live.csv"
KINDS = {"housing", "municipal"}  # what the construction bureau supervises
NOT_WORKS = ("监理", "设计", "勘察", "检测", "咨询", "EPC", "总承包", "设备", "采购")

MANY, DOZEN, FEW = "many-bidders", "dozen-bidders", "few-bidders"
SHORT, TOO_FEW = "short-bid-period", "too-few-bidders"
STANDSTILL, OPEN = "standstill", "open"
TWO_LOTS = "two-lots"  # the first comes to its contract, the second fails
TO_CONTRACT = (MANY, DOZEN, FEW)

LAWFUL_DAYS, SHORT_DAYS = 21, 10
BIDS_BEFORE_SUSPENSION = 2
BIDS_LEFT_OPEN = 2
BIDS_OF_FAILED_LOT = 2
HANDFUL = (4, 40)
FEN = Decimal("0.01")
NUMERALS = "零一二三四五六七八九"


@dataclass(frozen=True)
class PastTender:
    """A row of tenders.csv."""

    source_id: str
    title: str
    kind: str
    region_code: str
    place: str
    method: str
    ceiling_price_yuan: Decimal
    bidder_count: int
    opened_on: str
    origin: str
    url: str


@dataclass(frozen=True)
class Scene:
    """One tender of the play.

    part: what it shows.  bids: how many organizations bid, for the first lot where there are several.
    days: from notice to deadline.  must_tender: what the initiator declares.  lots: how many there are.
    suite: in which the bids are sealed.
    """

    part: str
    past: PastTender
    bids: int
    days: int = LAWFUL_DAYS
    must_tender: bool = True
    by_agency: bool = False
    suite: str = INTERNATIONAL.code
    lots: int = 1

    def lot_title(self, number: int) -> str:
        """Return the title of lot `number`, from 1."""
        return self.past.title if self.lots == 1 else f"{NUMERALS[number]}标段"

    def title_of(self, number: int) -> str:
        """Return how lot `number` is called where its tender is not named beside it."""
        return self.past.title if self.lots == 1 else f"{self.past.title}（{self.lot_title(number)}）"

    def ceiling_of(self, number: int) -> Decimal:
        """Return the ceiling of lot `number`, from 1: equal parts, the last takes the rest."""
        part = (self.past.ceiling_price_yuan / self.lots).quantize(FEN, ROUND_DOWN)
        return part if number < self.lots else self.past.ceiling_price_yuan - part * (self.lots - 1)

    @property
    def origin(self) -> str:
        """Return where the tender comes from, without a full stop: the page says what is made up."""
        return f"{self.past.origin}，原编号 {self.past.source_id}，{self.past.opened_on} 开标"


def past_tenders(path: Path = TENDERS) -> list[PastTender]:
    """Return the real tenders of the past, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [_past(row) for row in csv.DictReader(file)]


def scenes(past: Sequence[PastTender], live: Path = LIVE) -> dict[str, list[Scene]]:
    """Return the tenders to play, by part."""
    by_id = {tender.source_id: tender for tender in past}
    with live.open(encoding="utf-8", newline="") as file:
        named = {row["part"]: by_id[row["source_id"]] for row in csv.DictReader(file)}
    spare = _spare(past, taken=set(map(id, named.values())))
    return {
        MANY: [Scene(MANY, named[MANY], named[MANY].bidder_count)],
        DOZEN: [Scene(DOZEN, named[DOZEN], named[DOZEN].bidder_count, by_agency=True, suite=NATIONAL.code)],
        FEW: [Scene(FEW, named[FEW], named[FEW].bidder_count)],
        SHORT: [Scene(SHORT, named[SHORT], BIDS_BEFORE_SUSPENSION, SHORT_DAYS, must_tender=False)],
        TOO_FEW: [Scene(TOO_FEW, named[TOO_FEW], named[TOO_FEW].bidder_count)],
        STANDSTILL: [Scene(STANDSTILL, spare[0], spare[0].bidder_count)],
        OPEN: [Scene(OPEN, each, BIDS_LEFT_OPEN) for each in spare[1:3]],
        TWO_LOTS: [Scene(TWO_LOTS, spare[3], spare[3].bidder_count, lots=2)],
    }


def _spare(past: Sequence[PastTender], taken: set[int]) -> list[PastTender]:
    """Return the newest tenders of plain works with a handful of bidders that no part has taken."""
    free = [
        tender
        for tender in past
        if id(tender) not in taken
        and tender.kind in KINDS
        and not any(word in tender.title for word in NOT_WORKS)
        and HANDFUL[0] <= tender.bidder_count <= HANDFUL[1]
    ]
    return sorted(free, key=lambda tender: (tender.opened_on, tender.source_id), reverse=True)


def _past(row: dict[str, str]) -> PastTender:
    return PastTender(
        source_id=row["source_id"],
        title=row["title"],
        kind=row["kind"],
        region_code=row["region_code"],
        place=row["place"],
        method=row["method"],
        ceiling_price_yuan=yuan(row["ceiling_price_yuan"]),
        bidder_count=int(row["bidder_count"]),
        opened_on=row["opened_on"],
        origin=row["origin"],
        url=row["url"],
    )
