"""Only people of the authority get in."""

from datetime import UTC, datetime

import pytest
from django.conf import settings

from yuntai.kernel.accounts.login import LoginRefused
from yuntai.standard.identifiers import credit_code
from yuntai.supervision.roles import roles_of
from yuntai.trust.certificates import Identity


def identity(organization_code: str) -> Identity:
    return Identity(
        person_name="孙监督",
        person_id="P-SUN",
        organization_code=organization_code,
        organization_name="演示建设投资有限公司",
        serial_number="1",
        not_before=datetime(2026, 1, 1, tzinfo=UTC),
        not_after=datetime(2027, 1, 1, tzinfo=UTC),
    )


def test_a_person_of_the_authority_is_a_supervisor() -> None:
    assert roles_of(identity(settings.AUTHORITY_CODE)) == {"supervisor"}


@pytest.mark.parametrize(
    "organization_code", [credit_code.make("320700", 1), "", settings.AUTHORITY_CODE.lower()], ids=repr
)
def test_everyone_else_is_refused(organization_code: str) -> None:
    with pytest.raises(LoginRefused, match=r"只供.*监督人员登录"):
        roles_of(identity(organization_code))
