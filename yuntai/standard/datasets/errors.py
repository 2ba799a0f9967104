"""The error catalogue (errors.csv) and the faults that are told with it."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

VALUE_SHOWN_CHARACTERS = 60


@dataclass(frozen=True)
class CatalogueEntry:
    """code: stable.  sentence: Chinese, without full stop, {limit} to be filled in.  remedy: what to do."""

    code: str
    name: str
    sentence: str
    remedy: str


@dataclass(frozen=True)
class Finding:
    """What a check of one value found.  name: of the catalogue entry.  limit: goes into its sentence."""

    name: str
    limit: str = ""


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with a record.

    data_set: number of the set, 0 before it is known.  field: wire name, "" for the whole record.
    code: in the error catalogue.
    rule: which rule is broken, one Chinese sentence without full stop.  value: what stood there, shortened;
    hidden when the field is not public, since a refusal is stored and shown.
    """

    data_set: int
    field: str
    code: str
    rule: str
    value: str

    def __str__(self) -> str:
        where = (f"数据集 {self.data_set} " if self.data_set else "") + (
            f"{self.field} " if self.field else ""
        )
        return f"{where}{self.rule}{self.value_note}〔{self.code}〕"

    @property
    def value_note(self) -> str:
        """Return the value in brackets, "" when there is none."""
        return f"（收到 {self.value}）" if self.value else ""

    @property
    def remedy(self) -> str:
        """Return what to do, one Chinese sentence without full stop."""
        return by_code()[self.code].remedy


def fault(no: int, field: str, finding: Finding, shown: str = "") -> Fault:
    """Word a finding."""
    entry = catalogue()[finding.name]
    return Fault(no, field, entry.code, entry.sentence.format(limit=finding.limit), shown)


def shown(value: object) -> str:
    """Shorten a value for a person's eye; control characters become visible."""
    return repr(value)[:VALUE_SHOWN_CHARACTERS]


@cache
def catalogue() -> dict[str, CatalogueEntry]:
    """Return the error catalogue by name."""
    with (files(__package__) / "errors.csv").open(encoding="utf-8") as table:
        return {row["name"]: CatalogueEntry(**row) for row in csv.DictReader(table)}


@cache
def by_code() -> dict[str, CatalogueEntry]:
    """Return the error catalogue by code."""
    return {entry.code: entry for entry in catalogue().values()}
