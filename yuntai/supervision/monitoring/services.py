"""What supervision does: warnings by rule, and what a supervisor decides about them.

A directive asks the trading system for an act; the act itself is done there, by its own rule, or not at all.
Locks in one order: tender, warning.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.outbox.services import publish
from yuntai.standard.messages import (
    ResumptionDirected,
    SuspensionDirected,
    TenderNoticePublished,
    WarningRaised,
)
from yuntai.supervision.intake.models import WatchedNotice, WatchedTender
from yuntai.supervision.monitoring.models import Directive, DirectiveKind, Dismissal, TenderWarning
from yuntai.supervision.permissions import POLICY, Permission
from yuntai.supervision.rules import RULES, Rule

DIRECTIVE_CLAUSE = "etendering/52"
# One line of this length is what the trading system's own answer can carry (TenderSuspended.reason).
REASON_AT_MOST = 200


class WarningNotFound(NotFound):
    """No warning has that number."""

    code = "warning-not-found"


class DirectiveNotFound(NotFound):
    """No directive has that number."""

    code = "directive-not-found"


class ReasonMissing(DomainError):
    """A decision came without its reason."""

    code = "reason-missing"
    status = 422


class ReasonTooLong(DomainError):
    """The reason does not fit into the messages that carry it."""

    code = "reason-too-long"
    status = 422


class WarningAlreadyHandled(DomainError):
    """The warning was dismissed, or a suspension that rests on it stands or stood."""

    code = "warning-already-handled"


class TenderAlreadySuspended(DomainError):
    """A suspension is in force that this authority has not lifted."""

    code = "tender-already-suspended"


class TenderHasEnded(DomainError):
    """Nothing can be suspended or resumed in a tender that has ended."""

    code = "tender-has-ended"


class NothingToLift(DomainError):
    """The directive is no suspension, or it was lifted before."""

    code = "nothing-to-lift"


@dataclass(frozen=True)
class Decision:
    """A supervisor's decision.  reason: checked by `reason_of`."""

    caller: Caller
    reason: str
    now: datetime


def raise_warnings(*, message: TenderNoticePublished, notice: WatchedNotice, now: datetime) -> None:
    """Hold every rule against a notice; raise and publish a warning once per tender, rule and notice."""
    for rule in RULES:
        evidence = rule.check(message)
        if evidence:
            with transaction.atomic():
                _raise_once(rule, evidence, notice, now)


def _raise_once(rule: Rule, evidence: str, notice: WatchedNotice, now: datetime) -> None:
    warning, is_new = TenderWarning.objects.get_or_create(
        tender=notice.tender,
        rule=rule.code,
        notice=notice,
        defaults={
            "warning_id": str(uuid4()),
            "rule_version": rule.version,
            "level": rule.level,
            "clause": rule.clause,
            "evidence": evidence,
            "raised_at": now,
        },
    )
    if not is_new:
        return
    system = Caller.system(settings.SYSTEM_CODE, settings.SYSTEM_TITLE)
    record(caller=system, act="raise-warning", subject=warning, before="", now=now)
    publish(
        WarningRaised(
            occurred_at=now,
            warning_id=warning.warning_id,
            tender_code=notice.tender.tender_code,
            rule=rule.code,
            rule_version=rule.version,
            level=rule.level.value,
            clause=rule.clause,
            evidence=evidence,
            raised_at=now,
        ),
        now=now,
    )


def dismiss_warning(*, warning_id: str, reason: str, caller: Caller, now: datetime) -> Dismissal:
    """Close a warning without a measure, for a reason that stays on record.

    :raises Forbidden: the caller is no supervisor of this authority.
    :raises WarningNotFound, WarningAlreadyHandled, ReasonMissing, ReasonTooLong: see each.
    """
    caller = caller.acting_as(POLICY[Permission.DISMISS_WARNING])
    reason = reason_of(reason, act="结案")
    with transaction.atomic():
        warning = _undismissed_warning(warning_id)
        if warning.suspensions.exists():
            raise WarningAlreadyHandled(
                "这条预警已据此责令暂停，不能再说明理由结案。请查看预警页的处理记录。"
            )
        dismissal = Dismissal.objects.create(
            warning=warning,
            reason=reason,
            dismissed_by_id=caller.person_id,
            dismissed_by_name=caller.person_name,
            dismissed_at=now,
        )
        record(caller=caller, act="dismiss-warning", subject=dismissal, before="", now=now)
    return dismissal


def direct_suspension(*, warning_id: str, reason: str, caller: Caller, now: datetime) -> Directive:
    """Direct the tender's trading system to suspend it, on the ground of a warning.

    The same warning may be the ground again once its earlier suspension was lifted.

    :raises Forbidden: the caller is no supervisor of this authority.
    :raises WarningNotFound, WarningAlreadyHandled, ReasonMissing, ReasonTooLong: see each.
    :raises TenderHasEnded, TenderAlreadySuspended: there is nothing left to suspend.
    """
    caller = caller.acting_as(POLICY[Permission.DIRECT_SUSPENSION])
    decision = Decision(caller, reason_of(reason, act="责令暂停"), now)
    with transaction.atomic():
        warning = _undismissed_warning(warning_id)
        _refuse_if_ended(warning.tender)
        standing = Directive.objects.filter(
            tender=warning.tender, kind=DirectiveKind.SUSPEND, lifted_by=None
        ).first()
        if standing is not None and standing.warning_id == warning.pk:
            raise WarningAlreadyHandled(
                f"已据这条预警责令暂停（指令 {standing}），尚未准予恢复，不能再次责令。"
                "请查看预警页的处理记录。"
            )
        if standing is not None:
            raise TenderAlreadySuspended(
                f"{warning.tender} 已被责令暂停（指令 {standing}），尚未恢复，不必再次责令。"
                "本条预警请在说明理由后结案。"
            )
        directive = _direct(decision, kind=DirectiveKind.SUSPEND, tender=warning.tender, warning=warning)
        publish(SuspensionDirected(**_told(directive)), now=now)
    return directive


