"""The words a procedure is declared in.  A declaration that contradicts itself does not load."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from yuntai.evaluation.rules import EvaluationRule
from yuntai.law.clauses import CLAUSES
from yuntai.law.days import Days, Workdays


class ProcedureError(ValueError):
    """A declaration contradicts itself, or no procedure has that code and edition."""


class Method(StrEnum):
    """OCDS procurement method."""

    OPEN = "open"
    SELECTIVE = "selective"
    LIMITED = "limited"
    DIRECT = "direct"


class Milestone(StrEnum):
    """An instant of a tender that is stored (时间节点)."""

    DOCUMENTS_OPEN = "documents-open"
    DOCUMENTS_CLOSED = "documents-closed"
    LAST_CLARIFICATION = "last-clarification"
    BIDS_DUE = "bids-due"
    OPENED = "opened"
    EVALUATED = "evaluated"
    STANDSTILL_OPEN = "standstill-open"
    STANDSTILL_CLOSED = "standstill-closed"
    AWARDED = "awarded"
    CONTRACT_SIGNED = "contract-signed"

    @property
    def label(self) -> str:
        """The milestone in Chinese."""
        return _MILESTONE_LABELS[self]


_MILESTONE_LABELS = {
    Milestone.DOCUMENTS_OPEN: "招标文件开始发出",
    Milestone.DOCUMENTS_CLOSED: "招标文件停止发出",
    Milestone.LAST_CLARIFICATION: "最后一次发出可能影响投标文件编制的澄清或修改",
    Milestone.BIDS_DUE: "投标截止",
    Milestone.OPENED: "开标完成",
    Milestone.EVALUATED: "收到评标报告",
    Milestone.STANDSTILL_OPEN: "中标候选人公示开始",
    Milestone.STANDSTILL_CLOSED: "中标候选人公示结束",
    Milestone.AWARDED: "发出中标通知书",
    Milestone.CONTRACT_SIGNED: "签订书面合同",
}


class Applies(StrEnum):
    """Which tenders a deadline binds."""

    ALWAYS = "always"
    MUST_TENDER = "must-tender"


class Side(StrEnum):
    """Who hands in or may read a paper."""

    INITIATOR = "initiator"
    BIDDER = "bidder"
    SUPPLIER = "supplier"
    COMMITTEE = "committee"
    AUTHORITY = "authority"
    PUBLIC = "public"


class Purchase(StrEnum):
    """What is bought; the size from which the law requires tendering differs."""

    WORKS = "works"
    GOODS = "goods"
    SERVICES = "services"


@dataclass(frozen=True)
class Labels:
    """The industry's own words for concepts that have one name in code."""

    initiator: str
    bidder: str
    supplier: str
    tender: str
    lot: str


@dataclass(frozen=True)
class Stage:
    """A stretch between two milestones; the instant it closes belongs to the next stage."""

    code: str
    name: str
    opens: Milestone
    closes: Milestone


@dataclass(frozen=True)
class AtLeast:
    """A deadline the law sets: `span` must pass between two milestones; the day it ends on is lawful."""

    span: Days | Workdays
    after: Milestone
    before: Milestone
    clause: str
    applies: Applies = Applies.ALWAYS


@dataclass(frozen=True)
class AtMost:
    """A deadline the law sets: `before` must come within `span` of `after`, the whole last day included."""

    span: Days | Workdays
    after: Milestone
    before: Milestone
    clause: str
    applies: Applies = Applies.ALWAYS


Deadline = AtLeast | AtMost


@dataclass(frozen=True)
class Paper:
    """A document of the tender.

    by: who hands it in.  readers: who may read it once it is not sealed.
    sealed_until: before this milestone nobody reads it; None when it is never sealed.
    """

    code: str
    name: str
    by: Side
    readers: tuple[Side, ...]
    sealed_until: Milestone | None = None


@dataclass(frozen=True)
class Minimum:
    """Fewest bids with which a lot may be opened."""

    bids: int
    clause: str


@dataclass(frozen=True)
class Directory:
    """From which estimate on, in yuan, the law requires tendering (必须招标的规模标准)."""

    works_yuan: Decimal
    goods_yuan: Decimal
    services_yuan: Decimal
    clause: str

    def must_tender(self, purchase: Purchase, estimated_yuan: Decimal) -> bool:
        """Tell whether a contract of this estimate must be tendered; the limit itself must.

        Precondition: the project is of a kind the law covers (public funds, public utilities, …).
        """
        limits = {
            Purchase.WORKS: self.works_yuan,
            Purchase.GOODS: self.goods_yuan,
            Purchase.SERVICES: self.services_yuan,
        }
        return estimated_yuan >= limits[purchase]


@dataclass(frozen=True, kw_only=True)
class Procedure:
    """One way of trading.

    code: "<industry>.<method>", shown to the public and never reused.
    edition: first day (ISO date) on which new tenders follow this text; a tender keeps its edition.
    authority: who supervises it.
    candidates_at_most: award candidates an evaluation may name, under candidates_clause.
    evaluation: the rule a tender starts with; its documents may set other parameters.
    """

    code: str
    edition: str
    name: str
    authority: str
    method: Method
    labels: Labels
    stages: tuple[Stage, ...]
    deadlines: tuple[Deadline, ...]
    papers: tuple[Paper, ...]
    evaluation: EvaluationRule
    minimum_bids: Minimum
    candidates_at_most: int
    candidates_clause: str
    directory: Directory

    @property
    def industry(self) -> str:
        """The industry: what stands before the dot."""
        return self.code.partition(".")[0]

    @property
    def clauses(self) -> tuple[str, ...]:
        """Every clause the declaration cites, each once."""
        cited = [deadline.clause for deadline in self.deadlines]
        cited += [self.minimum_bids.clause, self.candidates_clause, self.directory.clause]
        return tuple(dict.fromkeys(cited))

    def __post_init__(self) -> None:
        for problem in self._problems():
            raise ProcedureError(f"{self.code} {self.edition}: {problem}")

    def _problems(self) -> Iterator[str]:
        date.fromisoformat(self.edition)
        if "." not in self.code:
            yield "the code is not <industry>.<method>"
        for earlier, later in pairwise(self.stages):
            if earlier.closes != later.opens:
                yield f"{later.code} opens at {later.opens}, but {earlier.code} closes at {earlier.closes}"
        known = {milestone for stage in self.stages for milestone in (stage.opens, stage.closes)}
        known |= {Milestone.DOCUMENTS_CLOSED, Milestone.LAST_CLARIFICATION}
        named = [milestone for deadline in self.deadlines for milestone in (deadline.after, deadline.before)]
        named += [paper.sealed_until for paper in self.papers if paper.sealed_until]
        yield from (
            f"{milestone} is named, but no stage reaches it" for milestone in named if milestone not in known
        )
        yield from (f"{key} is not in the register of clauses" for key in self.clauses if key not in CLAUSES)
        if len({paper.code for paper in self.papers}) < len(self.papers):
            yield "two papers have one code"
