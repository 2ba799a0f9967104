"""Acts of an operator on its own system: enter it, sign for it, prove its key, change key and responsible."""

import base64
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.connected.belief import why_not_signed
from yuntai.kernel.errors import DomainError, Forbidden, NotFound
from yuntai.kernel.peers import peers
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.systems import trial
from yuntai.publicservice.systems.entering import (
    BadPublicKey,
    Entry,
    Responsible,
    check_responsible,
    checked,
    tidy_key,
    tidy_responsible,
)
from yuntai.publicservice.systems.models import ConnectedSystem, State, SystemKey, SystemTurn, TestPassed
from yuntai.publicservice.systems.passing import pass_tests, start_trial
from yuntai.publicservice.systems.telling import tell
from yuntai.standard.system_entry import EntryStatement, holds_key
from yuntai.trust.base64url import base64url, from_base64url

OVERLAP = timedelta(hours=24)
"""How long a former key counts for what is under way, unless it is compromised."""


class SystemNotFound(NotFound):
    """No system is entered under that code."""

    code = "system-not-found"


class SystemCodeTaken(DomainError):
    """Another system has the code."""

    code = "system-code-taken"


class NotYourSystem(Forbidden):
    """The system is another operator's."""

    code = "not-your-system"


class NothingToSign(DomainError):
    """No key of the system awaits a signature."""

    code = "nothing-to-sign"


class EntrySignatureRefused(DomainError):
    """The signature is not one of the operator over the entry."""

    code = "signature-refused"
    status = 422


class ChallengeRefused(DomainError):
    """The signature over the challenge is not of the entered key."""

    code = "challenge-refused"
    status = 422


class NotConnectedNow(DomainError):
    """The act needs a connected system."""

    code = "system-not-connected"


def enter_system(*, entry: Entry, caller: Caller, now: datetime) -> ConnectedSystem:
    """Enter a system of the caller's organization and begin its trial; nobody need approve it.

    Entered again before it is connected, it begins anew.

    :raises EntryRefused: a field is not acceptable; its subclass says which.
    :raises SystemCodeTaken: another system has that code.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    facts = checked(entry)
    with transaction.atomic():
        system = ConnectedSystem.objects.select_for_update().filter(code=facts.code).first()
        _require_free(facts.code, system, caller)
        before = version_of(system)
        if system is not None:
            _forget_trial(system)
        system = system or ConnectedSystem(code=facts.code, entered_at=now)
        _write(system, facts, caller)
        try:
            with transaction.atomic():
                system.save()
                _new_key(system, facts.public_key, now)
        except IntegrityError as error:  # code or public_key is unique
            raise _taken(facts) from error
        start_trial(system, now)
        SystemTurn.objects.create(system=system, state=State.TRIAL, by=caller.organization_name, at=now)
        record(caller=caller, act="enter-system", subject=system, before=before, now=now)
    return system


def enter_and_sign(
    *, entry: Entry, certificate: bytes, signature: bytes, caller: Caller, now: datetime
) -> ConnectedSystem:
    """Enter a system and sign for it in one transaction, as a program does.

    :raises DomainError: as `enter_system` and `sign_entry`; nothing is entered.
    """
    with transaction.atomic():
        system = enter_system(entry=entry, caller=caller, now=now)
        return sign_entry(
            code=system.code, certificate=certificate, signature=signature, caller=caller, now=now
        )


def sign_entry(
    *, code: str, certificate: bytes, signature: bytes, caller: Caller, now: datetime
) -> ConnectedSystem:
    """Add the operator's signature over what is entered of the system and its newest key.

    certificate: DER.  signature: raw r||s over `statement_of(key).to_sign()`.

    :raises NothingToSign: no key awaits it.
    :raises EntrySignatureRefused: the certificate or the signature does not do; nothing is changed.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    with transaction.atomic():
        system = own_system(code, caller)
        key = _pending(system)
        why = why_not_signed(statement_of(key), certificate=certificate, signature=signature, at=now)
        if why:
            raise EntrySignatureRefused(f"登记没有签署：{why}。请用本机构的证书对所示内容签名。")
        before = version_of(key)
        key.certificate = base64.b64encode(certificate).decode()
        key.signature = base64url(signature)
        key.save()
        record(caller=caller, act="sign-system-entry", subject=key, before=before, now=now)
        _proved(system, key, trial.SIGNED, caller, now)
    return system


