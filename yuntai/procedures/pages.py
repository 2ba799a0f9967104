"""Writes each procedure as a Chinese page for lawyers, into docs/procedures; never edit those by hand.

`python -m yuntai.procedures.pages` writes; `--check` changes nothing and fails when a page is stale.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from yuntai.law.clauses import Clause, clause
from yuntai.procedures import PROCEDURES
from yuntai.procedures.vocabulary import Applies, AtLeast, Method, Procedure, Side

FOLDER = Path(__file__).parents[2] / "docs/procedures"

DAY_COUNT = (
    "期限按北京时间的日期计算，开始当日不计入；“不少于 n 日”的，第 n 日当天即合法；"
    "“不超过 n 日”的，至第 n 日结束。"
)

_METHODS = {
    Method.OPEN: "公开",
    Method.SELECTIVE: "邀请",
    Method.LIMITED: "限制性",
    Method.DIRECT: "直接",
}
_APPLIES = {Applies.ALWAYS: "全部项目", Applies.MUST_TENDER: "依法必须招标的项目"}


def page(procedure: Procedure) -> str:
    """Return the page of one procedure as Markdown."""
    lines = [
        f"# {procedure.name}",
        "",
        f"- 流程代码：`{procedure.code}`",
        f"- 版本：{procedure.edition}，自该日起登记的项目适用；项目登记后不随新版本改变",
        f"- 交易方式：{_METHODS[procedure.method]}",
        f"- 监督部门：{procedure.authority}",
        "",
        "本页由程序声明自动生成，与系统实际执行的规则一致；发现与法律不符的，请修改声明，勿改本页。",
        "",
        *_section("阶段", _stages(procedure)),
        *_section("法定期限", _deadlines(procedure)),
        DAY_COUNT,
        "",
        *_section("数量和规模", _limits(procedure)),
        *_section("文件及其公开", _papers(procedure)),
        *_section("评标办法", [procedure.evaluation.explanation()]),
        "以上为流程的默认办法，招标文件可以规定其他参数；适用的参数随中标候选人公示一并公布。",
        "",
        *_section("条款依据", _clauses(procedure)),
    ]
    return "\n".join(lines).rstrip() + "\n"


def index() -> str:
    """Return the page that lists all procedures."""
    rows = [
        f"| [{procedure.name}]({file_name(procedure)}) | `{procedure.code}` | {procedure.edition} |"
        for procedure in PROCEDURES
    ]
    head = ["# 交易流程", "", "本目录由 `python -m yuntai.procedures.pages` 生成，供法律人员审阅。", ""]
    return "\n".join([*head, "| 流程 | 代码 | 版本 |", "|---|---|---|", *rows]) + "\n"


def file_name(procedure: Procedure) -> str:
    return f"{procedure.code}-{procedure.edition}.md"


def pages() -> dict[str, str]:
    """Return every page by file name."""
    return {"README.md": index()} | {file_name(procedure): page(procedure) for procedure in PROCEDURES}


def stale(folder: Path) -> list[str]:
    """Return the names of pages in `folder` that are missing, out of date or of no procedure."""
    wanted = pages()
    found = {path.name: path.read_text(encoding="utf-8") for path in folder.glob("*.md")}
    return sorted(name for name in wanted.keys() | found.keys() if wanted.get(name) != found.get(name))


def write(folder: Path) -> None:
    """Write every page into `folder`, and remove what is of no procedure."""
    folder.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for name, text in wanted.items():
        (folder / name).write_text(text, encoding="utf-8")
    for path in folder.glob("*.md"):
        if path.name not in wanted:
            path.unlink()


def _section(title: str, lines: list[str]) -> list[str]:
    return [f"## {title}", "", *lines, ""]


def _stages(procedure: Procedure) -> list[str]:
    rows = [
        f"| {number} | {stage.name} | {stage.opens.label} | {stage.closes.label} |"
        for number, stage in enumerate(procedure.stages, start=1)
    ]
    return ["| 序号 | 阶段 | 开始于 | 结束于 |", "|---|---|---|---|", *rows]


def _deadlines(procedure: Procedure) -> list[str]:
    rows = []
    for deadline in procedure.deadlines:
        word = "不少于" if isinstance(deadline, AtLeast) else "不超过"
        rows.append(
            f"| 自{deadline.after.label}至{deadline.before.label} | {word} {deadline.span} "
            f"| {_APPLIES[deadline.applies]} | {clause(deadline.clause).citation} |"
        )
    return ["| 期间 | 期限 | 适用 | 依据 |", "|---|---|---|---|", *rows]


def _limits(procedure: Procedure) -> list[str]:
    minimum, directory = procedure.minimum_bids, procedure.directory
    sizes = (
        f"施工 {directory.works_yuan:,.0f} 元、货物 {directory.goods_yuan:,.0f} 元、"
        f"服务 {directory.services_yuan:,.0f} 元以上（含本数）"
    )
    rules = (
        (f"{procedure.labels.bidder}少于 {minimum.bids} 个的不开标，重新招标", minimum.clause),
        (f"中标候选人不超过 {procedure.candidates_at_most} 个，并标明排序", procedure.candidates_clause),
        (f"必须招标的规模标准：单项合同估算价{sizes}", directory.clause),
    )
    return [f"- {rule}（{clause(key).citation}）。" for rule, key in rules]


def _papers(procedure: Procedure) -> list[str]:
    labels = procedure.labels
    sides = {
        Side.INITIATOR: labels.initiator,
        Side.BIDDER: labels.bidder,
        Side.SUPPLIER: labels.supplier,
        Side.COMMITTEE: "评标委员会",
        Side.AUTHORITY: "监督部门",
        Side.PUBLIC: "全社会",
    }
    rows = [
        f"| {paper.name} | {sides[paper.by]} | {'、'.join(sides[reader] for reader in paper.readers)} "
        f"| {f'{paper.sealed_until.label}前任何人不得查看' if paper.sealed_until else '不密封'} |"
        for paper in procedure.papers
    ]
    return ["| 文件 | 由谁提出 | 谁可以查看 | 密封 |", "|---|---|---|---|", *rows]


def _clauses(procedure: Procedure) -> list[str]:
    return [f"- {_quotation(clause(key))}" for key in procedure.clauses]


def _quotation(cited: Clause) -> str:
    return f"{cited.citation}（{cited.source}）：{cited.text}"


def _report(names: list[str]) -> Iterator[str]:
    for name in names:
        yield f"docs/procedures/{name} is stale: run python -m yuntai.procedures.pages\n"


if __name__ == "__main__":
    if "--check" in sys.argv[1:]:
        outdated = stale(FOLDER)
        sys.stderr.writelines(_report(outdated))
        sys.exit(1 if outdated else 0)
    write(FOLDER)
