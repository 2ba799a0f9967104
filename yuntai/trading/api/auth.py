"""Who calls: the session that the certificate login opened; a cookie, so CSRF is checked too."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie

from yuntai.kernel.accounts.caller import Caller


class SessionAuth(APIKeyCookie):
    """Lets in whoever is logged in; what each may do, the services decide."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        """Return the caller of `request`, None when nobody is logged in."""
        caller: Caller | None = request.caller  # type: ignore[attr-defined]
        return caller or None


def caller_of(request: HttpRequest) -> Caller:
    """Return the caller that `SessionAuth` found."""
    caller: Caller = request.auth  # type: ignore[attr-defined]
    return caller
