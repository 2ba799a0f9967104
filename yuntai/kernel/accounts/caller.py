"""Who acts: passed to every service, so that no rule and no audit entry asks the request."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Self

from yuntai.kernel.errors import Forbidden, NotLoggedIn
from yuntai.standard.code_lists import PARTICIPANT_ROLES

ROLE_NAMES = {
    **PARTICIPANT_ROLES,
    "expert": "评标专家",
    "operator": "运营人员",
    "supervisor": "监督人员",
    "participant": "市场主体",
    "citizen": "公众用户",
}


@dataclass(frozen=True)
class Caller:
    """A person, or a system, that acts.

    person_id: the certificate's trust id; the system's code when a system acts.
    roles: what this caller may act as.  role: the one it acts as now, "" until a permission was checked.
    address: network address of the request, "" for a process of our own.
    """

    person_id: str
    person_name: str
    organization_code: str
    organization_name: str
    roles: frozenset[str]
    role: str = ""
    address: str = ""

    @property
    def role_name(self) -> str:
        """What the caller may act as, in Chinese."""
        return "、".join(ROLE_NAMES.get(role, role) for role in sorted(self.roles))

    @classmethod
    def system(cls, code: str, name: str = "系统") -> Self:
        """Return the caller for what a system does by itself or on a message of system `code`."""
        return cls(code, name, "", name, frozenset({"system"}), role="system")

    def acting_as(self, allowed: Collection[str]) -> Self:
        """Return this caller in the first of its roles that `allowed` holds.

        :raises Forbidden: none of the roles is allowed.
        """
        for role in sorted(self.roles):
            if role in allowed:
                return replace(self, role=role)
        raise Forbidden(
            f"{self.organization_name} {self.person_name} 没有办理此事的权限。请用有权限的证书登录。"
        )


def required(caller: Caller | None) -> Caller:
    """Return `caller`.

    :raises NotLoggedIn: there is none.
    """
    if not caller:  # a request's caller is lazy, and no `None` until it is looked at
        raise NotLoggedIn("办理此事须先用证书登录。")
    return caller
