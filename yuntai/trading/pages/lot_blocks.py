"""The parts of a tender's page that stand lot by lot: key holders, opening, candidates, award, contract."""

from dataclasses import dataclass

from django.urls import reverse

from yuntai.kernel.templatetags.components import Cell, Column, Fact, Table
from yuntai.kernel.templatetags.values import beijing, beijing_seconds, short_hash, yuan
from yuntai.trading.awards.queries import award_of, standstill_ends_at, standstill_of
from yuntai.trading.contracts.models import Side
from yuntai.trading.contracts.queries import contract_of
from yuntai.trading.opening.models import OpenedBid, Outcome
from yuntai.trading.opening.queries import close_of, opening_of, opening_record
from yuntai.trading.pages.standing import halted_at
from yuntai.trading.tenders.models import FinalStatus, Lot
from yuntai.trust.sealing import HOLDER_NAMES, HOLDERS, THRESHOLD
from yuntai.trust.signing import key_id
from yuntai.trust.suites import SUITES

OUTCOME_WORDS = {
    Outcome.OPENED: "已解密",
    Outcome.BIDDER_FAULT: "投标人原因未解密，视为撤销",
    Outcome.PLATFORM_FAULT: "非投标人原因未解密，视为撤回",
}
HOLDER_COLUMNS = (
    Column("holder", "保管方"),
    Column("key", "公钥指纹", "code"),
    Column("at", "提供时间", "time"),
)
BID_COLUMNS = (
    Column("bidder", "投标人"),
    Column("price", "投标报价（元）", "number"),
    Column("days", "工期（天）", "number"),
    Column("outcome", "解密"),
    Column("envelope", "密封包编号", "code"),
    Column("hash", "密封头 SHA-256", "code"),
)
CANDIDATE_COLUMNS = (
    Column("bidder", "中标候选人"),
    Column("rank", "排名", "number"),
    Column("price", "投标报价（元）", "number"),
    Column("points", "得分", "number"),
)


@dataclass(frozen=True)
class Block:
    """One lot's part of a section.

    heading: "" when the tender has one lot only.  sentences: above the table.  root: of the closed set, hex.
    """

    heading: str = ""
    sentences: tuple[str, ...] = ()
    table: Table | None = None
    facts: tuple[Fact, ...] = ()
    root: str = ""
    link: str = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    """An anchor of the page.  blocks: one per lot that has something to say.  sentences: above them."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    sentences: tuple[str, ...] = ()


def sections(lots: list[Lot]) -> tuple[Section, ...]:
    """Return the sections that stand lot by lot, those without content left out."""
    several = len(lots) > 1
    parts = (
        ("holders", "密钥保管", holders_block),
        ("opening", "开标", opening_block),
        ("candidates", "中标候选人", candidates_block),
        ("award", "中标结果", award_block),
        ("contract", "合同", contract_block),
    )
    found = []
    for anchor, title, block_of in parts:
        blocks = [block_of(lot, lot.title if several else "") for lot in lots]
        shown = tuple(block for block in blocks if block is not None)
        if shown:
            above = holders_sentences(lots[0]) if anchor == "holders" else ()
            found.append(Section(anchor, title, shown, above))
    return tuple(found)


def holders_sentences(lot: Lot) -> tuple[str, ...]:
    """Return what holding the keys means, for all lots of a tender."""
    due = beijing(lot.tender.bids_due_at)
    return (
        f"投标文件在投标人的设备上密封，密钥分给下列保管方，凑齐 {THRESHOLD} 方才能打开。",
        f"{due} 之前，任何一方（包括本系统运营机构）都打不开。",
        f"密封算法：{SUITES[lot.tender.suite].title}。",
    )


def holders_block(lot: Lot, heading: str) -> Block:
    """Return who holds a share of the lot's opening key."""
    rows = tuple(
        (
            Cell(f"{key.letter}：{HOLDER_NAMES[key.letter]}", note=key.holder_name),
            Cell(key_id(bytes(key.public_key))),
            Cell(beijing(key.received_at)),
        )
        for key in sorted(lot.holder_keys.all(), key=lambda key: HOLDERS.index(key.letter))
    )
    return Block(
        heading=heading,
        table=Table(
            _caption(heading, "开标密钥的保管方"),
            HOLDER_COLUMNS,
            rows,
            id=f"holders-{lot.code}",
            nothing="保管方的公钥尚未到达。",
        ),
    )


