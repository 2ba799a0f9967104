"""Login by certificate challenge: prove that you hold the key, then the system says what you may act as.

Other ways in (a passkey on the platform, the platform itself for the other systems) end in the same
`remember_login` and `open_session`.
"""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib import auth
from django.contrib.auth.backends import BaseBackend
from django.db import transaction
from django.http import HttpRequest
from django.utils.module_loading import import_string

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record, version_of
from yuntai.kernel.errors import DomainError
from yuntai.kernel.recognition.identification import identify_for_login
from yuntai.trust import certificates
from yuntai.trust.certificates import CertificateRefused, Identity, Subject
from yuntai.trust.challenge import challenge_bytes

CHALLENGE_LIFE = timedelta(seconds=120)
PURPOSE = "login"
BY_CERTIFICATE = "certificate"
BACKEND = "yuntai.kernel.accounts.login.CertificateBackend"


class LoginRefused(DomainError):
    """The login was refused."""

    code = "login-refused"
    status = 403


class CertificateBackend(BaseBackend):
    """Lets Django find the account of a session; authenticating is `log_in`'s work."""

    def get_user(self, user_id: int) -> Account | None:
        """Return the account with that key, if it is there."""
        return Account.objects.filter(pk=user_id).first()


@dataclass(frozen=True)
class Challenge:
    """What the device must sign.  nonce: 64 hex digits, used once.  origin: scheme, host and port."""

    origin: str
    nonce: str
    issued_at: datetime
    purpose: str = PURPOSE

    def to_sign(self) -> bytes:
        """Return the bytes that the device signs."""
        return challenge_bytes(self.origin, bytes.fromhex(self.nonce), self.issued_at, self.purpose)


def new_challenge(*, now: datetime) -> Challenge:
    """Return a fresh challenge for this system's origin."""
    return Challenge(settings.PUBLIC_URL, secrets.token_hex(32), now.replace(microsecond=0))


def log_in(
    *, challenge: Challenge, certificate: bytes, signature: bytes, address: str, now: datetime
) -> Account:
    """Check the answer to `challenge` and return the account, made at the first login.

    certificate: DER.  signature: raw r||s, 64 bytes, over `challenge.to_sign()`.

    :raises LoginRefused: challenge expired, signature wrong, certificate refused, or nobody known by it.
    """
    if now - challenge.issued_at > CHALLENGE_LIFE:
        raise LoginRefused("登录挑战已过期（有效 2 分钟）。请重新登录。")
    try:
        identity = identify_for_login(certificate, now)
    except CertificateRefused as error:
        raise LoginRefused(str(error)) from error
    if not certificates.is_signed_by(certificate, challenge.to_sign(), signature):
        raise LoginRefused("证书签名验证未通过。请确认使用的是与证书配套的私钥，再试一次。")
    return remember_login(subject=identity, way=BY_CERTIFICATE, address=address, now=now)


def remember_login(*, subject: Subject, way: str, address: str, now: datetime) -> Account:
    """Write that `subject` has proved who it is, and return its account, made at the first login.

    The account is found by credit code and trust id, whatever certificate stands behind them.
    way: how it was proved: "certificate", "passkey" or "platform".

    :raises LoginRefused: the system knows nobody by these.
    """
    find_roles: Callable[[Subject], frozenset[str]] = import_string(settings.ROLES_OF)
    roles = find_roles(subject)
    facts: dict[str, object] = {
        "person_name": subject.person_name,
        "organization_name": subject.organization_name,
        "roles": sorted(roles),
    }
    if isinstance(subject, Identity):
        facts |= {
            "certificate_serial": subject.serial_number,
            "certificate_expires_at": subject.not_after,
        }
    with transaction.atomic():
        account = (
            Account.objects.select_for_update()
            .filter(organization_code=subject.organization_code, person_id=subject.person_id)
            .first()
        )
        before = version_of(account)
        account = account or Account(
            organization_code=subject.organization_code,
            person_id=subject.person_id,
            key=f"{subject.organization_code}:{subject.person_id}",
            created_at=now,
        )
        for name, value in facts.items():
            setattr(account, name, value)
        account.save()
        caller = Caller(
            person_id=account.person_id,
            person_name=account.person_name,
            organization_code=account.organization_code,
            organization_name=account.organization_name,
            roles=roles,
            role=",".join(sorted(roles)),
            address=address,
        )
        record(caller=caller, act="log-in", subject=account, before=before, now=now, detail={"way": way})
    return account


@dataclass(frozen=True)
class SessionLogin:
    """How and when the person of a session logged in."""

    way: str
    at: datetime


def open_session(request: HttpRequest, account: Account, way: str, *, now: datetime) -> None:
    """Let `account` in: from here on the session is that person's, under a new session key."""
    auth.login(request, account, backend=BACKEND)
    request.session["login"] = {"way": way, "at": now.isoformat()}


def session_login(request: HttpRequest) -> SessionLogin | None:
    """Return how the person of this session logged in, None when nobody did."""
    stored = request.session.get("login")
    return SessionLogin(stored["way"], datetime.fromisoformat(stored["at"])) if stored else None


def log_out(request: HttpRequest, *, now: datetime) -> None:
    """Close the session of `request`; whoever was logged in gets an audit row, as at the login."""
    caller, account = caller_of(request), request.user
    with transaction.atomic():
        auth.logout(request)
        if caller and isinstance(account, Account):
            who = replace(caller, role=",".join(sorted(caller.roles)))
            record(caller=who, act="log-out", subject=account, before=version_of(account), now=now)


def session_challenge(request: HttpRequest) -> Challenge | None:
    """Take the challenge that this session was given; it can be answered once only."""
    stored = request.session.pop("challenge", None)
    if stored is None:
        return None
    return Challenge(stored["origin"], stored["nonce"], datetime.fromisoformat(stored["issued_at"]))


def remember_challenge(request: HttpRequest, challenge: Challenge) -> None:
    """Keep `challenge` in the session on the server until it is answered."""
    request.session["challenge"] = {
        "origin": challenge.origin,
        "nonce": challenge.nonce,
        "issued_at": challenge.issued_at.isoformat(),
    }
