"""All checks, in the order of the requirements.  One file a group."""

from yuntai.conformance.check import Check
from yuntai.conformance.checks import (
    documents,
    equality,
    exchange,
    handing_in,
    interface,
    notice,
    openings,
    results,
    safety,
    secrecy,
)

CHECKS: tuple[Check, ...] = (
    *interface.CHECKS,
    *safety.CHECKS,
    *exchange.CHECKS,
    *equality.CHECKS,
    *notice.CHECKS,
    *documents.CHECKS,
    *secrecy.CHECKS,
    *handing_in.CHECKS,
    *openings.CHECKS,
    *results.CHECKS,
)
