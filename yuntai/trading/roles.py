"""What a person with a recognised certificate is in a trading system."""

import json
from pathlib import Path

from django.conf import settings

from yuntai.kernel.accounts.login import LoginRefused
from yuntai.trading.parties.queries import roles_of_organization
from yuntai.trust.certificates import Subject


def roles_of(subject: Subject) -> frozenset[str]:
    """Return the roles of the person's organization, as registered, and "expert" for a listed expert.

    :raises LoginRefused: the organization is not registered, and the person no listed expert.
    """
    if settings.OPERATOR_CODE and subject.organization_code == settings.OPERATOR_CODE:
        return frozenset({"operator"})
    roles = roles_of_organization(subject.organization_code)
    if _is_expert(subject):
        roles |= {"expert"}
    if not roles:
        raise LoginRefused(
            f"{subject.organization_name}（{subject.organization_code}）尚未注册为市场主体。"
            f"请先在公共服务平台完成一次注册（{settings.PLATFORM_URL}/registry/register），各交易系统通用。"
        )
    return roles


def _is_expert(subject: Subject) -> bool:
    """Return whether the expert bank lists this person; nobody becomes an expert by registering."""
    if not settings.EXPERTS_FILE:
        return False
    listed = json.loads(Path(settings.EXPERTS_FILE).read_text(encoding="utf-8"))
    person = (subject.organization_code, subject.person_id)
    return any((row["organization_code"], row["person_id"]) == person for row in listed)
