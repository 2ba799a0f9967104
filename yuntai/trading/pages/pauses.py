"""A tender's suspensions as its page tells them: from, to, by whom, why, where the deadline moved."""

from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.templatetags.values import beijing
from yuntai.trading.tenders.models import Suspension, Tender


def pauses(of: Tender) -> tuple[str, ...]:
    """Return a sentence for each suspension, oldest first; none when the tender was never suspended."""
    found = sorted(of.suspensions.all(), key=lambda each: (each.began_at, each.pk))
    moved = _moves(of.bids_due_at, found)
    return tuple(_sentence(each, moved.get(each.pk)) for each in found)


def _moves(bids_due_at: datetime, found: Sequence[Suspension]) -> dict[int, tuple[datetime, datetime]]:
    """Return which suspensions moved the deadline, from where to where, worked out back from where it is.

    Resuming moves a deadline that was still ahead when the suspension began by the time it stood still.
    """
    moves, due_at = {}, bids_due_at
    ended = [(each.ended_at, each) for each in found if each.ended_at is not None]
    for ended_at, each in sorted(ended, key=lambda pair: (pair[0], pair[1].pk), reverse=True):
        before = due_at - (ended_at - each.began_at)
        if each.began_at < before < due_at:
            moves[each.pk] = (before, due_at)
            due_at = before
    return moves


def _sentence(pause: Suspension, moved: tuple[datetime, datetime] | None) -> str:
    by = f"依 {pause.directed_by} 的监督指令" if pause.directed_by else "由招标人"
    reason = f"原因：{pause.reason.rstrip('。')}。"
    if pause.ended_at is None:
        return f"{beijing(pause.began_at)} 起{by}暂停，尚未恢复。{reason}"
    if pause.ended_at == pause.began_at:
        return f"{beijing(pause.began_at)} 暂停期间，又{by}要求暂停，已一并执行。{reason}"
    line = f"{beijing(pause.began_at)} 至 {beijing(pause.ended_at)}，{by}暂停，已恢复。{reason}"
    if moved is None:
        return line
    return f"{line}投标截止时间由 {beijing(moved[0])} 顺延至 {beijing(moved[1])}。"
