"""Where a lot stands, and until when: worked out from its milestones, as every page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from yuntai.kernel.templatetags.components import NoticeRow, Status
from yuntai.procedures.timeline import stage_at
from yuntai.procedures.vocabulary import Milestone, Stage
from yuntai.trading.pages.limits import latest_at
from yuntai.trading.tenders.models import FinalStatus, Lot, Suspension, Tender

DUE_LABELS = {
    Milestone.BIDS_DUE: "投标截止",
    Milestone.STANDSTILL_OPEN: "公示期限",
    Milestone.STANDSTILL_CLOSED: "公示截止",
    Milestone.CONTRACT_SIGNED: "签约期限",
}
NOTICES = (  # the last one reached is the news of a lot
    (Milestone.CONTRACT_SIGNED, "合同签订"),
    (Milestone.AWARDED, "中标结果公告"),
    (Milestone.STANDSTILL_OPEN, "中标候选人公示"),
    (Milestone.OPENED, "开标记录"),
    (Milestone.DOCUMENTS_OPEN, "招标公告"),
)
FINAL_TONES = {FinalStatus.COMPLETE: "done"}


@dataclass(frozen=True)
class Standing:
    """stage: None before the notice and after the end.  due_at: when the stage ends or must end, if known."""

    stage: Stage | None
    status: Status
    due_at: datetime | None = None
    due_label: str = ""


def standing_of(lot: Lot, now: datetime) -> Standing:
    """Return where `lot` stands.  Its milestones and its tender's suspensions are best prefetched."""
    if lot.final_status:
        final = FinalStatus(lot.final_status)
        return Standing(None, Status(str(final.label), FINAL_TONES.get(final, "ended")))
    tender, schedule = lot.tender, lot.schedule
    stage = stage_at(tender.procedure, schedule, now)
    if stage is None:
        return Standing(None, Status("草稿", "next"))
    if standing_suspension(tender):
        return Standing(stage, Status("已暂停", "alarm"))  # what was due moves once the tender goes on
    due_at = schedule.get(stage.closes) or latest_at(tender, stage.closes, schedule)
    tone = "open" if stage.closes is Milestone.BIDS_DUE else "next"
    return Standing(stage, Status(stage.name, tone), due_at, DUE_LABELS.get(stage.closes, ""))


def standing_suspension(of: Tender) -> Suspension | None:
    """Return the suspension in which the tender stands still, None while it runs."""
    return next((each for each in of.suspensions.all() if each.ended_at is None), None)


def leading_lot(lots: Sequence[Lot]) -> Lot:
    """Return the lot that speaks for its tender: the running one least far on, else the first."""
    running = [lot for lot in lots if not lot.final_status]
    return min(running or lots, key=lambda lot: (len(lot.milestones.all()), lot.code))


def notice_row(of: Tender, now: datetime, *, url: str) -> NoticeRow:
    """Return a tender's line in a list."""
    lot = leading_lot(list(of.lots.all()))
    standing = standing_of(lot, now)
    ahead = standing.due_at if standing.due_at and standing.due_at > now else None
    return NoticeRow(
        kind=news_of(lot),
        title=of.title,
        url=url,
        place=of.project.place,
        deadline=ahead,
        deadline_label=standing.due_label,
        published_at=of.documents_open_at,
        status=standing.status,
        demonstration=of.demonstration,
    )


def news_of(lot: Lot) -> str:
    """Return what was last published of a lot."""
    if lot.final_status in {FinalStatus.UNSUCCESSFUL, FinalStatus.CANCELLED}:
        return f"{FinalStatus(lot.final_status).label}公告"
    schedule = lot.schedule
    return next((word for milestone, word in NOTICES if milestone in schedule), "草稿")


def name_of(lot: Lot) -> str:
    """Return how a lot is called outside its tender's page: by its own title only where there are several."""
    tender = lot.tender
    return f"{tender.title}（{lot.title}）" if len(tender.lots.all()) > 1 else tender.title
