"""What a tender's page shows of a lot: opening record, candidates, award and contract."""

from dataclasses import dataclass
from datetime import datetime

from yuntai.kernel.templatetags.components import Cell, Column, Fact, Status, Table
from yuntai.kernel.templatetags.values import beijing, yuan
from yuntai.supervision.intake.models import AwardCandidate, OpenedBid, WatchedLot
from yuntai.supervision.intake.queries import LotRecord
from yuntai.supervision.intake.stages import StagedTender, stage_of_lot
from yuntai.supervision.pages import words

BID_COLUMNS = (
    Column("bidder", "投标人"),
    Column("price", "投标报价", "number"),
    Column("duration", "工期", "number"),
    Column("outcome", "解密情况"),
)
CANDIDATE_COLUMNS = (
    Column("bidder", "中标候选人"),
    Column("rank", "名次", "number"),
    Column("price", "投标报价", "number"),
    Column("score", "得分", "number"),
)
NOT_YET_OPENED = "尚未开标。开标前，任何系统都不报送有没有人投标、有谁投标。"
ENDED_UNOPENED = "没有开标就结束了，没有开标记录。"


@dataclass(frozen=True)
class LotPart:
    """One lot.  bids, candidates: None until they were published; nothing: said instead of the bids."""

    code: str
    title: str
    status: Status
    facts: tuple[Fact, ...]
    bids: Table | None
    candidates: Table | None
    nothing: str


def lot_part(record: LotRecord, tender: StagedTender, now: datetime) -> LotPart:
    """Return what is shown of a lot of `tender` at `now`."""
    lot = record.lot
    return LotPart(
        code=lot.lot_code,
        title=lot.title,
        status=_status(lot, tender, now),
        facts=_facts(lot),
        bids=_bid_table(lot, record.bids) if lot.opened_at else None,
        candidates=_candidate_table(lot, record.candidates) if lot.candidates_published_at else None,
        nothing=ENDED_UNOPENED if lot.final_status or tender.final_status else NOT_YET_OPENED,
    )


def _status(lot: WatchedLot, tender: StagedTender, now: datetime) -> Status:
    # A system that told no end of the lot itself told one of the tender.
    final_status = lot.final_status or tender.final_status
    if final_status:
        return words.end_status(final_status)
    return words.stage_status(stage_of_lot(lot, tender, now))


def _facts(lot: WatchedLot) -> tuple[Fact, ...]:
    known = [
        Fact("标段编号", lot.lot_code, kind="code"),
        Fact("估算价", yuan(lot.estimated_yuan), kind="money"),
    ]
    if lot.standstill_closes_at:
        period = f"{beijing(lot.standstill_opens_at)} 至 {beijing(lot.standstill_closes_at)}"
        known.append(Fact("公示期", period))
    if lot.awarded_at:
        known.append(Fact("中标人", lot.supplier_name, note=f"{beijing(lot.awarded_at)} 公布"))
        known.append(Fact("中标价", yuan(lot.award_price_yuan), kind="money"))
    if lot.contract_signed_at:
        known.append(
            Fact("合同", lot.contract_code, note=f"{beijing(lot.contract_signed_at)} 订立", kind="code")
        )
        known.append(Fact("合同价", yuan(lot.contract_price_yuan), kind="money"))
    if lot.final_status:
        ended = f"{lot.get_final_status_display()}，{beijing(lot.ended_at)}"
        known.append(Fact("标段结束", ended, note=words.reason_of_end(lot.end_reason, lot.end_clause)))
    return tuple(known)


def _bid_table(lot: WatchedLot, bids: tuple[OpenedBid, ...]) -> Table:
    rows = tuple(
        (
            Cell(bid.bidder_name or "无法识别投标人", note=bid.bidder_code),
            Cell(yuan(bid.price_yuan) if bid.price_yuan is not None else "未公布"),
            Cell(f"{bid.duration_days} 日" if bid.duration_days else "未公布"),
            Cell(
                words.OUTCOMES.get(bid.outcome, bid.outcome), tone="" if bid.outcome == "opened" else "alarm"
            ),
        )
        for bid in bids
    )
    caption = f"{lot.title}：开标记录（{beijing(lot.opened_at)} 开标）"
    return Table(caption, BID_COLUMNS, rows, nothing="没有投标文件。", id=f"bids-{lot.pk}")


def _candidate_table(lot: WatchedLot, candidates: tuple[AwardCandidate, ...]) -> Table:
    rows = tuple(
        (
            Cell(each.bidder_name, note=each.bidder_code),
            Cell(str(each.rank)),
            Cell(yuan(each.price_yuan)),
            Cell(f"{each.score:.2f}"),
        )
        for each in candidates
    )
    caption = f"{lot.title}：中标候选人（{beijing(lot.candidates_published_at)} 公示）"
    return Table(caption, CANDIDATE_COLUMNS, rows, id=f"candidates-{lot.pk}")
