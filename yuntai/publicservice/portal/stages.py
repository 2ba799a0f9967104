"""In which stage is a tender?  Worked out from its facts at the instant of reading, never stored.

A condition of the database, so that lists filter by it and show it alike.  `stage_of_lot` says the same of
one lot; a test holds the two together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, CharField, Q, Value, When

from yuntai.publicservice.portal.lots import LotMilestones
from yuntai.publicservice.portal.models import PublicTender


@dataclass(frozen=True)
class Stage:
    """code: in addresses and the API.  tone: of its mark.  holds: when no earlier row does."""

    code: str
    name: str
    tone: str
    holds: Callable[[datetime], Q]


# The first row that holds is the stage.  An open standstill comes before what other lots wait for: while it
# is open the public may object.
STAGES = (
    Stage("history", "历史项目", "ended", lambda now: Q(history=True)),
    Stage("complete", "已完成", "done", lambda now: Q(final_status="complete")),
    Stage("unsuccessful", "流标", "ended", lambda now: Q(final_status="unsuccessful")),
    Stage("cancelled", "终止", "ended", lambda now: Q(final_status="cancelled")),
    Stage("suspended", "已暂停", "alarm", lambda now: Q(suspended_at__isnull=False)),
    Stage("registered", "待公告", "next", lambda now: Q(noticed_at=None)),
    Stage("bidding", "投标中", "open", lambda now: Q(bids_due_at__gt=now)),
    Stage(
        "standstill",
        "公示中",
        "open",
        lambda now: Q(standstill_opens_at__lte=now, standstill_closes_at__gt=now),
    ),
    Stage("opening", "待开标", "next", lambda now: Q(opened_at=None)),
    Stage("contracted", "已签合同", "done", lambda now: Q(contract_signed_at__isnull=False)),
    Stage("awarded", "已定标", "done", lambda now: Q(awarded_at__isnull=False)),
    Stage(
        "awarding",
        "待定标",
        "next",
        lambda now: Q(evaluated_at__isnull=False, standstill_closes_at__lte=now),
    ),
    Stage("evaluation", "评标中", "next", lambda now: Q()),
)
# For a reader who chooses: in the order of the procedure; what breaks it off, and old tenders, come last.
BROKEN_OFF = ("unsuccessful", "cancelled", "suspended", "history")
STEPS = ("registered", "bidding", "opening", "evaluation", "standstill", "awarding", "awarded", "contracted")
IN_ORDER = (*STEPS, "complete", *BROKEN_OFF)
BY_CODE = {stage.code: stage for stage in STAGES}


def stage_at(now: datetime) -> Case:
    """Return the expression of a tender's stage at `now`: the code of a row of STAGES."""
    *rows, last = STAGES
    whens = [When(stage.holds(now), then=Value(stage.code)) for stage in rows]
    return Case(*whens, default=Value(last.code), output_field=CharField())


def stage_of_lot(lot: LotMilestones, tender: PublicTender, now: datetime) -> Stage:
    """Return the stage of one lot of `tender` at `now`: a row of STAGES."""
    opens, closes = lot.standstill_opens_at, lot.standstill_closes_at
    steps = (
        # A system that told no end of the lot itself told one of the tender.
        (lot.final_status or tender.final_status, lot.final_status or tender.final_status),
        (tender.suspended_at, "suspended"),
        (tender.noticed_at is None, "registered"),
        (tender.bids_due_at and tender.bids_due_at > now, "bidding"),
        (opens and closes and opens <= now < closes, "standstill"),
        (lot.opened_at is None, "opening"),
        (lot.contract_signed_at, "contracted"),
        (lot.awarded_at, "awarded"),
        (closes and closes <= now, "awarding"),
    )
    return BY_CODE[next((code for holds, code in steps if holds), "evaluation")]
