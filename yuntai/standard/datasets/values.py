"""Reads the text of a valid record as Python values: Decimal, aware datetime, date, str."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

from yuntai.standard.datasets.definitions import Field, data_set

Value = str | Decimal | date | datetime

BEIJING = timezone(timedelta(hours=8))


def typed(no: int, fields: Mapping[str, str]) -> dict[str, Value]:
    """Return the values of a record.  Numbers are Decimal unless they are codes; D14 is Beijing time.

    Precondition: `validate(no, fields)` found nothing.

    :raises UnknownDataSet: there is no such set.
    """
    known = {field.name: field for field in data_set(no).fields}
    return {name: _value(known[name], text) for name, text in fields.items()}


def instant_text(instant: datetime) -> str:
    """Write an aware instant as D14."""
    return instant.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")


def _value(field: Field, text: str) -> Value:
    match field.field_type.kind:
        case "number" if not field.codes:
            return Decimal(text)
        case "day":
            return _instant(text + "000000").date()
        case "instant":
            return _instant(text)
    return text


def _instant(text: str) -> datetime:
    return datetime.strptime(text + "+0800", "%Y%m%d%H%M%S%z")
