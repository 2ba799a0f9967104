"""Who may log in here: the people of the authority, and nobody else."""

from django.conf import settings

from yuntai.kernel.accounts.login import LoginRefused
from yuntai.trust.certificates import Subject

SUPERVISOR = "supervisor"


def roles_of(subject: Subject) -> frozenset[str]:
    """Return what the holder of a certificate is in this system.

    :raises LoginRefused: the certificate was not issued to a person of the authority.
    """
    if subject.organization_code != settings.AUTHORITY_CODE:
        raise LoginRefused(
            f"本系统只供{settings.AUTHORITY_NAME}的监督人员登录，"
            f"{subject.organization_name}的证书不能登录。请到交易系统或公共服务平台办理业务。"
        )
    return frozenset({SUPERVISOR})
