"""Acts on passkeys, and the logins and citizens' registrations they make possible."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.login import LoginRefused, SessionLogin, remember_login
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError, NotFound
from yuntai.publicservice.identity.models import Passkey
from yuntai.publicservice.identity.webauthn import (
    Asked,
    NewCredential,
    PasskeyRefused,
    ask_for_new,
    check_login,
    read_new,
)
from yuntai.publicservice.permissions import POLICY, Permission
from yuntai.publicservice.registry.registration import normal
from yuntai.publicservice.roles import is_citizen
from yuntai.trust.certificates import Subject

BY_PASSKEY = "passkey"
FRESH_FOR = timedelta(minutes=15)
MOST_PASSKEYS = 10
LONGEST_NAME = 50


class LoginTooOld(DomainError):
    """Ways to log in are changed shortly after a login only: an open session may be in other hands by now."""

    code = "login-too-old"
    status = 403


class BadName(DomainError):
    """The name will not do."""

    code = "bad-name"
    status = 422


class TooManyPasskeys(DomainError):
    """The account has as many passkeys as it may have."""

    code = "too-many-passkeys"


class NoSuchPasskey(NotFound):
    """The caller has no such passkey."""

    code = "no-such-passkey"


class LastPasskey(DomainError):
    """A citizen's last passkey is the only way in."""

    code = "last-passkey"


def ask_for_passkey(*, account: Account, login: SessionLogin | None, now: datetime) -> Asked:
    """Return what asks the caller's device to make a passkey.

    :raises LoginTooOld: the login is older than 15 minutes.
    :raises TooManyPasskeys: the account has ten.
    """
    require_fresh(login, now=now)
    known = [bytes(each) for each in account.passkeys.values_list("credential", flat=True)]
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeys(f"每个账户最多 {MOST_PASSKEYS} 个通行密钥。请先删除不用的，再添加。")
    return ask_for_new(handle=handle_of(account.key), name=str(account), known=known)


def add_passkey(
    *,
    account: Account,
    name: str,
    state: Mapping[str, Any],
    answer: Mapping[str, Any],
    caller: Caller,
    now: datetime,
) -> Passkey:
    """Add the passkey that the caller's device made.

    state: from `ask_for_passkey`, used once.

    :raises PasskeyRefused: the answer does not hold, or the passkey is known already.
    :raises BadName: the name is missing or longer than 50 characters.
    """
    caller = caller.acting_as(POLICY[Permission.KEEP_PASSKEYS])
    made, called = read_new(state, answer), checked_name(name, "通行密钥名称")
    with transaction.atomic():
        passkey = store_passkey(account, made, called, now=now)
        record(caller=caller, act="add-passkey", subject=passkey, before="", now=now, detail={"name": called})
    return passkey


def rename_passkey(*, account: Account, key: int, name: str, caller: Caller, now: datetime) -> None:
    """Give a passkey another name.

    :raises NoSuchPasskey: the account has none with that key.
    :raises BadName: the name is missing or longer than 50 characters.
    """
    caller = caller.acting_as(POLICY[Permission.KEEP_PASSKEYS])
    called = checked_name(name, "通行密钥名称")
    with transaction.atomic():
        passkey = _own(account, key)
        before = version_of(passkey)
        passkey.name = called
        passkey.save()
        record(
            caller=caller,
            act="rename-passkey",
            subject=passkey,
            before=before,
            now=now,
            detail={"name": called},
        )


def remove_passkey(
    *, account: Account, key: int, login: SessionLogin | None, caller: Caller, now: datetime
) -> None:
    """Remove a passkey: from now on nobody logs in with it.

    :raises LoginTooOld: the login is older than 15 minutes.
    :raises NoSuchPasskey: the account has none with that key.
    :raises LastPasskey: it is a citizen's last one.
    """
    caller = caller.acting_as(POLICY[Permission.KEEP_PASSKEYS])
    require_fresh(login, now=now)
    with transaction.atomic():
        Account.objects.select_for_update().get(pk=account.pk)  # two removals take turns
        passkey = _own(account, key)
        if is_citizen(account.organization_code) and account.passkeys.count() == 1:
            raise LastPasskey("这是唯一的通行密钥，删除后无法再登录。请先添加另一个，再删除它。")
        before = version_of(passkey)
        detail = {"name": passkey.name, "passkey": str(passkey)}
        passkey.delete()
        record(caller=caller, act="remove-passkey", subject=account, before=before, now=now, detail=detail)


