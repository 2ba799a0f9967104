"""What the pages of the register show, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from yuntai.conformance.report import WORDS, CheckResult, Report
from yuntai.kernel.templatetags.components import Cell, Column, Fact, Status, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.certification.models import Certificate
from yuntai.publicservice.certification.queries import Entry, Mark, is_valid
from yuntai.publicservice.certification.shares import Share
from yuntai.publicservice.portal import words

TONES = {"passed": "done", "failed": "alarm", "untestable": "next", "manual": "next"}
UNSAID = "未登记"
REGISTER_COLUMNS = (
    Column("system", "交易系统"),
    Column("operator", "运营机构"),
    Column("mark", "检测认证"),
    Column("number", "证书编号", "code"),
    Column("level", "等级"),
    Column("body", "发证机构"),
    Column("until", "有效期至", "time"),
)
HISTORY_COLUMNS = (
    Column("number", "证书编号", "code"),
    Column("system", "交易系统"),
    Column("level", "等级"),
    Column("body", "发证机构"),
    Column("tested", "检测时间", "time"),
    Column("until", "有效期至", "time"),
    Column("state", "状态"),
)
REQUIREMENT_COLUMNS = (Column("number", "编号"), Column("title", "要求"), Column("state", "结果"))


@dataclass(frozen=True)
class ShareBar:
    """One line of the picture.  length: 0-100.  words: the share in figures."""

    label: str
    length: str
    words: str
    reaches: bool
    leading: bool


def stars(level: int) -> str:
    """Return the level in words."""
    return f"{'一二三'[level - 1]}星"


def bars(shares: Iterable[Share]) -> tuple[ShareBar, ...]:
    """Return the lines of the picture; the one the plan counts leads."""
    return tuple(
        ShareBar(
            label=words.kind(each.industry) if each.industry else "工程建设和政府采购合计",
            length=each.length,
            words=f"{each.percent}%（{each.certified}/{each.total}）" if each.total else "没有对接的系统",
            reaches=each.reaches_target,
            leading=not each.industry,
        )
        for each in shares
    )


def register_table(entries: Iterable[Entry], now: datetime) -> Table:
    """Return each connected trading system with its mark."""
    rows = tuple(_entry_cells(each) for each in entries)
    return Table(
        caption="交易系统和检测认证标志",
        columns=REGISTER_COLUMNS,
        rows=rows,
        note="认证由检测机构作出，本平台核对签名后公布；没有认证不影响对接。",
        nothing="还没有交易系统对接。",
    )


def mark_status(mark: Mark) -> Status:
    """Return the mark of a system (检测认证标志) in words."""
    if mark.standing:
        return Status(f"已认证 {stars(mark.standing.level)}", "done")
    return Status("认证已过期", "alarm") if mark.newest else Status("未认证", "next")


def mark_cell(mark: Mark) -> Cell:
    """Return the mark of a system, for any table of systems; what stands behind it is in the register."""
    status = mark_status(mark)
    return Cell(status.label, tone=status.tone)


def mark_fact(mark: Mark) -> Fact:
    """Return the mark of a system with its certificate, for the page of the system."""
    if mark.newest is None:
        return Fact("检测认证", mark_status(mark).label, note="没有认证不影响对接")
    return Fact(
        "检测认证",
        mark.newest.number,
        url=reverse("certificate", args=[mark.newest.number]),
        note=f"{mark_status(mark).label}，{mark.newest.body_name}，有效期至 {mark.newest.valid_until}",
    )


def _entry_cells(entry: Entry) -> tuple[Cell, ...]:
    system, shown = entry.system, entry.mark.newest
    head = (
        Cell(
            system.title,
            url=reverse("system", args=[system.code]),
            note=f"{words.kind(system.industry)} · {system.code}",
        ),
        Cell(system.operator_name or UNSAID, note=system.operator_code),
        mark_cell(entry.mark),
    )
    if shown is None:
        return (*head, Cell(""), Cell(""), Cell(""), Cell(""))
    return (
        *head,
        Cell(shown.number, url=reverse("certificate", args=[shown.number])),
        Cell(stars(shown.level)),
        Cell(shown.body_name),
        Cell(f"{shown.valid_until}"),
    )


def history_table(certificates: Iterable[Certificate], now: datetime) -> Table:
    """Return every certificate ever published."""
    rows = tuple(
        (
            Cell(each.number, url=reverse("certificate", args=[each.number])),
            Cell(each.system_title, note=each.system_code),
            Cell(stars(each.level)),
            Cell(each.body_name),
            Cell(beijing(each.tested_at)),
            Cell(f"{each.valid_until}"),
            Cell("有效", tone="done") if is_valid(each, now) else Cell("已过期", tone="alarm"),
        )
        for each in certificates
    )
    return Table(
        caption="历次公布的证书",
        columns=HISTORY_COLUMNS,
        rows=rows,
        nothing="还没有公布过证书。",
        id="history",
    )


def certificate_facts(of: Certificate) -> tuple[Fact, ...]:
    """Return number, level, issuer, validity."""
    return (
        Fact("证书编号", of.number, kind="code"),
        Fact("等级", stars(of.level), note="CTS-EBS01：一星全流程在线，二星无纸化，三星优化"),
        Fact("发证机构", of.body_name),
        Fact("有效期至", f"{of.valid_until}", note=f"{beijing(of.published_at)} 公布"),
    )


def requirement_table(report: Report) -> Table:
    """Return the 47 requirements with their results."""
    rows = tuple(
        (Cell(each.number), Cell(each.title, note=f"第 {each.articles} 条"), _state(each.state))
        for each in report.requirements
    )
    note = "“另行检查”的项目不能从外部检测，由检测机构、主管部门按下文所列方法检查。"
    return Table("47 项要求", REQUIREMENT_COLUMNS, rows, note=note, id="requirements")


@dataclass(frozen=True)
class Detail:
    """What was done about one requirement.  checks: with their word."""

    heading: str
    otherwise: str
    checks: tuple[tuple[str, CheckResult], ...]


def details(report: Report) -> tuple[Detail, ...]:
    """Return what was done about each requirement."""
    return tuple(
        Detail(
            heading=f"{each.number}　{each.title}",
            otherwise=each.otherwise,
            checks=tuple((WORDS[check.state], check) for check in each.checks),
        )
        for each in report.requirements
    )


def _state(state: str) -> Cell:
    return Cell(WORDS[state], tone=TONES[state])
