"""Who looks at a page."""

from django.http import HttpRequest

from yuntai.kernel.accounts.caller import Caller, required


def reader(request: HttpRequest) -> Caller | None:
    """Return who sent `request`, None for a visitor without login."""
    # `or None`: the request's caller is a lazy object, which is never None itself.
    return getattr(request, "caller", None) or None


def person(request: HttpRequest) -> Caller:
    """Return the person who sent `request`.

    :raises NotLoggedIn: nobody is logged in.
    """
    return required(reader(request))
