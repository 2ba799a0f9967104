"""What lists share: pages, and filters kept in the address."""

from collections.abc import Mapping
from typing import TypeVar

from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from yuntai.kernel.templatetags.components import Option, Pages

Row = TypeVar("Row", bound=Model)
ROWS = 20


def page_of(rows: QuerySet[Row], request: HttpRequest, *, unit: str) -> tuple[list[Row], Pages]:
    """Return the rows of the page that the address asks for, and where it stands."""
    page = Paginator(rows, ROWS).get_page(request.GET.get("page", "1"))
    parameters = {name: value for name, value in request.GET.dict().items() if name != "page" and value}
    pages = Pages(page.number, page.paginator.num_pages, page.paginator.count, parameters, unit)
    return list(page.object_list), pages


def chosen(request: HttpRequest, name: str, allowed: Mapping[str, str]) -> str:
    """Return the filter `name` of the address when it is a value that the list knows, else ""."""
    value = request.GET.get(name, "")
    return value if value in allowed else ""


def options(choices: Mapping[str, str], every: str) -> tuple[Option, ...]:
    """Return the options of a filter, led by `every`, which stands for no filter."""
    return (Option("", every), *(Option(value, label) for value, label in choices.items()))
