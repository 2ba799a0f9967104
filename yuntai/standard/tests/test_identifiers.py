"""Codes with check characters, construction codes and regions."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.standard.identifiers import (
    construction_codes,
    credit_code,
    id_number,
    invest_code,
    regions,
    unified_code,
)
from yuntai.standard.identifiers.construction_codes import BadConstructionCode
from yuntai.standard.identifiers.invest_code import BadInvestCode, InvestCode
from yuntai.standard.identifiers.unified_code import BadUnifiedCode, UnifiedCode

SHANGHAI_NOTICE = "A02-123100007847653857-20161012-000015-Q"  # published in 2017


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91440300708461136T", "123100007847653857"])
def test_knows_registered_credit_codes(code: str) -> None:
    assert credit_code.is_valid(code)
    assert credit_code.check_character(code[:17]) == code[17]


@pytest.mark.parametrize(
    "code",
    ["91350100M000100Y44", "91350100M000100Y4", "91350100M000100Y433", "9135010OM000100Y43", "", "9" * 18],
)
def test_refuses_credit_codes_that_do_not_verify(code: str) -> None:
    assert not credit_code.is_valid(code)


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("91350100M000100Y43", ""),
        (
            "９１３５０１００Ｍ０００１００Ｙ４３",
            "统一社会信用代码含全角字符、小写字母或空格，请改为 91350100M000100Y43 后重新提交",
        ),
        (
            "91350100m000100y43",
            "统一社会信用代码含全角字符、小写字母或空格，请改为 91350100M000100Y43 后重新提交",
        ),
        ("91350100M000100Y4", "统一社会信用代码须为 18 位，现为 17 位"),
        (
            "9135010OM000100Y43",
            "统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），第 3 至 8 位为数字",
        ),
        ("91350100M000100Y44", "统一社会信用代码的格式或校验码不符，请核对是否录入有误"),
        (
            "９１３５０１００Ｍ０００１００Ｙ４４",
            "统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），第 3 至 8 位为数字",
        ),
    ],
)
def test_says_why_a_credit_code_is_not_taken(code: str, why: str) -> None:
    assert credit_code.why_invalid(code) == why
    assert credit_code.is_valid(code) == (why == "")


def test_a_full_width_code_is_offered_in_half_width_but_never_taken() -> None:
    assert not credit_code.is_valid("９１３５０１００Ｍ０００１００Ｙ４３")
    assert not credit_code.is_valid("91350100M000100Y4\uff13")


@given(st.integers(0, 999_999), st.integers(0, 999_999))
def test_made_up_credit_codes_verify(region: int, serial: int) -> None:
    code = credit_code.make(f"{region:06d}", serial)

    assert credit_code.is_valid(code)
    assert code[2:8] == f"{region:06d}"


@given(st.integers(0, 999_999), st.integers(0, 17), st.sampled_from(credit_code.ALPHABET))
def test_one_wrong_character_never_verifies(serial: int, place: int, wrong: str) -> None:
    code = credit_code.make("320700", serial)
    broken = code[:place] + wrong + code[place + 1 :]

    assert credit_code.is_valid(broken) == (broken == code)


def test_makes_up_the_organization_code_s_own_check_digit() -> None:
    # M000100Y: 22·3 + 1·5 + 34·2 = 139; 139 mod 11 = 7; 11 - 7 = 4, as in 91350100M000100Y43
    assert credit_code._organization_check("M000100Y") == "4"


def test_makes_no_credit_code_beyond_the_last_serial() -> None:
    assert credit_code.is_valid(credit_code.make("320700", 999_999))
    with pytest.raises(ValueError, match="999999"):
        credit_code.make("320700", 1_000_000)


def test_reads_and_writes_a_published_unified_code() -> None:
    code = unified_code.parse(SHANGHAI_NOTICE)

    assert code == UnifiedCode("A02", "123100007847653857", date(2016, 10, 12), 15)
    assert str(code) == SHANGHAI_NOTICE


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (SHANGHAI_NOTICE[:-1] + "M", "校验码"),
        ("A03" + SHANGHAI_NOTICE[3:], "校验码"),
        (SHANGHAI_NOTICE.replace("-", ""), "格式"),
        (str(UnifiedCode("A02", "123100007847653858", date(2016, 10, 12), 15)), "平台代码"),
        ("A02-123100007847653857-20161312-000015-", "格式"),
    ],
)
def test_refuses_a_unified_code_and_says_why(text: str, reason: str) -> None:
    with pytest.raises(BadUnifiedCode, match=reason):
        unified_code.parse(text)
    assert not unified_code.is_valid(text)


def test_refuses_a_unified_code_of_a_day_that_never_was() -> None:
    body = "A02123100007847653857" + "20160230" + "000015"
    text = f"A02-123100007847653857-20160230-000015-{unified_code.check_character(body)}"

    with pytest.raises(BadUnifiedCode, match="20160230"):
        unified_code.parse(text)


def test_construction_codes_grow_by_three_digits() -> None:
    project = construction_codes.project_code("320700", "0001", 42)
    tender = construction_codes.tender_code(project, 1)
    lot = construction_codes.lot_code(tender, 2)

    assert project == "E3207000001000042"
    assert tender == "E3207000001000042001"
    assert lot == "E3207000001000042001002"
    assert construction_codes.tender_of(lot) == tender
    assert construction_codes.project_of(tender) == project
    assert [construction_codes.is_lot_code(code) for code in (project, tender, lot)] == [False, False, True]
    assert [construction_codes.is_tender_code(code) for code in (project, tender, lot)] == [
        False,
        True,
        False,
    ]
    assert [construction_codes.is_project_code(code) for code in (project, tender, lot)] == [
        True,
        False,
        False,
    ]


def test_reads_the_construction_codes_of_a_real_platform() -> None:
    tender = "E3500000717002688002"

    assert construction_codes.is_tender_code(tender)
    assert construction_codes.project_of(tender) == "E3500000717002688"
    assert construction_codes.platform_of(tender) == "E3500000717"


def test_issues_capital_letters_only_and_knows_no_other() -> None:
    # A real code of another vendor; messages take it, the functions that cut codes apart do not.
    assert not construction_codes.is_tender_code("e3100000151008459002")
    with pytest.raises(BadConstructionCode, match="e3100000151008459002"):
        construction_codes.platform_of("e3100000151008459002")


def test_reads_and_writes_an_investment_project_code() -> None:
    code = invest_code.parse("2017-320700-48-01-123456")

    assert code == InvestCode(2017, "320700", "48", "01", 123456)
    assert str(code) == "2017-320700-48-01-123456"
    assert len(str(code)) == 24


@pytest.mark.parametrize(
    "text",
    [
        "2017-320700-48-01-12345",
        "2017-320700-48-01-1234567",
        "201732070048011234560000",
        "2017-3207００-48-01-123456",
        "3017-320700-48-01-123456",
        "2017-320700-48-01-123456\n",
        "",
    ],
    ids=repr,
)
def test_refuses_another_form_of_investment_project_code(text: str) -> None:
    assert not invest_code.is_valid(text)
    with pytest.raises(BadInvestCode, match="24 位"):
        invest_code.parse(text)


def test_knows_a_citizen_s_number_by_its_check_character() -> None:
    # The worked example of GB 11643.
    assert id_number.is_valid("11010519491231002X")
    assert id_number.is_valid("440524188001010014")
    assert not id_number.is_valid("440524188001010015")
    assert not id_number.is_valid("11010519491231002x")


def test_the_zones_without_a_national_code_have_one_of_our_own_and_say_so() -> None:
    own = {region.code: region.name for region in regions.regions() if region.is_extension}

    assert own == {"320798": "徐圩新区", "320799": "云台山风景区"}
    assert regions.full_name("320798") == "江苏省连云港市徐圩新区"
    assert not regions.region("320771").is_extension


@pytest.mark.parametrize("serial", [0, 1_000_000])
def test_refuses_a_project_serial_out_of_range(serial: int) -> None:
    with pytest.raises(BadConstructionCode, match="1 至 999999"):
        construction_codes.project_code("320700", "0001", serial)


def test_takes_no_lot_for_a_tender() -> None:
    with pytest.raises(BadConstructionCode, match="不是招标项目编号"):
        construction_codes.lot_code("E3207000001000042001002", 1)
    with pytest.raises(BadConstructionCode, match="1 至 999"):
        construction_codes.lot_code("E3207000001000042001", 1000)


def test_every_region_is_found_by_code_and_by_name() -> None:
    known = regions.regions()

    assert len({region.code for region in known}) == len({region.name for region in known}) == len(known)
    for region in known:
        assert regions.name(region.code) == region.name
        assert regions.code(region.name) == region.code
        assert region.parent == "" or regions.region(region.parent)


def test_names_a_county_in_full() -> None:
    assert regions.full_name("331127") == "浙江省丽水市景宁畲族自治县"
    assert regions.full_name("320703") == "江苏省连云港市连云区"


def test_refuses_an_unknown_region() -> None:
    with pytest.raises(regions.UnknownRegion, match="999999"):
        regions.name("999999")
    with pytest.raises(regions.UnknownRegion, match="青田"):
        regions.code("青田")
