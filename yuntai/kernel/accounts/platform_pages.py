"""Login through the platform over HTTP: off to it, and back from it.  Translation only."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from yuntai.kernel.accounts import platform_login
from yuntai.kernel.accounts.login import open_session, remember_login
from yuntai.kernel.accounts.middleware import address_of
from yuntai.kernel.accounts.pages import safe_next, show_login
from yuntai.kernel.errors import DomainError
from yuntai.trust import clock


@require_GET
def to_platform(request: HttpRequest) -> HttpResponse:
    """Send the browser to the platform; stay on the login page, and say so, when it does not answer."""
    next_page = safe_next(request)
    try:
        begun = platform_login.begin(next_page=next_page, now=clock.now())
    except DomainError as error:
        return show_login(request, next_page, refused=error)
    request.session["platform_login"] = begun.kept
    return redirect(begun.url)


@require_GET
def from_platform(request: HttpRequest) -> HttpResponse:
    """Open the session of whoever the platform names; each login under way ends here once."""
    kept, now = request.session.pop("platform_login", None), clock.now()
    next_page = kept["next"] if kept else safe_next(request)
    try:
        arrived = platform_login.finish(kept=kept, answer=request.GET.dict(), now=now)
        way = f"platform/{arrived.way}"
        account = remember_login(subject=arrived.subject, way=way, address=address_of(request), now=now)
    except DomainError as error:
        return show_login(request, next_page, refused=error)
    open_session(request, account, way, now=now)
    return redirect(next_page)
