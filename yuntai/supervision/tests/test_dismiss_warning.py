"""A supervisor closes a warning with a reason, once; without one nothing changes and nothing is sent."""

import pytest

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.supervision.monitoring import queries
from yuntai.supervision.monitoring.models import Dismissal
from yuntai.supervision.monitoring.queries import WarningState
from yuntai.supervision.monitoring.services import (
    ReasonMissing,
    ReasonTooLong,
    WarningAlreadyHandled,
    WarningNotFound,
    direct_suspension,
    dismiss_warning,
)
from yuntai.supervision.tests import factories as make

pytestmark = pytest.mark.django_db(transaction=True)

REASON = "经核实，该项目资金全部为民营企业自有，不属于依法必须招标项目。"


def dismiss(warning_id: str, caller: Caller, reason: str = REASON) -> None:
    dismiss_warning(warning_id=warning_id, reason=reason, caller=caller, now=make.NOW)


def nothing_changed(warning_id: str) -> bool:
    only_the_warning_was_told = list(OutboxMessage.objects.values_list("type", flat=True)) == [
        "supervision.warning.raised.v1"
    ]
    is_open = queries.warning(warning_id).state == WarningState.OPEN
    unrecorded = not AuditEntry.objects.filter(act="dismiss-warning").exists()
    return only_the_warning_was_told and is_open and unrecorded and not Dismissal.objects.exists()


def test_closes_the_warning_with_its_reason(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id

    dismiss(warning_id, sun, reason=f"  {REASON}\n")

    dismissal = Dismissal.objects.get()
    assert (dismissal.reason, dismissal.dismissed_at) == (REASON, make.NOW)
    assert dismissal.dismissed_by_name == "孙监督"
    assert queries.warning(warning_id).state == WarningState.DISMISSED
    assert list(queries.warnings(state=WarningState.OPEN)) == []


def test_leaves_an_audit_entry(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id

    dismiss(warning_id, sun)

    entry = AuditEntry.objects.get(act="dismiss-warning")
    assert (entry.person_id, entry.role, entry.object_id) == (sun.person_id, "supervisor", warning_id)


@pytest.mark.parametrize("reason", ["", "  \n\t "], ids=repr)
def test_refuses_without_a_reason(sun: Caller, reason: str) -> None:
    warning_id = make.open_warning().warning_id

    with pytest.raises(ReasonMissing, match="没有填写理由"):
        dismiss(warning_id, sun, reason=reason)

    assert nothing_changed(warning_id)


def test_takes_a_reason_of_200_characters_and_refuses_201(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id

    with pytest.raises(ReasonTooLong, match="201"):
        dismiss(warning_id, sun, reason="理" * 201)
    assert nothing_changed(warning_id)

    dismiss(warning_id, sun, reason="理" * 200)
    assert Dismissal.objects.get().reason == "理" * 200


def test_refuses_a_stranger(stranger: Caller) -> None:
    warning_id = make.open_warning().warning_id

    with pytest.raises(Forbidden):
        dismiss(warning_id, stranger)

    assert nothing_changed(warning_id)


def test_refuses_a_warning_that_was_handled(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id
    dismiss(warning_id, sun)

    with pytest.raises(WarningAlreadyHandled):
        dismiss(warning_id, sun)

    assert Dismissal.objects.count() == 1


def test_refuses_a_warning_on_which_a_suspension_was_directed(sun: Caller) -> None:
    warning_id = make.open_warning().warning_id
    direct_suspension(warning_id=warning_id, reason=REASON, caller=sun, now=make.NOW)

    with pytest.raises(WarningAlreadyHandled):
        dismiss(warning_id, sun)

    assert not Dismissal.objects.exists()


def test_refuses_a_warning_that_is_not_there(sun: Caller) -> None:
    with pytest.raises(WarningNotFound):
        dismiss("no-such-warning", sun)
