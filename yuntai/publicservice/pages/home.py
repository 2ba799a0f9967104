"""The front page: search, filters, the tenders found, and how they spread."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.templatetags.components import Crumb, Filter, Option, Status
from yuntai.publicservice import places
from yuntai.publicservice.pages.addresses import page_number, pages_of
from yuntai.publicservice.pages.charts import columns, region_bars
from yuntai.publicservice.pages.lots import partly_failed
from yuntai.publicservice.portal import words
from yuntai.publicservice.portal.search import (
    Choices,
    Search,
    TenderLine,
    choices,
    find_tenders,
    spread,
)
from yuntai.publicservice.portal.stages import BY_CODE, IN_ORDER
from yuntai.trust import clock

PERIODS = (("7d", "近 7 天"), ("30d", "近 30 天"), ("365d", "近一年"))
SORTS = (("", "最新发布"), ("due", "投标截止最早"), ("price", "限价最高"))
DUE_LABELS = {"bidding": "投标截止", "standstill": "公示截止"}


@dataclass(frozen=True)
class TenderRow:
    """A line of the list.  on: the day it is listed under, `on_label` says of what.

    failed: that some of its lots came to nothing, None when none did or the whole tender did.
    """

    kind: str
    title: str
    url: str
    place: str
    price: Decimal | None
    price_label: str
    status: Status
    failed: Status | None
    due_at: datetime | None
    due_label: str
    on: datetime
    on_label: str
    demonstration: bool


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Show the tenders that the address asks for."""
    now = clock.now()
    search = Search.of(request.GET.dict())
    found = find_tenders(search, page=page_number(request), now=now)
    spread_out = spread(search, now=now)
    parameters = search.parameters()
    context = {
        "now": now,
        "asked": bool({*parameters} - {"sort"}),
        "filters": filters_of(search, choices()),
        "rows": [row_of(line) for line in found.rows],
        "pages": pages_of(found, parameters, "个项目"),
        "columns": columns(spread_out),
        "regions": region_bars(spread_out, parameters),
        "feed_url": f"{reverse('feed')}?{urlencode(parameters)}" if parameters else reverse("feed"),
        "crumbs": (Crumb("交易信息"),),
    }
    return render(request, "publicservice/home.html", context)


def row_of(line: TenderLine) -> TenderRow:
    """Return the list's line for a tender."""
    price = line.ceiling_price_yuan if line.ceiling_price_yuan is not None else line.estimated_yuan
    return TenderRow(
        kind=words.kind(line.kind),
        title=line.title,
        url=reverse("tender", args=[line.code]),
        place=places.name(line.region_code),
        price=price,
        price_label="限价" if line.ceiling_price_yuan is not None else "估算",
        status=Status(line.stage.name, line.stage.tone),
        failed=partly_failed(line),
        due_at=line.due_at,
        due_label=DUE_LABELS.get(line.stage.code, ""),
        on=line.published_at,
        on_label="开标" if line.history else "发布",
        demonstration=line.demonstration,
    )


def filters_of(search: Search, available: Choices) -> tuple[Filter, ...]:
    """Return the filters above the list, each holding what the address says."""
    kinds = [(word, f"{words.kind(word)} {number}") for word, number in available.kinds]
    stages = [(code, BY_CODE[code].name) for code in IN_ORDER]
    years = [(str(year), f"{year} 年") for year in available.years]
    return (
        Filter("q", "项目名称、编号或单位", search.q, "search", placeholder="例如：道路、小学、E3207"),
        _choice("kind", "类别", search.kind, [("", "全部类别"), *kinds]),
        _choice("place", "地区", search.place, [("", "全部地区"), *_regions(available)]),
        _choice("stage", "阶段", search.stage, [("", "全部阶段"), *stages]),
        _choice("period", "时间", search.period, [("", "全部时间"), *PERIODS, *years]),
        _choice("sort", "排序", search.sort, list(SORTS)),
    )


def _choice(name: str, label: str, value: str, options: list[tuple[str, str]]) -> Filter:
    return Filter(name, label, value, "select", tuple(Option(*option) for option in options))


def _regions(available: Choices) -> list[tuple[str, str]]:
    numbers = dict(available.regions)
    cities = {f"{code[:4]}00" for code in numbers}
    for city in cities:
        numbers[city] = sum(number for code, number in available.regions if code.startswith(city[:4]))
    return [(code, f"{places.name(code)} {numbers[code]}") for code in sorted(numbers)]
