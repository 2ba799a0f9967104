"""The account at the end of the play: instants, rankings, messages, what held, and where to look next."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from yuntai.city.demo import traffic
from yuntai.city.demo.checks import Check
from yuntai.city.demo.findings import Findings
from yuntai.city.demo.played import EVALUATED, PlayedTender
from yuntai.city.demo.scenes import DOZEN, MANY, OPEN, SHORT, STANDSTILL, TWO_LOTS
from yuntai.law.days import SHANGHAI
from yuntai.standard.messages import CandidatesPublished, OpeningRecorded

SHOWN_FAULTS = 3


def show_account(console: Console, findings: Findings, checks: Sequence[Check]) -> None:
    """Print the whole account."""
    console.print(_instants(findings))
    for tender in findings.played.that(EVALUATED):
        console.print(_ranking_title(findings, tender))
        console.print(_ranking(findings, tender))
    console.print(_messages(findings))
    console.print(_checks(checks))
    for line in _where_next(findings):
        console.print(line)


def _instants(findings: Findings) -> Table:
    table = _table("经过（演示时钟，北京时间）", "时间", "事项")
    for instant, what in sorted(findings.played.instants, key=lambda pair: pair[0]):
        table.add_row(f"{instant.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}", what)
    return table


def _ranking_title(findings: Findings, tender: PlayedTender) -> str:
    bids = findings.shown(tender, OpeningRecorded).bids
    unopened = sum(bid.outcome != "opened" for bid in bids)
    too_dear = sum(bid.price_yuan is not None and bid.price_yuan > tender.ceiling for bid in bids)
    facts = [f"{len(bids)} 份投标", f"最高限价 {tender.ceiling:,.2f} 元"]
    facts += [f"{unopened} 份因投标人原因未解密"] if unopened else []
    facts += [f"{too_dear} 份高于限价被否决"] if too_dear else []
    return f"{tender.title}（演示）：{'，'.join(facts)}"


def _ranking(findings: Findings, tender: PlayedTender) -> Table:
    table = _table("", "名次", "中标候选人", "报价（元）", "得分")
    for candidate in findings.shown(tender, CandidatesPublished).candidates:
        price, score = f"{candidate.price_yuan:,.2f}", f"{candidate.score:.2f}"
        table.add_row(str(candidate.rank), candidate.bidder_name, price, score)
    return table


def _messages(findings: Findings) -> Table:
    table = _table("报文", "由 → 到", "发出", "有回执", "收到", "已办理")
    for stream in traffic.streams(findings.cast.city):
        delivered = sum(sent.is_delivered for sent in stream.sent)
        applied = sum(received.is_applied for received in stream.received)
        counts = (len(stream.sent), delivered, len(stream.received), applied)
        table.add_row(stream.name, *map(str, counts))
    numbered, stored = traffic.archived(findings.cast.city)
    applied = sum(received.is_applied for received in stored)
    table.add_row("历史档案 → 平台", str(numbered), str(numbered), str(len(stored)), str(applied))
    return table


def _checks(checks: Sequence[Check]) -> Table:
    table = _table("核对", "应当成立", "核对了", "结果")
    for each in checks:
        table.add_row(each.name, each.looked_at, "通过" if each.holds else "不符")
        for fault in each.faults[:SHOWN_FAULTS]:
            table.add_row(f"  {fault}", "", "")
        if len(each.faults) > SHOWN_FAULTS:
            table.add_row(f"  另有 {len(each.faults) - SHOWN_FAULTS} 处", "", "")
    return table


def _where_next(findings: Findings) -> list[str]:
    """Return where a visitor looks next; the addresses answer after `make up`."""
    city, cast, played = findings.cast.city, findings.cast, findings.played
    trading, platform, supervision = (
        city.url(code) for code in (cast.trading, cast.platform, cast.supervision)
    )
    lines = ["下一步（用 make up 启动后打开）："]
    for part, what in (
        (MANY, "百余家投标的项目"),
        (DOZEN, "代理机构组织的项目"),
        (STANDSTILL, "正在公示的项目"),
        (TWO_LOTS, "两个标段的项目，一个签订合同、一个流标"),
    ):
        lines += [
            f"  {what}：{platform}/tenders/{code}"
            for code in dict.fromkeys(t.tender_code for t in played.of_part(part))
        ]
    lines += [f"  被预警并暂停的项目：{supervision}/tenders/{t.tender_code}" for t in played.of_part(SHORT)]
    lines += [f"  正在招标，可以投标：{trading}/tenders/{t.tender_code}" for t in played.of_part(OPEN)]
    lines.append(f"  以“王投标”登录交易系统投标：{trading}/login")
    return lines


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table
