"""Pages of a query: twenty a page, and a number beyond the last shows the last."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

PER_PAGE = 20

Row = TypeVar("Row")
M = TypeVar("M", bound=Model)


@dataclass(frozen=True)
class Page(Generic[Row]):
    """rows: of this page.  number: from 1.  last: number of the last page, 1 when there is nothing."""

    rows: tuple[Row, ...]
    number: int
    last: int
    total: int


def page_of(
    found: QuerySet[M], number: int, row_of: Callable[[M], Row], *, per_page: int = PER_PAGE
) -> Page[Row]:
    """Return page `number` of `found`, each object turned into a plain row."""
    total = found.count()
    last = max(1, -(-total // per_page))
    number = min(max(1, number), last)
    start = (number - 1) * per_page
    return Page(tuple(row_of(each) for each in found[start : start + per_page]), number, last, total)
