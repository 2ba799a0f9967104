"""Bids due sooner than the law allows (投标期限不足); construction works."""

from decimal import Decimal

from yuntai.law.days import Days, date_of
from yuntai.law.workdays import published
from yuntai.standard.messages import TenderNoticePublished
from yuntai.supervision.rules.rule import Level, Rule

LEAST = Days(20)
MUST_TENDER_FROM_YUAN = Decimal(4_000_000)


def check(notice: TenderNoticePublished) -> str:
    """Return how many days the notice gives when it must give 20 and does not; "" otherwise."""
    reaches_scale = notice.estimated_yuan >= MUST_TENDER_FROM_YUAN
    if not notice.procedure.startswith("construction.") or not (notice.must_tender or reaches_scale):
        return ""
    if notice.bids_due_at >= LEAST.after(notice.documents_open_at, published()):
        return ""
    opened_on, due_on = date_of(notice.documents_open_at), date_of(notice.bids_due_at)
    period = (
        f"自招标文件开始发出（{opened_on}）至投标截止（{due_on}）"
        f"仅 {(due_on - opened_on).days} 日，少于 {LEAST}。"
    )
    if notice.must_tender:
        return period
    return (
        f"{period}公告申报为非依法必须招标项目，但估算价 {notice.estimated_yuan:,.2f} 元已达到施工必须招标的"
        f" {MUST_TENDER_FROM_YUAN:,.2f} 元，请核实是否依法必须招标。"
    )


RULE = Rule(
    code="short-bid-period",
    version="1",
    name="投标期限不足",
    item=(
        f"依法必须招标的施工项目，以及估算价达到 {MUST_TENDER_FROM_YUAN:,.0f} 元"
        "而申报为非依法必须招标的施工项目，"
        f"自招标文件开始发出至投标截止是否不少于 {LEAST}（按北京时间的日期计算，开始当日不计）。"
    ),
    clause="tendering/24",
    level=Level.SERIOUS,
    check=check,
    also=("must-tender/5",),
)
