"""Passkeys over HTTP: add, name, remove; log in with one; register as a citizen.  Translation only."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.login import open_session, session_login
from yuntai.kernel.accounts.middleware import address_of, caller_of
from yuntai.kernel.accounts.pages import safe_next
from yuntai.kernel.bad_input import read_json
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Crumb
from yuntai.publicservice.identity import services, webauthn
from yuntai.publicservice.identity.webauthn import Asked, PasskeyRefused
from yuntai.publicservice.pages.following import account_of
from yuntai.publicservice.roles import CITIZEN
from yuntai.trust import clock

ANSWER_WITHIN = timedelta(minutes=5)
LONGEST_BODY = 64 * 1024


class MalformedAnswer(DomainError):
    """What the browser sent is not of the published form."""

    code = "malformed-answer"
    status = 400


@require_GET
def passkeys(request: HttpRequest) -> HttpResponse:
    """Show the caller's passkeys."""
    caller = required(caller_of(request))
    context = {
        "passkeys": account_of(request).passkeys.order_by("created_at"),
        "is_citizen": CITIZEN in caller.roles,
        "done": request.GET.get("done", ""),
        "crumbs": (Crumb("工作台", reverse("desk")), Crumb("通行密钥")),
    }
    return render(request, "publicservice/passkeys.html", context)


@require_GET
def ask_to_add(request: HttpRequest) -> JsonResponse:
    """Give the caller's device what it needs to make a passkey."""
    required(caller_of(request))
    login, now = session_login(request), clock.now()
    asked = services.ask_for_passkey(account=account_of(request), login=login, now=now)
    return _ask(request, "add", asked, now=now)


@require_POST
def add(request: HttpRequest) -> JsonResponse:
    """Add the passkey that the caller's device made."""
    caller, now = required(caller_of(request)), clock.now()
    state, sent = _answered(request, "add", now=now), _sent(request)
    services.add_passkey(
        account=account_of(request),
        name=str(sent.get("name", "")),
        state=state,
        answer=_credential(sent),
        caller=caller,
        now=now,
    )
    return JsonResponse({"next": f"{reverse('passkeys')}?done=added"}, status=201)


@require_POST
def rename(request: HttpRequest, key: int) -> HttpResponse:
    """Give a passkey another name."""
    caller = required(caller_of(request))
    services.rename_passkey(
        account=account_of(request),
        key=key,
        name=request.POST.get("name", ""),
        caller=caller,
        now=clock.now(),
    )
    return redirect(f"{reverse('passkeys')}?done=renamed")


@require_POST
def remove(request: HttpRequest, key: int) -> HttpResponse:
    """Remove a passkey."""
    caller: Caller = required(caller_of(request))
    services.remove_passkey(
        account=account_of(request),
        key=key,
        login=session_login(request),
        caller=caller,
        now=clock.now(),
    )
    return redirect(f"{reverse('passkeys')}?done=removed")


@require_GET
@ensure_csrf_cookie
def ask_to_log_in(request: HttpRequest) -> JsonResponse:
    """Give a device what it needs to prove a passkey."""
    return _ask(request, "login", webauthn.ask_to_log_in(), now=clock.now())


@require_POST
def log_in(request: HttpRequest) -> JsonResponse:
    """Check the passkey and open the session."""
    now = clock.now()
    state, sent = _answered(request, "login", now=now), _sent(request)
    account = services.log_in_with_passkey(
        state=state, answer=_credential(sent), address=address_of(request), now=now
    )
    open_session(request, account, services.BY_PASSKEY, now=now)
    return JsonResponse({"next": safe_next(request)})


@require_GET
@ensure_csrf_cookie
def citizen_page(request: HttpRequest) -> HttpResponse:
    """Show the form with which a citizen registers."""
    crumbs = (Crumb("登录", reverse("login")), Crumb("公众注册"))
    return render(request, "publicservice/citizen.html", {"next": safe_next(request), "crumbs": crumbs})


@require_GET
def ask_to_register(request: HttpRequest) -> JsonResponse:
    """Give a citizen's device what it needs to make the first passkey."""
    name = request.GET.get("name", "")
    asked, person_id = services.ask_to_register(name)
    return _ask(request, "citizen", asked, now=clock.now(), name=name, person_id=person_id)


@require_POST
def register(request: HttpRequest) -> JsonResponse:
    """Register a citizen and open the session."""
    now = clock.now()
    state, sent = _answered(request, "citizen", now=now), _sent(request)
    account = services.register_citizen(
        name=state["name"],
        person_id=state["person_id"],
        state=state,
        answer=_credential(sent),
        address=address_of(request),
        now=now,
    )
    open_session(request, account, services.BY_PASSKEY, now=now)
    return JsonResponse({"next": safe_next(request)}, status=201)


def _ask(request: HttpRequest, purpose: str, asked: Asked, *, now: datetime, **kept: str) -> JsonResponse:
    request.session["passkey"] = {"purpose": purpose, "asked_at": now.isoformat(), **asked.state, **kept}
    token = request.META.get("CSRF_COOKIE", "")
    return JsonResponse({"options": asked.options, "csrf_token": token})


def _answered(request: HttpRequest, purpose: str, *, now: datetime) -> dict[str, Any]:
    """Take what this session was asked; it can be answered once, within five minutes."""
    stored: dict[str, Any] | None = request.session.pop("passkey", None)
    if stored is None or stored["purpose"] != purpose:
        raise PasskeyRefused("没有待应答的通行密钥请求，或已用过。请刷新页面再试一次。")
    if now - datetime.fromisoformat(stored["asked_at"]) > ANSWER_WITHIN:
        raise PasskeyRefused("通行密钥请求已过期（有效 5 分钟）。请刷新页面再试一次。")
    return stored


def _sent(request: HttpRequest) -> Mapping[str, Any]:
    sent = read_json(request.body) if len(request.body) <= LONGEST_BODY else None
    if not isinstance(sent, dict):
        raise MalformedAnswer("提交的内容须为不超过 64 KB 的 JSON 对象，含 credential。请刷新页面再试一次。")
    return sent


def _credential(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    credential = sent.get("credential")
    if not isinstance(credential, dict):
        raise MalformedAnswer("提交的内容缺少 credential。请刷新页面再试一次。")
    return credential
