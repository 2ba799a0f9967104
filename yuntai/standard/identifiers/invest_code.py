"""投资项目统一代码: the 24-character code of an investment project, YYYY-RRRRRR-II-KK-NNNNNN.

Year, region, industry, kind and serial; it has no check character.  The approval platform issues it.
The meaning of the parts is from memory, so only the form is checked.
"""

import re
from dataclasses import dataclass

_FORM = re.compile(r"([12][0-9]{3})-([0-9]{6})-([0-9]{2})-([0-9]{2})-([0-9]{6})", re.ASCII)


class BadInvestCode(ValueError):
    """The text is no investment project code."""


@dataclass(frozen=True)
class InvestCode:
    """year: four digits.  region: six digits.  industry, kind: two digits.  serial: 0-999999."""

    year: int
    region: str
    industry: str
    kind: str
    serial: int

    def __str__(self) -> str:
        return f"{self.year}-{self.region}-{self.industry}-{self.kind}-{self.serial:06d}"


def parse(text: str) -> InvestCode:
    """Read a code with its hyphens: 2017-320700-48-01-123456.

    :raises BadInvestCode: another form.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise BadInvestCode(
            f"投资项目统一代码“{text}”格式不符：应为 24 位、含连字符，如 2017-320700-48-01-123456。"
        )
    year, region, industry, kind, serial = match.groups()
    return InvestCode(int(year), region, industry, kind, int(serial))


def is_valid(text: str) -> bool:
    """Tell whether `parse` would take `text`."""
    return _FORM.fullmatch(text) is not None
