"""In which stage is a tender?  Worked out from its facts at the instant of reading, never stored.

One rule, said once: as a condition of the database, so that lists filter by it and show it alike.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Q, Value, When


@dataclass(frozen=True)
class Stage:
    """code: in addresses and the API.  tone: of its mark.  holds: when no earlier row does."""

    code: str
    name: str
    tone: str
    holds: Callable[[datetime], Q]


# The first row that holds is the stage.  An open standstill comes before a later stage of another lot: while
# it is open the public may object.
STAGES = (
    Stage("history", "历史项目", "ended", lambda now: Q(history=True)),
    Stage("complete", "已完成", "done", lambda now: Q(final_status="complete")),
    Stage("unsuccessful", "流标", "ended", lambda now: Q(final_status="unsuccessful")),
    Stage("cancelled", "终止", "ended", lambda now: Q(final_status="cancelled")),
    Stage("suspended", "已暂停", "alarm", lambda now: Q(suspended_at__isnull=False)),
    Stage("registered", "待公告", "next", lambda now: Q(noticed_at=None)),
    Stage("bidding", "投标中", "open", lambda now: Q(bids_due_at__gt=now)),
    Stage("opening", "待开标", "next", lambda now: Q(opened_at=None)),
    Stage(
        "standstill",
        "公示中",
        "open",
        lambda now: Q(standstill_opens_at__lte=now, standstill_closes_at__gt=now),
    ),
    Stage("contracted", "已签合同", "done", lambda now: Q(contract_signed_at__isnull=False)),
    Stage("awarded", "已定标", "done", lambda now: Q(awarded_at__isnull=False)),
    Stage("awarding", "待定标", "next", lambda now: Q(standstill_closes_at__lte=now)),
    Stage("evaluation", "评标中", "next", lambda now: Q()),
)
BY_CODE = {stage.code: stage for stage in STAGES}


def stage_at(now: datetime) -> Case:
    """Return the expression of a tender's stage at `now`: the code of a row of STAGES."""
    *rows, last = STAGES
    whens = [When(stage.holds(now), then=Value(stage.code)) for stage in rows]
    return Case(*whens, default=Value(last.code), output_field=CharField())
