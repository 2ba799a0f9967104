"""A tender's suspensions as its page tells them: from, to, by whom, why, where the deadline moved."""

from collections.abc import Sequence
from datetime import datetime

from yuntai.kernel.templatetags.values import beijing
from yuntai.trading.tenders.models import Suspension, Tender


def pauses(of: Tender) -> tuple[str, ...]:
    """Return a sentence for each suspension, oldest first; none when the tender was never suspended."""
    found = sorted(of.suspensions.all(), key=lambda each: (each.began_at, each.pk))
    times = _standing_times(found)
    went_on = {time[-1].pk for time in times}
    moved = _moves(of.bids_due_at, times)
    return tuple(_sentence(each, moved.get(each.pk), went_on) for each in found)


def _standing_times(found: Sequence[Suspension]) -> list[list[Suspension]]:
    """Return the times the tender stood still and goes on since, oldest first.

    Each is the suspensions that overlap one another, the one lifted last at its end.
    """
    times: list[list[Suspension]] = []
    for each in found:
        if times and any(last.ended_at is None or each.began_at < last.ended_at for last in times[-1]):
            times[-1].append(each)
        else:
            times.append([each])
    over = [time for time in times if all(each.ended_at is not None for each in time)]
    return [sorted(time, key=lambda each: (_end(each), each.pk)) for time in over]


def _moves(bids_due_at: datetime, times: list[list[Suspension]]) -> dict[int, tuple[datetime, datetime]]:
    """Return from where to where the deadline moved, by the suspension lifted last, back from where it is.

    Going on moves a deadline that was still ahead by the time the tender stood still (`resume_tender`).
    """
    moves, due_at = {}, bids_due_at
    for time in reversed(times):
        since = min(each.began_at for each in time)
        before = due_at - (_end(time[-1]) - since)
        if since < before:
            moves[time[-1].pk] = (before, due_at)
            due_at = before
    return moves


def _end(pause: Suspension) -> datetime:
    if pause.ended_at is None:
        raise ValueError(f"suspension {pause} still stands")
    return pause.ended_at


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
