"""统一交易标识码: the 40-character code of one trade, CCC-UUUUUUUUUUUUUUUUUU-YYYYMMDD-NNNNNN-K.

The check character is ISO 7064 MOD 37-2 over the 35 characters before it, hyphens left out.
Who may issue a code is the public service platform's business, not said here.
"""

import re
from dataclasses import dataclass
from datetime import date

from yuntai.standard.identifiers import credit_code

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(2, place, 37) for place in range(1, 36))
_FORM = re.compile(r"([A-Z][0-9A-Z]{2})-([0-9A-Z]{18})-([0-9]{8})-([0-9]{6})-([0-9A-Z*])", re.ASCII)


class BadUnifiedCode(ValueError):
    """The text is no unified transaction code.  reason: why, Chinese, without the code and a full stop."""

    def __init__(self, text: str, reason: str) -> None:
        self.reason = reason
        super().__init__(f"统一交易标识码“{text[:60]}”不符：{reason}。")


@dataclass(frozen=True)
class UnifiedCode:
    """category: three characters, e.g. A02.  platform_code: the issuer's credit code.  serial: 0-999999."""

    category: str
    platform_code: str
    issued_on: date
    serial: int

    def __str__(self) -> str:
        """Write the code with hyphens and check character."""
        parts = (self.category, self.platform_code, f"{self.issued_on:%Y%m%d}", f"{self.serial:06d}")
        return "-".join((*parts, check_character("".join(parts))))


def check_character(first_35: str) -> str:
    """Return the check character of MOD 37-2.

    A02123100007847653857 20161012 000015 → Q (a code published in Shanghai in 2016).

    :raises ValueError: a character outside 0-9 A-Z.
    """
    if unknown := set(first_35) - _VALUES.keys():
        raise ValueError(f"统一交易标识码只含数字、大写字母和 *：{sorted(unknown)}")
    weighted = (_VALUES[c] * weight for c, weight in zip(reversed(first_35), _WEIGHTS, strict=False))
    return ALPHABET[(38 - sum(weighted) % 37) % 37]


def parse(text: str) -> UnifiedCode:
    """Read a code with hyphens.

    :raises BadUnifiedCode: the form, the platform's credit code, the date or the check character is wrong.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise BadUnifiedCode(text, "格式应为 3-18-8-6-1 位、以连字符分隔")
    category, platform_code, day, serial, check = match.groups()
    if check != check_character(f"{category}{platform_code}{day}{serial}"):
        raise BadUnifiedCode(text, "校验码不符，请核对是否录入有误")
    if not credit_code.is_valid(platform_code):
        raise BadUnifiedCode(text, f"其中的平台代码 {platform_code} 不是有效的统一社会信用代码")
    try:
        issued_on = date(int(day[:4]), int(day[4:6]), int(day[6:]))
    except ValueError as error:
        raise BadUnifiedCode(text, f"其中的日期 {day} 不存在") from error
    return UnifiedCode(category, platform_code, issued_on, int(serial))


def is_valid(text: str) -> bool:
    """Tell whether `parse` would take `text`."""
    try:
        parse(text)
    except BadUnifiedCode:
        return False
    return True
