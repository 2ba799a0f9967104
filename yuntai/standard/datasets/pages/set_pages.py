"""The index of the data sets and one page a data set."""

from collections.abc import Iterator

from yuntai.standard.code_lists import code_list
from yuntai.standard.datasets.definitions import DATA_KEY, DataSet, Field, data_sets
from yuntai.standard.datasets.pages.html import (
    Markup,
    bullets,
    code,
    example,
    facts,
    heading,
    join,
    link,
    page,
    paragraph,
    table,
    text,
)
from yuntai.standard.datasets.rules import rules_of
from yuntai.standard.datasets.samples import sample, sample_key
from yuntai.standard.datasets.xml_form import XmlEnvelope
from yuntai.standard.datasets.xml_form import write as write_xml

SCOPE = (
    "100 至 1900 号为国家数据集，名称（含其拼写错误）与公共资源交易平台系统数据规范 V2.0 一致",
    "长度等细节经一省平台核对，可能带有该省痕迹",
    "9001 号起为工程建设流程需要而国家数据集没有的扩展，取自该省平台",
    "该省的 9006（招标文件购买信息）未收录：下载招标文件不收费，下载人名单须保密",
    "该省的 9010（制作工具特征码）未收录：已有 519 号；9014（摇球明细）未收录：不采用该办法",
    "取值未见于可核对来源的代码表，接收该类型的任何值，并在表上写明；本标准不编造取值",
)
FORMATS = {
    "unified": "统一交易标识码，核对校验码",
    "credit": "统一社会信用代码，核对校验码",
    "body": "主体代码；18 位的核对校验码",
    "invest": "投资项目统一代码",
    "url": "http(s) 网址",
    "": "",
}


def index() -> str:
    """Return the first page: what the standard is, and all data sets."""
    rows = [
        (
            link(f"datasets/{known.no}.html", known.no),
            link(f"datasets/{known.no}.html", known.chinese),
            code(known.name),
            known.traits.chinese,
            len(known.fields),
            sum(field.required for field in known.fields),
        )
        for known in data_sets()
    ]
    return page(
        "数据接口标准",
        paragraph(
            "本标准说明各方系统以何种数据、何种格式接入公共资源交易公共服务平台。任何单位的系统凭本页及其各部分即可"
            "接入，不需要本平台的任何软件。"
        ),
        bullets(SCOPE),
        table(
            ("编号", "名称", "英文名", "类别", "字段", "必填"),
            rows,
            caption=f"全部 {len(rows)} 个数据集",
            searched=True,
        ),
    )


def set_page(known: DataSet) -> str:
    """Return the page of a data set."""
    return page(
        f"{known.no} {known.chinese}",
        paragraph(
            code(known.name),
            "　",
            link(f"{known.no}.json", "JSON Schema"),
            "　",
            link(f"{known.no}.toml", "定义文件"),
        ),
        _about(known),
        heading("字段"),
        table(
            ("字段", "名称", "类型", "必填", "取值", "公开方式", "说明"),
            [_field(known, field) for field in known.fields],
            caption=f"{known.no} 号数据集的字段",
        ),
        _rules(known),
        heading("例"),
        paragraph("例中的单位、项目和代码均为虚构。"),
        example(sample(known.no), "记录的字段（JSON）"),
        example(_xml(known), "同一记录的 XML 形式"),
        depth=1,
    )


def _about(known: DataSet) -> Markup:
    family = known.traits
    after = f"；{known.open_after}后方可公开" if known.open_after else ""
    return facts(
        [
            ("类别", family.chinese),
            ("数据权属", family.owner),
            ("依据", family.basis),
            ("用途", family.purpose),
            ("公开方式", f"{known.openness}（字段另有注明的除外）{after}"),
            ("保存期限", family.retention),
            ("来源", family.source),
            (
                "记录对象",
                "本记录自身（DATA_KEY），不以个人证件号为对象"
                if known.object == DATA_KEY
                else code(known.object),
            ),
            ("关键字段", join(map(code, known.key), "、")),
            ("不得重复", join((join(map(code, group), " + ") for group in known.unique), "；")),
        ]
    )


def _field(known: DataSet, field: Field) -> tuple[object, ...]:
    return (
        code(field.name),
        field.chinese,
        join([code(field.type), f" {field.field_type.chinese}"]),
        "必填" if field.required else "",
        _values(field),
        known.openness_of(field),
        "；".join(_notes(known, field)),
    )


def _values(field: Field) -> Markup:
    if not field.codes:
        return text(FORMATS[field.format])
    known = code_list(field.codes)
    return join([link(f"../codes/{known.name}.html", known.chinese), "" if known.closed else "（开放）"])


def _notes(known: DataSet, field: Field) -> Iterator[str]:
    if field.name in known.common:
        yield "公共字段"
    if field.provincial:
        yield "一省扩展，非国家字段"
    if field.many:
        yield "可有多个值，以半角分号隔开"
    if field.negative:
        yield "可为负"


def _rules(known: DataSet) -> Markup:
    told = [f"{rule.sentence}（来源：{rule.source}）" for rule in rules_of(known.no)]
    told += [f"来源另列规则 {name}，其内容未见，本标准不作校验" for name in known.unseen_rules]
    return join([heading("字段之间的规则"), bullets(told)]) if told else Markup("")


def _xml(known: DataSet) -> str:
    envelope = XmlEnvelope(
        data_set=known.no, action="add", data_key=sample_key(known.no), fields=sample(known.no)
    )
    return write_xml(envelope).replace("><", ">\n<")
