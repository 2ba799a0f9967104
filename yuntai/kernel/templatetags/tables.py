"""The one table: header sticks, sorts by address, offers CSV, scrolls inside itself on a phone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from django import template

register = template.Library()

SORTED_WORDS = {"ascending": "升序", "descending": "降序"}


@dataclass(frozen=True)
class Column:
    """kind: "text", "number" (right-aligned, tabular), "time" or "code".  sortable: its heading is a link.

    sort_url, sorted: filled in by `sorted_columns`; sorted is "", "ascending" or "descending".
    """

    key: str
    name: str
    kind: str = "text"
    sortable: bool = False
    sort_url: str = ""
    sorted: str = ""

    @property
    def sorted_word(self) -> str:
        return SORTED_WORDS.get(self.sorted, "")


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table.  note: small, below.  tone: as Status, "" for plain text."""

    text: str
    url: str = ""
    note: str = ""
    tone: str = ""


@dataclass(frozen=True)
class Table:
    """rows: one tuple of cells per line, in the order of the columns.  csv_url: "" when not offered.

    note: source and time of the figures.  nothing: said when there are no rows.
    id: needed only where a page shows two tables.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    csv_url: str = ""
    note: str = ""
    nothing: str = "没有记录。"
    id: str = "table"

    @property
    def lines(self) -> list[list[tuple[Column, Cell]]]:
        return [list(zip(self.columns, row, strict=True)) for row in self.rows]


def sorted_columns(columns: Sequence[Column], parameters: Mapping[str, str]) -> tuple[Column, ...]:
    """Return the columns with the address each heading leads to; `sort=key` ascends, `sort=-key` descends."""
    now = parameters.get("sort", "")
    return tuple(_linked(column, now, parameters) if column.sortable else column for column in columns)


def _linked(column: Column, now: str, parameters: Mapping[str, str]) -> Column:
    state = {column.key: "ascending", f"-{column.key}": "descending"}.get(now, "")
    wanted = f"-{column.key}" if state == "ascending" else column.key
    kept = {name: value for name, value in parameters.items() if name not in ("sort", "page")}
    return replace(column, sorted=state, sort_url=f"?{urlencode({**kept, 'sort': wanted})}")


@register.inclusion_tag("ui/data_table.html")
def data_table(table: Table) -> dict[str, object]:
    return {"table": table}
