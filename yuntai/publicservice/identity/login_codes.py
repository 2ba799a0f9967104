"""Acts on login codes: the platform grants a code, and the system it was granted to takes it once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.db import transaction

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.login import SessionLogin
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.audit.services import record, version_of
from yuntai.publicservice.identity.models import LoginCode

LIFE = timedelta(seconds=60)


@dataclass(frozen=True)
class Asking:
    """What a system asks with, already checked."""

    client_id: str
    redirect_uri: str
    scope: str
    nonce: str
    code_challenge: str


def grant_login(
    *, code: str, asking: Asking, account: Account, login: SessionLogin, caller: Caller, now: datetime
) -> None:
    """Write that `account` lets the asking system know who it is, under `code`."""
    with transaction.atomic():
        granted = LoginCode.objects.create(
            code_sha256=_digest(code),
            account=account,
            way=login.way,
            logged_in_at=login.at,
            issued_at=now,
            **vars(asking),
        )
        record(
            caller=caller,
            act="grant-login",
            subject=granted,
            before="",
            now=now,
            detail={"system": asking.client_id, "way": login.way},
        )


def take_login(*, code: str, client_id: str, now: datetime) -> LoginCode | None:
    """Return what was granted to `client_id` under `code`; None when nothing was, or it was taken or is over.

    Taken with the first try, whatever comes of it: a code that somebody else tried must not work again.
    """
    with transaction.atomic():
        known = LoginCode.objects.select_for_update(of=("self",)).select_related("account")
        granted = known.filter(code_sha256=_digest(code), client_id=client_id, taken_at=None).first()
        if granted is None or now - granted.issued_at > LIFE:
            return None
        before = version_of(granted)
        granted.taken_at = now
        granted.save()
        caller = Caller.system(client_id)
        record(caller=caller, act="take-login", subject=granted, before=before, now=now)
    return granted


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
