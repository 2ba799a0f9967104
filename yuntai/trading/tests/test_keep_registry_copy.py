"""What the platform tells of an organization becomes this system's copy; nobody waits for a verification."""

from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from yuntai.kernel.accounts.login import LoginRefused
from yuntai.kernel.inbox.apply import Delivery
from yuntai.standard.messages import (
    ParticipantChanged,
    ParticipantFacts,
    ParticipantRegistered,
    ParticipantVerified,
)
from yuntai.trading.handlers import HANDLERS
from yuntai.trading.parties.queries import participant
from yuntai.trading.roles import roles_of
from yuntai.trading.tests import people, world
from yuntai.trust.certificates import Subject

pytestmark = pytest.mark.django_db(transaction=True)


def subject() -> Subject:
    return people.bidder().subject


def tell(message_type: type[ParticipantFacts], **changes: Any) -> None:
    facts: dict[str, Any] = {
        "occurred_at": world.OPENED,
        "organization_code": subject().organization_code,
        "name": "老名称",
        "roles": ("bidder",),
        "region_code": "320700",
        "contact_name": "王投标",
        "registered_at": world.OPENED,
    }
    message = message_type(**facts | changes)
    HANDLERS[message_type](message, Delivery("publicservice", "m", world.OPENED), world.OPENED)


def test_an_organization_that_is_not_verified_yet_has_its_roles_at_once() -> None:
    tell(ParticipantRegistered)

    assert roles_of(subject()) == {"bidder"}


@pytest.mark.parametrize("message_type", [ParticipantChanged, ParticipantVerified])
def test_the_newest_word_counts(message_type: type[ParticipantFacts]) -> None:
    tell(ParticipantRegistered)

    later = world.OPENED + timedelta(hours=1)
    tell(message_type, name="新名称", roles=("agency", "bidder"), version=2, occurred_at=later)

    kept = participant(subject().organization_code)
    assert kept is not None
    assert (kept.name, kept.roles) == ("新名称", ["agency", "bidder"])


def test_nobody_is_the_operator_of_a_system_whose_operator_is_not_named(settings: Settings) -> None:
    settings.OPERATOR_CODE = ""

    with pytest.raises(LoginRefused):
        roles_of(Subject("公众", "citizen-1", "", ""))
