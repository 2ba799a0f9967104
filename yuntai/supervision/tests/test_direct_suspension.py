"""A supervisor directs a trading system to suspend a tender and to let it go on; it is obeyed there."""

from datetime import timedelta

import pytest
from django.conf import settings

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.standard.messages import ResumptionDirected, SuspensionDirected, parse
from yuntai.supervision.monitoring import queries
from yuntai.supervision.monitoring.models import Directive
from yuntai.supervision.monitoring.queries import DirectiveState, WarningState
from yuntai.supervision.monitoring.services import (
    DirectiveNotFound,
    NothingToLift,
    ReasonMissing,
    TenderAlreadySuspended,
    TenderHasEnded,
    WarningAlreadyHandled,
    direct_resumption,
    direct_suspension,
    dismiss_warning,
)
from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "投标期限只有 19 日，责令改正。"
LATER = make.NOW + timedelta(hours=1)


def suspend(warning_id: str, caller: Caller, reason: str = REASON) -> Directive:
    return direct_suspension(warning_id=warning_id, reason=reason, caller=caller, now=make.NOW)


def lift(directive: Directive, caller: Caller, reason: str = "已改正。") -> Directive:
    return direct_resumption(directive_id=directive.directive_id, reason=reason, caller=caller, now=LATER)


def directives_told() -> list[str]:
    return list(OutboxMessage.objects.filter(type__contains="directive").values_list("type", flat=True))


def test_a_tender_that_runs_again_is_suspended_again_on_the_same_warning(sun: Caller) -> None:
    warning = make.open_warning()
    first = suspend(warning.warning_id, sun)
    lift(first, sun)
    assert queries.warning(warning.warning_id).state == WarningState.LIFTED

    second = direct_suspension(
        warning_id=warning.warning_id, reason="又查实新的问题。", caller=sun, now=LATER + timedelta(hours=1)
    )

    assert queries.warning(warning.warning_id).state == WarningState.DIRECTED
    assert [each.directive_id for each in queries.suspensions_for(warning)] == [
        second.directive_id,
        first.directive_id,
    ]
    kind = "supervision.directive"
    assert directives_told() == [f"{kind}.suspend.v1", f"{kind}.resume.v1", f"{kind}.suspend.v1"]


def test_a_warning_gives_ground_to_one_standing_suspension_only(sun: Caller) -> None:
    warning = make.open_warning()
    suspend(warning.warning_id, sun)

    with pytest.raises(WarningAlreadyHandled):
        suspend(warning.warning_id, sun)

    assert directives_told() == ["supervision.directive.suspend.v1"]


def test_a_warning_whose_suspension_was_lifted_cannot_be_dismissed(sun: Caller) -> None:
    warning = make.open_warning()
    lift(suspend(warning.warning_id, sun), sun)

    with pytest.raises(WarningAlreadyHandled):
        dismiss_warning(warning_id=warning.warning_id, reason="无需处理。", caller=sun, now=LATER)


def test_a_second_suspension_is_answered_by_its_own_number(sun: Caller) -> None:
    warning = make.open_warning()
    code = warning.tender.tender_code
    first = suspend(warning.warning_id, sun)
    make.tell(make.tender_suspended(code, first.directive_id, at=make.NOW))
    lifting = lift(first, sun)
    make.tell(make.tender_resumed(code, lifting.directive_id, at=LATER))
    second = direct_suspension(warning_id=warning.warning_id, reason=REASON, caller=sun, now=LATER)

    states = [each.state for each in queries.directives_of(warning.tender)]
    assert states == [DirectiveState.SENT, DirectiveState.OBEYED, DirectiveState.OBEYED]

    make.tell(make.tender_suspended(code, second.directive_id, at=LATER + timedelta(minutes=1)))
    assert queries.directive(second.directive_id).state == DirectiveState.OBEYED


def test_a_resumption_waits_for_another_suspension_and_is_obeyed_when_the_tender_goes_on(sun: Caller) -> None:
    warning = make.open_warning()
    code = warning.tender.tender_code
    first = suspend(warning.warning_id, sun)
    make.tell(make.tender_suspended(code, first.directive_id, at=make.NOW))
    make.tell(make.tender_suspended(code, "ZL-other", at=make.NOW + timedelta(minutes=1)))

    lifting = queries.directive(lift(first, sun).directive_id)
    assert lifting.state == DirectiveState.SENT
    assert queries.suspensions_beside(lifting) == ["ZL-other"]

    goes_on_at = LATER + timedelta(hours=1)
    make.tell(make.tender_resumed(code, "ZL-other-lifted", at=goes_on_at))
    found = queries.directive(lifting.directive_id)
    assert (found.state, found.obeyed_at) == (DirectiveState.OBEYED, goes_on_at)
    assert queries.suspensions_beside(found) == []


def test_tells_the_tenders_own_trading_system_through_the_platform(sun: Caller) -> None:
    warning = make.open_warning()

    directive = suspend(warning.warning_id, sun)

    sent = OutboxMessage.objects.get(type="supervision.directive.suspend.v1")
    assert sent.destination == "publicservice"
    assert parse(sent.body) == SuspensionDirected(
        occurred_at=make.NOW,
        directive_id=directive.directive_id,
        tender_code=warning.tender.tender_code,
        target_system=make.TRADING,
        authority_code=settings.AUTHORITY_CODE,
        authority_name=settings.AUTHORITY_NAME,
        clause="etendering/52",
        reason=REASON,
        directed_by="孙监督",
        directed_at=make.NOW,
    )
    assert queries.warning(warning.warning_id).state == WarningState.DIRECTED


