"""统一社会信用代码 (GB 32100): the 18-character code of an organization.

Leaves out the register: a code that verifies may belong to nobody.
"""

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I O S V Z
LENGTH = 18

_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_FORM = re.compile(f"[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}")

_ORGANIZATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ORGANIZATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def check_character(first_17: str) -> str:
    """Return the 18th character: (31 - Σ value·3^i mod 31) mod 31.

    91350100M000100Y4 → 3, 91440300708461136 → T.

    :raises ValueError: not 17 characters of the alphabet.
    """
    if len(first_17) != LENGTH - 1 or any(character not in ALPHABET for character in first_17):
        raise ValueError(f"须为 17 位数字或大写字母（不含 I、O、S、V、Z）：{first_17!r}")
    return ALPHABET[-_weighted(first_17) % 31]


def is_valid(code: str) -> bool:
    """Tell whether `code` has the form and the check character of a credit code.

    The check digit of the organization code inside (GB 11714) is not looked at: registered codes break it.
    """
    return _FORM.fullmatch(code) is not None and code[-1] == ALPHABET[-_weighted(code) % 31]


def _weighted(code: str) -> int:
    """Sum the first 17 characters, weighted."""
    return sum(_VALUES[character] * weight for character, weight in zip(code, _WEIGHTS, strict=False))


def why_invalid(code: str) -> str:
    """Return what is wrong with `code` as one Chinese sentence without a full stop, "" when it is valid.

    A code in full-width letters is offered in half-width (NFKC), never changed on the quiet: what is signed
    must be what was typed.
    """
    if is_valid(code):
        return ""
    narrow = unicodedata.normalize("NFKC", code).strip().upper()
    if narrow != code and is_valid(narrow):
        return f"统一社会信用代码含全角字符、小写字母或空格，请改为 {narrow} 后重新提交"
    if len(code) != LENGTH:
        return f"统一社会信用代码须为 18 位，现为 {len(code)} 位"
    if any(character not in ALPHABET for character in code) or not code[2:8].isdecimal():
        return "统一社会信用代码只含数字和大写字母（不含 I、O、S、V、Z），第 3 至 8 位为数字"
    return "统一社会信用代码的格式或校验码不符，请核对是否录入有误"


def make(region: str, serial: int) -> str:
    """Make up the credit code of a sandbox company: department 9, kind 1, the region, "MA" and the serial.

    region: six digits of GB/T 2260.  serial: 0-999999; the same two give the same code.

    :raises ValueError: region or serial out of range.
    """
    if len(region) != 6 or not region.isdecimal():
        raise ValueError(f"行政区划代码须为 6 位数字：{region!r}")
    if not 0 <= serial <= 999_999:
        raise ValueError(f"序号须在 0 至 999999 之间：{serial}")
    organization = f"MA{serial:06d}"
    first_17 = f"91{region}{organization}{_organization_check(organization)}"
    return first_17 + check_character(first_17)


def _organization_check(first_8: str) -> str:
    """Return the ninth character of an organization code (GB 11714): 10 is written X, 11 is written 0."""
    values = (_ORGANIZATION_ALPHABET.index(character) for character in first_8)
    total = sum(value * weight for value, weight in zip(values, _ORGANIZATION_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]
