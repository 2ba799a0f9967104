"""A reconciliation in words, for pages and for the command."""

from collections.abc import Iterator, Sequence

from yuntai.kernel.templatetags.values import beijing
from yuntai.publicservice.reconciliation.comparing import is_different
from yuntai.publicservice.reconciliation.models import Outcome
from yuntai.standard.reconciliation_report import Report, Statement, StreamCompared

REASONS = {"nightly": "每夜对账", "recheck": "补齐后复核", "ordered": "运营人员发起", "command": "命令行发起"}
FINDINGS = {
    "forked": "同号报文内容不同，双方各有作者签名：已作为分叉告知行政监管系统",
    "damaged-at-platform": "平台所存与签名不符，以系统所存为准核查",
    "damaged-at-system": "系统所存与签名不符，以平台所存为准核查",
    "unexplained": "系统没有交出原报文，无法判明",
}
TONES: dict[str, str] = {Outcome.EQUAL: "open", Outcome.DIFFERS: "alarm", Outcome.UNANSWERED: "next"}
SHOWN = 10
NOT_SENT_AGAIN = "发送方已无存，接收方所存照旧保留，待双方运营机构核查。"


def numbers(spans: Sequence[tuple[int, int]]) -> str:
    """Return spans as 3、7–9 号, the first ten of them."""
    shown = "、".join(str(a) if a == b else f"{a}–{b}" for a, b in spans[:SHOWN])
    return f"{shown} 号" + (f"等 {len(spans)} 段" if len(spans) > SHOWN else "")


def count(spans: Sequence[tuple[int, int]]) -> int:
    """Return how many numbers the spans have."""
    return sum(last - first + 1 for first, last in spans)


def stream_name(told: StreamCompared, statement: Statement) -> str:
    """Return who sends to whom, and the stream when it has a name of its own."""
    reader = statement.system if told.author == statement.platform else statement.platform
    named = "" if told.stream == reader else f"（{told.stream}）"
    return f"{told.author} → {reader}{named}"


def findings(told: StreamCompared, platform: str) -> Iterator[str]:
    """Yield a sentence for each way in which the two sides of a stream differ, and what was done."""
    if told.lacking_at_platform:
        back = f"系统已重发，补回 {count(told.restored)} 条。" if told.restored else "尚未补回。"
        yield (
            f"平台缺 {count(told.lacking_at_platform)} 条：{numbers(told.lacking_at_platform)}；"
            + (NOT_SENT_AGAIN if told.author == platform else back)
        )
    if told.lacking_at_system:
        yield (
            f"系统缺 {count(told.lacking_at_system)} 条：{numbers(told.lacking_at_system)}；"
            + ("平台已排队重发。" if told.sent_again else NOT_SENT_AGAIN)
        )
    for each in told.contradicting:
        yield f"第 {each.seq} 号内容不一致：{FINDINGS[each.finding]}。"
    if not told.complete:
        yield "差异过多，本次未列全；补齐后的下一次对账接着核对。"


def in_words(report: Report, number: int) -> Iterator[str]:
    """Yield the report line by line.  number: of the run."""
    statement = report.statement
    outcome = Outcome(statement.state).label
    yield f"{statement.system}  第 {number} 次对账  {beijing(statement.at)}  {outcome}"
    if statement.fault:
        yield f"  {statement.fault} 报文均已保留，恢复后自动补发，届时重新对账。"
    for told in statement.streams:
        said = list(findings(told, statement.platform)) if is_different(told) else ["一致。"]
        way = f"另有 {told.under_way} 条正在送达，不作差异。" if told.under_way else ""
        compared = f"核对 {told.hours} 个小时、{told.messages} 条。"
        yield f"  {stream_name(told, statement)}：{compared}{''.join(said)}{way}"
