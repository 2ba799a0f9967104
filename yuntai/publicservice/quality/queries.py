"""Reads of the quality of reporting: today, the last days, and corrections with both sides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q

from yuntai.kernel.inbox.models import InboxMessage
from yuntai.law.days import SHANGHAI
from yuntai.publicservice.paging import Page, page_of
from yuntai.publicservice.quality.counting import count, day_bounds, follow_ups
from yuntai.publicservice.quality.measures import (
    Counts,
    FollowUps,
    accurate,
    complete,
    followed,
    timely,
    total,
)
from yuntai.publicservice.quality.models import Correction, QualityDay
from yuntai.standard.datasets import data_set

TREND_DAYS = 14


@dataclass(frozen=True)
class Quality:
    """today, week: shares from 0 to 1 by code of the measure, None where there is nothing to measure.

    week: the last seven days with today.  trend: day by day, oldest first, today last.
    """

    today: Mapping[str, float | None] = field(default_factory=dict)
    week: Mapping[str, float | None] = field(default_factory=dict)
    trend: tuple[tuple[date, Mapping[str, float | None]], ...] = ()
    follow_ups: FollowUps = field(default_factory=FollowUps)
    corrections: int = 0


@dataclass(frozen=True)
class CorrectionView:
    """A correction.  changes: name of each public field that differs, wrong and right value."""

    at: datetime
    reason: str
    data_set: str
    data_key: str
    corrected: str
    correcting: str
    changes: tuple[tuple[str, str, str], ...]
    hidden: int


def qualities(*, now: datetime) -> dict[str, Quality]:
    """Return the quality of every system that reported in the last days, by code."""
    today = now.astimezone(SHANGHAI).date()
    first = today - timedelta(days=TREND_DAYS - 1)
    days: dict[str, dict[date, Counts]] = {}
    for row in QualityDay.objects.filter(day__gte=first, day__lt=today):
        names = Counts.__dataclass_fields__
        days.setdefault(row.system, {})[row.day] = Counts(**{name: getattr(row, name) for name in names})
    for system, each in count(*day_bounds(today)).items():
        days.setdefault(system, {})[today] = each.counts
    due = follow_ups(now=now)
    return {
        system: _quality(days.get(system, {}), due.get(system, FollowUps()), today) for system in days | due
    }


def corrections_of(system: str, *, page: int) -> Page[CorrectionView]:
    """Return a page of the corrections of a system, newest first."""
    found = page_of(Correction.objects.filter(system=system).order_by("-at", "-id"), page, lambda row: row)
    names = {name for each in found.rows for name in (each.corrected, each.correcting)}
    rows = InboxMessage.objects.filter(Q(origin=system) & Q(msg_id__in=names), refusal="")
    bodies = {row.msg_id: row.signed["payload"]["body"] for row in rows}
    views = tuple(_correction(each, bodies) for each in found.rows)
    return Page(views, found.number, found.last, found.total)


def _quality(days: Mapping[date, Counts], due: FollowUps, today: date) -> Quality:
    shown = [today - timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1)]
    week = total(days.get(day, Counts()) for day in shown[-7:])
    return Quality(
        today=_shares(days.get(today, Counts()), due),
        week=_shares(week, due),
        trend=tuple((day, _shares(days.get(day, Counts()), FollowUps())) for day in shown),
        follow_ups=due,
        corrections=week.corrections,
    )


def _shares(counts: Counts, due: FollowUps) -> dict[str, float | None]:
    return {
        "timely": timely(counts),
        "complete": complete(counts),
        "followed": followed(due),
        "accurate": accurate(counts),
    }


def _correction(row: Correction, bodies: Mapping[str, Mapping[str, Any]]) -> CorrectionView:
    known = data_set(row.data_set)
    wrong, right = (_content(bodies.get(each, {})) for each in (row.corrected, row.correcting))
    differing = [name for name in wrong | right if wrong.get(name) != right.get(name)]
    shown, hidden = [], 0
    for name in differing:
        field_known = known.field(name)
        if field_known is not None and known.openness_of(field_known) != "公开":
            hidden += 1
            continue
        label = field_known.chinese if field_known else name
        shown.append((label, wrong.get(name, "未填"), right.get(name, "未填")))
    return CorrectionView(
        at=row.at,
        reason=row.reason,
        data_set=f"{known.no} {known.chinese}",
        data_key=row.data_key,
        corrected=row.corrected,
        correcting=row.correcting,
        changes=tuple(shown),
        hidden=hidden,
    )


def _content(body: Mapping[str, Any]) -> dict[str, str]:
    actions = {"add": "新增", "change": "修改", "delete": "删除"}
    action = {"操作": actions[body["action"]]} if "action" in body else {}
    return action | dict(body.get("fields", {}))
