"""Amounts of money: Chinese yuan with two decimals, read, written and spelled in capitals (人民币大写).

Leaves out rounding: an amount with three decimals is refused here; `yuntai.law.rounding` makes two of them.
"""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

CENT = Decimal("0.01")
MOST_DIGITS_BEFORE_POINT = 14  # sixteen digits in all, as in the databases
MOST_YUAN = Decimal("99999999999999.99")

_TYPED = re.compile(r"[0-9]{1,14}(\.[0-9]{1,2})?", re.ASCII)
_WRITTEN = re.compile(r"(0|[1-9][0-9]{0,13})\.[0-9]{2}", re.ASCII)

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")


class NotMoney(ValueError):
    """The text or number is not an amount of yuan with at most two decimals."""


def yuan(amount: str | Decimal) -> Decimal:
    """Read an amount a person typed or a program worked out; return it with exactly two decimals.

    amount: digits with at most two decimals, not negative, at most 14 digits before the point.

    :raises NotMoney: anything else, a float included.
    """
    if isinstance(amount, Decimal):
        text = f"{amount:f}" if amount.is_finite() else str(amount)
        if "." in text:  # Decimal("12.500") is an amount; Decimal("12.505") is not
            whole, fraction = text.split(".")
            text = f"{whole}.{fraction.rstrip('0').ljust(2, '0')}"
    elif isinstance(amount, str):
        text = amount.strip()
    else:
        raise NotMoney(f"金额须为文本或十进制数，不能是 {type(amount).__name__}。")
    if not _TYPED.fullmatch(text):
        raise NotMoney(
            f"金额“{amount}”无效：须为不小于 0、最多两位小数、整数部分不超过 14 位的数字（单位：元）。"
        )
    return Decimal(text).quantize(CENT)


def to_text(amount: Decimal) -> str:
    """Write an amount the one way the standard allows: "1234.50", no sign, no separators.

    :raises NotMoney: more than two decimals, negative or too large.
    """
    return f"{yuan(amount):f}"


def from_text(text: str | Decimal) -> Decimal:
    """Read an amount from a message, where only the written form of `to_text` is good.

    :raises NotMoney: any other way of writing it.
    """
    if isinstance(text, str) and not _WRITTEN.fullmatch(text):
        raise NotMoney(f"金额“{text}”的写法不符合接口标准：须写两位小数，如 1234.50。")
    return yuan(text)


def in_capitals(amount: Decimal) -> str:
    """Spell an amount in capitals, as contracts and bids do: 1680.32 → 人民币壹仟陆佰捌拾元叁角贰分.

    The law on paper money leaves a choice in two places; we take the shorter form: no 零 before 角 when
    yuan end in 0, and none between sections unless a zero stands there (107000 → 壹拾万柒仟元整).

    :raises NotMoney: as `to_text`.
    """
    whole, fraction = to_text(amount).split(".")
    jiao, fen = int(fraction[0]), int(fraction[1])
    words = _whole_in_capitals(int(whole))
    if not words and not jiao and not fen:
        return "人民币零元整"
    text = f"人民币{words}元" if words else "人民币"
    if not jiao and not fen:
        return f"{text}整"
    if jiao:
        text += f"{_DIGITS[jiao]}角"
    elif words:
        text += "零"
    return f"{text}{_DIGITS[fen]}分" if fen else f"{text}整"


def _whole_in_capitals(number: int) -> str:
    words, gap = "", False
    for index in range(len(_SECTIONS) - 1, -1, -1):
        section = number // 10_000**index % 10_000
        if not section:
            gap = bool(words)
            continue
        if words and (gap or section < 1000):
            words += "零"
        words += _section_in_capitals(section) + _unit_of(index, number)
        gap = False
    return words


def _unit_of(index: int, number: int) -> str:
    """Name the section; 万亿 is said 万 when 亿 follow in the same breath: 壹拾万零贰亿."""
    hundred_millions = number // 10_000**2 % 10_000
    return "万" if index == 3 and hundred_millions else _SECTIONS[index]


def _section_in_capitals(section: int) -> str:
    words, gap = "", False
    for place in range(3, -1, -1):
        digit = section // 10**place % 10
        if not digit:
            gap = bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + _PLACES[place]
        gap = False
    return words


YuanText = Annotated[
    Decimal,
    BeforeValidator(from_text),
    PlainSerializer(to_text, return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_WRITTEN.pattern}$"}),
]
"""An amount in a message: a Decimal in Python, text with two decimals in JSON, never a JSON number."""
