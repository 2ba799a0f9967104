"""The four facts people want of a tender, its stages, its parties and its record.

Only what messages say: which stages the law asks for and how long they last is the trading system's to show.
"""

from datetime import datetime

from yuntai.kernel.templatetags.components import Cell, Column, Fact, Table, TimelineStep
from yuntai.kernel.templatetags.values import beijing, beijing_day, beijing_seconds, time_left, yuan
from yuntai.publicservice.portal import words
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.portal.queries import TenderView

RECORD_COLUMNS = (
    Column("what", "事项"),
    Column("at", "时间", "time"),
    Column("message", "报文编号", "code"),
)


def key_facts(view: TenderView, *, now: datetime) -> tuple[Fact, ...]:
    """Return what, how much, until when, whose."""
    tender = view.tender
    return (
        Fact("交易内容", words.kind(tender.kind), note=words.method(tender.procedure)),
        _price(tender),
        _deadline(view, now),
        _whose(view),
    )


def parties(view: TenderView) -> tuple[Fact, ...]:
    """Return codes and parties; what the messages leave empty is left out."""
    tender = view.tender
    facts = (
        Fact("项目编号", tender.code, kind="code"),
        Fact("投资项目编号", tender.project_code, kind="code"),
        Fact("地点", tender.place),
        Fact("招标人", tender.initiator_name, note=tender.initiator_code),
        Fact("代理机构", tender.agency_name),
    )
    return tuple(fact for fact in facts if fact.value)


def steps(view: TenderView, *, now: datetime) -> tuple[TimelineStep, ...]:
    """Return the stages of the lots that go on; each says when it was passed or when it closes."""
    tender = view.tender
    rows = (
        ("公告", tender.noticed_at, None, "发布"),
        ("投标", tender.bids_due_at if _past(tender.bids_due_at, now) else None, tender.bids_due_at, "截止"),
        ("开标", tender.opened_at, None, "开标"),
        ("评标", tender.evaluated_at, None, "公布候选人"),
        (
            "公示",
            tender.standstill_closes_at if _standstills_are_over(tender, now) else None,
            tender.standstill_closes_at,
            "期满",
        ),
        ("定标", tender.awarded_at, None, "公布结果"),
        ("合同", tender.contract_signed_at, None, "签订"),
    )
    reached = [done_at is not None for _, done_at, _, _ in rows]
    # What lies before the last stage passed is passed too, whether or not a message told of it.
    current = len(reached) - reached[::-1].index(True) if any(reached) else 0
    halted = bool(tender.final_status or tender.suspended_at)
    return tuple(
        TimelineStep(
            name=name,
            state="done" if place < current else "now" if place == current and not halted else "next",
            closes_at=closes_at if place >= current else None,
            limit=f"{beijing(done_at)} {verb}" if done_at and place < current else "",
        )
        for place, (name, done_at, closes_at, verb) in enumerate(rows)
    )


def record_table(view: TenderView) -> Table:
    """Return every message about the tender, oldest first."""
    lots = {lot.facts.lot_code: lot.facts.title for lot in view.lots}
    several = len(lots) > 1
    return Table(
        caption=f"{len(view.events)} 条报文",
        columns=RECORD_COLUMNS,
        rows=tuple(
            (
                Cell(event.name, note=lots.get(event.lot_code, "") if several else ""),
                Cell(beijing_seconds(event.occurred_at)),
                Cell(event.message_id),
            )
            for event in view.events
        ),
        id="record",
        note="时间为发送系统记载的办理时间。",
    )


def _price(tender: PublicTender) -> Fact:
    if tender.ceiling_price_yuan is not None:
        note = "" if tender.estimated_yuan is None else f"估算价 {yuan(tender.estimated_yuan)}"
        name = "控制价" if tender.history else "最高投标限价"
        return Fact(name, yuan(tender.ceiling_price_yuan), note=note, kind="money")
    if tender.estimated_yuan is not None:
        return Fact("估算价", yuan(tender.estimated_yuan), note="没有设最高投标限价", kind="money")
    return Fact("控制价", "未公布", kind="money")


def _deadline(view: TenderView, now: datetime) -> Fact:
    tender, code = view.tender, view.stage.code
    if view.history:
        return Fact("开标日期", beijing_day(view.history.opened_on))
    if code == "bidding":
        return Fact("投标截止", beijing(tender.bids_due_at), note=time_left(tender.bids_due_at, now))
    if code == "standstill":
        closes_at = tender.standstill_closes_at
        return Fact("公示截止", beijing(closes_at), note=time_left(closes_at, now))
    due = f"投标截止 {beijing(tender.bids_due_at)}" if tender.bids_due_at else "公告尚未发布"
    return Fact("当前阶段", view.stage.name, note=due)


def _whose(view: TenderView) -> Fact:
    if view.history:
        count = view.history.bidder_count
        return Fact("投标单位", "未公布" if count is None else f"{count} 家", note=view.tender.place)
    agency = view.tender.agency_name
    return Fact("招标人", view.tender.initiator_name, note=f"代理机构 {agency}" if agency else "自行招标")


def _standstills_are_over(tender: PublicTender, now: datetime) -> bool:
    return tender.evaluated_at is not None and _past(tender.standstill_closes_at, now)


def _past(at: datetime | None, now: datetime) -> bool:
    return at is not None and at <= now
