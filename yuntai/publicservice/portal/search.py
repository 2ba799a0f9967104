"""Finding tenders: what may be asked, how it is asked of the database, and how the found ones spread out."""

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, cast

from django.db.models import Count, F, OrderBy, QuerySet
from django.db.models.functions import ExtractYear, TruncMonth

from yuntai.law.days import SHANGHAI
from yuntai.publicservice import bigrams, places
from yuntai.publicservice.paging import PER_PAGE, Page, page_of
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.portal.stages import BY_CODE, Stage, stage_at

RECENT_DAYS = {"7d": 7, "30d": 30, "365d": 365}
SORTS: dict[str, tuple[OrderBy, ...]] = {
    "": (F("published_at").desc(), F("id").desc()),
    "due": (F("bids_due_at").asc(nulls_last=True), F("id").desc()),
    "price": (F("ceiling_price_yuan").desc(nulls_last=True), F("id").desc()),
}
_WORD = re.compile(r"[a-z][a-z0-9._-]{0,49}", re.ASCII)
_REGION = re.compile(r"[0-9]{6}", re.ASCII)
MONTHS_SHOWN = timedelta(days=2 * 366)


@dataclass(frozen=True)
class Search:
    """What is asked; "" leaves a filter out.

    text: words, each a substring of title, code, place or a party's name.  place: a region's code; a city's
    covers its counties.  period: a key of RECENT_DAYS, or a year.  sort: a key of SORTS.
    """

    q: str = ""
    kind: str = ""
    place: str = ""
    stage: str = ""
    period: str = ""
    sort: str = ""

    @classmethod
    def of(cls, parameters: Mapping[str, str]) -> "Search":
        """Read an address; what is not understood counts as left out."""
        asked = cls(**{name: parameters.get(name, "").strip() for name in cls.__dataclass_fields__})
        return cls(
            q=asked.q[: bigrams.LONGEST_QUERY],
            kind=asked.kind if _WORD.fullmatch(asked.kind) else "",
            place=asked.place if _REGION.fullmatch(asked.place) else "",
            stage=asked.stage if asked.stage in BY_CODE else "",
            period=asked.period if asked.period in RECENT_DAYS or _is_year(asked.period) else "",
            sort=asked.sort if asked.sort in SORTS else "",
        )

    def parameters(self) -> dict[str, str]:
        """Return what stands in the address: the filters that are set."""
        return {name: value for name, value in asdict(self).items() if value}


@dataclass(frozen=True)
class TenderLine:
    """A tender in a list.  kind, procedure: code words.  due_at: end of bidding or standstill."""

    code: str
    title: str
    kind: str
    procedure: str
    stage: Stage
    region_code: str
    place: str
    initiator_name: str
    estimated_yuan: Decimal | None
    ceiling_price_yuan: Decimal | None
    published_at: datetime
    told_at: datetime
    lot_count: int
    failed_lot_count: int
    bids_due_at: datetime | None
    standstill_closes_at: datetime | None
    history: bool
    demonstration: bool

    @property
    def due_at(self) -> datetime | None:
        return {"bidding": self.bids_due_at, "standstill": self.standstill_closes_at}.get(self.stage.code)


@dataclass(frozen=True)
class Spread:
    """How tenders spread.  by: "month", or "year" when they span long.  periods: first day and number."""

    by: str
    periods: tuple[tuple[datetime, int], ...]
    regions: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Choices:
    """What there is to choose from, with the number of tenders of each; years newest first."""

    kinds: tuple[tuple[str, int], ...]
    regions: tuple[tuple[str, int], ...]
    years: tuple[int, ...]


def matching(search: Search, *, now: datetime) -> QuerySet[PublicTender]:
    """Return the tenders that `search` asks for, each with `stage_code`, in the order asked for."""
    found = PublicTender.objects.annotate(stage_code=stage_at(now))
    words = bigrams.query(search.q)
    if words:
        found = found.filter(search__matches=words)
    if search.kind:
        found = found.filter(kind=search.kind)
    if search.place:
        found = found.filter(region_code__startswith=places.prefix(search.place))
    if search.stage:
        found = found.filter(stage_code=search.stage)
    return _in_period(found, search.period, now).order_by(*SORTS[search.sort])


def find_tenders(search: Search, *, page: int, now: datetime, per_page: int = PER_PAGE) -> Page[TenderLine]:
    """Return a page of what `search` asks for."""
    return page_of(matching(search, now=now), page, _line, per_page=per_page)


def spread(search: Search, *, now: datetime) -> Spread:
    """Return how the tenders that `search` asks for spread over time and regions."""
    month = TruncMonth("published_at", tzinfo=SHANGHAI)
    found = matching(search, now=now).order_by().annotate(month=month)
    rows = list(found.values_list("month", "region_code").annotate(n=Count("*")))
    if not rows:
        return Spread("year", (), ())
    months, regions = Counter[datetime](), Counter[str]()
    for at, region_code, number in rows:
        months[at] += number
        regions[region_code] += number
    longest_first = sorted(regions.items(), key=lambda item: (-item[1], item[0]))
    by = "month" if max(months) - min(months) <= MONTHS_SHOWN else "year"
    return Spread(by, _without_gaps(months if by == "month" else _by_year(months), by), tuple(longest_first))


def choices() -> Choices:
    """Return the kinds, regions and years that the portal has tenders of."""
    year = ExtractYear("published_at", tzinfo=SHANGHAI)
    everything = PublicTender.objects.order_by().annotate(year=year)
    kinds, regions, years = Counter[str](), Counter[str](), set[int]()
    for kind, region_code, at, number in everything.values_list("kind", "region_code", "year").annotate(
        n=Count("*")
    ):
        kinds[kind] += number
        regions[region_code] += number
        years.add(at)
    return Choices(
        kinds=tuple(sorted(kinds.items(), key=lambda item: (-item[1], item[0]))),
        regions=tuple(sorted(regions.items())),
        years=tuple(sorted(years, reverse=True)),
    )


def _in_period(found: QuerySet[PublicTender], period: str, now: datetime) -> QuerySet[PublicTender]:
    if period in RECENT_DAYS:
        midnight = now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
        return found.filter(published_at__gte=midnight - timedelta(days=RECENT_DAYS[period]))
    if period:
        year = int(period)
        return found.filter(
            published_at__gte=datetime(year, 1, 1, tzinfo=SHANGHAI),
            published_at__lt=datetime(year + 1, 1, 1, tzinfo=SHANGHAI),
        )
    return found


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isascii() and text.isdecimal() and 1900 <= int(text) <= 2200


def _without_gaps(counts: Mapping[datetime, int], by: str) -> tuple[tuple[datetime, int], ...]:
    at, last = min(counts), max(counts)
    periods = []
    while at <= last:
        periods.append((at, counts.get(at, 0)))
        at = _next_month(at) if by == "month" else at.replace(year=at.year + 1)
    return tuple(periods)


def _by_year(months: Mapping[datetime, int]) -> Mapping[datetime, int]:
    years = Counter[datetime]()
    for at, number in months.items():
        years[at.replace(month=1)] += number
    return years


def _next_month(at: datetime) -> datetime:
    return at.replace(year=at.year + at.month // 12, month=at.month % 12 + 1)


def _line(tender: PublicTender) -> TenderLine:
    row = cast("Any", tender)  # `stage_code` is an annotation of `matching`
    values = {name: getattr(row, name) for name in TenderLine.__dataclass_fields__ if name != "stage"}
    return TenderLine(**values, stage=BY_CODE[row.stage_code])
