"""Login, challenge, answer, logout: translation only."""

import base64
import binascii

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts import login as logins
from yuntai.kernel.accounts.middleware import address_of
from yuntai.kernel.bad_input import read_json
from yuntai.kernel.errors import DomainError
from yuntai.kernel.templatetags.components import Refusal
from yuntai.trust import clock
from yuntai.trust.base64url import from_base64url


class MalformedAnswer(DomainError):
    """The answer to the challenge is not of the published form."""

    code = "malformed-answer"
    status = 400


@require_GET
@ensure_csrf_cookie
def login_page(request: HttpRequest) -> HttpResponse:
    """Show the certificate login, and what else this system offers."""
    return show_login(request, safe_next(request))


@require_GET
@ensure_csrf_cookie
def challenge(request: HttpRequest) -> JsonResponse:
    """Give this session a challenge to sign."""
    fresh = logins.new_challenge(now=clock.now())
    logins.remember_challenge(request, fresh)
    issued_at = fresh.issued_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return JsonResponse(
        {
            "origin": fresh.origin,
            "nonce": fresh.nonce,
            "issued_at": issued_at,
            "purpose": fresh.purpose,
            "csrf_token": request.META.get("CSRF_COOKIE", ""),
        }
    )


@require_POST
def answer(request: HttpRequest) -> JsonResponse:
    """Check the signed challenge and open the session."""
    challenge_given = logins.session_challenge(request)
    if challenge_given is None:
        raise logins.LoginRefused("没有待应答的登录挑战，或已用过。请重新登录。")
    certificate, signature = answer_parts(request.body)
    now = clock.now()
    account = logins.log_in(
        challenge=challenge_given,
        certificate=certificate,
        signature=signature,
        address=address_of(request),
        now=now,
    )
    logins.open_session(request, account, logins.BY_CERTIFICATE, now=now)
    return JsonResponse({"next": safe_next(request)})


def show_login(request: HttpRequest, next_page: str, refused: DomainError | None = None) -> HttpResponse:
    """Show the login page.  refused: why another way in did not work, None when none was tried."""
    context = {
        "next": next_page,
        "sandbox_url": settings.SANDBOX_URL,
        "other_ways": settings.LOGIN_PAGE_PART,
        "selftest_url": _selftest_url(),
        "refusal": Refusal("没有登录", str(refused)) if refused else None,
    }
    status = refused.status if refused else 200
    return render(request, "accounts/login.html", context, status=status)


def _selftest_url() -> str:
    try:
        return reverse("selftest")
    except NoReverseMatch:  # nobody bids in this system
        return ""


@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Close the session."""
    logins.log_out(request, now=clock.now())
    return redirect("logged-out")


@require_GET
def logged_out(request: HttpRequest) -> HttpResponse:
    """Say what the logout closed, and what it did not."""
    return render(request, "accounts/logged_out.html")


def safe_next(request: HttpRequest) -> str:
    """Return where to go after the login: a page of this system only."""
    target = request.GET.get("next", "")
    allowed = url_has_allowed_host_and_scheme(target, allowed_hosts=None)
    return target if allowed and target else settings.LOGIN_REDIRECT_URL


def answer_parts(body: bytes) -> tuple[bytes, bytes]:
    """Return certificate (DER) and signature (raw) of an answer to a challenge.

    :raises MalformedAnswer: it is not of the published form.
    """
    sent = read_json(body)
    try:
        return (
            base64.b64decode(sent["certificate"], validate=True),
            from_base64url(sent["signature"]),
        )
    except (ValueError, TypeError, KeyError, binascii.Error) as error:
        raise MalformedAnswer(
            "登录应答格式不正确：需要 certificate（base64）和 signature（base64url）。"
        ) from error
