"""Reads the definitions of the data sets: sets/<no>-<NAME>.toml, families.toml, common.toml."""

import tomllib
from collections.abc import Iterator
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict

from yuntai.standard.code_lists import code_list
from yuntai.standard.datasets.field_types import FieldType, field_type

DATA_KEY = "DATA_KEY"
"""Object of a record about a person: its own key, so that no identity number stands in an envelope."""

Openness = Literal["公开", "授权", "不公开"]
Format = Literal["unified", "credit", "body", "invest", "url", ""]


class UnknownDataSet(KeyError):
    """The standard has no data set of that number."""

    def __str__(self) -> str:
        return str(self.args[0])


class _Definition(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _known_list(name: str) -> str:
    if name:
        code_list(name)
    return name


class Field(_Definition):
    """A field.  name: on the wire, spelling errors of the specification included.

    codes: name of its code list, "" for none.
    format: unified (统一交易标识码), credit (统一社会信用代码), body (code of any subject), invest, url.
    many: several values, separated by ";".
    negative: a number below zero is possible.
    provincial: one province added it to a national set; optional here.
    openness: "" for that of the set.
    """

    name: str
    chinese: str
    type: Annotated[str, AfterValidator(lambda written: str(field_type(written)))]
    required: bool = False
    codes: Annotated[str, AfterValidator(_known_list)] = ""
    format: Format = ""
    many: bool = False
    negative: bool = False
    provincial: bool = False
    openness: Openness | Literal[""] = ""

    @cached_property
    def field_type(self) -> FieldType:
        return field_type(self.type)


class Family(_Definition):
    """What the data sets of one kind of trade share, all Chinese; the keys are explained in families.toml."""

    chinese: str
    owner: str
    basis: str
    purpose: str
    openness: Openness
    retention: str
    source: str


class DataSet(_Definition):
    """A data set.

    object: the field that names the object a record is about, or DATA_KEY.
    key: fields that never change once uploaded.  unique: lists of fields, unique together.
    unseen_rules: rules that a source names without content; not checked.
    open_after: step of the trade before which nothing of it may be shown, "" when public from the start.
    fields: the common ones first.
    """

    no: int
    name: str
    chinese: str
    family: str
    object: str
    key: tuple[str, ...] = ()
    unique: tuple[tuple[str, ...], ...] = ()
    unseen_rules: tuple[str, ...] = ()
    openness: Openness
    open_after: str = ""
    fields: tuple[Field, ...]
    common: tuple[str, ...]

    @property
    def traits(self) -> Family:
        return families()[self.family]

    @property
    def own_fields(self) -> tuple[Field, ...]:
        """Return the fields without the common ones."""
        return self.fields[len(self.common) :]

    def field(self, name: str) -> Field | None:
        return next((field for field in self.fields if field.name == name), None)

    def openness_of(self, field: Field) -> Openness:
        return field.openness or self.openness


@cache
def numbers() -> tuple[int, ...]:
    """Return the numbers of all data sets, ascending."""
    return tuple(sorted(_files()))


@cache
def data_set(no: int) -> DataSet:
    """Return the data set of that number.

    :raises UnknownDataSet: there is none.
    """
    if no not in _files():
        raise UnknownDataSet(f"接口标准没有编号为 {no} 的数据集，请按已公布的数据集目录填写。")
    definition = _read(_files()[no])
    common = tuple(_common_fields(definition["family"]))
    own = tuple(Field(name=name, **row) for name, row in definition.pop("fields").items())
    return DataSet(**definition, fields=(*common, *own), common=tuple(field.name for field in common))


def data_sets() -> Iterator[DataSet]:
    """Yield all data sets by number."""
    return (data_set(no) for no in numbers())


@cache
def families() -> dict[str, Family]:
    """Return the families by name."""
    return {name: Family(**row) for name, row in _read(_here() / "families.toml").items()}


def _common_fields(family: str) -> Iterator[Field]:
    common = _read(_here() / "common.toml")
    for group in ("all", "construction") if family.startswith("construction") else ("all",):
        yield from (Field(name=name, **row) for name, row in common[group].items())


@cache
def _files() -> dict[int, Traversable]:
    return {int(entry.name.partition("-")[0]): entry for entry in (_here() / "sets").iterdir()}


def _read(entry: Traversable) -> dict[str, Any]:
    return tomllib.loads(entry.read_text(encoding="utf-8"))


def _here() -> Traversable:
    return files(__package__)
