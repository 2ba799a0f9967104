"""Puts the caller on each request."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from yuntai.kernel.accounts.caller import Caller
from yuntai.kernel.accounts.models import Account


class CallerMiddleware:
    """Sets `request.caller`: the logged-in person as a Caller, or None."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer `request` with its caller set."""
        request.caller = SimpleLazyObject(lambda: caller_of(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def caller_of(request: HttpRequest) -> Caller | None:
    """Return who sends `request`; None when nobody is logged in."""
    account = request.user
    if not isinstance(account, Account):
        return None
    return Caller(
        person_id=account.person_id,
        person_name=account.person_name,
        organization_code=account.organization_code,
        organization_name=account.organization_name,
        roles=frozenset(account.roles),
        address=address_of(request),
    )


def address_of(request: HttpRequest) -> str:
    """Return the network address of the peer; forwarded-for headers are not believed."""
    return str(request.META.get("REMOTE_ADDR", ""))
