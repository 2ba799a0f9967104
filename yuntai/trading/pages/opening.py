"""The opening hall: clock, what the opening waits for, and the record.  Before it, no count and no name.

Open to everyone (Decree 20 art. 29): what nobody may know before the opening, nothing here reads.
"""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from yuntai.kernel.templatetags.components import Cell, Column, Crumb, Refusal, Table
from yuntai.kernel.templatetags.values import beijing, beijing_seconds
from yuntai.trading.opening.models import ActFault, OpenedBid, Opening, Outcome, ShareRelease
from yuntai.trading.opening.queries import (
    close_of,
    last_failure,
    opening_of,
    opening_record,
    standing_releases,
)
from yuntai.trading.pages import live
from yuntai.trading.pages.lot_blocks import bid_table
from yuntai.trading.pages.standing import name_of, standing_suspension
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trading.tenders.queries import published_lot
from yuntai.trust import clock
from yuntai.trust.sealing import HOLDER_NAMES, HOLDERS, THRESHOLD

SHARE_COLUMNS = (
    Column("holder", "保管方"),
    Column("state", "份额"),
    Column("at", "到达时间", "time"),
)
ACT_COLUMNS = (Column("act", "密封操作编号"), Column("fault", "情况"))


@dataclass(frozen=True)
class Hall:
    """What the hall shows.  counts_down: the deadline is ahead.  over: nothing will change any more.

    problem: why nothing goes on, or what went wrong.  shares, bids: None while there is nothing to show.
    acts: sealed acts that did not come out as they were committed to, None when all did.
    root: of the closed set, hex, shown with the bids.
    """

    state: str
    detail: str
    counts_down: bool = False
    over: bool = False
    problem: Refusal | None = None
    shares: Table | None = None
    bids: Table | None = None
    acts: Table | None = None
    root: str = ""

    @property
    def mark(self) -> str:
        """Changes when there is something new."""
        return live.mark_of(self)


@require_GET
def hall(request: HttpRequest, code: str) -> HttpResponse:
    """Show the hall of a lot."""
    lot, now = published_lot(code), clock.now()
    tender = lot.tender
    context = {
        "lot": lot,
        "tender": tender,
        "name": name_of(lot),
        "hall": hall_at(lot, now),
        "now": now,
        "crumbs": (
            Crumb("招标项目", reverse("home")),
            Crumb(tender.title, reverse("tender", args=[tender.code])),
            Crumb("开标大厅"),
        ),
    }
    return render(request, "trading/opening.html", context)


@require_GET
def hall_inside(request: HttpRequest, code: str) -> HttpResponse:
    """Answer the hall's inside for its own refreshing."""
    lot, now = published_lot(code), clock.now()
    shown = hall_at(lot, now)
    if live.has_seen(request, shown.mark):
        return live.nothing_new()
    return render(request, "trading/_hall.html", {"lot": lot, "hall": shown, "now": now})


def hall_at(lot: Lot, now: datetime) -> Hall:
    """Return what the hall of a lot shows at `now`."""
    opening = opening_of(lot)
    if opening is not None:
        return _opened(lot, opening)
    if lot.final_status:
        status = FinalStatus(lot.final_status)
        return Hall(str(status.label), f"没有开标：{lot.final_reason}。", over=True)
    problem = _suspension(lot) or _failure(lot)
    due_at = lot.tender.bids_due_at
    if now < due_at:
        detail = f"{beijing(due_at)} 截止并开标。此前不公布投标人的名称和数量，投标文件任何人都打不开。"
        return Hall("等待投标截止", detail, counts_down=problem is None, problem=problem)
    if close_of(lot) is None:
        return Hall("正在封标", "投标已截止，正在固定全部密封包。", problem=problem)
    return Hall(
        "等待保管方释放份额",
        f"密封包已固定，此后不能增减。凑齐 {THRESHOLD} 方的份额后自动开标。",
        problem=problem,
        shares=share_table(lot),
    )


def _opened(lot: Lot, opening: Opening) -> Hall:
    close, record = close_of(lot), opening_record(lot)
    return Hall(
        "已开标",
        f"{beijing_seconds(opening.opened_at)} 由保管方 {'、'.join(opening.letters)} 的份额打开。",
        over=True,
        problem=_platform_faults(lot, record),
        shares=share_table(lot, lacking="未用"),
        bids=bid_table(lot, record),
        acts=_act_table(opening),
        root=close.root if close else "",
    )


def share_table(lot: Lot, *, lacking: str = "未到达") -> Table:
    """Return which holders' shares have arrived, and when.  lacking: the word for those that have not."""
    names = dict(lot.holder_keys.values_list("letter", "holder_name"))
    arrived = standing_releases(lot)
    rows = tuple(
        (
            Cell(f"{letter}：{HOLDER_NAMES[letter]}", note=names.get(letter, "")),
            _state(arrived[letter]) if letter in arrived else Cell(lacking, tone="next"),
            Cell(beijing_seconds(arrived[letter].received_at) if letter in arrived else ""),
        )
        for letter in HOLDERS
    )
    note = f"四方中任何 {THRESHOLD} 方即可开标；其余一方备用，不到不影响开标。"
    return Table("开标密钥份额", SHARE_COLUMNS, rows, note=note, id="shares")


def _state(release: ShareRelease) -> Cell:
    if release.misfits:
        return Cell("已到达，有份额未通过核对", tone="alarm")
    return Cell("已到达", tone="done")


def _act_table(opening: Opening) -> Table | None:
    """Return the sealed acts that a supervisor should look into: who submitted or withdrew is in doubt."""
    if not opening.act_faults:
        return None
    rows = tuple(
        (Cell(act_id), Cell(str(ActFault(fault).label), tone="alarm"))
        for act_id, fault in sorted(opening.act_faults.items())
    )
    note = "递交、撤回的操作人在开标时随投标文件一并解密。下列各项请监督部门对照操作留痕核查。"
    return Table("未能核对的密封操作", ACT_COLUMNS, rows, note=note, id="acts")


def _failure(lot: Lot) -> Refusal | None:
    failure = last_failure(lot)
    if failure is None:
        return None
    tried_at = beijing_seconds(failure.tried_at)
    return Refusal("开标没有完成", f"{tried_at} 尝试开标。{failure.sentence}", "etendering/31")


def _platform_faults(lot: Lot, record: list[OpenedBid]) -> Refusal | None:
    """Say when bids were lost that their bidders did not spoil, and when too few are left by that alone."""
    lost = sum(row.outcome == Outcome.PLATFORM_FAULT for row in record)
    if not lost:
        return None
    detail = f"{lost} 份投标文件因非投标人原因未能解密，视为撤回，投标人可以要求责任方赔偿直接损失。"
    opened, fewest = (
        sum(row.outcome == Outcome.OPENED for row in record),
        lot.tender.procedure.minimum_bids.bids,
    )
    if opened < fewest <= opened + lost:
        detail += (
            f"已解密的 {opened} 份因此少于 {fewest} 份；系统不据此作流标处理，由招标人会同监督部门依法决定。"
        )
    return Refusal("部分投标文件因非投标人原因未解密", detail, "etendering/31")


def _suspension(lot: Lot) -> Refusal | None:
    suspension = standing_suspension(lot.tender)
    if suspension is None:
        return None
    detail = f"{beijing(suspension.began_at)} 起暂停，恢复前不开标。原因：{suspension.reason}"
    return Refusal("本项目已暂停", detail, "etendering/52")
