"""The index of the code lists, and one page and one CSV a list."""

from yuntai.standard.code_lists import CodeList, code_lists
from yuntai.standard.datasets.definitions import data_sets
from yuntai.standard.datasets.pages.csv_text import csv_text
from yuntai.standard.datasets.pages.html import (
    Markup,
    code,
    facts,
    heading,
    join,
    link,
    page,
    paragraph,
    table,
)

SOURCES = (
    "来源标记：G 取自一省平台程序；W 取自网页或厂商文档；from memory 凭记忆、inferred 推得，引用前须核对；"
    "extension 为本标准自编。只有全部取值都取自 G 的代码表才是封闭的，表外的值不接收；"
    "其余为开放，表外的值也接收。"
)


def index() -> str:
    """Return the page that lists the code lists."""
    rows = [
        (
            link(f"{known.name}.html", known.name),
            link(f"{known.name}.html", known.chinese),
            len(known.codes) or "未见",
            "封闭" if known.closed else "开放",
            known.source,
        )
        for known in code_lists()
    ]
    return page(
        "代码表",
        paragraph(SOURCES),
        table(("代码表", "名称", "取值", "封闭", "来源"), rows, caption="全部代码表", searched=True),
        depth=1,
    )


def list_page(known: CodeList) -> str:
    """Return the page of a list."""
    return page(
        f"{known.name} {known.chinese}",
        paragraph(link("index.html", "全部代码表"), "　", link(f"{known.name}.csv", "下载 CSV")),
        facts(
            [
                ("接收", "只接收表内的值" if known.closed else "表内的值，以及该字段类型的其他值"),
                ("来源", known.source),
                ("说明", known.note),
            ]
        ),
        _codes(known),
        heading("用于"),
        paragraph(_used_in(known) or "尚无数据集字段使用"),
        depth=1,
    )


def list_csv(known: CodeList) -> str:
    """Return the list as CSV: code, Chinese, English, source."""
    return csv_text(
        ("code", "chinese", "english", "source"),
        [(each.code, each.chinese, each.english, each.source) for each in known.codes],
    )


def _codes(known: CodeList) -> Markup:
    if not known.codes:
        return paragraph("取值未见于可核对的来源，本标准不编造；接收该类型的任何值。")
    return table(
        ("代码", "名称", "英文", "来源"),
        [(code(each.code), each.chinese, each.english, each.source) for each in known.codes],
        caption=f"{known.chinese}的取值",
    )


def _used_in(known: CodeList) -> Markup:
    uses = [
        join([link(f"../datasets/{each.no}.html", each.no), " ", code(field.name)])
        for each in data_sets()
        for field in each.fields
        if field.codes == known.name
    ]
    return join(uses, "、")
