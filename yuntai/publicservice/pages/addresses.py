"""Reads what an address asks for, and writes where a list stands."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yuntai.kernel.templatetags.components import Pages
from yuntai.publicservice.paging import Page

HIGHEST_PAGE = 1_000_000


def page_number(request: HttpRequest) -> int:
    """Return the page asked for; 1 when the address says something else."""
    asked = request.GET.get("page", "1")
    return min(int(asked), HIGHEST_PAGE) if asked.isascii() and asked.isdecimal() and len(asked) < 10 else 1


def pages_of(page: Page[Any], parameters: Mapping[str, str], unit: str) -> Pages:
    """Return where a list stands, for the component below it."""
    return Pages(number=page.number, last=page.last, total=page.total, parameters=parameters, unit=unit)


def absolute(path: str) -> str:
    """Return the full address of a page of ours."""
    return f"{settings.PUBLIC_URL}{path}"