def log_in_with_passkey(
    *, state: Mapping[str, Any], answer: Mapping[str, Any], address: str, now: datetime
) -> Account:
    """Check a passkey's answer and return its account.

    For whoever acts for an organization a passkey holds no longer than the certificate it stands in for: who
    left the organization gets no new certificate, and must not stay in.

    :raises PasskeyRefused: unknown passkey, or its answer does not hold.
    :raises LoginRefused: the certificate has expired.
    """
    with transaction.atomic():
        known = Passkey.objects.select_for_update().filter(credential_id=str(answer.get("id")))
        passkey = known.select_related("account").first()
        if passkey is None:
            raise PasskeyRefused("本平台没有这个通行密钥，可能已被删除。请用证书登录，或换用其他通行密钥。")
        count = check_login(state, answer, bytes(passkey.credential))
        if (count or passkey.sign_count) and count <= passkey.sign_count:
            raise PasskeyRefused("这个通行密钥的使用次数倒退，可能被复制。请用证书登录，并删除这个通行密钥。")
        _require_certificate(passkey.account, now=now)
        passkey.sign_count, passkey.last_used_at = count, now
        passkey.save()
        return remember_login(subject=subject_of(passkey.account), way=BY_PASSKEY, address=address, now=now)


def ask_to_register(name: str) -> tuple[Asked, str]:
    """Return what asks a citizen's device to make a passkey, and the trust id the citizen will have.

    :raises BadName: the name is missing or longer than 50 characters.
    """
    person_id = f"citizen-{secrets.token_hex(16)}"
    called = checked_name(name, "显示名称")
    return ask_for_new(handle=handle_of(f":{person_id}"), name=called, known=()), person_id


def register_citizen(
    *,
    name: str,
    person_id: str,
    state: Mapping[str, Any],
    answer: Mapping[str, Any],
    address: str,
    now: datetime,
) -> Account:
    """Register a citizen (公众用户), who has a display name and a passkey and nothing else.

    state, person_id: from `ask_to_register`.

    :raises PasskeyRefused: the answer does not hold, or the passkey is known already.
    :raises BadName: the name is missing or longer than 50 characters.
    """
    made, called = read_new(state, answer), checked_name(name, "显示名称")
    with transaction.atomic():
        subject = Subject(person_name=called, person_id=person_id, organization_code="", organization_name="")
        account = remember_login(subject=subject, way=BY_PASSKEY, address=address, now=now)
        store_passkey(account, made, "注册时的通行密钥", now=now)
    return account


def store_passkey(account: Account, made: NewCredential, name: str, *, now: datetime) -> Passkey:
    """Store a passkey; the caller writes the audit row.

    :raises PasskeyRefused: some account has it already.
    """
    passkey = Passkey(
        account=account,
        credential_id=made.credential_id,
        credential=made.credential,
        name=name,
        sign_count=made.sign_count,
        created_at=now,
    )
    try:
        with transaction.atomic():
            passkey.save(force_insert=True)
    except IntegrityError as error:  # credential_id is unique
        raise PasskeyRefused("这个通行密钥已在本平台登记，没有重复添加。") from error
    return passkey


def require_fresh(login: SessionLogin | None, *, now: datetime) -> None:
    """Return when the session's login is at most 15 minutes old.

    :raises LoginTooOld: it is older.
    """
    if login is None or now - login.at > FRESH_FOR:
        raise LoginTooOld(
            "登录已超过 15 分钟，更改登录方式前须重新登录，以确认是本人。请退出后重新登录再办理。"
        )


def checked_name(name: str, what: str) -> str:
    """Return `name` in its stored form.  what: its Chinese name, for the refusal.

    :raises BadName: it is missing, longer than 50 characters or more than one line.
    """
    tidy = normal(name)
    if not 0 < len(tidy) <= LONGEST_NAME or not tidy.isprintable():
        raise BadName(f"{what}须为 1 至 {LONGEST_NAME} 个字，写成一行。请修改后再提交。")
    return tidy


def handle_of(account_key: str) -> bytes:
    """Return what stands for an account on its devices: keyed, since devices show it to anybody."""
    return salted_hmac("yuntai.passkey-handle", account_key, algorithm="sha256").digest()


def subject_of(account: Account) -> Subject:
    """Return whom an account stands for."""
    return Subject(
        person_name=account.person_name,
        person_id=account.person_id,
        organization_code=account.organization_code,
        organization_name=account.organization_name,
    )


def _require_certificate(account: Account, *, now: datetime) -> None:
    expires_at = account.certificate_expires_at
    if is_citizen(account.organization_code) or (expires_at is not None and now <= expires_at):
        return
    raise LoginRefused(
        "通行密钥随单位证书有效：上次登录所用的证书已到期或尚无记录。"
        "请用换发的证书登录一次，通行密钥随即恢复可用。"
    )


def _own(account: Account, key: int) -> Passkey:
    passkey = Passkey.objects.select_for_update().filter(account=account, pk=key).first()
    if passkey is None:
        raise NoSuchPasskey("本账户没有这个通行密钥，可能已被删除。请刷新页面核对。")
    return passkey
