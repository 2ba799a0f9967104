"""Who may log in to the platform, and as what."""

from typing import Any

import pytest

from yuntai.publicservice.roles import roles_of
from yuntai.publicservice.tests.factories import AUTHORITY, BIDDERS, NOW
from yuntai.trust.certificates import Identity


def identity(organization_code: str) -> Identity:
    return Identity(
        person_name="周运营",
        person_id="P-0009",
        organization_code=organization_code,
        organization_name="某单位",
        serial_number="1",
        not_before=NOW,
        not_after=NOW,
    )


@pytest.mark.parametrize(
    ("organization", "operator", "roles"),
    [
        (BIDDERS[0], AUTHORITY, {"participant"}),
        (AUTHORITY, AUTHORITY, {"operator"}),
        (BIDDERS[0], "", {"participant"}),
        ("", "", {"citizen"}),
        ("", AUTHORITY, {"citizen"}),
    ],
)
def test_the_operator_is_known_by_its_organization(
    settings: Any, organization: str, operator: str, roles: set[str]
) -> None:
    settings.OPERATOR_CODE = operator

    assert roles_of(identity(organization)) == roles