def direct_resumption(*, directive_id: str, reason: str, caller: Caller, now: datetime) -> Directive:
    """Direct the trading system to let a tender go on that `directive_id` suspended.

    :raises Forbidden: the caller is no supervisor of this authority.
    :raises DirectiveNotFound, ReasonMissing, ReasonTooLong: see each.
    :raises TenderHasEnded, NothingToLift: the suspension no longer stands.
    """
    caller = caller.acting_as(POLICY[Permission.DIRECT_RESUMPTION])
    decision = Decision(caller, reason_of(reason, act="准予恢复"), now)
    with transaction.atomic():
        suspension = Directive.objects.filter(directive_id=directive_id).first()
        if suspension is None:
            raise DirectiveNotFound(f"没有编号为 {directive_id} 的监督指令，请从指令清单进入。")
        tender = _locked(suspension.tender_id)
        _refuse_if_ended(tender)
        lifted = Directive.objects.filter(lifts=suspension).exists()
        if suspension.kind != DirectiveKind.SUSPEND or lifted:
            raise NothingToLift(f"指令 {suspension} 不是有效的暂停指令，或已准予恢复，没有可以恢复的事项。")
        directive = _direct(decision, kind=DirectiveKind.RESUME, tender=tender, lifts=suspension)
        publish(ResumptionDirected(**_told(directive), lifted_directive_id=suspension.directive_id), now=now)
    return directive


def reason_of(text: str, *, act: str) -> str:
    """Return `text` as one line.  act: what is decided, for the refusal.

    :raises ReasonMissing: nothing was written.
    :raises ReasonTooLong: more than 200 characters.
    """
    reason = " ".join(text.split())
    if not reason:
        raise ReasonMissing(f"没有填写理由，未{act}。理由须写明，最多 {REASON_AT_MOST} 字，请填写后再提交。")
    if len(reason) > REASON_AT_MOST:
        raise ReasonTooLong(
            f"理由有 {len(reason)} 字，超过 {REASON_AT_MOST} 字的上限，未{act}。请缩短后再提交。"
        )
    return reason


def _undismissed_warning(warning_id: str) -> TenderWarning:
    """Lock the tender, then the warning, and return the warning if nobody has dismissed it."""
    found = TenderWarning.objects.filter(warning_id=warning_id).first()
    if found is None:
        raise WarningNotFound(f"没有编号为 {warning_id} 的预警，请从预警清单进入。")
    tender = _locked(found.tender_id)
    warning = TenderWarning.objects.select_for_update().get(pk=found.pk)
    warning.tender = tender
    if Dismissal.objects.filter(warning=warning).exists():
        raise WarningAlreadyHandled("这条预警已说明理由后结案，不能再次处理。请查看预警页的处理记录。")
    return warning


def _locked(tender_key: int) -> WatchedTender:
    return WatchedTender.objects.select_for_update().get(pk=tender_key)


def _refuse_if_ended(tender: WatchedTender) -> None:
    if tender.final_status:
        raise TenderHasEnded(f"{tender} 已结束（{tender.get_final_status_display()}），不能再暂停或恢复。")


def _direct(
    decision: Decision, *, kind: DirectiveKind, tender: WatchedTender, **grounds: object
) -> Directive:
    """Keep a directive to the tender's system, with its audit row; the caller holds the tender's lock."""
    directive = Directive.objects.create(
        directive_id=str(uuid4()),
        kind=kind,
        tender=tender,
        target_system=tender.origin,
        authority_code=settings.AUTHORITY_CODE,
        authority_name=settings.AUTHORITY_NAME,
        clause=DIRECTIVE_CLAUSE,
        reason=decision.reason,
        directed_by_id=decision.caller.person_id,
        directed_by_name=decision.caller.person_name,
        directed_at=decision.now,
        **grounds,
    )
    act = "direct-suspension" if kind is DirectiveKind.SUSPEND else "direct-resumption"
    record(caller=decision.caller, act=act, subject=directive, before="", now=decision.now)
    return directive


def _told(directive: Directive) -> dict[str, Any]:
    return {
        "occurred_at": directive.directed_at,
        "directive_id": directive.directive_id,
        "tender_code": directive.tender.tender_code,
        "target_system": directive.target_system,
        "authority_code": directive.authority_code,
        "authority_name": directive.authority_name,
        "clause": directive.clause,
        "reason": directive.reason,
        "directed_by": directive.directed_by_name,
        "directed_at": directive.directed_at,
    }
