"""Where a trade stands: status, facts, timeline, clocks, warnings, verification, refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django import template

from yuntai.law.clauses import clause as clause_of

register = template.Library()


@dataclass(frozen=True)
class Status:
    """A state in one word.  tone: "open", "next", "done", "ended" or "alarm"; the word alone must suffice."""

    label: str
    tone: str = "done"


@dataclass(frozen=True)
class Fact:
    """A named value.  kind: "text", "money" (digits align) or "code" (may wrap).  note: small, below."""

    name: str
    value: str
    note: str = ""
    kind: str = "text"
    url: str = ""


@dataclass(frozen=True)
class TimelineStep:
    """state: "done", "now" or "next".  closes_at: shown in Beijing time; None when not yet fixed.

    limit: the legal limit in words ("自招标文件发出之日起不少于 20 日").  clause: its key, "" if none.
    """

    name: str
    state: str
    closes_at: datetime | None
    limit: str = ""
    clause: str = ""


@dataclass(frozen=True)
class WarningNote:
    """A warning raised by program.  evidence: the figures it rests on.  clause: key of the rule broken."""

    title: str
    level: str
    evidence: str
    clause: str
    raised_at: datetime
    rule: str = ""
    url: str = ""


@dataclass(frozen=True)
class Verification:
    """The result of a check that ran here and now.

    checked: what was checked, one line each.
    faults: each names the object that failed; empty when all is right.
    """

    title: str
    checked: tuple[str, ...]
    checked_at: datetime
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Refusal:
    """Why something was refused.  detail: what, the limit, what to do.  clause: key, "" if none."""

    title: str
    detail: str
    clause: str = ""
    action: str = ""
    url: str = ""
    reference: str = ""


@register.inclusion_tag("ui/status.html")
def status(label: str, tone: str = "done") -> dict[str, object]:
    return {"label": label, "tone": tone}


@register.inclusion_tag("ui/facts_grid.html")
def facts_grid(facts: Sequence[Fact], label: str = "基本情况", size: str = "") -> dict[str, object]:
    """Show named values; size "key": the four facts people want, large."""
    return {"facts": facts, "label": label, "size": size}


@register.inclusion_tag("ui/stage_timeline.html")
def stage_timeline(steps: Sequence[TimelineStep], label: str = "项目进度") -> dict[str, object]:
    return {"steps": steps, "label": label}


@register.inclusion_tag("ui/countdown.html")
def countdown(until: datetime | None, now: datetime) -> dict[str, object]:
    """Show the time left, counted on by the server's clock when scripts run."""
    return {"until": until, "now": now}


@register.inclusion_tag("ui/big_clock.html")
def big_clock(now: datetime, until: datetime | None = None, label: str = "距截止") -> dict[str, object]:
    """Show the server's clock in large digits, the time left to `until`, and whether the clock is in step."""
    return {"now": now, "until": until, "label": label}


@register.inclusion_tag("ui/warning_panel.html")
def warning_panel(warning: WarningNote) -> dict[str, object]:
    return {"warning": warning}


@register.inclusion_tag("ui/verification_note.html")
def verification_note(verification: Verification) -> dict[str, object]:
    return {"verification": verification}


@register.inclusion_tag("ui/problem_panel.html")
def problem_panel(refusal: Refusal) -> dict[str, object]:
    return {"refusal": refusal}


@register.inclusion_tag("ui/clause.html")
def clause(key: str) -> dict[str, object]:
    """Name a rule of law and unfold its text; shows nothing for "".

    :raises UnknownClause: the register has no such key.
    """
    return {"clause": clause_of(key) if key else None}
