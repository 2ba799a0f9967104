"""Tables and facts of one lot: opening, candidates, rule, award, contract."""

from django.urls import reverse

from yuntai.kernel.templatetags.components import Cell, Column, Fact, Status, Table
from yuntai.kernel.templatetags.values import beijing, capitals, yuan
from yuntai.publicservice.portal import words
from yuntai.publicservice.portal.models import PublicTender
from yuntai.publicservice.portal.queries import LotView
from yuntai.publicservice.portal.search import TenderLine
from yuntai.standard.messages import CandidatesPublished, OpenedBidFacts, OpeningRecorded

OPENING_COLUMNS = (
    Column("bidder", "投标人"),
    Column("price", "投标报价（元）", "number"),
    Column("duration", "工期（天）", "number"),
    Column("outcome", "结果"),
)
CANDIDATE_COLUMNS = (
    Column("bidder", "中标候选人"),
    Column("rank", "名次", "number"),
    Column("price", "投标报价（元）", "number"),
    Column("score", "得分", "number"),
)


def partly_failed(tender: PublicTender | TenderLine) -> Status | None:
    """Return the mark of a tender of which some lots came to nothing; None when none or all of them did."""
    lots, failed = tender.lot_count, tender.failed_lot_count
    return Status(f"{lots} 个标段中 {failed} 个流标或终止", "ended") if 0 < failed < lots else None


def opening_table(code: str, opening: OpeningRecorded) -> Table:
    """Return the opening record of a lot of the tender `code`."""
    opened = [bid for bid in opening.bids if bid.outcome == "opened"]
    count = len(opening.bids)
    caption = f"开标记录：{count} 份投标，{len(opened)} 份解密成功"
    return Table(
        caption=caption if count else "开标记录：没有收到投标",
        columns=OPENING_COLUMNS,
        rows=tuple(_bid_cells(bid) for bid in opening.bids),
        csv_url=reverse("opening-csv", args=[code, opening.lot_code]),
        note=f"{beijing(opening.opened_at)} 开标，按交易系统开标记录的顺序列出。",
        nothing="截止时没有收到投标。",
        id=f"opening_{opening.lot_code}",
    )


def candidates_table(published: CandidatesPublished) -> Table:
    """Return the award candidates of a lot."""
    return Table(
        caption="中标候选人",
        columns=CANDIDATE_COLUMNS,
        rows=tuple(
            (
                Cell(candidate.bidder_name, note=candidate.bidder_code),
                Cell(str(candidate.rank)),
                Cell(f"{candidate.price_yuan:,.2f}"),
                Cell(f"{candidate.score:.2f}"),
            )
            for candidate in sorted(published.candidates, key=lambda each: each.rank)
        ),
        id=f"candidates_{published.lot_code}",
    )


def rule_facts(lot: LotView) -> tuple[Fact, ...]:
    """Return the evaluation rule with its parameters; empty before the candidates are published."""
    if lot.candidates is None:
        return ()
    name = words.RULES.get(lot.candidates.rule, lot.candidates.rule)
    rule = Fact("评标办法", name, note=f"{lot.candidates.rule} 第 {lot.candidates.rule_version} 版")
    parameters = sorted(lot.candidates.rule_parameters.items())
    return (rule, *(Fact(words.PARAMETERS.get(key, key), value) for key, value in parameters))


def award_facts(lot: LotView) -> tuple[Fact, ...]:
    """Return the award; empty before it is published."""
    if lot.award is None:
        return ()
    return (
        Fact("中标人", lot.award.supplier_name, note=lot.award.supplier_code),
        Fact("中标价", yuan(lot.award.price_yuan), note=capitals(lot.award.price_yuan), kind="money"),
        Fact("中标时间", beijing(lot.award.awarded_at)),
        *([Fact("中标结果公告", "在交易系统查看", url=lot.award.url)] if lot.award.url else []),
    )


def contract_facts(lot: LotView) -> tuple[Fact, ...]:
    """Return the contract; empty before it is signed."""
    if lot.contract is None:
        return ()
    return (
        Fact("合同编号", lot.contract.contract_code, kind="code"),
        Fact("合同价", yuan(lot.contract.price_yuan), note=capitals(lot.contract.price_yuan), kind="money"),
        Fact("签订双方", f"{lot.contract.initiator_name}、{lot.contract.supplier_name}"),
        Fact("签订时间", beijing(lot.contract.signed_at)),
        Fact("合同文件 SHA-256", lot.contract.contract_sha256, kind="code"),
    )


def _bid_cells(bid: OpenedBidFacts) -> tuple[Cell, ...]:
    tone = "" if bid.outcome == "opened" else "alarm"
    return (
        Cell(bid.bidder_name or "投标人无法识别", note=bid.bidder_code or f"密封包 {bid.envelope_id}"),
        Cell("—" if bid.price_yuan is None else f"{bid.price_yuan:,.2f}"),
        Cell("—" if bid.duration_days is None else str(bid.duration_days)),
        Cell(words.OUTCOMES[bid.outcome], tone=tone),
    )
