"""Housing and municipal works (房屋建筑和市政工程): public tender, supervised by the construction bureau."""

from decimal import Decimal

from yuntai.evaluation.rules import MeanBaseline
from yuntai.law.days import Days
from yuntai.procedures.vocabulary import (
    Applies,
    AtLeast,
    AtMost,
    Directory,
    Labels,
    Method,
    Minimum,
    Paper,
    Procedure,
    Side,
    Stage,
)
from yuntai.procedures.vocabulary import Milestone as M  # noqa: N817 — a declaration names it 30 times

OPEN_TENDER = Procedure(
    code="construction.open-tender",
    edition="2026-01-01",
    name="房屋建筑和市政工程公开招标",
    authority="建设行政主管部门",
    method=Method.OPEN,
    labels=Labels(initiator="招标人", bidder="投标人", supplier="中标人", tender="招标项目", lot="标段"),
    minimum_bids=Minimum(3, clause="tendering/28"),
    candidates_at_most=3,
    candidates_clause="tendering-rules/53",
    directory=Directory(
        works_yuan=Decimal(4_000_000),
        goods_yuan=Decimal(2_000_000),
        services_yuan=Decimal(1_000_000),
        clause="must-tender/5",
    ),
    stages=(
        Stage("bidding", "招标投标", opens=M.DOCUMENTS_OPEN, closes=M.BIDS_DUE),
        Stage("opening", "开标", opens=M.BIDS_DUE, closes=M.OPENED),
        Stage("evaluation", "评标", opens=M.OPENED, closes=M.EVALUATED),
        Stage("candidates", "确定中标候选人", opens=M.EVALUATED, closes=M.STANDSTILL_OPEN),
        Stage("standstill", "中标候选人公示", opens=M.STANDSTILL_OPEN, closes=M.STANDSTILL_CLOSED),
        Stage("award", "定标", opens=M.STANDSTILL_CLOSED, closes=M.AWARDED),
        Stage("contract", "签订合同", opens=M.AWARDED, closes=M.CONTRACT_SIGNED),
    ),
    deadlines=(
        AtLeast(Days(5), after=M.DOCUMENTS_OPEN, before=M.DOCUMENTS_CLOSED, clause="tendering-rules/16"),
        AtLeast(
            Days(20),
            after=M.DOCUMENTS_OPEN,
            before=M.BIDS_DUE,
            clause="tendering/24",
            applies=Applies.MUST_TENDER,
        ),
        AtLeast(Days(15), after=M.LAST_CLARIFICATION, before=M.BIDS_DUE, clause="tendering/23"),
        AtMost(
            Days(3),
            after=M.EVALUATED,
            before=M.STANDSTILL_OPEN,
            clause="tendering-rules/54",
            applies=Applies.MUST_TENDER,
        ),
        AtLeast(
            Days(3),
            after=M.STANDSTILL_OPEN,
            before=M.STANDSTILL_CLOSED,
            clause="tendering-rules/54",
            applies=Applies.MUST_TENDER,
        ),
        AtMost(Days(30), after=M.AWARDED, before=M.CONTRACT_SIGNED, clause="tendering/46"),
    ),
    papers=(
        Paper("notice", "招标公告", by=Side.INITIATOR, readers=(Side.PUBLIC,)),
        Paper("tender-documents", "招标文件", by=Side.INITIATOR, readers=(Side.PUBLIC,)),
        Paper(
            "bid",
            "投标文件",
            by=Side.BIDDER,
            readers=(Side.INITIATOR, Side.COMMITTEE),
            sealed_until=M.BIDS_DUE,
        ),
        Paper(
            "opening-record", "开标记录", by=Side.INITIATOR, readers=(Side.PUBLIC,), sealed_until=M.BIDS_DUE
        ),
        Paper(
            "evaluation-report",
            "评标报告",
            by=Side.COMMITTEE,
            readers=(Side.INITIATOR, Side.AUTHORITY),
            sealed_until=M.EVALUATED,
        ),
        Paper("candidates", "中标候选人公示", by=Side.INITIATOR, readers=(Side.PUBLIC,)),
        Paper("award-notice", "中标结果公告", by=Side.INITIATOR, readers=(Side.PUBLIC,)),
        Paper("contract", "合同", by=Side.INITIATOR, readers=(Side.INITIATOR, Side.SUPPLIER, Side.AUTHORITY)),
    ),
    evaluation=MeanBaseline(
        k=Decimal("0.98"), deduction_above=Decimal("1.0"), deduction_below=Decimal("0.5")
    ),
)
