"""Regions (GB/T 2260) of the cities we know: code to name and back.

A city adds its rows to regions.csv.  Zones without a national code (徐圩新区, 云台山风景区) have one of our
own, from the top of the city's range, where GB/T 2260 has none; their source says "extension".
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Region:
    """code: six digits.  parent: code of the region above, "" for a province.

    source: "GB/T 2260", "statistical practice", or "extension" for a code of this standard's own.
    """

    code: str
    name: str
    parent: str
    source: str = "GB/T 2260"

    @property
    def is_extension(self) -> bool:
        """Tell whether the code is this standard's own and means nothing elsewhere."""
        return self.source == "extension"


class UnknownRegion(KeyError):
    """No region has that code or name."""

    def __str__(self) -> str:
        return str(self.args[0])


@cache
def regions() -> tuple[Region, ...]:
    """Return every region, in the order of the codes."""
    with (files(__package__) / "regions.csv").open(encoding="utf-8") as table:
        return tuple(
            Region(row["code"], row["name"], row["parent"], row["source"]) for row in csv.DictReader(table)
        )


def region(code: str) -> Region:
    """Return the region with that code.

    :raises UnknownRegion: none has.
    """
    for candidate in regions():
        if candidate.code == code:
            return candidate
    raise UnknownRegion(f"没有代码为 {code} 的行政区划，请核对 6 位区划代码。")


def name(code: str) -> str:
    """Return the short name: 331121 → 青田县.

    :raises UnknownRegion: no region has that code.
    """
    return region(code).name


def full_name(code: str) -> str:
    """Return the name with those above it: 331121 → 浙江省丽水市青田县.

    :raises UnknownRegion: no region has that code.
    """
    found = region(code)
    return (full_name(found.parent) if found.parent else "") + found.name


def code(name: str) -> str:
    """Return the code of the region with that short name.

    :raises UnknownRegion: no region is called so.
    """
    for candidate in regions():
        if candidate.name == name:
            return candidate.code
    raise UnknownRegion(f"没有名为“{name}”的行政区划，请写全称，如“青田县”。")
