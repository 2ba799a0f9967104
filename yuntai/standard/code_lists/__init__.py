"""Published code lists: index.csv says what each is, one CSV a list holds its codes.

A value stands here only when a source shows it; the column `source` says which:
G, code of a provincial platform; W, a stored web page or vendor document; "from memory" and "inferred",
to be verified before anyone relies on them.  A list is closed only when all its values were read at the
source; any other takes every value of the field's type and says so.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yuntai.standard.code_lists.words import KINDS, METHODS, PARTICIPANT_ROLES
from yuntai.standard.identifiers.regions import regions

__all__ = [
    "KINDS",
    "METHODS",
    "PARTICIPANT_ROLES",
    "REGIONS",
    "Code",
    "CodeList",
    "UnknownCodeList",
    "code_list",
    "code_lists",
]

REGIONS = "GBT2260"
"""The list whose codes are the regions of `identifiers.regions`."""


@dataclass(frozen=True)
class Code:
    """One value of a list.  source: where it was read, see the top of this module."""

    code: str
    chinese: str
    english: str
    source: str


@dataclass(frozen=True)
class CodeList:
    """A list.  closed: a value outside it is wrong.  note: Chinese, "" for none."""

    name: str
    chinese: str
    closed: bool
    source: str
    note: str
    codes: tuple[Code, ...]

    def __contains__(self, value: str) -> bool:
        """Tell whether `value` is listed; an open list takes others too."""
        return any(code.code == value for code in self.codes)


class UnknownCodeList(KeyError):
    """The standard has no list of that name."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def code_lists() -> tuple[CodeList, ...]:
    """Return every list, in the order of index.csv."""
    return tuple(
        CodeList(
            row["list"],
            row["chinese"],
            row["closed"] == "yes",
            row["source"],
            row["note"],
            _codes(row["list"]),
        )
        for row in _rows("index.csv")
    )


@cache
def code_list(name: str) -> CodeList:
    """Return the list of that name.

    :raises UnknownCodeList: there is none.
    """
    for candidate in code_lists():
        if candidate.name == name:
            return candidate
    raise UnknownCodeList(f"接口标准没有名为“{name}”的代码表。")


def _codes(name: str) -> tuple[Code, ...]:
    if name == REGIONS:
        return tuple(Code(region.code, region.name, "", region.source) for region in regions())
    if not (files(__package__) / f"{name}.csv").is_file():
        return ()
    return tuple(
        Code(row["code"], row["chinese"], row["english"], row["source"]) for row in _rows(f"{name}.csv")
    )


def _rows(file_name: str) -> Iterator[dict[str, str]]:
    with (files(__package__) / file_name).open(encoding="utf-8") as table:
        yield from csv.DictReader(table)
