"""The audit trail: every act of the play stands in it, and no change can be made without it."""

from collections.abc import Collection, Iterator, Mapping


def act_faults(expected: Mapping[str, int], recorded: Mapping[str, int]) -> Iterator[str]:
    """Yield a sentence for each act that was recorded more or less often than it was done."""
    for act, times in sorted(expected.items()):
        if recorded.get(act, 0) != times:
            yield f"“{act}”办理了 {times} 次，操作留痕 {recorded.get(act, 0)} 条"


def commitment_faults(revealed: Collection[str], committed: Collection[str], times: int) -> Iterator[str]:
    """Yield a sentence unless each act revealed at the opening stood as a commitment in the trail before.

    revealed, committed: commitments.  times: how many acts the opened lots had.
    """
    if len(revealed) != times:
        yield f"开标后应公开 {times} 次递交和撤回的操作，实际 {len(revealed)} 次"
    strangers = set(revealed) - set(committed)
    if strangers:
        yield f"有 {len(strangers)} 次公开的操作在留痕中没有事先的承诺"


def guard_faults(system: str, unguarded: Collection[str]) -> Iterator[str]:
    """Yield a sentence for each table that can be changed without an audit row."""
    for table in sorted(unguarded):
        yield f"{system} 的数据表 {table} 不写操作留痕也能改动"
