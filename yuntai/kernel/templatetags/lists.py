"""Lists: notices, the desk, breadcrumbs, filters, pages, and the state in which there is nothing.

Components take plain frozen values, never a model, and so never run a query.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django import template

from yuntai.kernel.templatetags.stages import Status

register = template.Library()


@dataclass(frozen=True)
class NoticeRow:
    """One notice in a list.

    kind: 招标公告, 中标候选人公示 …   deadline: None when nothing is due.   deadline_label: what is due then.
    demonstration: its bidders, prices and acts were made up; shown as 演示.
    """

    kind: str
    title: str
    url: str
    place: str
    deadline: datetime | None = None
    deadline_label: str = "截止"
    published_at: datetime | None = None
    status: Status | None = None
    demonstration: bool = False


@dataclass(frozen=True)
class DeskTask:
    """What the caller must do next.  action: a verb, text of the one button.  due_at: None when no limit."""

    title: str
    url: str
    action: str
    detail: str = ""
    due_at: datetime | None = None
    cannot_be_undone: bool = False


@dataclass(frozen=True)
class Waiting:
    """What the caller waits for.  whom: who must act.  until: when that is due, None when unknown."""

    title: str
    url: str
    whom: str
    until: datetime | None = None


@dataclass(frozen=True)
class Crumb:
    """A step on the way to this page.  url: "" for the page itself."""

    name: str
    url: str = ""


@dataclass(frozen=True)
class Option:
    """A choice of a select or radio group."""

    value: str
    label: str


@dataclass(frozen=True)
class Filter:
    """One filter above a list.  kind: "search", "select" or "date"."""

    name: str
    label: str
    value: str = ""
    kind: str = "search"
    options: tuple[Option, ...] = ()
    placeholder: str = ""


@dataclass(frozen=True)
class Pages:
    """Where a list stands.  number: from 1.  parameters: the rest of the address, kept in each link."""

    number: int
    last: int
    total: int
    parameters: Mapping[str, str]
    unit: str = "条"

    def address(self, number: int) -> str:
        return f"?{urlencode({**self.parameters, 'page': str(number)})}"

    @property
    def earlier(self) -> str:
        return self.address(self.number - 1) if self.number > 1 else ""

    @property
    def later(self) -> str:
        return self.address(self.number + 1) if self.number < self.last else ""

    @property
    def near(self) -> list[tuple[int, str]]:
        """Number and address of the pages around this one, the first and the last; 0 marks a gap."""
        shown = sorted({1, self.last, *range(max(1, self.number - 2), min(self.last, self.number + 2) + 1)})
        steps: list[tuple[int, str]] = []
        for previous, number in zip([0, *shown], shown, strict=False):
            if number - previous > 1:
                steps.append((0, ""))
            steps.append((number, self.address(number)))
        return steps


@register.inclusion_tag("ui/notice_list.html")
def notice_list(rows: Sequence[NoticeRow], now: datetime, label: str = "公告") -> dict[str, object]:
    return {"rows": rows, "now": now, "label": label}


@register.inclusion_tag("ui/desk_tasks.html")
def desk_tasks(
    tasks: Sequence[DeskTask], now: datetime, heading: str = "现在要办", nothing: str = "没有待办事项。"
) -> dict[str, object]:
    return {"tasks": tasks, "now": now, "heading": heading, "nothing": nothing}


@register.inclusion_tag("ui/desk_waiting.html")
def desk_waiting(items: Sequence[Waiting], now: datetime, heading: str = "等待他人") -> dict[str, object]:
    return {"items": items, "now": now, "heading": heading}


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(crumbs: Sequence[Crumb]) -> dict[str, object]:
    return {"crumbs": crumbs}


@register.inclusion_tag("ui/filter_bar.html")
def filter_bar(
    filters: Sequence[Filter], results_id: str = "results", clear_url: str = "?", label: str = "筛选"
) -> dict[str, object]:
    """Show the filters of a list; results_id: the element that is replaced while typing when scripts run."""
    active = any(one.value for one in filters)
    return {
        "filters": filters,
        "results_id": results_id,
        "clear_url": clear_url,
        "label": label,
        "active": active,
    }


@register.inclusion_tag("ui/pagination.html")
def pagination(pages: Pages) -> dict[str, object]:
    return {"pages": pages}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(title: str, hint: str, action: str = "", url: str = "") -> dict[str, object]:
    """Show that there is nothing, and what to try; action: the text of a link to url."""
    return {"title": title, "hint": hint, "action": action, "url": url}
