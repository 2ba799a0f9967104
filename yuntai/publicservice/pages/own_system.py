"""A system as its own operator may see it."""

from datetime import datetime

from yuntai.kernel.accounts.caller import Caller
from yuntai.publicservice.systems.queries import SystemView, system_view
from yuntai.publicservice.systems.services import NotYourSystem


def own_system_view(code: str, caller: Caller, now: datetime) -> SystemView:
    """Return the caller's system.

    :raises NotYourSystem: it is another operator's.
    """
    view = system_view(code, now=now)
    if not caller.organization_code or view.operator_code != caller.organization_code:
        raise NotYourSystem(f"{code} 由{view.operator_name}运营，只有该机构能办理。请用该机构的证书登录。")
    return view
