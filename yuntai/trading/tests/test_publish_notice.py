"""publish_notice …"""

from datetime import timedelta

import pytest

from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.refusals import (
    AlreadyPublished,
    DeadlineTooSoon,
    KeysMissing,
    NotYours,
    WrongKey,
)
from yuntai.trading.tenders.services import publish_notice
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)
NOTICE = "trading.tender.notice-published.v1"
LAST_LAWFUL = world.OPENED.replace(hour=15, minute=59) + timedelta(days=0)  # 23:59 of the same Shanghai day


def publish(tender: Tender, person: people.Person | None = None, now: object = world.OPENED) -> Tender:
    caller = (person or people.initiator()).caller
    return publish_notice(tender_code=tender.code, text="公告正文", caller=caller, now=now)  # type: ignore[arg-type]


def test_opens_bidding_and_tells_the_platform_once() -> None:
    tender = world.make_draft()
    world.give_keys(tender)

    publish(tender)

    message = OutboxMessage.objects.get(type=NOTICE)
    assert message.destination == "publicservice"
    assert message.body["tender_code"] == tender.code
    assert [holder["letter"] for holder in message.body["holders"]] == ["C", "P", "R", "T"]
    assert tender.lots.get().next_due_at == world.DUE


def test_binds_the_bids_to_the_documents() -> None:
    place = world.publish()

    assert len(place.tender.documents_sha256) == 64


def test_takes_a_deadline_on_the_twentieth_day() -> None:
    tender = world.make_draft()
    world.give_keys(tender)

    assert publish(tender, now=LAST_LAWFUL).documents_open_at == LAST_LAWFUL


def test_refuses_a_deadline_on_the_nineteenth_day() -> None:
    tender = world.make_draft()
    world.give_keys(tender)
    next_day = LAST_LAWFUL + timedelta(minutes=1)

    with pytest.raises(DeadlineTooSoon) as refusal:
        publish(tender, now=next_day)

    assert refusal.value.clause == "tendering/24"
    assert not OutboxMessage.objects.filter(type=NOTICE).exists()
    assert Tender.objects.get().documents_open_at is None


def test_leaves_a_tender_that_need_not_be_one_its_shorter_period() -> None:
    tender = world.make_draft(must_tender=False, bids_due_at=world.OPENED + timedelta(days=8))
    world.give_keys(tender)

    assert publish(tender).documents_open_at == world.OPENED


def test_refuses_while_a_holders_key_is_missing() -> None:
    tender = world.make_draft()
    world.give_keys(tender, ("T", "P", "C"))

    with pytest.raises(KeysMissing, match="缺保管方 R"):
        publish(tender)


def test_refuses_a_second_time() -> None:
    place = world.publish()

    with pytest.raises(AlreadyPublished):
        publish(place.tender)


def test_refuses_another_initiator() -> None:
    tender = world.make_draft()
    world.give_keys(tender)

    with pytest.raises(NotYours):
        publish(tender, people.other_initiator())


@pytest.mark.parametrize("number", [0, 1])
def test_refuses_a_bidder(number: int) -> None:
    tender = world.make_draft()

    with pytest.raises(Forbidden):
        publish(tender, people.bidder(number))


def test_a_holder_may_not_change_its_key() -> None:
    tender = world.make_draft()
    world.give_keys(tender)

    with pytest.raises(WrongKey):
        world.give_keys(tender, ("T",))
