"""Types of the fields of messages: what a code, an instant or a hash looks like on the wire, said once.

Each type has exactly one written form, so that reading and writing a message gives the same bytes again.
"""

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Annotated

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BeforeValidator,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from yuntai.standard.identifiers import credit_code, unified_code

_INSTANT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.(?!000000)[0-9]{6})?Z", re.ASCII
)
_POINTS = re.compile(r"(0|[1-9][0-9]{0,3})\.[0-9]{2}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def _read_instant(value: object) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        return datetime.fromisoformat(value)
    raise ValueError("时刻须写作世界协调时，如 2026-03-02T01:00:00Z")


def _read_day(value: object) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DAY.fullmatch(value):
        return date.fromisoformat(value)
    raise ValueError("日期须写作 2026-03-02")


def _read_points(value: object) -> Decimal:
    text = f"{value:f}" if isinstance(value, Decimal) else value
    if not isinstance(text, str) or not _POINTS.fullmatch(text):
        raise ValueError("得分须写两位小数，如 97.25")
    return Decimal(text)


def instant_text(instant: datetime) -> str:
    """Write an aware instant as messages do: UTC, with microseconds only when there are any."""
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _check_credit_code(code: str) -> str:
    if why := credit_code.why_invalid(code):
        raise ValueError(why)
    return code


def _check_unified_code(code: str) -> str:
    return str(unified_code.parse(code))


def _check_credit_code_or_empty(code: str) -> str:
    return _check_credit_code(code) if code else code


Instant = Annotated[
    AwareDatetime,
    BeforeValidator(_read_instant),
    AfterValidator(lambda instant: instant.astimezone(UTC)),
    PlainSerializer(instant_text, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{_INSTANT.pattern}$"}),
]
"""An instant: any aware datetime in Python, UTC text ending in Z in JSON."""

Day = Annotated[date, BeforeValidator(_read_day)]
"""A day in Shanghai, "2026-03-02"."""

Code = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{0,49}$")]
"""A code of a project, tender, lot or contract: 1-50 letters, digits and hyphens; other vendors' too."""

CodeOrEmpty = Annotated[str, StringConstraints(pattern=r"^([0-9A-Za-z][0-9A-Za-z-]{0,49})?$")]

OrganizationCode = Annotated[str, AfterValidator(_check_credit_code), Field(min_length=18, max_length=18)]
"""An organization's 统一社会信用代码, check character verified."""

OrganizationCodeOrEmpty = Annotated[str, AfterValidator(_check_credit_code_or_empty), Field(max_length=18)]

SystemCode = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{1,49}$")]
"""A connected system: "trading-construction"."""

Word = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9._-]{0,49}$")]
"""A word of a published list: an industry, a procedure, a role, a rule."""

WordOrEmpty = Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9._-]{0,49})?$")]

Version = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z.-]{0,19}$")]

RegionCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{6}$")]

RegionCodeOrEmpty = Annotated[str, StringConstraints(pattern=r"^([0-9]{6})?$")]

ClauseKey = Annotated[str, StringConstraints(pattern=r"^([a-z0-9-]+/[0-9][0-9.]*)?$")]
"""The clause of law behind an act, as "tendering/24"; "" when there is none."""

UuidText = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

EnvelopeId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]

Base64Url = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z_-]*$", max_length=200)]
"""Bytes in base64url without padding: keys and signatures."""

CertificateText = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z+/]*={0,2}$", max_length=8000)]
"""An X.509 certificate, DER in base64; "" when there is none."""

UnifiedCodeText = Annotated[str, AfterValidator(_check_unified_code), Field(min_length=40, max_length=40)]
"""A 统一交易标识码 with hyphens, check character verified."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\r\n\x00]+$")]
"""One line of text: a title or a name."""

LineOrEmpty = Annotated[str, StringConstraints(max_length=200, pattern=r"^[^\r\n\x00]*$")]

Text = Annotated[str, StringConstraints(max_length=100_000, pattern=r"^[^\x00]*$")]

WebAddress = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s]{1,500})?$")]
"""Where the public reads it, "" when nowhere yet."""

PointsText = Annotated[
    Decimal,
    BeforeValidator(_read_points),
    PlainSerializer(lambda points: f"{points:f}", return_type=str),
    WithJsonSchema({"type": "string", "pattern": f"^{_POINTS.pattern}$"}),
]
"""Points of an evaluation: text with two decimals in JSON."""