def opening_block(lot: Lot, heading: str) -> Block | None:
    """Return the opening record, or when it comes; None for a draft."""
    if lot.tender.documents_open_at is None:
        return None
    hall = reverse("opening", args=[lot.code])
    opening = opening_of(lot)
    if opening is None:
        return Block(heading, (_not_opened(lot),), link="进入开标大厅", url=hall)
    close = close_of(lot)
    return Block(
        heading,
        table=bid_table(lot, opening_record(lot), heading),
        root=close.root if close else "",
        link="查看开标过程",
        url=hall,
    )


def bid_table(lot: Lot, record: list[OpenedBid], heading: str = "") -> Table:
    """Return the opening record (开标记录) as a table."""
    rows = tuple(_bid_cells(row) for row in record)
    caption = _caption(heading, f"开标记录：{len(rows)} 份投标文件")
    return Table(caption, BID_COLUMNS, rows, id=f"bids-{lot.code}")


def candidates_block(lot: Lot, heading: str) -> Block | None:
    """Return the published candidates; None before that."""
    standstill = standstill_of(lot)
    if standstill is None:
        return None
    rows = tuple(
        (
            Cell(each.bidder_name, note=each.bidder_code),
            Cell(str(each.rank)),
            Cell(f"{each.price_yuan:,.2f}"),
            Cell(f"{each.points:.2f}"),
        )
        for each in standstill.candidates.order_by("rank")
    )
    return Block(
        heading,
        (
            f"公示期 {beijing(standstill.opens_at)} 至 {beijing(standstill_ends_at(standstill))}。",
            "对结果有异议的，须在公示期内向招标人提出。",
            f"评标办法：{lot.tender.evaluation.explanation()}",
        ),
        Table(_caption(heading, "中标候选人公示"), CANDIDATE_COLUMNS, rows, id=f"candidates-{lot.code}"),
    )


def award_block(lot: Lot, heading: str) -> Block | None:
    """Return the award; None before it."""
    award = award_of(lot)
    if award is None:
        return None
    return Block(
        heading,
        facts=(
            Fact("中标人", award.supplier_name, note=award.supplier_code),
            Fact("中标价", yuan(award.price_yuan), kind="money"),
            Fact("定标时间", beijing(award.awarded_at)),
        ),
    )


def contract_block(lot: Lot, heading: str) -> Block | None:
    """Return what the public may know of a signed contract, never its text; None before it is signed."""
    contract = contract_of(lot)
    signed = {each.side: each for each in contract.signatures.all()} if contract else {}
    if contract is None or len(signed) < len(Side):
        return None
    concluded_at = max(each.signed_at for each in signed.values())
    return Block(
        heading,
        facts=(
            Fact("合同编号", contract.code, kind="code"),
            Fact("签约合同价", yuan(contract.price_yuan), kind="money"),
            Fact("签订时间", beijing_seconds(concluded_at)),
            Fact("合同正文 SHA-256", contract.sha256, kind="code"),
        ),
    )


def _caption(heading: str, caption: str) -> str:
    """Name the lot in a caption where a page has a table for each."""
    return f"{heading}，{caption}" if heading else caption


def _bid_cells(row: OpenedBid) -> tuple[Cell, ...]:
    outcome = Outcome(row.outcome)
    tone = "done" if outcome is Outcome.OPENED else "alarm"
    return (
        Cell(row.bidder_name or "未能解密，名称未知", note=row.bidder_code),
        Cell(f"{row.price_yuan:,.2f}" if row.price_yuan is not None else "无"),
        Cell(str(row.duration_days) if row.duration_days is not None else "无"),
        Cell(OUTCOME_WORDS[outcome], note=row.fault, tone=tone),
        Cell(short_hash(row.envelope.envelope_id)),
        Cell(short_hash(row.envelope.header_sha256)),
    )


def _not_opened(lot: Lot) -> str:
    if lot.final_status:
        return f"没有开标：{lot.final_reason}（{FinalStatus(lot.final_status).label}）。"
    due_at, halted = lot.tender.bids_due_at, halted_at(lot.tender)
    when = f"{beijing(due_at)} 在开标大厅公开开标。"
    if halted is not None and halted < due_at:
        when = f"原定 {beijing(due_at)} 在开标大厅公开开标，恢复后顺延。"
    return f"{when}开标之前不公布投标人的名称和数量，投标文件任何人都打不开。"
