"""submit_bid …"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from django.db import OperationalError, connection, transaction

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.documents import store
from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.bids.refusals import (
    BidAlreadyReceived,
    BidIncomplete,
    BidTooLate,
    NotSealed,
    NotTheOwner,
    OwnTender,
    WrongDocuments,
)
from yuntai.trading.bids.sealed_acts import seal_act
from yuntai.trading.bids.services import submit_bid
from yuntai.trading.tenders.refusals import Suspended
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)
LAST_MOMENT = timedelta(microseconds=1)


def submit(
    place: world.World,
    person: people.Person,
    *,
    now: datetime = world.DUE - LAST_MOMENT,
    upload: bool = True,
) -> Envelope:
    world.register(person)
    header, body = world.seal_bid(place, person)
    if upload:
        store.put([body], announced_sha256=header.body_sha256)
    return submit_bid(
        lot_code=place.lot.code,
        header=header.to_json(),
        signature=world.owner_signature(header),
        caller=person.caller,
        now=now,
    )


def test_takes_a_bid_until_the_last_moment() -> None:
    place = world.publish()

    envelope = submit(place, people.bidder())

    assert Envelope.objects.get().receipt["statement"]["envelope_id"] == envelope.envelope_id


@pytest.mark.parametrize("late_by", [timedelta(0), LAST_MOMENT, timedelta(days=1)], ids=str)
def test_refuses_a_bid_from_the_deadline_on(late_by: timedelta) -> None:
    place = world.publish()
    told_before = OutboxMessage.objects.count()

    with pytest.raises(BidTooLate) as refusal:
        submit(place, people.bidder(), now=world.DUE + late_by)

    assert refusal.value.clause == "tendering/28"
    assert not Envelope.objects.exists()
    assert not SealedAct.objects.exists()
    assert OutboxMessage.objects.count() == told_before


def test_refuses_a_bid_that_was_held_up_until_the_set_was_closed() -> None:
    place = world.close_lot()

    with pytest.raises(BidTooLate, match="封标"):
        submit(place, people.bidder(9), now=world.DUE - LAST_MOMENT)

    assert Envelope.objects.count() == 3


def test_no_one_closes_or_moves_the_deadline_while_a_bid_is_taken_in(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its shared lock on the tender stands against every act that locks the tender for itself."""
    place = world.publish()
    outcomes = []

    def seal_while_another_asks(**facts: object) -> SealedAct:
        with ThreadPoolExecutor(1) as other:
            outcomes.append(other.submit(may_lock, place.tender.code).result())
            outcomes.append(other.submit(may_lock, place.tender.code, shared=True).result())
        return seal_act(**facts)  # type: ignore[arg-type]  # passed on as they came

    monkeypatch.setattr("yuntai.trading.bids.services.seal_act", seal_while_another_asks)

    submit(place, people.bidder())

    assert outcomes == [False, True]


def may_lock(tender_code: str, *, shared: bool = False) -> bool:
    """Return whether another connection gets the tender's lock at once."""
    shared_lock = "SELECT 1 FROM tenders_tender WHERE code = %s FOR SHARE NOWAIT"
    whole_lock = "SELECT 1 FROM tenders_tender WHERE code = %s FOR UPDATE NOWAIT"
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(shared_lock if shared else whole_lock, [tender_code])
    except OperationalError:
        return False
    finally:
        connection.close()
    return True


def test_tells_nobody_that_a_bid_came() -> None:
    place = world.publish()
    told_before = OutboxMessage.objects.count()
    person = people.bidder()

    submit(place, person)

    assert OutboxMessage.objects.count() == told_before
    sealed = AuditEntry.objects.latest("id")
    assert (sealed.act, sealed.person_id, sealed.object_type) == ("sealed", "sealed", "sealed")
    assert sealed.object_id == SealedAct.objects.get().commitment


def test_leaves_no_name_of_the_bidder_in_the_bids_tables() -> None:
    place = world.publish()
    person = people.bidder()

    submit(place, person)

    stored = str(list(Envelope.objects.values())) + str(list(SealedAct.objects.values()))
    for secret in (person.subject.organization_code, person.subject.organization_name, "9000000"):
        assert secret not in stored


def test_refuses_a_second_bid_from_the_same_bidder() -> None:
    place = world.publish()
    standing = submit(place, people.bidder())

    with pytest.raises(BidAlreadyReceived):
        submit(place, people.bidder())

    assert Envelope.objects.get().envelope_id == standing.envelope_id


def test_refuses_a_bid_whose_body_has_not_arrived() -> None:
    place = world.publish()

    with pytest.raises(BidIncomplete):
        submit(place, people.bidder(), upload=False)

    assert not Envelope.objects.exists()


def test_refuses_a_plain_file() -> None:
    place = world.publish()
    world.register(people.bidder())

    with pytest.raises(NotSealed) as refusal:
        submit_bid(
            lot_code=place.lot.code,
            header={"price": "9000000.00"},
            signature=b"",
            caller=people.bidder().caller,
            now=world.OPENED,
        )

    assert refusal.value.clause == "etendering/26"


def test_refuses_a_header_that_its_owner_did_not_sign() -> None:
    place = world.publish()
    header, body = world.seal_bid(place, people.bidder())
    store.put([body], announced_sha256=header.body_sha256)

    with pytest.raises(NotTheOwner):
        submit_bid(
            lot_code=place.lot.code,
            header=header.to_json(),
            signature=world.owner_signature(header, "yuntai-withdraw-v1"),
            caller=people.bidder().caller,
            now=world.OPENED,
        )

    assert not Envelope.objects.exists()


def test_refuses_a_bid_sealed_for_another_lot() -> None:
    one, other = world.publish(), world.publish()
    header, body = world.seal_bid(one, people.bidder())
    store.put([body], announced_sha256=header.body_sha256)

    with pytest.raises(WrongDocuments):
        submit_bid(
            lot_code=other.lot.code,
            header=header.to_json(),
            signature=world.owner_signature(header),
            caller=people.bidder().caller,
            now=world.OPENED,
        )

    assert not Envelope.objects.exists()


@pytest.mark.parametrize("who", [people.initiator, people.expert, people.stranger])
def test_refuses_everyone_who_is_no_bidder(who: Callable[[], people.Person]) -> None:
    place = world.publish()

    with pytest.raises(Forbidden):
        submit(place, who())

    assert not Envelope.objects.exists()


def test_refuses_the_initiator_even_when_registered_as_bidder() -> None:
    place = world.publish()
    both = people.person("李招标", 1, "initiator", "bidder")

    with pytest.raises(OwnTender):
        submit(place, both)

    assert not Envelope.objects.exists()


def test_refuses_a_bid_while_the_tender_is_suspended() -> None:
    place = world.publish()
    world.suspend(place)

    with pytest.raises(Suspended):
        submit(place, people.bidder())

    assert not Envelope.objects.exists()