def test_leaves_an_audit_entry(sun: Caller) -> None:
    directive = suspend(make.open_warning().warning_id, sun)

    entry = AuditEntry.objects.get(act="direct-suspension")
    assert (entry.person_id, entry.role) == (sun.person_id, "supervisor")
    assert entry.object_id == directive.directive_id


def test_is_obeyed_when_the_trading_system_says_so(sun: Caller) -> None:
    directive = suspend(make.open_warning().warning_id, sun)
    code = directive.tender.tender_code
    assert queries.directive(directive.directive_id).state == DirectiveState.SENT

    make.tell(make.tender_suspended(code, directive.directive_id, at=LATER))

    found = queries.directive(directive.directive_id)
    assert (found.state, found.obeyed_at) == (DirectiveState.OBEYED, LATER)


@pytest.mark.parametrize("told", ["", "another-directive"])
def test_is_not_obeyed_by_a_suspension_for_another_reason(sun: Caller, told: str) -> None:
    directive = suspend(make.open_warning().warning_id, sun)

    make.tell(make.tender_suspended(directive.tender.tender_code, told, at=LATER))

    assert queries.directive(directive.directive_id).state == DirectiveState.SENT


def test_is_not_obeyed_because_another_system_says_so(sun: Caller) -> None:
    directive = suspend(make.open_warning().warning_id, sun)
    answer = make.tender_suspended(directive.tender.tender_code, directive.directive_id, at=LATER)

    make.tell(answer, origin=make.FOREIGN)

    assert queries.directive(directive.directive_id).state == DirectiveState.SENT


def test_refuses_without_a_reason(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id

    with pytest.raises(ReasonMissing):
        suspend(warning_id, sun, reason=" ")

    assert not Directive.objects.exists()
    assert directives_told() == []


def test_refuses_a_stranger(stranger: Caller) -> None:
    warning_id = make.open_warning().warning_id

    with pytest.raises(Forbidden):
        suspend(warning_id, stranger)

    assert not Directive.objects.exists()
    assert directives_told() == []


def test_refuses_a_warning_that_was_dismissed(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id
    dismiss_warning(warning_id=warning_id, reason=REASON, caller=sun, now=make.NOW)

    with pytest.raises(WarningAlreadyHandled):
        suspend(warning_id, sun)

    assert directives_told() == []


def test_refuses_a_second_suspension_while_one_stands(sun: Caller) -> None:
    first = make.open_warning()
    code = first.tender.tender_code
    make.tell(make.notice_published(code, bids_due_at=make.DUE_TOO_SOON, occurred_at=make.NOW))
    second = queries.warnings(state=WarningState.OPEN).exclude(warning_id=first.warning_id).get()
    standing = suspend(first.warning_id, sun)

    with pytest.raises(TenderAlreadySuspended, match=standing.directive_id):
        suspend(second.warning_id, sun)
    assert directives_told() == ["supervision.directive.suspend.v1"]

    lift(standing, sun)
    assert suspend(second.warning_id, sun).tender == first.tender


def test_refuses_a_tender_that_has_ended(sun: Caller) -> None:
    warning = make.open_warning()
    make.tell(make.tender_ended(warning.tender.tender_code))

    with pytest.raises(TenderHasEnded, match="终止"):
        suspend(warning.warning_id, sun)

    assert directives_told() == []


def test_a_resumption_is_told_and_obeyed_by_its_own_number(sun: Caller) -> None:
    suspension = suspend(make.open_warning().warning_id, sun)
    code = suspension.tender.tender_code
    make.tell(make.tender_suspended(code, suspension.directive_id, at=LATER))

    resumption = lift(suspension, sun)

    sent = parse(OutboxMessage.objects.get(type="supervision.directive.resume.v1").body)
    assert isinstance(sent, ResumptionDirected)
    assert (sent.directive_id, sent.lifted_directive_id, sent.target_system, sent.reason) == (
        resumption.directive_id,
        suspension.directive_id,
        make.TRADING,
        "已改正。",
    )
    assert queries.directive(resumption.directive_id).state == DirectiveState.SENT

    make.tell(make.tender_resumed(code, resumption.directive_id, at=LATER + timedelta(minutes=1)))
    assert queries.directive(resumption.directive_id).state == DirectiveState.OBEYED
    assert AuditEntry.objects.filter(act="direct-resumption", object_id=resumption.directive_id).count() == 1


def test_lifts_a_suspension_once(sun: Caller) -> None:
    suspension = suspend(make.open_warning().warning_id, sun)
    resumption = lift(suspension, sun)

    for directive in (suspension, resumption):
        with pytest.raises(NothingToLift):
            lift(directive, sun)

    assert Directive.objects.count() == 2


def test_refuses_to_lift_without_a_reason(sun: Caller) -> None:
    suspension = suspend(make.open_warning().warning_id, sun)

    with pytest.raises(ReasonMissing):
        lift(suspension, sun, reason="")

    assert directives_told() == ["supervision.directive.suspend.v1"]


def test_refuses_a_stranger_who_would_lift(sun: Caller, stranger: Caller) -> None:
    suspension = suspend(make.open_warning().warning_id, sun)

    with pytest.raises(Forbidden):
        lift(suspension, stranger)

    assert directives_told() == ["supervision.directive.suspend.v1"]


def test_refuses_to_lift_what_is_not_there(sun: Caller) -> None:
    with pytest.raises(DirectiveNotFound):
        direct_resumption(directive_id="no-such-directive", reason=REASON, caller=sun, now=LATER)


def test_a_resumption_is_not_obeyed_by_a_suspension_that_carries_its_number(sun: Caller) -> None:
    resumption = lift(suspend(make.open_warning().warning_id, sun), sun)

    make.tell(make.tender_suspended(resumption.tender.tender_code, resumption.directive_id, at=LATER))

    assert queries.directive(resumption.directive_id).state == DirectiveState.SENT
