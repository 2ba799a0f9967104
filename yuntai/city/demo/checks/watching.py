"""Supervision: it saw every tender that was played, and warned about the planted one and no other."""

from collections.abc import Collection, Iterator, Sequence


def watching_faults(played: Collection[str], watched: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each tender that supervision does not know."""
    for code in sorted(set(played) - set(watched)):
        yield f"监管系统没有收到项目 {code}"


def warning_faults(planted: Collection[str], warned: Sequence[str]) -> Iterator[str]:
    """Yield a sentence unless exactly one warning was raised about each planted tender and none else.

    warned: the tender of each warning about a tender of the play.
    """
    for code in sorted(planted):
        if warned.count(code) != 1:
            yield f"项目 {code} 应有 1 条预警，实际 {warned.count(code)} 条"
    for code in sorted(set(warned) - set(planted)):
        yield f"项目 {code} 不应有预警，实际 {warned.count(code)} 条"
