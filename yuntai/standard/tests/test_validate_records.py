"""Records: every data set takes its sample and refuses it with any one field broken, in exact words."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from yuntai.standard.datasets import Fault, Field, UnknownDataSet, data_set, numbers, validate
from yuntai.standard.datasets.errors import catalogue
from yuntai.standard.datasets.field_types import MOST_TEXT_CHARACTERS
from yuntai.standard.datasets.samples import sample
from yuntai.standard.datasets.values import Value, typed

TENDER = 501


def only(no: int, **changes: object) -> Fault:
    """Return the one fault of the sample of `no` with these fields changed."""
    faults = validate(no, {**sample(no), **changes})
    assert len(faults) == 1, faults
    return faults[0]


def without(no: int, *names: str) -> dict[str, str]:
    return {name: value for name, value in sample(no).items() if name not in names}


@pytest.mark.parametrize("no", numbers())
def test_takes_a_sample_of_every_set(no: int) -> None:
    assert validate(no, sample(no)) == ()


@pytest.mark.parametrize("no", numbers())
def test_takes_a_record_without_the_optional_fields(no: int) -> None:
    optional = [field.name for field in data_set(no).fields if not field.required]
    needed = {
        name for name, _ in ((fault.field, fault.code) for fault in validate(no, without(no, *optional)))
    }
    record = {name: value for name, value in sample(no).items() if name not in set(optional) - needed}

    assert validate(no, record) == ()


def broken_values(field: Field) -> Iterator[tuple[object, str]]:
    """Yield values that break the field, each with the name of the error."""
    form = field.field_type
    yield 7, "not-text"
    yield {"nested": "x"}, "not-text"
    yield ["x"], "not-text"
    yield None, "not-text"
    yield " \n", "missing" if field.required else "empty"
    match form.kind:
        case "fixed" if not field.many:
            yield "9" * (form.length + 1), "wrong-length"
        case "up to":
            yield "9" * (form.length + 1), "too-long"
        case "number":
            yield "1e3", "not-a-number"
            yield "9" * (form.length + 1), "too-many-digits"
        case "instant":
            yield "20260230000000", "no-such-date"
            yield "2026-03-02", "date-form"
        case "day":
            yield "20261301", "no-such-date"
            yield "20260302090000", "date-form"
        case "text":
            yield "一\x00二", "control-character"


@pytest.mark.parametrize("no", numbers())
def test_refuses_a_sample_with_any_one_field_broken(no: int) -> None:
    for field in data_set(no).fields:
        for value, name in broken_values(field):
            faults = [
                each for each in validate(no, sample(no) | {field.name: value}) if each.field == field.name
            ]

            assert [each.code for each in faults] == [catalogue()[name].code], (field.name, value)
            assert faults[0].data_set == no


@pytest.mark.parametrize("no", numbers())
def test_refuses_a_sample_without_any_one_required_field(no: int) -> None:
    for field in data_set(no).fields:
        codes = {fault.code for fault in validate(no, without(no, field.name)) if fault.field == field.name}

        assert (codes & {"DS101"} == {"DS101"}) == field.required, field.name


def test_says_exactly_what_is_wrong_with_a_check_character() -> None:
    code = sample(TENDER)["UNIFIED_DEAL_CODE"]
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")

    assert only(TENDER, UNIFIED_DEAL_CODE=wrong) == Fault(
        TENDER,
        "UNIFIED_DEAL_CODE",
        "DS303",
        "统一交易标识码不符：校验码不符，请核对是否录入有误",
        repr(wrong),
    )
    assert str(only(TENDER, PLATFORM_CODE="91350100M000100Y44")) == (
        "数据集 501 PLATFORM_CODE 统一社会信用代码的格式或校验码不符（收到 '91350100M000100Y44'）〔DS302〕"
    )


@pytest.mark.parametrize(
    ("no", "field", "value", "said"),
    [
        (501, "TENDER_PROJECT_NAME", "字" * 601, "不得超过 600 个字符"),
        (501, "TENDER_PROJECT_CODE", "E320700000100004200", "须为 20 个字符"),
        (501, "IS_TO_LAW", "2", "不在代码表 TRUE_OR_FALSE 内"),
        (501, "IS_TO_LAW", "是", "不在代码表 TRUE_OR_FALSE 内"),
        (503, "BULLETIN_TYPE", "3", "不在代码表 d32 内"),
        (502, "CONTRACT_RECKON_PRICE", "1,000", "须为数，整数至多 14 位、小数至多 6 位，不得为负"),
        (502, "CONTRACT_RECKON_PRICE", "-1", "须为数，整数至多 14 位、小数至多 6 位，不得为负"),
        (502, "CONTRACT_RECKON_PRICE", "1.", "须为数，整数至多 14 位、小数至多 6 位，不得为负"),
        (502, "CONTRACT_RECKON_PRICE", "01.5", "须为数，整数至多 14 位、小数至多 6 位，不得为负"),
        (502, "CONTRACT_RECKON_PRICE", "１０", "含全角字符，应为 10"),
        (
            502,
            "CONTRACT_RECKON_PRICE",
            "1.1234567",
            "超出数的位数：须为数，整数至多 14 位、小数至多 6 位，不得为负",
        ),
        (502, "LIMITE_TIME", "1.5", "超出数的位数：须为整数，至多 5 位，不得为负"),
        (501, "CREATE_TIME", "20260230090000", "公历中没有这一日期或时刻"),
        (501, "CREATE_TIME", "20260302240000", "公历中没有这一日期或时刻"),
        (501, "CREATE_TIME", "2026-03-02 09:00", "须写作 yyyyMMddHHmmss"),
        (502, "BEGIN_DATE", "20250229", "公历中没有这一日期或时刻"),
        (501, "REGION_CODE", "32070a", "行政区划代码须为 6 位数字"),
        (501, "TENDER_CONTENT", "一\x00二", "含有不可见的控制字符（位置 2）"),
        (501, "TENDER_CONTENT", "\ud800", "含有不可见的控制字符（位置 1）"),
        (501, "TENDER_CONTENT", {"a": {"b": 1}}, "值须为文本，不得为数、对象或列表"),
        (501, "TENDER_CONTENT", 1.5, "值须为文本，不得为数、对象或列表"),
        (501, "TENDER_CONTENT", "", "缺少必填字段"),
        (501, "OWNER_NAME", "　", "选填字段不得为空"),
        (501, "SURPRISE", "1", "数据集没有此字段"),
        (
            501,
            "SUPERVISE_DEPT_CODE",
            "91350100M000100Y44",
            "18 位的主体代码既不是有效的统一社会信用代码，也不是有效的公民身份号码",
        ),
        (
            501,
            "SUPERVISE_DEPT_CODE",
            "９１３５０１００Ｍ０００１００Ｙ４３",
            "含全角字符，应为 91350100M000100Y43",
        ),
        (
            500,
            "INVEST_PROJECT_CODE",
            "2017-320700-48-01-12345x",
            "投资项目统一代码须为 24 位、含连字符，如 2017-320700-48-01-123456",
        ),
        (503, "URL", "javascript:alert(1)//http://x", "网址须以 http:// 或 https:// 开头，不含空格"),
        (
            503,
            "BID_SECTION_CODES",
            "E3207000001000042001001；E3207000001000042001002",
            "含全角字符，应为 E3207000001000042001001;E3207000001000042001002",
        ),
        (503, "BID_SECTION_CODES", "E3207000001000042001001;", "多个值须以一个半角分号（;）隔开，不得有空值"),
        (503, "BID_SECTION_CODES", "E3207000001000042001001;E32", "须为 23 个字符"),
        (100, "LEGAL_ROLE", "甲" * 51, "不得超过 50 个字符"),
    ],
    ids=str,
)
def test_says_exactly_what_is_wrong(no: int, field: str, value: object, said: str) -> None:
    fault = only(no, **{field: value})

    assert (fault.field, fault.rule) == (field, said)
    assert fault.remedy


@pytest.mark.parametrize(
    ("no", "field", "value"),
    [
        (501, "TENDER_PROJECT_NAME", "字" * 600),
        (501, "TENDER_CONTENT", "字" * MOST_TEXT_CHARACTERS),
        (501, "TENDER_CONTENT", "一\r\n\t二"),
        (502, "CONTRACT_RECKON_PRICE", "99999999999999.999999"),
        (502, "CONTRACT_RECKON_PRICE", "0"),
        (502, "CONTRACT_RECKON_PRICE", "0.50"),
        (751, "NET_PROFIT", "-1234.5"),
        (650, "IN_BUY_KIND", "010"),
        (501, "CREATE_TIME", "20240229235959"),
        (501, "TENDERER_CODE", "91350100M000100Y43;11010519491231002X;HK-123"),
        (501, "TENDERER_CODE_TYPE", "1;3"),
        (501, "TENDER_MODE", "7"),
        (503, "BID_SECTION_CODES", "E3207000001000042001001;E3207000001000042001002"),
        (501, "REGION_CODE", "110101"),
    ],
    ids=str,
)
def test_takes_a_value_at_the_limit(no: int, field: str, value: str) -> None:
    assert validate(no, sample(no) | {field: value}) == ()


@pytest.mark.parametrize(
    "code", [*range(9), 11, 12, *range(14, 32), 127, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF], ids=hex
)
def test_no_character_that_xml_cannot_carry_gets_in(code: int) -> None:
    assert only(TENDER, TENDER_CONTENT=f"甲{chr(code)}乙").rule == "含有不可见的控制字符（位置 2）"
    assert only(TENDER, TENDER_PROJECT_NAME=f"甲\n{chr(code)}").rule == "含有不可见的控制字符（位置 3）"


def test_text_ends_at_its_limit() -> None:
    assert only(TENDER, TENDER_CONTENT="字" * (MOST_TEXT_CHARACTERS + 1)).rule == "不得超过 200000 个字符"


def test_names_every_fault_of_a_record_in_the_order_of_its_fields() -> None:
    record = without(502, "BID_SECTION_NAME") | {"PRICE_UNIT": "2", "PLATFORM_CODE": "9" * 18, "EXTRA": "1"}

    assert [(each.field, each.code) for each in validate(502, record)] == [
        ("PLATFORM_CODE", "DS302"),
        ("BID_SECTION_NAME", "DS101"),
        ("PRICE_UNIT", "DS301"),
        ("EXTRA", "DS102"),
    ]


def test_does_not_tell_back_what_is_not_public() -> None:
    fault = only(507, PM_CODE="1" * 19)

    assert fault.value == "内容不公开，不回显"
    assert "1111" not in str(fault)


def test_a_record_full_of_nonsense_is_answered_briefly() -> None:
    assert len(validate(TENDER, {f"X{number}": "1" for number in range(5_000)})) == 50


def test_there_is_no_set_555() -> None:
    with pytest.raises(UnknownDataSet, match="555"):
        validate(555, {})


def test_an_entrusted_tender_names_its_agency() -> None:
    rule = "招标组织形式为 2（委托招标）的，须填写招标代理机构的名称、类别、代码和角色"
    entrusted = without(501, "TENDER_AGENCY_NAME") | {"TENDER_ORGANIZE_FORM": "2"}

    assert [(each.field, each.rule) for each in validate(501, entrusted)] == [("TENDER_AGENCY_NAME", rule)]
    assert validate(501, entrusted | {"TENDER_ORGANIZE_FORM": "1"}) == ()


@pytest.mark.parametrize("missing", ["BID_AMOUNT", "BID_CURRENCY", "PRICE_UNIT"])
def test_a_price_in_money_has_amount_currency_and_unit(missing: str) -> None:
    award = without(513, missing) | {"PRICE_FORM_CODE": "1"}

    assert [(each.field, each.code) for each in validate(513, award)] == [(missing, "DS401")]
    assert validate(513, award | {"PRICE_FORM_CODE": "2"}) == ()


def test_a_price_in_another_form_is_written_out() -> None:
    award = without(513, "OTHER_BID_PRICE")

    assert validate(513, award | {"PRICE_FORM_CODE": "1"}) == ()
    assert [each.field for each in validate(513, award | {"PRICE_FORM_CODE": "3"})] == ["OTHER_BID_PRICE"]


def test_a_postponed_opening_names_time_and_place() -> None:
    record = without(504, "POST_OPEN_TIME", "POST_OPEN_ADDRESS")

    assert [each.field for each in validate(504, record | {"IS_POSTPONE": "1"})] == [
        "POST_OPEN_TIME",
        "POST_OPEN_ADDRESS",
    ]
    assert validate(504, record | {"IS_POSTPONE": "0"}) == ()


def test_one_of_two_tax_certificates_is_enough() -> None:
    assert [each.field for each in validate(100, without(100, "TAX_CERT_NO", "LOCAL_TAX_CERT_NO"))] == [
        "TAX_CERT_NO"
    ]
    assert validate(100, without(100, "TAX_CERT_NO")) == ()
    assert validate(100, without(100, "LOCAL_TAX_CERT_NO")) == ()


def test_a_period_does_not_end_before_it_begins() -> None:
    start, end = "PUBLICITY_START_TIME", "PUBLICITY_END_TIME"
    same = {start: "20260302090000", end: "20260302090000"}

    assert validate(511, sample(511) | same) == ()
    assert only(511, **(same | {end: "20260302085959"})).field == end


@pytest.mark.parametrize(
    ("no", "field", "value"),
    [
        (502, "CONTRACT_RECKON_PRICE", Decimal("1.5")),
        (502, "BEGIN_DATE", "2026-03-02"),
        (501, "CREATE_TIME", "2026-03-02T09:00:00+08:00"),
        (501, "IS_TO_LAW", "0"),
    ],
)
def test_reads_a_valid_record_as_values(no: int, field: str, value: Value) -> None:
    read = typed(no, sample(no))[field]

    assert (read if isinstance(read, Decimal | str) else read.isoformat()) == value
