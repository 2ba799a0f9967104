"""Comparing a stream with what the other side keeps of it: by hour, then by part, down to the messages."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from yuntai.kernel.reconciliation.keeping import Kept, Numbered, part_told
from yuntai.standard.reconciliation import (
    MOST_LISTED,
    MOST_PARTS,
    Answer,
    Asked,
    HourTold,
    Part,
    PartTold,
    Window,
    root_of,
)

SPLIT_INTO = 16
MOST_FOUND = 2_000  # differing messages of a stream; with as many, the next run goes on after the repair
MOST_QUESTIONS = 500  # about a stream's parts; an answerer that contradicts itself could make it endless
NOTHING = root_of([])

Ask = Callable[[Asked], Answer]


@dataclass(frozen=True)
class HourDiffers:
    """An hour, as we and they tell it; None for a side that has nothing of it."""

    hour: datetime
    ours: HourTold | None
    theirs: HourTold | None

    @property
    def part(self) -> Part:
        """All its numbers on either side."""
        told = [each for each in (self.ours, self.theirs) if each]
        return Part(
            hour=self.hour, first=min(each.first for each in told), last=max(each.last for each in told)
        )


@dataclass
class Comparison:
    """What came of comparing one stream.

    roots: over the hours' roots, ours and theirs.  until: end of the last hour compared.
    only_ours, only_theirs: numbers that one side has.  contradicting: number to our and their digest.
    questions: how many about parts.  complete: False when more differs than was looked for.
    """

    until: datetime
    hours: int = 0
    messages: int = 0
    roots: tuple[str, str] = (NOTHING, NOTHING)
    differing: list[HourDiffers] = field(default_factory=list)
    only_ours: list[int] = field(default_factory=list)
    only_theirs: list[int] = field(default_factory=list)
    contradicting: dict[int, tuple[str, str]] = field(default_factory=dict)
    questions: int = 0
    complete: bool = True

    @property
    def found(self) -> int:
        """How many messages differ."""
        return len(self.only_ours) + len(self.only_theirs) + len(self.contradicting)


def compare(kept: Kept, ask: Ask, asked: Asked) -> Comparison:
    """Compare `kept` with what `ask` tells.

    asked: the question without its object but the hours, which are those to compare.
    Whatever `ask` raises comes through; nothing is changed.
    """
    if asked.hours is None:
        raise ValueError("no hours to compare")
    window = asked.hours
    ours, theirs, until = _hours(kept, ask, asked, window)
    comparison = Comparison(until, hours=len(ours.keys() | theirs.keys()))
    comparison.messages = sum(each.count for each in ours.values())
    comparison.roots = (_over(ours), _over(theirs))
    for hour in sorted(ours.keys() | theirs.keys()):
        pair = HourDiffers(hour, ours.get(hour), theirs.get(hour))
        if _root(pair.ours) != _root(pair.theirs):
            comparison.differing.append(pair)
    for each in comparison.differing:
        if comparison.found >= MOST_FOUND:
            comparison.complete = False
            break
        _look_into(each.part, kept.numbered(each.hour), ask, asked, comparison)
    return comparison


def _hours(
    kept: Kept, ask: Ask, asked: Asked, window: Window
) -> tuple[dict[datetime, HourTold], dict[datetime, HourTold], datetime]:
    """Return our hours and theirs, and until when: no further than their own running hour."""
    theirs: dict[datetime, HourTold] = {}
    since: datetime | None = window.since
    until = window.until
    while since is not None and since < until:
        answer = ask(_about(asked, hours=Window(since=since, until=until)))
        until = min(until, answer.closed_until)
        theirs |= {each.hour: each for each in answer.hours if since <= each.hour < until}
        # An answer that leads backwards would be asked for ever.
        since = answer.next if answer.next is not None and answer.next > since else None
    ours: dict[datetime, HourTold] = {}
    since = window.since
    while since is not None and since < until:
        told, since = kept.hours(since, until)
        ours |= {each.hour: each for each in told}
    return ours, theirs, until


def _look_into(part: Part, numbered: Sequence[Numbered], ask: Ask, asked: Asked, into: Comparison) -> None:
    """Ask for smaller and smaller parts of an hour; note the messages that differ."""
    open_parts = [part]
    while open_parts and into.found < MOST_FOUND and into.questions < MOST_QUESTIONS:
        into.questions += 1
        now, open_parts = open_parts[:MOST_PARTS], open_parts[MOST_PARTS:]
        answer = ask(_about(asked, parts=tuple(now)))
        told = {(each.hour, each.first, each.last): each for each in answer.parts}
        for each in now:
            ours, theirs = part_told(each, numbered), told.get((each.hour, each.first, each.last))
            if theirs is None or (ours.count, ours.root) == (theirs.count, theirs.root):
                continue
            if _is_listed(ours) and _is_listed(theirs):
                _note(ours, theirs, into)
            elif each.last - each.first >= MOST_LISTED:
                open_parts += _smaller(each)
            else:
                into.complete = False  # it told a count beyond the numbers there are, or hid the messages
    into.complete = into.complete and not open_parts


def _smaller(part: Part) -> Iterator[Part]:
    size = max(MOST_LISTED, -(-(part.last - part.first + 1) // SPLIT_INTO))
    for first in range(part.first, part.last + 1, size):
        yield Part(hour=part.hour, first=first, last=min(first + size - 1, part.last))


def _is_listed(told: PartTold) -> bool:
    return len(told.messages) == told.count


def _note(ours: PartTold, theirs: PartTold, into: Comparison) -> None:
    here, there = dict(ours.messages), dict(theirs.messages)
    into.only_ours += sorted(here.keys() - there.keys())
    into.only_theirs += sorted(there.keys() - here.keys())
    for seq in sorted(here.keys() & there.keys()):
        if here[seq] != there[seq]:
            into.contradicting[seq] = (here[seq], there[seq])


def _about(asked: Asked, *, hours: Window | None = None, parts: tuple[Part, ...] = ()) -> Asked:
    return asked.model_copy(update={"hours": hours, "parts": parts})


def _root(told: HourTold | None) -> tuple[int, str]:
    return (told.count, told.root) if told else (0, NOTHING)


def _over(hours: dict[datetime, HourTold]) -> str:
    return root_of([hours[hour].root for hour in sorted(hours)])
