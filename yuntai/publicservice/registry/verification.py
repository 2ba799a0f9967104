"""The operator holds a registration against its papers: verified, or returned with reasons.

Neither is a gate.  A verdict marks what a registration says; whoever is not verified yet trades like others.
"""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.registry.models import Participant, RegistrationVersion, Verdict
from yuntai.publicservice.registry.telling import put_in_force, tell
from yuntai.standard.messages import ParticipantVerified

LONGEST_REASONS = 1000


class NoSuchVersion(NotFound):
    """There is no such version of a registration."""

    code = "no-such-registration"


class VersionReplaced(DomainError):
    """The organization has submitted a newer version."""

    code = "registration-version-replaced"


class AlreadyDecided(DomainError):
    """Somebody has decided about this version."""

    code = "registration-already-decided"


class NoReasons(DomainError):
    """A registration is returned with reasons or not at all."""

    code = "registration-returned-without-reasons"
    status = 422


def verify_registration(*, organization_code: str, number: int, caller: Caller, now: datetime) -> None:
    """Mark version `number` as verified, put it in force and tell every system.

    :raises DomainError: as `_to_decide`.
    """
    caller = caller.acting_as(POLICY[Permission.VERIFY_PARTICIPANT])
    with transaction.atomic():
        participant, version = _to_decide(organization_code, number)
        before = version_of(participant)
        put_in_force(participant, version, number=number)
        participant.verified_roles = list(version.roles)
        participant.verified_at = now
        participant.save()
        _decide(version, "", caller, now=now)
        record(
            caller=caller,
            act="verify-registration",
            subject=participant,
            before=before,
            now=now,
            detail={"version": number},
        )
        tell(ParticipantVerified, participant, now=now)


def return_registration(
    *, organization_code: str, number: int, reasons: str, caller: Caller, now: datetime
) -> None:
    """Return version `number` with reasons; what is in force stays so.

    reasons: 1 to 1000 characters, read by the organization.

    :raises NoReasons: there are none, or too many words.
    :raises DomainError: as `_to_decide`.
    """
    caller = caller.acting_as(POLICY[Permission.VERIFY_PARTICIPANT])
    reasons = reasons.strip()
    if not 0 < len(reasons) <= LONGEST_REASONS:
        raise NoReasons(
            f"退回须写明理由，1 至 {LONGEST_REASONS} 字。请逐条写明哪一项与哪份材料不符、如何补正。"
        )
    with transaction.atomic():
        _, version = _to_decide(organization_code, number)
        verdict = _decide(version, reasons, caller, now=now)
        record(
            caller=caller,
            act="return-registration",
            subject=verdict,
            before="",
            now=now,
            detail={"reasons": reasons},
        )


def _to_decide(organization_code: str, number: int) -> tuple[Participant, RegistrationVersion]:
    """Lock the participant and return it with the version that is to be decided about.

    :raises NoSuchVersion: there is none.
    :raises VersionReplaced: a newer one was submitted.
    :raises AlreadyDecided: it was verified or returned.
    """
    found = Participant.objects.select_for_update().filter(organization_code=organization_code).first()
    version = found.versions.filter(number=number).first() if found else None
    if found is None or version is None:
        raise NoSuchVersion(f"没有 {organization_code} 的第 {number} 版登记，请回到待核实清单重新选择。")
    if found.version != number:
        raise VersionReplaced(
            f"该单位已提交第 {found.version} 版，第 {number} 版不再核实。请回到待核实清单查看新版。"
        )
    verdict = Verdict.objects.filter(version=version).first()
    if verdict is not None:
        word = "核实通过" if verdict.verified else "退回"
        raise AlreadyDecided(
            f"第 {number} 版已由{verdict.decided_by}{word}，不能再次办理。请刷新待核实清单。"
        )
    return found, version


def _decide(version: RegistrationVersion, reasons: str, caller: Caller, *, now: datetime) -> Verdict:
    return Verdict.objects.create(
        version=version,
        verified=not reasons,
        reasons=reasons,
        decided_at=now,
        decided_by=caller.person_name,
    )
