"""The operator verifies a registration or returns it; neither stands before a trade."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.errors import DomainError, Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.publicservice.registry.models import Participant, Verdict
from yuntai.publicservice.registry.registration import Registration
from yuntai.publicservice.registry.services import register_participant, update_participant
from yuntai.publicservice.registry.verification import (
    AlreadyDecided,
    NoReasons,
    NoSuchVersion,
    VersionReplaced,
    return_registration,
    verify_registration,
)
from yuntai.publicservice.registry.versions import Change, State, Version, versions_of, waiting
from yuntai.publicservice.tests.factories import AUTHORITY, BIDDERS, NOW, caller
from yuntai.standard.messages import Message, ParticipantChanged, ParticipantVerified, parse

pytestmark = pytest.mark.django_db(transaction=True)

LATER = NOW + timedelta(hours=1)
CODE = BIDDERS[0]
GOOD = Registration(
    organization_code=CODE,
    name="江苏云台建设（集团）有限公司",
    roles=("bidder",),
    region_code="320703",
    contact_name="赵投标",
    contact_phone="0518-85800000",
    address="连云区海棠路 1 号",
)


def operator(**changes: Any) -> Caller:
    facts: dict[str, Any] = {
        "person_id": "P-0009",
        "person_name": "周运营",
        "organization_code": AUTHORITY,
        "roles": frozenset({"operator"}),
    }
    return caller(**facts | changes)


def register() -> None:
    register_participant(registration=GOOD, caller=caller(), now=NOW)


def change(version: int, **changes: Any) -> None:
    update_participant(
        registration=replace(GOOD, **changes), expected_version=version, caller=caller(), now=LATER
    )


def verify(number: int = 1, by: Caller | None = None) -> None:
    verify_registration(organization_code=CODE, number=number, caller=by or operator(), now=LATER)


def give_back(number: int = 1, reasons: str = "住所与执照不符。", by: Caller | None = None) -> None:
    return_registration(
        organization_code=CODE, number=number, reasons=reasons, caller=by or operator(), now=LATER
    )


def told_last() -> Message:
    return parse(OutboxMessage.objects.order_by("-id")[0].body)


def newest() -> Version:
    return versions_of(CODE)[0]


def test_verifying_marks_the_registration_and_tells_every_system() -> None:
    register()
    assert newest().state is State.WAITING

    verify()

    participant = Participant.objects.get()
    assert (participant.verified_roles, participant.verified_at) == (["bidder"], LATER)
    assert newest().state is State.VERIFIED
    message = told_last()
    assert isinstance(message, ParticipantVerified)
    assert (message.version, message.verified_roles, message.verified_at) == (1, ("bidder",), LATER)
    assert OutboxMessage.objects.filter(type="registry.participant.verified.v1").count() == 4
    entry = AuditEntry.objects.get(act="verify-registration")
    assert (entry.person_name, entry.role, entry.object_id) == ("周运营", "operator", CODE)


def test_returning_says_why_and_takes_nothing_away() -> None:
    register()
    sent = OutboxMessage.objects.count()

    give_back()

    assert (newest().state, newest().reasons) == (State.RETURNED, "住所与执照不符。")
    assert newest().in_force
    assert Participant.objects.get().roles == ["bidder"]
    assert OutboxMessage.objects.count() == sent
    assert AuditEntry.objects.get(act="return-registration").detail == {"reasons": "住所与执照不符。"}


def test_a_change_of_a_verified_registration_waits_while_the_old_one_stays_in_force() -> None:
    register()
    verify()

    change(1, address="海州区苍梧路 2 号")

    participant = Participant.objects.get()
    assert (participant.address, participant.in_force, participant.version) == ("连云区海棠路 1 号", 1, 2)
    assert isinstance(told_last(), ParticipantVerified)
    assert newest().changes == (Change("住所", "连云区海棠路 1 号", "海州区苍梧路 2 号"),)
    verify(2)
    participant.refresh_from_db()
    assert (participant.address, participant.in_force) == ("海州区苍梧路 2 号", 2)


def test_a_returned_change_leaves_the_verified_version_in_force() -> None:
    register()
    verify()
    change(1, address="海州区苍梧路 2 号")

    give_back(2)

    assert Participant.objects.get().address == "连云区海棠路 1 号"
    assert [version.in_force for version in versions_of(CODE)] == [False, True]


def test_a_role_holds_at_once_since_no_approval_stands_before_a_bid() -> None:
    register()
    verify()

    change(1, roles=("bidder", "agency"), address="海州区苍梧路 2 号")

    participant = Participant.objects.get()
    assert (participant.roles, participant.verified_roles) == (["agency", "bidder"], ["bidder"])
    message = told_last()
    assert isinstance(message, ParticipantChanged)
    assert (message.roles, message.verified_roles) == (("agency", "bidder"), ("bidder",))
    assert message.address == "连云区海棠路 1 号"


def test_a_change_before_the_first_verification_is_in_force_at_once() -> None:
    register()

    change(1, address="海州区苍梧路 2 号")

    assert Participant.objects.get().address == "海州区苍梧路 2 号"
    assert [version.state for version in versions_of(CODE)] == [State.WAITING, State.REPLACED]


def test_every_version_stays_readable() -> None:
    register()
    change(1, contact_name="钱投标")

    second, first = versions_of(CODE)

    assert dict(first.facts)["联系人"] == "赵投标"
    assert dict(second.facts)["联系人"] == "钱投标"
    assert first.changes == ()


def test_the_longest_waiting_comes_first_and_only_newest_versions_wait() -> None:
    register()
    other = caller(organization_code=BIDDERS[1], organization_name="第二公司")
    registration = replace(GOOD, organization_code=BIDDERS[1], name="第二公司")
    register_participant(registration=registration, caller=other, now=NOW + timedelta(minutes=1))
    change(1, contact_name="钱投标")

    assert [(row.organization_code, row.number) for row in waiting(1).rows] == [(BIDDERS[1], 1), (CODE, 2)]


@pytest.mark.parametrize("roles", [{"participant"}, {"citizen"}, set[str]()], ids=str)
def test_only_the_operator_decides(roles: set[str]) -> None:
    register()
    stranger = operator(roles=frozenset(roles))

    with pytest.raises(Forbidden):
        verify(by=stranger)
    with pytest.raises(Forbidden):
        give_back(by=stranger)

    assert not Verdict.objects.exists()
    assert Participant.objects.get().verified_at is None


@pytest.mark.parametrize("reasons", ["", "  ", "字" * 1001], ids=len)
def test_nothing_is_returned_without_reasons(reasons: str) -> None:
    register()

    with pytest.raises(NoReasons):
        give_back(reasons=reasons)

    assert not Verdict.objects.exists()


@pytest.mark.parametrize("number", [0, 2])
def test_a_version_that_is_not_there_is_refused(number: int) -> None:
    register()

    with pytest.raises(NoSuchVersion):
        verify(number)


def test_a_replaced_version_is_not_decided_about() -> None:
    register()
    change(1, contact_name="钱投标")

    with pytest.raises(VersionReplaced, match="该单位已提交第 2 版，第 1 版不再核实"):
        verify(1)

    assert not Verdict.objects.exists()


@pytest.mark.parametrize("second", [verify, give_back])
def test_a_version_is_decided_about_once(second: Any) -> None:
    register()
    verify()

    with pytest.raises(AlreadyDecided, match="第 1 版已由周运营核实通过"):
        second()

    assert Verdict.objects.count() == 1


def test_of_two_operators_at_once_one_decides() -> None:
    register()
    together = Barrier(2)

    def attempt(act: Any) -> str:
        try:
            together.wait(10)
            act()
        except DomainError as refusal:
            return refusal.code
        finally:
            connection.close()
        return "decided"

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(attempt, (verify, give_back)))

    assert answers == ["decided", "registration-already-decided"]
    assert Verdict.objects.count() == 1
