"""Picks and cleans real tenders out of the re-published tables of Lishui and Hangzhou; README.md says why so.

`python -m examples.curate SOURCE [TARGET]` writes tenders.csv and live.csv into TARGET, or beside this file:
the same bytes each time.  SOURCE has lishui_bid_opening_2023-08-30.csv, hangzhou_tender.xlsx and
hangzhou_bid_opening.xlsx.
"""

import csv
import html
import io
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import astuple, dataclass, fields
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from yuntai.law.rounding import half_up
from yuntai.standard.identifiers import regions

FROM_LISHUI, FROM_HANGZHOU = 230, 170

REPUBLISHED = "经开源仓库 Lance-Owen/spiders 整理"
LISHUI = f"丽水市公共资源交易网（{REPUBLISHED}）"
HANGZHOU = f"杭州市公共资源交易网（{REPUBLISHED}）"

# In Lishui's table a bare 房屋建筑 is a default that stands for anything; bare digits are of no known list.
LISHUI_KINDS = {
    "房屋建筑工程": "housing",
    "市政基础设施工程": "municipal",
    "市政": "municipal",
    "1基础设施": "municipal",
    "交通工程": "transport",
    "交通": "transport",
    "公路": "transport",
    "水利工程": "water",
    "农业工程": "agriculture",
    "国土资源工程": "land",
    "能源工程": "energy",
}
LISHUI_PLACES = {
    "丽水": "331100",
    "丽水市": "331100",
    "市本级": "331100",
    "莲都": "331102",
    "莲都区": "331102",
    "青田": "331121",
    "缙云": "331122",
    "遂昌": "331123",
    "松阳": "331124",
    "云和": "331125",
    "云和县": "331125",
    "庆元": "331126",
    "景宁": "331127",
    "龙泉": "331181",
}
LISHUI_METHODS = {"公开招标": "open", "邀请招标": "selective"}
HANGZHOU_KINDS = {
    "房屋建筑": "housing",
    "市政公用": "municipal",
    "公路(交通)": "transport",
    "水利水电": "water",
    "园林绿化": "landscape",
    "农业": "agriculture",
    "机电安装": "installation",
    "文物保护": "heritage",
}
# Digits 2-7 of Hangzhou's tender codes; three stand for districts as they were before 2021.
HANGZHOU_PLACES = {
    "330101": "330100",
    "330102": "330102",
    "330105": "330105",
    "330106": "330106",
    "330108": "330108",
    "330109": "330109",
    "330110": "330110",
    "330111": "330111",
    "330113": "330113",
    "330122": "330122",
    "330127": "330127",
    "330130": "330114",
    "330182": "330182",
    "330185": "330112",
}

LIVE_PARTS = (
    ("many-bidders", "A3311011160013420"),
    ("dozen-bidders", "A3311011160012271"),
    ("few-bidders", "A3311011160013343"),
    ("short-bid-period", "A3311011160013248"),
    ("too-few-bidders", "A3301010060508516001221"),
)


@dataclass(frozen=True)
class Tender:
    """One row of tenders.csv; README.md has the columns."""

    source_id: str
    title: str
    kind: str
    region_code: str
    place: str
    method: str
    ceiling_price_yuan: str
    bidder_count: int
    opened_on: str
    origin: str
    url: str


def curate(folder: Path) -> list[Tender]:
    """Return the picked tenders, by day and number."""
    always = {source_id for _, source_id in LIVE_PARTS}
    lishui = pick(unambiguous(read_lishui(folder)), FROM_LISHUI, always)
    hangzhou = pick(unambiguous(read_hangzhou(folder)), FROM_HANGZHOU, always)
    return sorted([*lishui, *hangzhou], key=lambda tender: (tender.opened_on, tender.source_id))


def read_lishui(folder: Path) -> Iterator[Tender]:
    """Yield Lishui's rows that are complete and of a kind we can trust."""
    table = (folder / "lishui_bid_opening_2023-08-30.csv").read_text(encoding="utf-8-sig")
    for row in csv.DictReader(io.StringIO(table)):
        kind, region_code = LISHUI_KINDS.get(row["项目类型"]), LISHUI_PLACES.get(row["项目所在地"])
        price, count, title = yuan(row["zbkzj"], 1), number(row["投标单位数量"]), clean_title(row["项目名称"])
        if kind and region_code and price and count and title and row["id"].strip():
            yield Tender(
                source_id=row["id"].strip(),
                title=title,
                kind=kind,
                region_code=region_code,
                place=regions.full_name(region_code),
                method=LISHUI_METHODS[row["招标方式"]],
                ceiling_price_yuan=price,
                bidder_count=count,
                opened_on=day(row["开标时间"]).isoformat(),
                origin=LISHUI,
                url=row["网址"].strip(),
            )


