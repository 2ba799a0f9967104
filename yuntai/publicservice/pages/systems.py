"""Connected systems: who is connected, what passed between them and the platform, what waits."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yuntai.kernel.peers import peers
from yuntai.kernel.templatetags.components import Cell, Column, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.exchange.queries import Traffic, traffic
from yuntai.publicservice.portal import words
from yuntai.trust import clock

KINDS = {"trading": "电子交易系统", "supervision": "行政监管系统", "connected": "其他对接系统"}
COLUMNS = (
    Column("title", "系统"),
    Column("kind", "类别"),
    Column("today", "今日收到", "number"),
    Column("received", "累计收到", "number"),
    Column("last", "最近一条", "time"),
    Column("rejected", "退回", "number"),
    Column("delivered", "已送达", "number"),
    Column("waiting", "待送达", "number"),
    Column("refused", "被拒收", "number"),
)

KEEPER_COLUMNS = (
    Column("title", "系统"),
    Column("operator", "运营机构（监管系统为主管部门）"),
    Column("contact", "责任岗位"),
)
UNSAID = "未登记"


@require_GET
def systems(request: HttpRequest) -> HttpResponse:
    """Show the connected systems."""
    now = clock.now()
    rows = traffic(now=now)
    table = Table(
        caption=f"{len(rows)} 个对接系统",
        columns=COLUMNS,
        rows=tuple(_cells(row) for row in rows),
        note="收到、退回：对方发给本平台的报文；已送达、待送达、被拒收：本平台转发给对方的报文。数字取自报文收发表。",
        nothing="还没有系统对接。运营机构完成对接登记后，系统会列在这里。",
    )
    context = {"table": table, "keepers": _keepers(), "rows": rows, "now": now}
    return render(request, "publicservice/systems.html", context)


def _keepers() -> Table:
    """Return who runs each system and who answers for it, the platform's own first."""
    listed = sorted(peers().values(), key=lambda each: each.code != settings.SYSTEM_CODE)
    return Table(
        caption="运营机构和责任岗位",
        columns=KEEPER_COLUMNS,
        rows=tuple(
            (
                Cell(each.title, note=each.code),
                Cell(each.operator or UNSAID),
                Cell(each.contact or UNSAID),
            )
            for each in listed
        ),
        id="keepers",
        note="由各运营机构在对接登记时申报。",
    )


def _cells(row: Traffic) -> tuple[Cell, ...]:
    system = row.system
    kind = KINDS.get(system.kind, system.kind)
    return (
        Cell(system.title, url=system.url, note=system.code),
        Cell(kind, note=words.kind(system.industry)),
        Cell(f"{row.received_today:,}"),
        Cell(f"{row.received:,}"),
        Cell(beijing(row.last_received_at) if row.last_received_at else "无"),
        Cell(f"{row.rejected:,}"),
        Cell(f"{row.delivered:,}"),
        Cell(f"{row.waiting:,}"),
        Cell(f"{row.refused:,}"),
    )
