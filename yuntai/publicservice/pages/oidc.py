"""The addresses of the OpenID Connect provider: discovery, keys, authorize, token.  Translation only."""

from urllib.parse import urlencode

from authlib.oauth2 import OAuth2Error
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from yuntai.kernel.accounts.login import session_login
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.accounts.models import Account
from yuntai.kernel.errors import DomainError
from yuntai.publicservice.identity.clients import SCOPE
from yuntai.publicservice.identity.provider import ALGORITHM, CLAIMS, LoggedIn, provider, public_keys
from yuntai.publicservice.roles import is_citizen


class LoginRequestRefused(DomainError):
    """A system asks in a way that must not even be answered to the address it names."""

    code = "login-request-refused"
    status = 400


@require_GET
def discovery(request: HttpRequest) -> JsonResponse:
    """Say where everything is (OpenID Connect Discovery 1.0)."""
    here = settings.PUBLIC_URL
    found = {
        "issuer": here,
        "authorization_endpoint": here + reverse("oidc-authorize"),
        "token_endpoint": here + reverse("oidc-token"),
        "jwks_uri": here + reverse("oidc-keys"),
        "scopes_supported": [SCOPE],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [ALGORITHM],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "claims_supported": ["sub", "auth_time", "amr", *CLAIMS],
        "prompt_values_supported": ["none", "login"],
    }
    return JsonResponse(found)


@require_GET
def keys(request: HttpRequest) -> JsonResponse:
    """Give the public keys."""
    return JsonResponse(public_keys())


@require_GET
def authorize(request: HttpRequest) -> HttpResponse:
    """Send whoever is logged in here back to the asking system, with a code; others to the login first."""
    who = _logged_in(request)
    server = provider()
    try:
        grant = server.get_consent_grant(request, end_user=who)
    except OAuth2Error as error:
        if error.redirect_uri:
            return _answer(server.handle_error_response(server.create_oauth2_request(request), error))
        raise LoginRequestRefused(_refusal(error.error)) from error
    except ValueError as error:  # Authlib's own refusal of signs that may not stand in an error
        raise LoginRequestRefused(_refusal("invalid_request")) from error
    if who is None or request.GET.get("prompt") == "login":
        asked = {name: value for name, value in request.GET.items() if name != "prompt"}
        way_back = f"{reverse('oidc-authorize')}?{urlencode(asked)}"
        return redirect(f"{reverse('login')}?{urlencode({'next': way_back})}")
    # A citizen acts for no organization: the asking system is told that nothing was granted.
    granted = None if is_citizen(who.account.organization_code) else who
    return _answer(server.create_authorization_response(grant.request, granted, grant))


@csrf_exempt
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code for who has logged in; the asking system proves itself by its secret."""
    return _answer(provider().create_token_response(request))


def _logged_in(request: HttpRequest) -> LoggedIn | None:
    caller, login, account = caller_of(request), session_login(request), request.user
    if caller is None or login is None or not isinstance(account, Account):
        return None
    return LoggedIn(account, login, caller)


def _answer(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store"
    return response


def _refusal(reason: str) -> str:
    return (
        f"登录请求不符合约定（{reason}），没有办理：请求登录的系统未登记、返回地址与登记的不同或参数有误。"
        "请回到原系统用证书直接登录，并告知该系统的运营机构。"
    )
