"""Compiles the check of one field's value: its type, then its code list and its format."""

import re
import unicodedata
from collections.abc import Callable
from datetime import datetime

from yuntai.standard.code_lists import REGIONS, code_list
from yuntai.standard.datasets.definitions import Field
from yuntai.standard.datasets.errors import Finding
from yuntai.standard.datasets.field_types import FieldType
from yuntai.standard.identifiers import credit_code, id_number, invest_code, unified_code
from yuntai.standard.identifiers.unified_code import BadUnifiedCode

SEPARATOR = ";"
BODY_CODE_CHARACTERS = 18

Check = Callable[[str], Finding | None]
"""Takes a value, returns what is wrong with it or None."""

# What XML 1.0 cannot carry, and half characters that no system can store.
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?", re.ASCII)
_ADDRESS = re.compile(r"https?://[^\s/][^\s]*")
_REGION = re.compile(r"[0-9]{6}", re.ASCII)


def value_check(field: Field) -> Check:
    """Compile the check of a field's value, blank values included."""
    blank = Finding("missing" if field.required else "empty")
    inner = _many(field) if field.many else _one(field)

    def check(value: str) -> Finding | None:
        return inner(value) if value.strip() else blank

    return check


def _one(field: Field) -> Check:
    return _in_order([_typed(field), *_meant(field)])


def _many(field: Field) -> Check:
    """Check the whole against the type, except that Cn and Nn,m are the form of each value."""
    each_typed = field.field_type.kind not in {"up to", "text"}
    whole = [] if each_typed else [_typed(field)]
    each = _in_order([_typed(field), *_meant(field)] if each_typed else _meant(field))

    def check(value: str) -> Finding | None:
        for part in value.split(SEPARATOR):
            finding = each(part) if part.strip() else Finding("repeated-separator")
            if finding is not None:
                return finding
        return None

    return _in_order([*whole, _offering_narrow(check)])


def _in_order(checks: list[Check]) -> Check:
    if len(checks) == 1:
        return checks[0]

    def check(value: str) -> Finding | None:
        for each in checks:
            finding = each(value)
            if finding is not None:
                return finding
        return None

    return check


def _offering_narrow(check: Check) -> Check:
    """Let `check` offer the half-width form of a value that is wrong only for being full-width."""

    def checked(value: str) -> Finding | None:
        finding = check(value)
        if finding is None or value.isascii():
            return finding
        narrow = unicodedata.normalize("NFKC", value)
        return Finding("full-width", narrow) if narrow != value and check(narrow) is None else finding

    return checked


def _typed(field: Field) -> Check:
    form = field.field_type
    match form.kind:
        case "fixed":
            return _characters(form, exact=True)
        case "number":
            return _offering_narrow(_number(field))
        case "instant" | "day":
            return _offering_narrow(_date(form))
    return _characters(form, exact=False)


def _characters(form: FieldType, *, exact: bool) -> Check:
    length, limit = form.length, str(form.length)
    wrong = Finding("wrong-length" if exact else "too-long", limit)
    search = _CONTROL.search

    def check(value: str) -> Finding | None:
        if len(value) > length or (exact and len(value) != length):
            return wrong
        # Nothing that the pattern looks for is printable, and isprintable is twice as quick.
        control = None if value.isprintable() else search(value)
        return Finding("control-character", str(control.start() + 1)) if control else None

    return check


def _number(field: Field) -> Check:
    form = field.field_type
    # A number that is a code ("010") keeps its zeros; any other has one written form of its whole part.
    whole = rf"[0-9]{{1,{form.length}}}" if field.codes else rf"(0|[1-9][0-9]{{0,{form.length - 1}}})"
    fraction = rf"(\.[0-9]{{1,{form.decimals}}})?" if form.decimals else ""
    fits = re.compile(f"{'-?' if field.negative else ''}{whole}{fraction}", re.ASCII).fullmatch
    limit = form.chinese + ("，可为负" if field.negative else "，不得为负")

    def check(value: str) -> Finding | None:
        if fits(value):
            return None
        form_is_right = _NUMBER.fullmatch(value) and (field.negative or value[0] != "-")
        return Finding("too-many-digits" if form_is_right else "not-a-number", limit)

    return check


def _date(form: FieldType) -> Check:
    fits = re.compile(rf"[0-9]{{{form.length}}}", re.ASCII).fullmatch
    written = "yyyyMMddHHmmss" if form.kind == "instant" else "yyyyMMdd"

    def check(value: str) -> Finding | None:
        if not fits(value):
            return Finding("date-form", written)
        clock = (value[8:10], value[10:12], value[12:14]) if form.kind == "instant" else ("0", "0", "0")
        hour, minute, second = map(int, clock)
        try:
            datetime(int(value[:4]), int(value[4:6]), int(value[6:8]), hour, minute, second)  # noqa: DTZ001 — only asked whether it exists
        except ValueError:
            return Finding("no-such-date", "公历")
        return None

    return check


def _meant(field: Field) -> list[Check]:
    """Return the checks of what a value means: code list and format."""
    checks: list[Check] = []
    if field.codes == REGIONS:
        checks.append(_region)
    elif field.codes and code_list(field.codes).closed:
        checks.append(_in_list(field.codes))
    if field.format:
        checks.append(_FORMATS[field.format])
    return [_offering_narrow(check) for check in checks]


def _in_list(name: str) -> Check:
    known = frozenset(code.code for code in code_list(name).codes)
    wrong = Finding("not-in-list", name)
    return lambda value: None if value in known else wrong


def _region(value: str) -> Finding | None:
    return None if _REGION.fullmatch(value) else Finding("bad-region")


def _credit(value: str) -> Finding | None:
    return None if credit_code.is_valid(value) else Finding("bad-credit-code")


def _body(value: str) -> Finding | None:
    """Only a code of 18 characters has a check character to look at: others are of other registers."""
    right = len(value) != BODY_CODE_CHARACTERS or credit_code.is_valid(value) or id_number.is_valid(value)
    return None if right else Finding("bad-body-code")


def _unified(value: str) -> Finding | None:
    try:
        unified_code.parse(value)
    except BadUnifiedCode as error:
        return Finding("bad-unified-code", error.reason)
    return None


def _invest(value: str) -> Finding | None:
    return None if invest_code.is_valid(value) else Finding("bad-invest-code")


def _address(value: str) -> Finding | None:
    return None if _ADDRESS.fullmatch(value) else Finding("bad-address")


_FORMATS: dict[str, Check] = {
    "credit": _credit,
    "body": _body,
    "unified": _unified,
    "invest": _invest,
    "url": _address,
}
