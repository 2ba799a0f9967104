"""Reports of the sandbox's testing body, made up: the defaults are good."""

from datetime import date, timedelta
from typing import Any

from yuntai.conformance.check import Evidence, Outcome, State
from yuntai.conformance.checks import CHECKS
from yuntai.conformance.description import Description
from yuntai.conformance.report import Certificate, Report, SignedReport, build, signed
from yuntai.publicservice.tests.factories import KEYS, NOW
from yuntai.trust import signing
from yuntai.trust.base64url import base64url

BODY_KEY = bytes(range(64, 96))
LOOK = Evidence(
    "GET http://localhost:8010/api/v1/tenders", "HTTP 200 application/json", "不登录即可读取", True
)
VALID_UNTIL = date(2029, 3, 21)


def report(
    code: str = "trading-construction",
    *,
    number: str = "CTS-EBS01-2026-001",
    level: int = 2,
    valid_until: date = VALID_UNTIL,
    failed: str = "",
    system_key: bytes = b"",
    **changes: Any,
) -> Report:
    """Return a report.  failed: key of a check that failed.  system_key: private, else of the factories."""
    system = Description.model_validate(
        {
            "standard": {"name": "yuntai-trading-system", "version": "1"},
            "code": code,
            "title": "工程建设交易系统",
            "industry": "construction",
            "operator": {"name": "演示运营机构"},
            "signing_key": base64url(signing.public_key(system_key or KEYS[code])),
            "addresses": {},
        }
    )
    outcomes = [
        (check, Outcome(State.FAILED, "不符合：不登录即可读取。", (LOOK,)))
        if check.key == failed
        else (check, Outcome(State.PASSED, "", (LOOK,)))
        for check in CHECKS
    ]
    made = build(
        system=system,
        url="http://localhost:8010",
        outcomes=outcomes,
        tester="连云港电子交易检测中心（演示）",
        began_at=NOW - timedelta(hours=1),
        ended_at=NOW,
        certificate=Certificate(number=number, level=level, valid_until=valid_until),
    )
    return made.model_copy(update=changes)


def signed_report(
    code: str = "trading-construction", *, key: bytes = BODY_KEY, **changes: Any
) -> SignedReport:
    """Return a signed report."""
    return signed(report(code, **changes), key)
