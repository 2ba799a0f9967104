"""What timely, complete and accurate mean, and how the figures add up.  Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

PROMPT = timedelta(minutes=10)
OPENING_WITHIN = timedelta(days=1)
CONTRACT_WITHIN = timedelta(days=31)


@dataclass(frozen=True)
class Counts:
    """What was counted of a system over some time; see QualityDay."""

    received: int = 0
    rejected: int = 0
    prompt: int = 0
    optional: int = 0
    filled: int = 0
    corrections: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, name) + getattr(other, name) for name in self.__dataclass_fields__))


@dataclass(frozen=True)
class FollowUps:
    """due: messages that must have come by now.  missing: those that have not."""

    due: int = 0
    missing: int = 0


@dataclass(frozen=True)
class Measure:
    """One thing that is measured.  definition: how, in one Chinese sentence."""

    code: str
    name: str
    definition: str


MEASURES = (
    Measure("timely", "及时", "合格报文中，自事项发生 10 分钟之内到达平台的比例。事项发生时刻由对方记载。"),
    Measure(
        "complete",
        "完整",
        "数据集记录中，可填可不填的字段实际填写的比例。必填字段缺少的报文一律退回，不计入。",
    ),
    Measure(
        "followed",
        "后续",
        "应有的后续报文已到的比例：投标截止满 1 日应有开标记录；公布中标结果满 31 日应有合同。"
        "暂停、流标、终止的项目不计。",
    ),
    Measure("accurate", "准确", "收到的报文中，既没有被退回、也没有事后更正的比例。"),
)


def timely(counts: Counts) -> float | None:
    """Return the share of messages in time, 0 to 1; None when none came."""
    return _share(counts.prompt, counts.received - counts.rejected)


def complete(counts: Counts) -> float | None:
    """Return the share of optional fields that were filled; None when there were none."""
    return _share(counts.filled, counts.optional)


def accurate(counts: Counts) -> float | None:
    """Return the share of messages neither rejected nor corrected; None when none came."""
    good = counts.received - counts.rejected - counts.corrections
    return _share(max(good, 0), counts.received)


def followed(follow_ups: FollowUps) -> float | None:
    """Return the share of due follow-ups that are there; None when none is due."""
    return _share(follow_ups.due - follow_ups.missing, follow_ups.due)


def total(counts: Iterable[Counts]) -> Counts:
    """Return the sum."""
    return sum(counts, Counts())


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None
