"""Amounts of yuan: read, written, spelled in capitals."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from yuntai.standard.money import NotMoney, YuanText, from_text, in_capitals, to_text, yuan


class Priced(BaseModel):
    price_yuan: YuanText


@pytest.mark.parametrize(
    ("amount", "written"),
    [("0", "0.00"), ("7.5", "7.50"), (" 12.34 ", "12.34"), ("99999999999999.99", "99999999999999.99")],
)
def test_reads_what_a_person_types(amount: str, written: str) -> None:
    assert to_text(yuan(amount)) == written


def test_takes_a_decimal_with_trailing_zeros() -> None:
    assert yuan(Decimal("12.500")) == Decimal("12.50")
    assert to_text(Decimal("1E+3")) == "1000.00"


@pytest.mark.parametrize(
    "amount",
    ["", "-1", "+1", "1.234", "1,000", "1e3", "１２", ".5", "100000000000000", "NaN", "1 2"],
)
def test_refuses_what_is_no_amount(amount: str) -> None:
    with pytest.raises(NotMoney):
        yuan(amount)


@pytest.mark.parametrize("amount", [Decimal("0.005"), Decimal("-0.01"), Decimal("NaN"), Decimal("Infinity")])
def test_refuses_decimals_that_are_no_amount(amount: Decimal) -> None:
    with pytest.raises(NotMoney):
        yuan(amount)


def test_refuses_floats_and_integers() -> None:
    for amount in (1.5, 1, None):
        with pytest.raises(NotMoney, match="不能是"):
            yuan(amount)  # type: ignore[arg-type]


@given(st.decimals(min_value=0, max_value=Decimal("99999999999999.99"), places=2))
def test_written_amounts_read_back_the_same(amount: Decimal) -> None:
    assert from_text(to_text(amount)) == amount


@pytest.mark.parametrize("text", ["1234.5", "1234", "01.00", "1.000", " 1.00"])
def test_messages_know_one_way_to_write_an_amount(text: str) -> None:
    with pytest.raises(NotMoney):
        from_text(text)


def test_a_field_of_a_message_is_text_in_json() -> None:
    assert Priced(price_yuan=Decimal("1234.5")).model_dump_json() == '{"price_yuan":"1234.50"}'
    assert Priced.model_validate_json('{"price_yuan":"1234.50"}').price_yuan == Decimal("1234.50")


@pytest.mark.parametrize("price", ["1234.50", "1234"])
def test_a_field_of_a_message_refuses_json_numbers(price: str) -> None:
    with pytest.raises(ValidationError, match="金额须为文本"):
        Priced.model_validate_json(f'{{"price_yuan":{price}}}')


# The first six are the examples of 正确填写票据和结算凭证的基本规定.
@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("1409.50", "人民币壹仟肆佰零玖元伍角整"),
        ("6007.14", "人民币陆仟零柒元壹角肆分"),
        ("1680.32", "人民币壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "人民币壹拾万柒仟元伍角叁分"),
        ("16409.02", "人民币壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "人民币叁佰贰拾伍元零肆分"),
        ("0", "人民币零元整"),
        ("0.05", "人民币伍分"),
        ("0.50", "人民币伍角整"),
        ("10", "人民币壹拾元整"),
        ("10001000", "人民币壹仟万壹仟元整"),
        ("10050000", "人民币壹仟零伍万元整"),
        ("20010000", "人民币贰仟零壹万元整"),
        ("100000000", "人民币壹亿元整"),
        ("100010001", "人民币壹亿零壹万零壹元整"),
        ("100000001000", "人民币壹仟亿零壹仟元整"),
        ("10000000000001", "人民币壹拾万亿零壹元整"),
        ("20000300000000.10", "人民币贰拾万零叁亿元壹角整"),
        ("99999999999999.99", "人民币玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ],
)
def test_spells_amounts_in_capitals(amount: str, words: str) -> None:
    assert in_capitals(Decimal(amount)) == words
