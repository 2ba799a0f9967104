"""What stands on top of a tender's page: the four facts, the state, the timeline with its legal limits."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from yuntai.kernel.templatetags.components import (
    Cell,
    Column,
    Fact,
    Refusal,
    Status,
    Table,
    TimelineStep,
)
from yuntai.kernel.templatetags.values import beijing, time_left, yuan
from yuntai.procedures.vocabulary import Stage
from yuntai.standard.identifiers import regions
from yuntai.trading.pages.limits import in_words, latest_at, limits_before
from yuntai.trading.pages.standing import Standing, halted_at, leading_lot, standing_of, standing_suspension
from yuntai.trading.tenders.models import FinalStatus, Lot, Tender

LOT_COLUMNS = (
    Column("lot", "标段"),
    Column("ceiling", "最高投标限价（元）", "number"),
    Column("estimated", "合同估算价（元）", "number"),
    Column("standing", "阶段"),
)


def key_facts(of: Tender, lots: Sequence[Lot], now: datetime) -> tuple[Fact, ...]:
    """Return what, how much, until when, whose."""
    agency = f"代理机构 {of.agency_name}" if of.agency_name else "自行招标"
    count = f"共 {len(lots)} 个标段" if len(lots) > 1 else lots[0].title
    return (
        Fact("招标内容", of.procedure.name, note=count),
        price_fact(lots),
        _due_fact(of, standing_of(leading_lot(lots), now), now),
        Fact("招标人", of.project.initiator_name, note=agency),
    )  # fmt: skip


def price_fact(lots: Sequence[Lot]) -> Fact:
    """Return the ceiling over all lots with the estimate below it; the estimate when a lot has no ceiling."""
    estimated = sum((lot.estimated_yuan for lot in lots), Decimal(0))
    ceilings = [lot.ceiling_price_yuan for lot in lots if lot.ceiling_price_yuan is not None]
    if len(ceilings) < len(lots):
        note = "没有设最高投标限价" if not ceilings else "部分标段设最高投标限价，见各标段"
        return Fact("估算价", yuan(estimated), note=note, kind="money")
    ceiling = sum(ceilings, Decimal(0))
    return Fact("最高投标限价", yuan(ceiling), note=f"估算价 {yuan(estimated)}", kind="money")


def facts(of: Tender, lots: Sequence[Lot]) -> tuple[Fact, ...]:
    """Return codes, place and contact."""
    project = of.project
    shown = (
        Fact("招标项目编号", of.code, kind="code"),
        Fact("投资项目编号", project.code, note=project.name, kind="code"),
        Fact("投资项目统一代码", project.investment_code, kind="code"),
        Fact("地点", project.place, note=region_name(project.region_code)),
        Fact(
            "项目性质",
            "依法必须招标" if of.must_tender else "自愿招标",
            note=f"适用 {of.procedure_edition} 起施行的流程",
        ),
        Fact("联系方式", of.contact),
        *(
            Fact("统一交易标识码", lot.unified_code, note=lot.title if len(lots) > 1 else "", kind="code")
            for lot in lots
        ),
    )
    return tuple(fact for fact in shown if fact.value)


def region_name(code: str) -> str:
    """Return a region's name with those above it; the code itself when we know no name."""
    try:
        return regions.full_name(code)
    except regions.UnknownRegion:
        return code


def lot_table(lots: Sequence[Lot], now: datetime) -> Table:
    """Return the lots of a tender, each with its amounts and where it stands."""
    rows = tuple(
        (
            Cell(lot.title, note=lot.code),
            Cell(f"{lot.ceiling_price_yuan:,.2f}" if lot.ceiling_price_yuan is not None else "没有设"),
            Cell(f"{lot.estimated_yuan:,.2f}"),
            Cell(standing.status.label, tone=standing.status.tone),
        )
        for lot in lots
        for standing in (standing_of(lot, now),)
    )
    return Table(f"{len(rows)} 个标段", LOT_COLUMNS, rows, id="lots-table")


def timelines(lots: Sequence[Lot], now: datetime) -> list[tuple[str, tuple[TimelineStep, ...]]]:
    """Return each timeline once, headed by the lots that share it; "" when all do."""
    titles: dict[tuple[TimelineStep, ...], list[str]] = {}
    for lot in lots:
        titles.setdefault(timeline(lot, now), []).append(lot.title)
    if len(titles) == 1:
        return [("", next(iter(titles)))]
    return [("、".join(sharing), steps) for steps, sharing in titles.items()]


def banner(of: Tender, lots: Sequence[Lot]) -> Refusal | None:
    """Return what stands across the page of a tender that is suspended or came to no contract."""
    suspension = standing_suspension(of)
    if suspension is not None and not all(lot.final_status for lot in lots):
        by = f"依 {suspension.directed_by} 的监督指令" if suspension.directed_by else ""
        detail = (
            f"{beijing(suspension.began_at)} 起{by}暂停，恢复前不能办理任何事项。原因：{suspension.reason}"
        )
        return Refusal("本项目已暂停", detail, "etendering/52")
    failed = [lot for lot in lots if lot.final_status not in {"", FinalStatus.COMPLETE}]
    if not failed or len(failed) < len(lots):
        return None
    status = FinalStatus(failed[0].final_status)
    return Refusal(f"本项目已{status.label}", f"{failed[0].final_reason}。招标人可以修改条件后重新招标。")


def statuses(lots: Sequence[Lot], now: datetime) -> tuple[Status, ...]:
    """Return the states of the lots, each word once."""
    return tuple(dict.fromkeys(standing_of(lot, now).status for lot in lots))


def timeline(lot: Lot, now: datetime) -> tuple[TimelineStep, ...]:
    """Return the stages of a lot, each with the limit of law that ends it."""
    current = standing_of(lot, now).stage
    return tuple(
        _timeline_step(lot, stage, now, is_current=stage == current) for stage in lot.tender.procedure.stages
    )


def _timeline_step(lot: Lot, stage: Stage, now: datetime, *, is_current: bool) -> TimelineStep:
    closed_at = lot.schedule.get(stage.closes)
    passed = closed_at is not None and closed_at <= (halted_at(lot.tender) or now)
    limits = [each for each in limits_before(lot.tender, stage.closes) if _concerns(each.after, stage, lot)]
    words = [in_words(each) for each in limits]
    if passed:
        words = [f"{beijing(closed_at)} 结束", *words]
    return TimelineStep(
        name=stage.name,
        state="now" if is_current else "done" if passed else "next",
        closes_at=None if passed else closed_at or latest_at(lot.tender, stage.closes, lot.schedule),
        limit="；".join(words),
        clause=limits[0].clause if limits else "",
    )


def _concerns(after: object, stage: Stage, lot: Lot) -> bool:
    """Return whether a limit counted from `after` says something here: a clarification may never come."""
    return after in {stage.opens} or after in lot.schedule


def _due_fact(of: Tender, standing: Standing, now: datetime) -> Fact:
    if standing.stage is None:
        return Fact("当前状态", standing.status.label, note=f"投标截止 {beijing(of.bids_due_at)}")
    if standing.due_at is None:
        due = beijing(of.bids_due_at)
        halted = halted_at(of)
        moves = halted is not None and halted < of.bids_due_at
        note = f"原定 {due} 投标截止，恢复后顺延" if moves else f"投标截止 {due}"
        return Fact("当前阶段", standing.stage.name, note=note)
    return Fact(standing.due_label, beijing(standing.due_at), note=time_left(standing.due_at, now))
