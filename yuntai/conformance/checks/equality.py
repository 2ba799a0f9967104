"""D12, D45: bid tools cost nothing, and everybody gets the same public answer."""

from yuntai.conformance.check import Check, Findings, Need
from yuntai.conformance.description import PATH
from yuntai.conformance.probe import Probe

FREE = "0.00"


def tools_are_free(probe: Probe, found: Findings) -> None:
    """At least one tool is named, each with its licence, and none is sold."""
    tools = probe.system.bid_tools
    good = bool(tools) and all(tool.name and tool.licence and tool.price_yuan == FREE for tool in tools)
    found.expect(good, probe.visitor.get(probe.url + PATH), "列出投标工具及其许可，价格均为 0.00 元")


def fees_are_published(probe: Probe, found: Findings) -> None:
    """What is free and what costs is said."""
    fees = probe.system.fees
    good = bool(fees) and all(fee.get("service") and fee.get("price_yuan") for fee in fees)
    found.expect(good, probe.visitor.get(probe.url + PATH), "公布服务项目和收费标准，免费的写 0.00 元")


def everybody_gets_the_same(probe: Probe, found: Findings) -> None:
    """A client that was here before, with cookies and another name, is told the same to the byte."""
    tender = probe.tenders[0][0]
    other = probe.returning_visitor()
    asked = [("tenders", ""), ("tender", tender["code"])]
    asked += [(name, lot["code"]) for lot in tender.get("lots", ())[:1] for name in ("lot", "results")]
    for name, code in asked:
        address = probe.system.address(name, code=code)
        ours, theirs = probe.visitor.get(address), other.get(address)
        same = (ours.status, ours.content) == (theirs.status, theirs.content)
        found.expect(same, theirs, "与不带 Cookie 的另一客户端得到的内容逐字节相同")


CHECKS = (
    Check("d12-tools", "D12", "不强制购买指定的工具软件", "etendering/16", tools_are_free),
    Check("d12-fees", "D12", "公布收费标准", "etendering/16", fees_are_published),
    Check(
        "d45-same-answer",
        "D45",
        "对所有人提供相同的公开信息",
        "etendering/54",
        everybody_gets_the_same,
        (Need.TENDER,),
    ),
)
