"""The quality of one system's reporting: each measure with definition, number and trend."""

from collections.abc import Mapping

from yuntai.kernel.templatetags.components import Cell, Column, Table
from yuntai.publicservice.quality.measures import MEASURES
from yuntai.publicservice.quality.queries import Quality

COLUMNS = (
    Column("measure", "指标"),
    Column("today", "今日", "number"),
    Column("week", "近 7 日", "number"),
    Column("trend", "近 14 日逐日（%，旧 → 新）"),
)


def percent(share: float | None) -> str:
    """Return a share as a percentage, rounded down so that nothing less than all reads 100; "无" for none."""
    return "无" if share is None else f"{int(share * 1000) / 10:g}%"


def quality_table(quality: Quality) -> Table:
    """Return the table of the measures."""
    rows = tuple(
        (
            Cell(each.name, note=each.definition),
            Cell(percent(quality.today.get(each.code))),
            Cell(percent(quality.week.get(each.code))),
            Cell(_trend([shares for _, shares in quality.trend], each.code)),
        )
        for each in MEASURES
    )
    due = quality.follow_ups
    return Table(
        caption="报送质量",
        columns=COLUMNS,
        rows=rows,
        id="quality",
        note=f"应有后续报文 {due.due} 条，缺 {due.missing} 条。近 7 日更正 {quality.corrections} 条。",
    )


def _trend(days: list[Mapping[str, float | None]], measure: str) -> str:
    shares = [day.get(measure) for day in days]
    if not any(share is not None for share in shares):
        return "无"
    return " ".join("–" if share is None else f"{int(share * 100)}" for share in shares)
