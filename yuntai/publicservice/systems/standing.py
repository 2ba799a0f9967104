"""Refusing, suspending and resuming a system: for a listed reason with its clause, and in public."""

from datetime import datetime

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemTurn
from yuntai.publicservice.systems.reasons import REASONS, Reason
from yuntai.publicservice.systems.services import NotYourSystem, locked_system
from yuntai.publicservice.systems.telling import tell

OWN_REQUEST = "operator-asked"


class ReasonNotListed(DomainError):
    """The reason is not in the list, or not for this act."""

    code = "reason-not-listed"
    status = 422
    clause = "lianyungang-plan/3.1.4"


class FindingMissing(DomainError):
    """It is not said what was found."""

    code = "finding-missing"
    status = 422


class WrongState(DomainError):
    """The system does not stand where the act begins."""

    code = "system-wrong-state"


def refuse_system(*, code: str, reason: str, detail: str, caller: Caller, now: datetime) -> ConnectedSystem:
    """End the trial of a system without connecting it.

    reason: key of REASONS that counts before the entry.  detail: what was found, 1-300 characters; public.

    :raises ReasonNotListed: no such reason.
    :raises FindingMissing: nothing is said of what was found.
    :raises WrongState: the system is not on trial.
    """
    caller = caller.acting_as(POLICY[Permission.JUDGE_SYSTEM])
    found = _listed(reason, before_entry=True)
    with transaction.atomic():
        system = _standing(code, {State.TRIAL}, "对接测试中")
        before = version_of(system)
        _turn(system, State.REFUSED, found, _found(detail), caller, now)
        system.save()
        record(caller=caller, act="refuse-system", subject=system, before=before, now=now)
    return system


def suspend_system(*, code: str, reason: str, detail: str, caller: Caller, now: datetime) -> ConnectedSystem:
    """Stop the exchange with a system and tell every system; what waits for it is kept.

    An operator suspends its own system at its own wish; the platform for any other listed reason.

    :raises ReasonNotListed: no such reason, or not the caller's to give.
    :raises NotYourSystem: an operator speaks of another's system.
    :raises WrongState: the system is not connected.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    found = _listed(reason, before_entry=False)
    with transaction.atomic():
        system = _standing(code, {State.CONNECTED}, "对接")
        _require_say(system, found, caller)
        before = version_of(system)
        _turn(system, State.SUSPENDED, found, _found(detail), caller, now)
        tell(system, reason=found.code, now=now)
        system.save()
        record(caller=caller, act="suspend-system", subject=system, before=before, now=now)
    return system


def resume_system(*, code: str, detail: str, caller: Caller, now: datetime) -> ConnectedSystem:
    """Take up the exchange with a suspended system again and tell every system.

    :raises WrongState: the system is not suspended.
    :raises NotYourSystem: whoever suspended it, or its operator at its own wish, must resume it.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    with transaction.atomic():
        system = _standing(code, {State.SUSPENDED}, "暂停")
        turn = system.turns.order_by("-id")[0]
        _require_say(system, REASONS[turn.reason], caller)
        if turn.reason == "key-compromised" and not system.keys.filter(valid_from__gte=turn.at).exists():
            raise WrongState(f"{code} 因密钥失密暂停，须先更换密钥。请登记新的公钥并完成签署和挑战后再恢复。")
        before = version_of(system)
        system.state = State.CONNECTED
        SystemTurn.objects.create(
            system=system,
            state=State.CONNECTED,
            detail=_found(detail),
            by=f"{caller.organization_name} {caller.person_name}",
            at=now,
        )
        tell(system, now=now)
        system.save()
        record(caller=caller, act="resume-system", subject=system, before=before, now=now)
    return system


def reasons_for(caller: Caller, system: ConnectedSystem) -> tuple[Reason, ...]:
    """Return the reasons that `caller` may give now against `system`, none when it has no say."""
    judges = bool(caller.roles & POLICY[Permission.JUDGE_SYSTEM])
    owns = bool(caller.organization_code) and caller.organization_code == system.operator_code
    if system.state == State.TRIAL:
        return tuple(each for each in REASONS.values() if judges and each.before_entry)
    if system.state != State.CONNECTED:
        return ()
    return tuple(each for each in REASONS.values() if (owns if each.code == OWN_REQUEST else judges))


def _require_say(system: ConnectedSystem, reason: Reason, caller: Caller) -> None:
    if reason.code == OWN_REQUEST:
        if caller.organization_code != system.operator_code:
            raise NotYourSystem(f"“{reason.text}”只能由{system.operator_name}提出。请选择其他列明的理由。")
    elif not caller.roles & POLICY[Permission.JUDGE_SYSTEM]:
        raise NotYourSystem(f"以“{reason.text}”为由的暂停，由公共服务平台办理和解除。请与平台联系。")


def _listed(code: str, *, before_entry: bool) -> Reason:
    found = REASONS.get(code)
    if found is None or (before_entry and not found.before_entry):
        allowed = [each for each in REASONS.values() if each.before_entry or not before_entry]
        listed = "；".join(f"{each.text}（{each.code}）" for each in allowed)
        raise ReasonNotListed(f"理由须从列明的各项中选择：{listed}。除此以外不得拒绝或暂停对接。")
    return found


def _found(detail: str) -> str:
    tidy = " ".join(detail.split())
    if not 1 <= len(tidy) <= 300:
        raise FindingMissing("须写明查明的情况，1 至 300 个字，对外公布。请补充。")
    return tidy


def _standing(code: str, states: set[State], word: str) -> ConnectedSystem:
    system = locked_system(code)
    if system.state not in states:
        raise WrongState(f"{code} {State(system.state).label}，不是{word}状态，不能办理。请刷新页面核对。")
    return system


def _turn(
    system: ConnectedSystem, state: State, reason: Reason, detail: str, caller: Caller, now: datetime
) -> None:
    system.state = state
    SystemTurn.objects.create(
        system=system,
        state=state,
        reason=reason.code,
        clause=reason.clause,
        detail=detail,
        by=f"{caller.organization_name} {caller.person_name}",
        at=now,
    )
