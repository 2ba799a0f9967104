"""publish_notice …"""

from datetime import timedelta

import pytest

from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.tenders.drafting import KeyStatement
from yuntai.trading.tenders.models import HolderKey, Tender
from yuntai.trading.tenders.refusals import (
    AlreadyPublished,
    DeadlineTooSoon,
    KeysMissing,
    TenderNotFound,
    WrongKey,
)
from yuntai.trading.tenders.services import note_holder_key, publish_notice
from yuntai.trading.tests import people, world
from yuntai.trust.suites import INTERNATIONAL

GOOD_KEY = INTERNATIONAL.new_holder_key()[1]
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

    with pytest.raises(TenderNotFound):
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


@pytest.mark.parametrize(
    "public_key",
    [b"", b"\x04" + b"\x01" * 64, b"\x04" + bytes(64), b"\x02" + GOOD_KEY[1:33], GOOD_KEY + b"\x00"],
    ids=["nothing", "off the curve", "zero", "compressed", "longer"],
)
def test_a_holder_gives_no_key_that_nobody_can_seal_to(public_key: bytes) -> None:
    """One such key, and no bidder could seal a bid: one bad holder would end the lot."""
    tender = world.make_draft()
    told = KeyStatement(
        lot_code=tender.lots.get().code,
        letter="C",
        holder_name="保管方 C",
        public_key=public_key,
        opens_at=tender.bids_due_at,
        statement={"statement": {}, "signature": ""},
    )

    with pytest.raises(WrongKey, match="不是有效公钥"):
        note_holder_key(told=told, now=world.OPENED)

    assert not HolderKey.objects.exists()
