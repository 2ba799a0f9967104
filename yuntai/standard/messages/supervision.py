"""What a supervision system tells: warnings, and directives that a trading system must obey.

A directive asks for an act, and never is one: the trading system answers TenderSuspended or TenderResumed.
"""

from typing import ClassVar, Literal

from yuntai.standard.fields import (
    ClauseKey,
    Code,
    Instant,
    Line,
    OrganizationCode,
    SystemCode,
    Text,
    Version,
    Word,
)
from yuntai.standard.messages.base import Facts, Message, SystemKind, released


class SupervisionMessage(Message):
    """A message of a supervision system."""

    SPEAKERS: ClassVar[frozenset[SystemKind]] = frozenset({"supervision"})


@released
class WarningRaised(SupervisionMessage):
    """A rule found something in a tender's published record (预警).  A person looks at it next.

    rule, rule_version: the program that raised it.  evidence: what it saw, in words, with the limit.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["supervision.warning.raised.v1"] = "supervision.warning.raised.v1"
    warning_id: Code
    tender_code: Code
    rule: Word
    rule_version: Version
    level: Literal["notice", "warning", "serious"]
    clause: ClauseKey
    evidence: Text
    raised_at: Instant


class DirectiveFacts(Facts):
    """Who directs what, on which tender and by which clause.  directed_by: the official's name."""

    directive_id: Code
    tender_code: Code
    target_system: SystemCode
    authority_code: OrganizationCode
    authority_name: Line
    clause: ClauseKey
    reason: Text
    directed_by: Line
    directed_at: Instant


@released
class SuspensionDirected(SupervisionMessage, DirectiveFacts):
    """An authority directs a trading system to suspend a tender (监督指令：暂停)."""

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["supervision.directive.suspend.v1"] = "supervision.directive.suspend.v1"


@released
class ResumptionDirected(SupervisionMessage, DirectiveFacts):
    """An authority directs a trading system to let a suspended tender go on (监督指令：恢复).

    lifted_directive_id: the suspension it lifts; another one that stands is not touched.
    """

    SUBJECT_FIELD: ClassVar[str] = "tender_code"

    type: Literal["supervision.directive.resume.v1"] = "supervision.directive.resume.v1"
    lifted_directive_id: Code
