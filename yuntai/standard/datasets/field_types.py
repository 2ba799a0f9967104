"""The types of fields as the national specification writes them: C20, C..200, N14,6, D14, D8, text."""

import re
from dataclasses import dataclass
from typing import Literal

MOST_TEXT_CHARACTERS = 200_000
"""What this standard allows a field of type text, which the specification leaves unbounded."""

_FORM = re.compile(r"(?P<kind>C\.\.|C|N)(?P<length>[1-9][0-9]*)(,(?P<decimals>[1-9]))?", re.ASCII)

Kind = Literal["fixed", "up to", "number", "instant", "day", "text"]


@dataclass(frozen=True)
class FieldType:
    """kind: fixed Cn, up to C..n, number Nn,m, instant D14, day D8, text.

    length: characters (Unicode code points), or digits before the point.  decimals: digits after it, at most.
    """

    written: str
    kind: Kind
    length: int
    decimals: int = 0

    def __str__(self) -> str:
        return self.written

    @property
    def chinese(self) -> str:
        """Return the type in words."""
        number = (
            f"数，整数至多 {self.length} 位、小数至多 {self.decimals} 位"
            if self.decimals
            else f"整数，至多 {self.length} 位"
        )
        words: dict[Kind, str] = {
            "fixed": f"{self.length} 个字符",
            "up to": f"至多 {self.length} 个字符",
            "number": number,
            "instant": "北京时间，yyyyMMddHHmmss",
            "day": "日期，yyyyMMdd",
            "text": f"文本，至多 {self.length} 个字符",
        }
        return words[self.kind]


def field_type(written: str) -> FieldType:
    """Read a type as the specification writes it.

    :raises ValueError: no such type.
    """
    match written:
        case "D14":
            return FieldType(written, "instant", 14)
        case "D8":
            return FieldType(written, "day", 8)
        case "text":
            return FieldType(written, "text", MOST_TEXT_CHARACTERS)
    form = _FORM.fullmatch(written)
    if form is None or (form["decimals"] and form["kind"] != "N"):
        raise ValueError(f"数据集定义中没有“{written}”这种类型。")
    kinds: dict[str, Kind] = {"C": "fixed", "C..": "up to", "N": "number"}
    return FieldType(written, kinds[form["kind"]], int(form["length"]), int(form["decimals"] or 0))
