"""What a check is, and what it finds: passed, failed or not testable, each with its evidence."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from yuntai.conformance.probe import Probe

MOST_EVIDENCE = 6


class Need(StrEnum):
    """What a check must be given beyond the address of the system."""

    BIDDER = "检测用投标人的证书密钥"
    PLATFORM = "检测用公共服务平台的密钥"
    TENDER = "已公告的招标项目"
    OPEN_LOT = "指明的、正在接收投标的标段"
    LATE_LOT = "指明的、已过投标截止时间的标段"
    OPENED_LOT = "已开标的标段"
    CANDIDATES = "已公示中标候选人的标段"
    AWARD = "已公布中标结果的标段"


class State(StrEnum):
    """How a check ended."""

    PASSED = "passed"
    FAILED = "failed"
    UNTESTABLE = "untestable"


class NotTestable(Exception):
    """The check lacks what it needs; str(error) says what, in Chinese."""

    def __init__(self, need: Need) -> None:
        super().__init__(f"没有提供或没有找到：{need.value}。")


class Seen(Protocol):
    """An answer as evidence: what was asked, and what came back, each one short text."""

    @property
    def request(self) -> str: ...

    @property
    def came_back(self) -> str: ...


class BadAnswer(Exception):
    """An answer is not of the published form, so that the check can go no further."""

    def __init__(self, seen: Seen, expected: str) -> None:
        self.seen, self.expected = seen, expected
        super().__init__(expected)


@dataclass(frozen=True)
class Evidence:
    """One look: the request, what came back, what was expected, and whether it was so."""

    request: str
    came_back: str
    expected: str
    good: bool


@dataclass
class Findings:
    """What a running check has found so far."""

    evidence: list[Evidence] = field(default_factory=list)

    def expect(self, good: bool, seen: Seen, expected: str) -> bool:
        """Note what was seen and return whether it was as expected (one Chinese sentence)."""
        self.evidence.append(Evidence(seen.request, seen.came_back, expected, good))
        return good

    def shown(self) -> tuple[Evidence, ...]:
        """Return what the report shows: faults first, and not more than anyone reads."""
        return tuple(sorted(self.evidence, key=lambda each: each.good)[:MOST_EVIDENCE])


@dataclass(frozen=True)
class Outcome:
    """How a check ended.  reason: one Chinese sentence, "" when it passed."""

    state: State
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Check:
    """One check.

    key: stable, "d16-secret-until-opening".  number: of the requirement, "D16".  title: Chinese.
    clause: key of the clause register.  needs: beyond the address.  run: looks, and tells `Findings`.
    """

    key: str
    number: str
    title: str
    clause: str
    run: Callable[["Probe", Findings], None]
    needs: tuple[Need, ...] = ()
