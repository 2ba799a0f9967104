"""Pages that are looked things up in: errors, rules, identifiers, the data catalogue."""

from collections import Counter

from yuntai.standard.datasets.definitions import DataSet, data_sets
from yuntai.standard.datasets.errors import catalogue
from yuntai.standard.datasets.pages.csv_text import csv_text
from yuntai.standard.datasets.pages.html import bullets, code, heading, join, link, page, paragraph, table
from yuntai.standard.datasets.rules import Rule, rules, state_rules
from yuntai.standard.identifiers.regions import regions

CATALOGUE_HEADS = (
    *("data_set", "data_set_name", "data_set_chinese"),
    *("field", "field_chinese", "type", "required", "codes"),
    *("owner", "basis", "openness", "open_after", "purpose", "retention", "source"),
)

IDENTIFIERS = (
    (
        "统一交易标识码",
        "40 位：类别 3 - 平台统一社会信用代码 18 - 日期 8 - 序号 6 - 校验码 1，含连字符",
        "ISO 7064 MOD 37-2，对去掉连字符的前 35 位计算；由公共服务平台发放",
        code("A02-123100007847653857-20161012-000015-Q"),
    ),
    (
        "统一社会信用代码",
        "18 位（GB 32100），数字和大写字母，不含 I、O、S、V、Z",
        "第 18 位 =（31 − Σ 值 × 3^i mod 31）mod 31，i 自 0 起",
        code("91350100M000100Y43"),
    ),
    (
        "项目、招标项目、标段编号",
        "17、20、23 位：E + 区划 6 + 平台编号 4 + 序号 6，其下各加 3 位",
        "无校验码；前 11 位为平台标识代码。其他系统的写法也接收，按 C17、C20、C23 核对长度",
        code("E3500000717002688002"),
    ),
    (
        "投资项目统一代码",
        "24 位，含连字符：年 4 - 区划 6 - 行业 2 - 类型 2 - 序号 6",
        "无校验码，只核对格式；各段含义凭记忆，引用前须核对",
        code("2017-320700-48-01-123456"),
    ),
    (
        "DATA_KEY",
        "22 位：系统编号 4（数字或大写字母）+ 数据集编号 3 或 4 + 数字序号",
        "由报送系统编制，一条记录终身不变，也是重复提交的凭据",
        code("S001501000000000000001"),
    ),
)


def errors() -> str:
    """Return the error catalogue."""
    return page(
        "错误码",
        paragraph(
            "拒收一条记录时，逐项写明数据集、字段、规则、收到的值和错误码；不公开的字段不回显其值。"
            "{limit} 处为具体的限度。",
            link("errors.csv", "下载 CSV"),
        ),
        table(
            ("错误码", "规则", "怎么办"),
            [(code(each.code), each.sentence, each.remedy) for each in catalogue().values()],
            caption="错误码目录",
            searched=True,
        ),
    )


def errors_csv() -> str:
    rows = [(each.code, each.name, each.sentence, each.remedy) for each in catalogue().values()]
    return csv_text(("code", "name", "sentence", "remedy"), rows)


def rules_page() -> str:
    """Return the rules between fields, and those that need the records already held."""
    return page(
        "规则",
        heading("一条记录内字段之间的规则"),
        table(
            ("规则", "数据集", "内容", "来源"),
            [(code(rule.name), _sets(rule), rule.sentence, rule.source) for rule in rules()],
            caption="字段之间的规则",
            searched=True,
        ),
        heading("对照已收记录的规则"),
        paragraph("由数据交换枢纽执行；单看一条记录看不出来。"),
        table(
            ("规则", "内容", "来源"),
            [(code(rule.name), rule.sentence, rule.source) for rule in state_rules()],
            caption="对照已收记录的规则",
        ),
        heading("写法"),
        bullets(
            [
                "长度按字符（Unicode 码点）计；定长字段须恰为该长度",
                "数写作文本：只有数字和小数点，不带千分位和单位，整数部分不带多余的零；代码性质的数保留前导零",
                "时间为北京时间，半角数字",
                "一个字段的多个值以半角分号隔开；只有注明可有多个值的字段可以这样写",
                "没有内容的选填字段不写出；XML 中的空元素视为没有写出",
                "除换行、回车和制表符外，不含控制字符",
                "修改须带完整的记录，而不是只带改动的字段",
            ]
        ),
    )


def _sets(rule: Rule) -> object:
    return join((link(f"datasets/{no}.html", no) for no in rule.sets), "、")


def identifiers() -> str:
    """Return how identifiers are built and checked."""
    return page(
        "标识码",
        table(("名称", "构成", "校验", "例"), IDENTIFIERS, caption="标识码的构成和校验"),
        heading("全角字符"),
        paragraph(
            "代码只用半角数字和大写字母。含全角字符、小写字母或空格的，拒收并给出半角写法；接收方不自行改动，"
            "因为签名是对原样内容作出的。"
        ),
        heading("区划代码", anchor="regions"),
        table(
            ("代码", "名称", "上级", "来源"),
            [(code(each.code), each.name, each.parent, each.source) for each in regions()],
            caption="区划代码；来源为 extension 的是本标准自编代码，国家标准没有",
            searched=True,
        ),
    )


def data_catalogue() -> str:
    """Return the catalogue of public data: a line a set; the CSV has a line a field."""
    return page(
        "数据目录",
        paragraph(
            "每个字段的权属、公开方式、用途和保存期限见 ",
            link("catalogue.csv", "数据目录（CSV）"),
            "。公开方式、用途和保存期限为本标准建议，须由城市主管部门确认。",
        ),
        table(
            ("数据集", "权属", "公开时点", "公开", "授权", "不公开", "保存期限"),
            [_line(known) for known in data_sets()],
            caption="数据目录：各数据集的字段数，按公开方式",
            searched=True,
        ),
    )


def _line(known: DataSet) -> tuple[object, ...]:
    counts = Counter(known.openness_of(field) for field in known.fields)
    return (
        join([link(f"datasets/{known.no}.html", known.no), f" {known.chinese}"]),
        known.traits.owner,
        f"{known.open_after}后" if known.open_after else "",
        counts["公开"],
        counts["授权"],
        counts["不公开"],
        known.traits.retention,
    )


def catalogue_csv() -> str:
    """Return the catalogue with a line a field."""
    return csv_text(
        CATALOGUE_HEADS,
        [
            (
                known.no,
                known.name,
                known.chinese,
                field.name,
                field.chinese,
                field.type,
                "是" if field.required else "否",
                field.codes,
                known.traits.owner,
                known.traits.basis,
                known.openness_of(field),
                known.open_after,
                known.traits.purpose,
                known.traits.retention,
                "一省扩展字段；" * field.provincial + known.traits.source,
            )
            for known in data_sets()
            for field in known.fields
        ],
    )