def answer_challenge(*, code: str, signature: str, now: datetime) -> ConnectedSystem:
    """Take the signature of the system's newest key over its challenge; it needs no login.

    signature: 64 bytes, base64url.

    :raises NothingToSign: no key awaits it.
    :raises ChallengeRefused: it is not of that key over that challenge.
    """
    with transaction.atomic():
        system = locked_system(code)
        key = _pending(system)
        try:
            raw = from_base64url(signature.strip())
        except ValueError:
            raw = b""
        if not holds_key(statement_of(key), key.nonce, from_base64url(key.public_key), raw):
            raise ChallengeRefused(
                "挑战的签名与登记的公钥不符。请对所示文本的 UTF-8 字节作 Ed25519 签名，以 base64url 提交。"
            )
        before = version_of(key)
        key.possession = base64url(raw)
        key.save()
        caller = Caller.system(system.code)
        record(caller=caller, act="prove-system-key", subject=key, before=before, now=now)
        _proved(system, key, trial.CHALLENGE, caller, now)
    return system


def change_key(*, code: str, public_key: str, caller: Caller, now: datetime) -> SystemKey:
    """Enter a new key for the caller's system; it counts once it is signed for and its challenge answered.

    :raises BadPublicKey: it is no Ed25519 key, or another system's.
    :raises NotConnectedNow: the system is not connected yet, or refused.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    tidy = tidy_key(public_key)
    with transaction.atomic():
        system = own_system(code, caller)
        if system.state not in {State.CONNECTED, State.SUSPENDED}:
            raise NotConnectedNow(f"{code} 尚未对接，不必更换密钥。请重新登记，填写新的公钥。")
        system.keys.filter(valid_from=None).delete()
        try:
            with transaction.atomic():
                key = _new_key(system, tidy, now)
        except IntegrityError as error:  # public_key is unique
            raise BadPublicKey("该公钥已登记过。一把密钥只能登记一次，请生成新的密钥。") from error
        record(caller=caller, act="change-system-key", subject=key, before="", now=now)
    return key


def change_responsible(
    *, code: str, responsible: Sequence[Responsible], caller: Caller, now: datetime
) -> ConnectedSystem:
    """Replace who answers for the caller's system, and tell every system.

    :raises BadResponsible: nobody is named, or a name is missing.
    """
    caller = caller.acting_as(POLICY[Permission.ENTER_SYSTEM])
    tidy = tidy_responsible(responsible)
    check_responsible(tidy)
    with transaction.atomic():
        system = own_system(code, caller)
        if system.state != State.CONNECTED:
            raise NotConnectedNow(f"{code} 当前不在对接状态，不能变更负责人员。恢复对接后再办理。")
        before = version_of(system)
        system.responsible = [{"name": each.name, "duty": each.duty} for each in tidy]
        tell(system, now=now)
        system.save()
        record(caller=caller, act="change-system-responsible", subject=system, before=before, now=now)
    return system


def statement_of(key: SystemKey) -> EntryStatement:
    """Return what the operator declares with `key`."""
    system = key.system
    return EntryStatement.model_validate(
        {
            "platform": settings.SYSTEM_CODE,
            "code": system.code,
            "kind": system.kind,
            "industry": system.industry,
            "region_code": system.region_code,
            "url": system.url,
            "operator_code": system.operator_code,
            "key_number": key.number,
            "public_key": key.public_key,
        }
    )


def locked_system(code: str) -> ConnectedSystem:
    """Return the system under its row lock.

    :raises SystemNotFound: none has that code.
    """
    system = ConnectedSystem.objects.select_for_update().filter(code=code).first()
    if system is None:
        raise SystemNotFound(f"没有登记代码为 {code} 的系统。请核对系统代码。")
    return system


def own_system(code: str, caller: Caller) -> ConnectedSystem:
    """Return the caller's system under its row lock.

    :raises SystemNotFound: none has that code.
    :raises NotYourSystem: it is another operator's.
    """
    system = locked_system(code)
    if not caller.organization_code or system.operator_code != caller.organization_code:
        raise NotYourSystem(f"{code} 由{system.operator_name}运营，只有该机构能办理。请用该机构的证书登录。")
    return system


def _proved(system: ConnectedSystem, key: SystemKey, test: str, caller: Caller, now: datetime) -> None:
    """Count what was proved of the key: a test of the trial, or half of a change of keys."""
    if system.state == State.TRIAL:
        pass_tests(system, {test}, caller=caller, now=now)
    elif key.signature and key.possession:
        _take_effect(system, key, caller, now)


def _take_effect(system: ConnectedSystem, key: SystemKey, caller: Caller, now: datetime) -> None:
    turn = system.turns.order_by("-id").first()
    compromised = system.state == State.SUSPENDED and turn is not None and turn.reason == "key-compromised"
    before = version_of(system)
    until = now if compromised else now + OVERLAP
    system.keys.filter(valid_from__isnull=False, valid_until=None).update(valid_until=until)
    if compromised:
        system.keys.filter(valid_until__gt=now).update(valid_until=now)
    key.valid_from = now
    key.save()
    tell(system, reason=turn.reason if turn and system.state == State.SUSPENDED else "", now=now)
    system.save()
    record(caller=caller, act="replace-system-key", subject=system, before=before, now=now)


def _pending(system: ConnectedSystem) -> SystemKey:
    key = system.keys.filter(valid_from=None).first()
    if key is None or system.state == State.REFUSED:
        raise NothingToSign(f"{system.code} 没有待签署的登记或密钥。")
    return key


def _require_free(code: str, system: ConnectedSystem | None, caller: Caller) -> None:
    is_own_trial = (
        system is not None
        and system.state == State.TRIAL
        and system.operator_code == caller.organization_code
    )
    if (system is not None and not is_own_trial) or code in peers() or code == settings.SYSTEM_CODE:
        raise SystemCodeTaken(f"系统代码 {code} 已被使用。请换一个代码。")


def _taken(facts: Entry) -> DomainError:
    if SystemKey.objects.filter(public_key=facts.public_key).exists():
        return BadPublicKey("该公钥已登记在别的系统名下。一把密钥只能用于一个系统，请生成新的密钥。")
    return SystemCodeTaken(f"系统代码 {facts.code} 已被使用。请换一个代码。")


def _forget_trial(system: ConnectedSystem) -> None:
    TestPassed.objects.filter(system=system).delete()
    SystemKey.objects.filter(system=system).delete()


def _write(system: ConnectedSystem, facts: Entry, caller: Caller) -> None:
    system.title, system.kind, system.industry = facts.title, facts.kind, facts.industry
    system.region_code, system.url = facts.region_code, facts.url
    system.operator_code, system.operator_name = caller.organization_code, caller.organization_name
    system.responsible = [{"name": each.name, "duty": each.duty} for each in facts.responsible]
    system.state = State.TRIAL


def _new_key(system: ConnectedSystem, public_key: str, now: datetime) -> SystemKey:
    newest = system.keys.order_by("-number").first()
    return SystemKey.objects.create(
        system=system,
        number=newest.number + 1 if newest else 1,
        public_key=public_key,
        nonce=secrets.token_hex(16),
        made_at=now,
    )
