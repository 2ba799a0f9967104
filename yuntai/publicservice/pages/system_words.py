"""How systems, their states and delays are put into words."""

from yuntai.publicservice.portal import words
from yuntai.publicservice.systems.entering import KINDS
from yuntai.publicservice.systems.models import State
from yuntai.publicservice.systems.queries import SystemView

__all__ = ["KINDS", "TONES", "industry", "responsible_text", "seconds"]

TONES: dict[str, str] = {
    State.TRIAL: "next",
    State.CONNECTED: "open",
    State.SUSPENDED: "alarm",
    State.REFUSED: "ended",
}


def seconds(value: float | None) -> str:
    """Return a delay, coarser the longer it is; "无" when there was none."""
    if value is None:
        return "无"
    if value < 1:
        return f"{value * 1000:.0f} 毫秒"
    if value < 600:
        return f"{value:.1f} 秒"
    return f"{value / 60:.0f} 分" if value < 36000 else f"{value / 3600:.0f} 小时"


def industry(view: SystemView) -> str:
    """Return the industry of a system behind its kind."""
    return f" · {words.kind(view.industry)}" if view.industry else ""


def responsible_text(view: SystemView) -> str:
    """Return who answers for a system: 冯运营（主要负责人）、…"""
    return "、".join(f"{each.name}（{each.duty}）" for each in view.responsible)
