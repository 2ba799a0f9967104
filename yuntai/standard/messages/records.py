"""Records: rows of the national data sets, told by any connected system, beside the events of the others.

What a record must hold, its data set says (yuntai.standard.datasets); here is how it travels.
"""

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from yuntai.standard.datasets import Fault, UnknownDataSet, data_set, validate
from yuntai.standard.datasets.definitions import DATA_KEY
from yuntai.standard.datasets.errors import Finding, fault, shown
from yuntai.standard.fields import Line, Sha256, UuidText, WebAddress
from yuntai.standard.messages.base import Facts, Message, SystemKind, released
from yuntai.standard.messages.problems import ManyProblems, Problem

DATA_KEY_CHARACTERS = 22

DataKey = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{4}[0-9]{18}$")]
"""Key of a record: system number (4), data set number (3 or 4), serial."""

ObjectCode = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f]{1,100}$")]
"""Code of the object a record is about, as its data set writes it."""

MediaType = Annotated[str, StringConstraints(pattern=r"^[a-z]+/[a-z0-9.+-]{1,100}$")]


class AttachmentFacts(Facts):
    """A file of a record, named by its hash; the file itself does not travel in the message.

    url: where it can be fetched, "" when on request only.
    """

    name: Line
    media_type: MediaType
    sha256: Sha256
    size_bytes: int = Field(ge=0, le=2**40)
    url: WebAddress = ""


class RecordMessage(Message):
    """What every message with a record of a data set carries.

    data_set: its number, 501.  data_key: names the record for good.
    object_code: the value of the field that the data set calls its object; data_key where it says DATA_KEY.
    fields: wire name to text, the common fields among them; a change carries the whole record again.
    A deletion carries neither fields nor attachments.
    """

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"trading", "connected"})
    SUBJECT_FIELD: ClassVar[str] = "object_code"

    data_set: int = Field(ge=1, le=9999)
    action: Literal["add", "change", "delete"]
    data_key: DataKey
    object_code: ObjectCode
    fields: dict[str, str] = Field(default_factory=dict, max_length=200)
    attachments: tuple[AttachmentFacts, ...] = Field(default=(), max_length=100)

    @model_validator(mode="after")
    def _fits_its_data_set(self) -> Self:
        if problems := tuple(_problem(each) for each in _faults(self)):
            raise ManyProblems(problems)
        return self


@released
class RecordSubmitted(RecordMessage):
    """A record of a data set was added, changed or deleted (数据集记录：新增、修改、删除)."""

    type: Literal["exchange.record.submitted.v1"] = "exchange.record.submitted.v1"


@released
class RecordCorrected(RecordMessage):
    """A record as it should have been, in place of one that was told wrongly (更正); the platform shows both.

    corrects: msg_id of the message with the wrong record, of the same system and the same record.
    reason: what was wrong, for everyone to read.
    """

    type: Literal["exchange.record.corrected.v1"] = "exchange.record.corrected.v1"
    corrects: UuidText
    reason: Line


def _faults(record: RecordMessage) -> Iterator[Fault]:
    no = record.data_set
    try:
        named = data_set(no).object
    except UnknownDataSet:
        yield fault(no, "", Finding("unknown-data-set", str(no)))
        return
    if re.match(rf"[0-9A-Z]{{4}}{no}", record.data_key) is None:
        yield fault(no, DATA_KEY, Finding("bad-data-key"), shown(record.data_key))
    if record.action == "delete":
        if record.fields or record.attachments:
            yield fault(no, "", Finding("delete-has-content"))
        return
    yield from validate(no, record.fields)
    told = record.data_key if named == DATA_KEY else record.fields.get(named)
    if told is not None and told != record.object_code:
        yield fault(no, "object_code", Finding("object-differs", named), shown(record.object_code))


def _problem(wrong: Fault) -> Problem:
    """Word a fault as the problem of a message: field, data set, rule, value and code."""
    outside = {DATA_KEY: "data_key", "object_code": "object_code", "": ""}
    return Problem(
        field=outside.get(wrong.field, f"fields.{wrong.field}"),
        rule=f"数据集 {wrong.data_set} {wrong.rule}〔{wrong.code}〕",
        value=wrong.value,
    )
