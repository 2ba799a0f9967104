"""The report of a run: a JSON document in canonical form, signed by whoever tested."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from yuntai.conformance.check import Check, Outcome, State
from yuntai.conformance.description import Description
from yuntai.conformance.requirements import REQUIREMENTS
from yuntai.standard.canonical import canonical
from yuntai.standard.fields import Day, Instant, SystemCode
from yuntai.trust import signing
from yuntai.trust.base64url import base64url, from_base64url

FORMAT: Literal["yuntai-conformance-report-v1"] = "yuntai-conformance-report-v1"
SUITE = "1"

Short = Annotated[str, StringConstraints(max_length=300, pattern=r"^[^\x00]*$")]
Long = Annotated[str, StringConstraints(max_length=2000, pattern=r"^[^\x00]*$")]
Ending = Literal["passed", "failed", "untestable", "manual"]
WORDS: dict[str, str] = {
    "passed": "符合",
    "failed": "不符合",
    "untestable": "未能检测",
    "manual": "另行检查",
}


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Look(_Part):
    """One look of a check, as `check.Evidence`."""

    request: Long
    came_back: Long
    expected: Long
    good: bool


class CheckResult(_Part):
    """What one check found.  needs: what it had to be given, in Chinese."""

    key: Short
    title: Short
    clause: Short
    needs: tuple[Short, ...]
    state: State
    reason: Long
    evidence: Annotated[tuple[Look, ...], Field(max_length=20)]


class RequirementResult(_Part):
    """One of the 47.  state: failed if a check failed, "manual" when none tests it."""

    number: Short
    articles: Short
    title: Short
    state: Ending
    otherwise: Long
    checks: tuple[CheckResult, ...]


class Certificate(_Part):
    """What the testing body certifies with this report (CTS-EBS01).  level: stars.  valid_until: last day."""

    number: Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z-]{3,49}$")]
    level: Annotated[int, Field(ge=1, le=3, strict=True)]
    valid_until: Day


class System(_Part):
    """Which system was tested.  signing_key: base64url, as it named it."""

    code: SystemCode
    title: Short
    industry: Short
    url: Short
    operator_name: Short
    signing_key: Short


class Report(_Part):
    """The report.  tester: the body's name as it gave it; who it is, the signature says."""

    format: Literal["yuntai-conformance-report-v1"] = FORMAT
    suite: Short = SUITE
    system: System
    tester: Short
    began_at: Instant
    ended_at: Instant
    certificate: Certificate | None = None
    requirements: Annotated[tuple[RequirementResult, ...], Field(min_length=47, max_length=47)]

    def counted(self, state: str) -> int:
        """Return how many checks ended so."""
        return sum(check.state == state for each in self.requirements for check in each.checks)

    @property
    def failed(self) -> tuple[str, ...]:
        """The numbers of the requirements that are not met."""
        return tuple(each.number for each in self.requirements if each.state == "failed")


class SignedReport(_Part):
    """signature: Ed25519 over the canonical report, base64url; with key_id "" when nobody signed."""

    report: Report
    signature: Annotated[str, StringConstraints(max_length=100)]
    key_id: Annotated[str, StringConstraints(max_length=16)]

    def is_signed_by(self, public_key: bytes) -> bool:
        """Return whether the holder of `public_key` signed the report as it stands."""
        try:
            signature = from_base64url(self.signature)
        except ValueError:
            return False
        return signing.is_valid(public_key, canonical(self.report.model_dump(mode="json")), signature)

    def to_bytes(self) -> bytes:
        """Return the file: canonical JSON."""
        return canonical(self.model_dump(mode="json"))


def build(  # noqa: PLR0913 - the facts of a report, all named
    *,
    system: Description,
    url: str,
    outcomes: Iterable[tuple[Check, Outcome]],
    tester: str,
    began_at: datetime,
    ended_at: datetime,
    certificate: Certificate | None = None,
) -> Report:
    """Put the outcomes under their requirements."""
    by_number: dict[str, list[CheckResult]] = {}
    for check, outcome in outcomes:
        by_number.setdefault(check.number, []).append(_result(check, outcome))
    return Report(
        system=System(
            code=system.code,
            title=system.title[:300],
            industry=system.industry[:300],
            url=url,
            operator_name=system.operator.name[:300],
            signing_key=system.signing_key[:300],
        ),
        tester=tester,
        began_at=began_at,
        ended_at=ended_at,
        certificate=certificate,
        requirements=_requirements(by_number),
    )


def signed(report: Report, private_key: bytes | None) -> SignedReport:
    """Sign a report; without a key it goes out unsigned and says so."""
    if private_key is None:
        return SignedReport(report=report, signature="", key_id="")
    signature = signing.sign(private_key, canonical(report.model_dump(mode="json")))
    key_id = signing.key_id(signing.public_key(private_key))
    return SignedReport(report=report, signature=base64url(signature), key_id=key_id)


def _result(check: Check, outcome: Outcome) -> CheckResult:
    looks = tuple(
        Look(request=each.request, came_back=each.came_back, expected=each.expected[:2000], good=each.good)
        for each in outcome.evidence
    )
    return CheckResult(
        key=check.key,
        title=check.title,
        clause=check.clause,
        needs=tuple(need.value for need in check.needs),
        state=outcome.state,
        reason=outcome.reason[:2000],
        evidence=looks,
    )


def _requirements(by_number: dict[str, list[CheckResult]]) -> tuple[RequirementResult, ...]:
    states: dict[str, Ending] = {number: _ending(checks) for number, checks in by_number.items()}
    if "failed" in states.values():  # art. 53: what must not go on is any of the above
        states["D44"] = "failed"
    return tuple(
        RequirementResult(
            number=each.number,
            articles=each.articles,
            title=each.title,
            state=states.get(each.number, "manual"),
            otherwise=each.otherwise,
            checks=tuple(by_number.get(each.number, ())),
        )
        for each in REQUIREMENTS
    )


def _ending(checks: list[CheckResult]) -> Ending:
    found: dict[str, Any] = dict.fromkeys(check.state.value for check in checks)
    endings: tuple[Ending, ...] = ("failed", "untestable", "passed")
    return next(ending for ending in endings if ending in found)
