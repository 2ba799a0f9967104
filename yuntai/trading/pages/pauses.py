"""A tender's suspensions as its page tells them: from, to, by whom, why, where the deadline moved."""

from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.templatetags.values import beijing
from yuntai.trading.tenders.models import Suspension, Tender
from yuntai.trading.tenders.standing_times import end_of, standing_times


def pauses(of: Tender) -> tuple[str, ...]:
    """Return a sentence for each suspension, oldest first; none when the tender was never suspended."""
    found = sorted(of.suspensions.all(), key=lambda each: (each.began_at, each.pk))
    over = [time for time in standing_times(found) if time[-1].ended_at is not None]
    moved = _moves(of.bids_due_at, over)
    went_on = {time[-1].pk for time in over}
    return tuple(_sentence(each, moved.get(each.pk), went_on) for each in found)


def _moves(
    bids_due_at: datetime, over: Sequence[Sequence[Suspension]]
) -> dict[int, tuple[datetime, datetime]]:
    """Return from where to where the deadline moved, by the suspension lifted last, back from where it is.

    Going on moves a deadline that was still ahead by the time the tender stood still (`resume_tender`).
    """
    moves, due_at = {}, bids_due_at
    for time in reversed(over):
        since = min(each.began_at for each in time)
        before = due_at - (end_of(time[-1]) - since)
        if since < before:
            moves[time[-1].pk] = (before, due_at)
            due_at = before
    return moves


def _sentence(pause: Suspension, moved: tuple[datetime, datetime] | None, went_on: set[int]) -> str:
    by = f"依 {pause.directed_by} 的监督指令" if pause.directed_by else "由招标人"
    reason = f"原因：{pause.reason.rstrip('。')}。"
    if pause.ended_at is None:
        return f"{beijing(pause.began_at)} 起{by}暂停，尚未恢复。{reason}"
    lifted = "已恢复" if pause.pk in went_on else "此项暂停已解除，项目当时仍因另一指令暂停"
    line = f"{beijing(pause.began_at)} 至 {beijing(pause.ended_at)}，{by}暂停，{lifted}。{reason}"
    if moved is None:
        return line
    return f"{line}投标截止时间由 {beijing(moved[0])} 顺延至 {beijing(moved[1])}。"
