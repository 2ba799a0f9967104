"""The status page of every system: what waits to be sent, who was heard, what is stuck; numbers only."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yuntai.kernel.inbox.models import LastHeartbeat
from yuntai.kernel.inbox.stuck import stuck_messages
from yuntai.kernel.outbox.models import OutboxStream
from yuntai.kernel.outbox.unsent import LONGEST_UNSENT, Unsent, unsent_messages
from yuntai.kernel.peers import peers
from yuntai.kernel.templatetags.components import Cell, Column, Fact, Refusal, Table
from yuntai.kernel.templatetags.values import beijing
from yuntai.trust import clock

SEND_COLUMNS = (
    Column("system", "收件系统"),
    Column("state", "状态"),
    Column("waiting", "待送达", "number"),
    Column("oldest", "最早一条产生于", "time"),
    Column("last", "已编号至", "number"),
)
HEARD_COLUMNS = (Column("system", "系统"), Column("at", "最近一次心跳", "time"))


@require_GET
def status_page(request: HttpRequest) -> HttpResponse:
    """Show how this system's exchange of messages stands, with an alarm when something waits too long."""
    now, unsent, stuck = clock.now(), unsent_messages(), stuck_messages().count()
    context = {
        "alarms": tuple(unsent_alarm(code, each, now) for code, each in unsent.items() if each.is_alarm(now)),
        "figures": (
            Fact("待送达报文", f"{sum(each.count for each in unsent.values()):,} 条"),
            Fact("停办报文", f"{stuck:,} 条", note="多次办理未成功，待运营人员处理" if stuck else ""),
        ),
        "sending": _sending(unsent, now),
        "heard": _heard(),
    }
    return render(request, "status.html", context)


def unsent_alarm(code: str, unsent: Unsent, now: datetime) -> Refusal:
    """Return the alarm about what waits for the receiver `code`."""
    longest = LONGEST_UNSENT.seconds
    return Refusal(
        f"发往 {title_of(code)} 的报文超过 {longest} 秒未送达",
        f"{settings.SYSTEM_TITLE}发往{title_of(code)}的报文有 {unsent.count:,} 条待送达，最早一条产生于"
        f" {beijing(unsent.oldest_at)}，已等候{duration(unsent.waits(now))}。"
        "报文均已保留，恢复后按编号自动补发；请运营人员检查对方系统、网络和本系统的工作进程。",
    )


def duration(span: timedelta) -> str:
    """Return how long something lasts, in its two largest units: 2 天 3 小时."""
    minutes, seconds = divmod(int(span.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = [(days, "天"), (hours, "小时"), (minutes, "分"), (seconds, "秒")]
    first = next((place for place, (number, _) in enumerate(parts) if number), len(parts) - 1)
    return "".join(f" {number} {unit}" for number, unit in parts[first : first + 2])


def title_of(code: str) -> str:
    """Return the name of a system; its code when it is not known any more."""
    found = peers().get(code)
    return found.title if found else code


def _sending(waiting: Mapping[str, Unsent], now: datetime) -> Table:
    streams = dict(OutboxStream.objects.values_list("destination", "last_seq"))
    rows = tuple(
        _line(code, waiting.get(code), streams.get(code, 0), now) for code in sorted({*streams, *waiting})
    )
    return Table(
        caption="发出的报文",
        columns=SEND_COLUMNS,
        rows=rows,
        id="sending",
        note="收件系统签名的回执到达后即为送达；在此之前报文一直保留，并重发。",
        nothing="本系统还没有发出过报文。",
    )


def _line(code: str, unsent: Unsent | None, last: int, now: datetime) -> tuple[Cell, ...]:
    late = unsent is not None and unsent.is_alarm(now)
    return (
        Cell(title_of(code), note=code),
        Cell("告警" if late else "正常", tone="alarm" if late else "open"),
        Cell(f"{unsent.count:,}" if unsent else "0"),
        Cell(beijing(unsent.oldest_at) if unsent else "无"),
        Cell(f"{last:,}"),
    )


def _heard() -> Table:
    rows = LastHeartbeat.objects.order_by("iss").values_list("iss", "heard_at")
    return Table(
        caption="收到的心跳",
        columns=HEARD_COLUMNS,
        rows=tuple((Cell(title_of(code), note=code), Cell(beijing(at))) for code, at in rows),
        id="heard",
        note="有报文往来的系统至少每 30 秒报告一次各流的末号，缺号由此发现。",
        nothing="还没有收到过其他系统的心跳。",
    )