def read_hangzhou(folder: Path) -> Iterator[Tender]:
    """Yield Hangzhou's openings whose notice is there too, under the same code and once only."""
    notices = once(read_sheet(folder / "hangzhou_tender.xlsx"), lambda row: row["项目编号"])
    openings = once(read_sheet(folder / "hangzhou_bid_opening.xlsx"), lambda row: row["项目编号"])
    for code, opening in openings.items():
        notice = notices.get(code)
        if notice is None or squeezed(notice["项目名称"]) != squeezed(opening["项目名称"]):
            continue
        kind, region_code = HANGZHOU_KINDS.get(notice["工程分类"]), HANGZHOU_PLACES.get(str(code)[1:7])
        price, count = yuan(notice["预算"], 10_000), number(opening["投标单位数量"])
        if kind and region_code and price and count and str(notice["资格审查方式"]).startswith("资格"):
            yield Tender(
                source_id=str(code),
                title=clean_title(opening["项目名称"]),
                kind=kind,
                region_code=region_code,
                place=regions.full_name(region_code),
                method="open",
                ceiling_price_yuan=price,
                bidder_count=count,
                opened_on=day(opening["开标时间"]).isoformat(),
                origin=HANGZHOU,
                url=notice["招标公告网址"].strip(),
            )


def read_sheet(file: Path) -> Iterator[dict[str, Any]]:
    """Yield the rows of a workbook's first sheet by column name; columns without a name are skipped."""
    book = load_workbook(file, read_only=True)
    rows = book.worksheets[0].iter_rows(values_only=True, max_col=40)
    header = next(rows)
    for row in rows:
        yield {str(name): value for name, value in zip(header, row, strict=True) if name}
    book.close()


def once(
    rows: Iterable[dict[str, Any]], key: Callable[[dict[str, Any]], object]
) -> dict[object, dict[str, Any]]:
    """Return rows by key, without those whose key comes twice."""
    kept = list(rows)
    count = Counter(map(key, kept))
    return {key(row): row for row in kept if count[key(row)] == 1}


def unambiguous(tenders: Iterable[Tender]) -> list[Tender]:
    """Return tenders whose number and title no other row has: repeated rows contradict each other."""
    kept = list(tenders)
    numbers, titles = Counter(t.source_id for t in kept), Counter(t.title for t in kept)
    return [t for t in kept if numbers[t.source_id] == titles[t.title] == 1]


def pick(tenders: list[Tender], count: int, always: set[str]) -> list[Tender]:
    """Return `count` tenders, those named in `always` among them; the rest by hash, so by no one's choice."""

    def order(tender: Tender) -> tuple[bool, str]:
        return tender.source_id not in always, sha256(tender.source_id.encode()).hexdigest()

    return sorted(tenders, key=order)[:count]


def clean_title(raw: object) -> str:
    """Return the title in one line, HTML entities and stray spaces resolved; "" for what is no title."""
    title = " ".join(html.unescape(str(raw or "")).split()).removesuffix("开标记录公示")
    return "" if title.isdecimal() or "\ufffd" in title else title


def squeezed(raw: object) -> str:
    """Return the title without spaces, to compare two tables."""
    return clean_title(raw).replace(" ", "")


def yuan(raw: object, unit: int) -> str:
    """Return an amount in yuan with two decimals, rounded half up; "" when there is none.

    unit: yuan in one unit of the table, 10,000 for 万元.
    """
    try:
        amount = half_up(Decimal(str(raw).strip()) * unit, 2)
    except InvalidOperation:
        return ""
    return f"{amount:f}" if amount > 0 else ""


def number(raw: object) -> int:
    """Return a count, 0 when there is none."""
    text = str(raw).strip()
    return int(text) if text.isdecimal() else 0


def day(raw: object) -> date:
    """Return the day of 2023/8/30, 2023/8/30 14:00 or a cell with a date."""
    if isinstance(raw, datetime):
        return raw.date()
    year, month, of_month = str(raw).split()[0].split("/")
    return date(int(year), int(month), int(of_month))


def tenders_csv(tenders: Iterable[Tender]) -> str:
    """Write tenders as CSV with a header and plain line feeds."""
    return _csv([tuple(field.name for field in fields(Tender)), *map(astuple, tenders)])


def live_csv() -> str:
    """Write which tenders the demo plays live, and as what."""
    return _csv([("part", "source_id"), *LIVE_PARTS])


def _csv(rows: Iterable[tuple[object, ...]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    source = Path(sys.argv[1])
    target = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(__file__).parent
    (target / "tenders.csv").write_text(tenders_csv(curate(source)), encoding="utf-8")
    (target / "live.csv").write_text(live_csv(), encoding="utf-8")
