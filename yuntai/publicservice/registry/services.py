"""Acts on the register of participants: register once, change later; every connected system is told.

Verifying stands in `verification`.  It marks a registration and never stands before one.
"""

from dataclasses import asdict
from datetime import datetime

from django.db import IntegrityError, transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.registry.models import Paper, Participant, RegistrationVersion
from yuntai.publicservice.registry.papers import PaperFile, newest_of_each_kind
from yuntai.publicservice.registry.registration import Registration, checked
from yuntai.publicservice.registry.telling import put_in_force, tell
from yuntai.standard.messages import ParticipantChanged, ParticipantRegistered


class AlreadyRegistered(DomainError):
    """The organization is registered: one registration serves all systems."""

    code = "already-registered"


class NotRegistered(NotFound):
    """The organization is not registered yet."""

    code = "not-registered"


class RegistrationChanged(DomainError):
    """Somebody else changed the registration since the caller read it."""

    code = "registration-changed"


def submit_registration(
    *, registration: Registration, expected_version: int | None, caller: Caller, now: datetime
) -> bool:
    """Register the caller's organization, or change its registration; return whether it is new.

    expected_version: the version the caller saw; None changes whichever stands.

    :raises DomainError: as `register_participant` and `update_participant`.
    """
    standing = Participant.objects.filter(organization_code=caller.organization_code).first()
    if standing is None:
        register_participant(registration=registration, caller=caller, now=now)
        return True
    seen = standing.version if expected_version is None else expected_version
    update_participant(registration=registration, expected_version=seen, caller=caller, now=now)
    return False


def register_participant(*, registration: Registration, caller: Caller, now: datetime) -> Participant:
    """Register the caller's organization and tell every trading and supervision system.

    It is in force at once; the operator verifies it afterwards.

    :raises RegistrationRefused: an entry is not acceptable; its subclass says which.
    :raises AlreadyRegistered: the organization is registered.
    """
    caller = caller.acting_as(POLICY[Permission.REGISTER_PARTICIPANT])
    facts = checked(registration, caller)
    participant = Participant(organization_code=facts.organization_code, registered_at=now)
    put_in_force(participant, facts, number=1)
    participant.roles = list(facts.roles)
    with transaction.atomic():
        try:
            with transaction.atomic():
                participant.save(force_insert=True)
        except IntegrityError as error:  # organization_code is unique
            raise AlreadyRegistered(
                f"{facts.organization_code} 已登记，一次登记各系统通用，不必再登。需要更改的，请办理变更。"
            ) from error
        _keep_version(participant, facts, caller, now=now)
        record(caller=caller, act="register-participant", subject=participant, before="", now=now)
        tell(ParticipantRegistered, participant, now=now)
    return participant


def update_participant(
    *, registration: Registration, expected_version: int, caller: Caller, now: datetime
) -> Participant:
    """Submit a new version of the registration of the caller's organization.

    Before the first verification it is in force at once.  After it, the verified version stays in force until
    the operator has verified the new one, except for the roles, which hold at once.  Systems are told when
    something in force changes.

    expected_version: the version the caller saw, so that two people do not overwrite each other.

    :raises RegistrationRefused: an entry is not acceptable; its subclass says which.
    :raises NotRegistered: the organization is not registered.
    :raises RegistrationChanged: it has another version by now.
    """
    caller = caller.acting_as(POLICY[Permission.UPDATE_PARTICIPANT])
    facts = checked(registration, caller)
    with transaction.atomic():
        participant = _locked(facts.organization_code)
        if participant.version != expected_version:
            raise RegistrationChanged(
                f"登记信息已被本单位其他人员更改：现为第 {participant.version} 版，"
                f"所见为第 {expected_version} 版。请刷新页面，核对后再改。"
            )
        before, stood = version_of(participant), participant.roles
        participant.version += 1
        if participant.verified_at is None:
            put_in_force(participant, facts, number=participant.version)
        participant.roles = list(facts.roles)
        participant.save()
        _keep_version(participant, facts, caller, now=now)
        record(caller=caller, act="update-participant", subject=participant, before=before, now=now)
        if participant.verified_at is None or participant.roles != stood:
            tell(ParticipantChanged, participant, now=now)
    return participant


def _locked(organization_code: str) -> Participant:
    found = Participant.objects.select_for_update().filter(organization_code=organization_code).first()
    if found is None:
        raise NotRegistered(f"{organization_code} 尚未登记，不能变更。请先办理登记。")
    return found


def _keep_version(participant: Participant, facts: Registration, caller: Caller, *, now: datetime) -> None:
    earlier = participant.versions.order_by("-number").first()
    handed_in = [
        PaperFile(paper.kind, paper.name, paper.sha256, paper.size, paper.media_type)
        for paper in (earlier.papers.all() if earlier else ())
    ]
    version = RegistrationVersion.objects.create(
        participant=participant,
        number=participant.version,
        name=facts.name,
        roles=list(facts.roles),
        region_code=facts.region_code,
        address=facts.address,
        legal_representative=facts.legal_representative,
        contact_name=facts.contact_name,
        contact_phone=facts.contact_phone,
        submitted_at=now,
        submitted_by=caller.person_name,
    )
    papers = newest_of_each_kind([*handed_in, *facts.papers])
    Paper.objects.bulk_create(Paper(version=version, **asdict(paper)) for paper in papers)
