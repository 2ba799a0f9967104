"""What a warning rule (预警规则) is; each rule stands in a file of its own and is pure."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from yuntai.standard.messages import TenderNoticePublished


class Level(StrEnum):
    """How grave a warning is, in the words of the interface standard."""

    NOTICE = "notice"
    WARNING = "warning"
    SERIOUS = "serious"


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One thing that a program watches in every published notice.

    code, version: kept with each warning; a changed check gets a new version.
    item: what is watched, one Chinese sentence for the published list of supervision items (监督事项).
    clause: the clause that the thing found would break.  also: further clauses that the check rests on.
    check: returns what it found with figures and limit, "" when there is nothing.
    """

    code: str
    version: str
    name: str
    item: str
    clause: str
    level: Level
    check: Callable[[TenderNoticePublished], str]
    also: tuple[str, ...] = ()

    @property
    def clauses(self) -> tuple[str, ...]:
        """The keys of all clauses the rule rests on, the one that would be broken first."""
        return (self.clause, *self.also)
