"""What a person with a recognised certificate is in a trading system."""

from django.conf import settings

from yuntai.kernel.accounts.login import LoginRefused
from yuntai.trading.parties.queries import roles_of_organization
from yuntai.trust.certificates import Identity


def roles_of(identity: Identity) -> frozenset[str]:
    """Return the roles of the person's organization, as registered on the public service platform.

    :raises LoginRefused: the organization is not registered.
    """
    if identity.organization_code == settings.OPERATOR_CODE:
        return frozenset({"operator"})
    roles = roles_of_organization(identity.organization_code)
    if not roles:
        raise LoginRefused(
            f"{identity.organization_name}（{identity.organization_code}）尚未注册为市场主体。"
            f"请先在公共服务平台完成一次注册（{settings.PLATFORM_URL}/registry/register），各交易系统通用。"
        )
    return roles
