"""What a tender's page shows of its facts, stages and messages, as values for components."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from django.conf import settings
from django.urls import reverse

from yuntai.kernel.templatetags.components import Cell, Column, Fact, Table, TimelineStep
from yuntai.kernel.templatetags.values import beijing, beijing_seconds, time_left, yuan
from yuntai.supervision.intake import limits
from yuntai.supervision.intake.models import FinalStatus
from yuntai.supervision.intake.queries import LotRecord, ReceivedMessage
from yuntai.supervision.intake.stages import Stage, StagedTender
from yuntai.supervision.pages import words
from yuntai.supervision.pages.lists import due_at, is_put_off

MESSAGE_COLUMNS = (
    Column("type", "报文"),
    Column("signed_at", "签发时间", "time"),
    Column("received_at", "收到时间", "time"),
    Column("origin", "签发系统"),
    Column("state", "处理"),
)


def key_facts(tender: StagedTender, lots: Sequence[LotRecord], now: datetime) -> tuple[Fact, ...]:
    """Return the four facts people want: how much, until when, whose, and which system answers for it."""
    estimated = sum((record.lot.estimated_yuan for record in lots), start=Decimal(0))
    agency = f"代理：{tender.agency_name}" if tender.agency_name else "自行招标"
    return (
        Fact("估算价", yuan(estimated), note=f"{len(lots)} 个标段", kind="money"),
        _due_fact(tender, now),
        Fact("招标人", tender.initiator_name, note=agency),
        Fact("交易系统", words.system_title(tender.origin), note=tender.place),
    )


def _due_fact(tender: StagedTender, now: datetime) -> Fact:
    turns = words.TURNS_LABELS.get(Stage(tender.stage), "期限")
    until = due_at(tender)
    if until is None:
        return Fact(turns, "本阶段没有期限")
    if is_put_off(tender):
        return Fact(turns, "恢复后顺延", note=f"原定 {beijing(until)}")
    return Fact(turns, beijing(until), note=time_left(until, now))


def facts(tender: StagedTender) -> tuple[Fact, ...]:
    """Return what was registered of a tender, and its end when it has one."""
    is_made_up = tender.demonstration or settings.SANDBOX
    registered = (
        Fact("项目编号", tender.tender_code, kind="code"),
        Fact("投资项目编号", tender.project_code, kind="code"),
        Fact("行业", words.INDUSTRIES.get(tender.industry, tender.industry)),
        Fact(
            "交易方式",
            words.method_of(tender.procedure),
            note=f"{tender.procedure}，{tender.procedure_edition} 版",
        ),
        Fact("登记申报", "依法必须招标" if tender.must_tender else "非依法必须招标"),
        Fact("招标人代码", tender.initiator_code, kind="code"),
        Fact("代理机构代码", tender.agency_code or "无", kind="code"),
        Fact("行政区划代码", tender.region_code, kind="code"),
        Fact("登记时间", beijing(tender.registered_at)),
        Fact("数据性质", "演示数据，非真实交易" if is_made_up else "真实交易"),
    )
    if not tender.final_status:
        return registered
    end = Fact(
        "结束",
        str(tender.get_final_status_display()),
        note=words.reason_of_end(tender.end_reason, tender.end_clause),
    )
    return (*registered, end, Fact("结束时间", beijing(tender.ended_at)))


def timeline(tender: StagedTender, lots: Sequence[LotRecord]) -> tuple[TimelineStep, ...]:
    """Return the stages in order with the legal limit of each; a tender is where its hindmost lot is."""
    waits_since = tender.waits_for_contract_since
    contract_due = limits.contract_due_at(waits_since) if waits_since else None
    bidding, standstill, contract = limits.BID_PERIOD, limits.STANDSTILL, limits.CONTRACT
    steps = (
        ((Stage.REGISTERED,), "登记", None, "", ""),
        ((Stage.BIDDING,), "招标投标", tender.bids_due_at, bidding.text, bidding.clause),
        ((Stage.OPENING, Stage.EVALUATION), "开标评标", None, "", ""),
        (
            (Stage.STANDSTILL,),
            "中标候选人公示",
            tender.standstill_closes_at,
            standstill.text,
            standstill.clause,
        ),
        ((Stage.AWARD,), "定标", None, "", ""),
        ((Stage.CONTRACT,), "订立合同", contract_due, contract.text, contract.clause),
    )
    return tuple(
        _step(name, _state(stages, tender, lots), closes_at, limit, clause, put_off=is_put_off(tender))
        for stages, name, closes_at, limit, clause in steps
    )


def _step(
    name: str, state: str, closes_at: datetime | None, limit: str, clause: str, *, put_off: bool
) -> TimelineStep:
    """Return a stage of the timeline; an end that moves is said in words, as nobody may rely on it."""
    if closes_at is None or state == "done" or not put_off:
        return TimelineStep(name, state, closes_at, limit, clause)
    return TimelineStep(name, state, None, f"原定 {beijing(closes_at)} 截止，恢复后顺延；{limit}", clause)


def _state(stages: tuple[Stage, ...], tender: StagedTender, lots: Sequence[LotRecord]) -> str:
    order = list(Stage)
    reached = _reached_at_the_end(tender, lots) if tender.stage == Stage.ENDED else Stage(tender.stage)
    if reached in stages:
        return "next" if tender.stage == Stage.ENDED else "now"
    return "done" if order.index(stages[-1]) < order.index(reached) else "next"


def _reached_at_the_end(tender: StagedTender, lots: Sequence[LotRecord]) -> Stage:
    """Return the first stage that an ended tender did not get through with the lots that did not fail."""
    followed = [record.lot for record in lots if record.lot.final_status == FinalStatus.COMPLETE]
    followed = followed or [record.lot for record in lots]
    steps = (
        (tender.bids_due_at is None, Stage.REGISTERED),
        (any(lot.opened_at is None for lot in followed), Stage.BIDDING),
        (any(lot.candidates_published_at is None for lot in followed), Stage.EVALUATION),
        (any(lot.awarded_at is None for lot in followed), Stage.AWARD),
        (any(lot.contract_signed_at is None for lot in followed), Stage.CONTRACT),
    )
    return next((stage for missing, stage in steps if missing), Stage.SIGNED)


def message_table(tender: StagedTender, messages: Iterable[ReceivedMessage]) -> Table:
    """Return the messages about a tender, each leading to what was signed."""
    rows = tuple(_message_cells(tender, message) for message in messages)
    note = "号数是签发系统的流水号；报文经公共服务平台转送，原签名保留。"
    return Table("收到的报文", MESSAGE_COLUMNS, rows, note=note, nothing="还没有收到报文。", id="messages")


def _message_cells(tender: StagedTender, message: ReceivedMessage) -> tuple[Cell, ...]:
    payload = message.payload
    text, tone = _message_state(tender, message)
    return (
        Cell(
            words.message_name(payload.type),
            url=reverse("message", args=[message.key]),
            note=f"第 {payload.seq} 号",
        ),
        Cell(beijing_seconds(payload.iat)),
        Cell(beijing_seconds(message.received_at)),
        Cell(words.system_title(payload.iss)),
        Cell(text, note=message.refusal or message.fault, tone=tone),
    )


def _message_state(tender: StagedTender, message: ReceivedMessage) -> tuple[str, str]:
    if message.refusal:
        return "拒收", "alarm"
    if message.fault:
        return "处理失败", "alarm"
    if message.payload.iss != tender.origin:
        return "不采信，非本项目的交易系统", "alarm"
    return ("已记入", "done") if message.applied_at else ("待处理", "next")
