"""Acts on the register of participants: register once, change later; every connected system is told."""

from datetime import datetime

from django.db import IntegrityError, transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.kernel.outbox.services import publish
from yuntai.kernel.peers import peers
from yuntai.publicservice.bigrams import vector
from yuntai.publicservice.exchange.routing import Scene, destinations
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.registry.models import Participant
from yuntai.publicservice.registry.registration import Registration, checked
from yuntai.standard.messages import ParticipantRegistered


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

    :raises RegistrationRefused: an entry is not acceptable; its subclass says which.
    :raises AlreadyRegistered: the organization is registered.
    """
    caller = caller.acting_as(POLICY[Permission.REGISTER_PARTICIPANT])
    facts = checked(registration, caller)
    participant = Participant(registered_at=now)
    _write(participant, facts)
    with transaction.atomic():
        try:
            with transaction.atomic():
                participant.save(force_insert=True)
        except IntegrityError as error:  # organization_code is unique
            raise AlreadyRegistered(
                f"{facts.organization_code} 已登记，一次登记各系统通用，不必再登。需要更改的，请办理变更。"
            ) from error
        record(caller=caller, act="register-participant", subject=participant, before="", now=now)
        _tell(participant, now=now)
    return participant


def update_participant(
    *, registration: Registration, expected_version: int, caller: Caller, now: datetime
) -> Participant:
    """Change the registration of the caller's organization and tell every system again.

    expected_version: the version the caller saw, so that two people do not overwrite each other.

    :raises RegistrationRefused: an entry is not acceptable; its subclass says which.
    :raises NotRegistered: the organization is not registered.
    :raises RegistrationChanged: it has another version by now.
    """
    caller = caller.acting_as(POLICY[Permission.UPDATE_PARTICIPANT])
    facts = checked(registration, caller)
    with transaction.atomic():
        found = Participant.objects.select_for_update().filter(organization_code=facts.organization_code)
        participant = found.first()
        if participant is None:
            raise NotRegistered(f"{facts.organization_code} 尚未登记，不能变更。请先办理登记。")
        if participant.version != expected_version:
            raise RegistrationChanged(
                f"登记信息已被本单位其他人员更改：现为第 {participant.version} 版，"
                f"所见为第 {expected_version} 版。请刷新页面，核对后再改。"
            )
        before = version_of(participant)
        participant.version += 1
        _write(participant, facts)
        participant.save()
        record(caller=caller, act="update-participant", subject=participant, before=before, now=now)
        _tell(participant, now=now)
    return participant


def _write(participant: Participant, facts: Registration) -> None:
    participant.organization_code = facts.organization_code
    participant.name = facts.name
    participant.roles = list(facts.roles)
    participant.region_code = facts.region_code
    participant.contact_name = facts.contact_name
    participant.contact_phone = facts.contact_phone
    participant.search = vector(facts.organization_code, facts.name)


def _tell(participant: Participant, *, now: datetime) -> None:
    message = ParticipantRegistered(
        occurred_at=now,
        organization_code=participant.organization_code,
        name=participant.name,
        roles=tuple(participant.roles),
        region_code=participant.region_code,
        contact_name=participant.contact_name,
        registered_at=participant.registered_at,
    )
    for destination in destinations(message, Scene(), peers()):
        publish(message, now=now, destination=destination)
