"""Who reads a page: every page but the public one is for the authority's supervisors."""

from django.http import HttpRequest

from yuntai.kernel.accounts.caller import Caller, required
from yuntai.supervision.permissions import POLICY, Permission


def supervisor(request: HttpRequest) -> Caller:
    """Return the supervisor who sent `request`.

    :raises NotLoggedIn: nobody is logged in.
    :raises Forbidden: the person is no supervisor of this authority.
    """
    # `or None`: the request's caller is a lazy object, which is never None itself.
    caller: Caller | None = getattr(request, "caller", None) or None
    return required(caller).acting_as(POLICY[Permission.WATCH_TENDERS])
