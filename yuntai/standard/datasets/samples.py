"""One valid, dull record of each data set: the examples of the published pages, and what tests start from."""

from datetime import date

from yuntai.standard.code_lists import REGIONS, code_list
from yuntai.standard.datasets.definitions import DATA_KEY, Field, data_set
from yuntai.standard.datasets.field_types import Kind
from yuntai.standard.identifiers import credit_code
from yuntai.standard.identifiers.unified_code import UnifiedCode

PLATFORM = credit_code.make("320700", 9001)
"""Credit code of the made-up operator who submits the examples."""

SYSTEM_NO = "S001"

_BY_NAME = {
    "PROJECT_CODE": "E3207000001000042",
    "TENDER_PROJECT_CODE": "E3207000001000042001",
    "BID_SECTION_CODE": "E3207000001000042001001",
    "BID_SECTION_CODES": "E3207000001000042001001",
    "TRADE_PLAT": "E3207000001",
    "PUB_SERVICE_PLAT": "E3207000000",
    "PUB_SERVICE_PLAT_CODE": credit_code.make("320700", 9000),
}
_BY_FORMAT = {
    "credit": PLATFORM,
    "body": PLATFORM,
    "unified": str(UnifiedCode("A02", PLATFORM, date(2026, 3, 2), 15)),
    "invest": "2026-320700-48-01-123456",
    "url": "https://ggzy.example.gov.cn/notice/1",
}


def sample(no: int) -> dict[str, str]:
    """Return a valid record of set `no` with every field filled.

    :raises UnknownDataSet: there is no such set.
    """
    return {field.name: _value(field) for field in data_set(no).fields}


def sample_key(no: int, serial: int = 1) -> str:
    """Return a DATA_KEY of set `no`."""
    head = f"{SYSTEM_NO}{no}"
    return f"{head}{serial:0{22 - len(head)}d}"


def sample_object(no: int) -> str:
    """Return the code of the object that `sample(no)` is about."""
    name = data_set(no).object
    return sample_key(no) if name == DATA_KEY else sample(no)[name]


def _value(field: Field) -> str:
    form = field.field_type
    named = _BY_NAME.get(field.name, "")
    if named and len(named) <= form.length and (form.kind != "fixed" or len(named) == form.length):
        return named
    if field.codes == REGIONS:
        return "320706"
    return _BY_FORMAT.get(field.format) or _listed(field) or _plain(field)


def _listed(field: Field) -> str:
    codes = [code.code for code in code_list(field.codes).codes] if field.codes else []
    return next((code for code in codes if len(code) <= field.field_type.length), "")


def _plain(field: Field) -> str:
    form = field.field_type
    plain: dict[Kind, str] = {
        "instant": "20260302090000",
        "day": "20260302",
        "number": "1.5" if form.decimals else "1",
        "fixed": f"{1:0{form.length}d}",
        "up to": f"{field.chinese}示例"[: form.length],
        "text": f"{field.chinese}示例",
    }
    return plain[form.kind]
