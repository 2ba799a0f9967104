"""Who calls the platform's interface with a session."""

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.utils import check_csrf

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.kernel.accounts.middleware import caller_of
from yuntai.kernel.refusals import CSRF_REFUSAL, ForgedRequest


class SessionCaller(APIKeyCookie):
    """Whoever is logged in here by certificate; the request carries the CSRF token as X-CSRFToken."""

    param_name = settings.SESSION_COOKIE_NAME

    def __init__(self) -> None:
        super().__init__(csrf=False)  # checked below, to answer as a problem document

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller:
        """Return the caller.

        :raises NotLoggedIn: nobody is logged in.
        :raises ForgedRequest: the CSRF token is missing or wrong.
        """
        caller = required(caller_of(request))
        if check_csrf(request) is not None:
            raise ForgedRequest(CSRF_REFUSAL)
        return caller
