"""withdraw_bid …"""

from datetime import timedelta

import pytest

from yuntai.kernel.documents import store
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.bids.refusals import BidNotFound, EnvelopeUsed, NotTheOwner, WithdrawalTooLate
from yuntai.trading.bids.services import submit_bid, withdraw_bid
from yuntai.trading.opening.services import close_bidding
from yuntai.trading.tests import people, world
from yuntai.trust.sealing import Header

pytestmark = pytest.mark.django_db(transaction=True)
BEFORE = world.DUE - timedelta(microseconds=1)


def withdraw(envelope: Envelope, person: people.Person, *, purpose: str = "yuntai-withdraw-v1") -> None:
    header = Header.from_json(envelope.header)
    withdraw_bid(
        lot_code=envelope.lot.code,
        envelope_id=envelope.envelope_id,
        signature=world.owner_signature(header, purpose),
        caller=person.caller,
        now=BEFORE,
    )


def test_deletes_the_wrapped_shares_so_that_nobody_can_open_it() -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())

    withdraw(envelope, people.bidder())

    stored = Envelope.objects.get()
    assert stored.header["wrapped_shares"] == {}
    assert stored.withdrawn_at == BEFORE
    assert SealedAct.objects.count() == 2


def test_lets_the_bidder_hand_in_another() -> None:
    place = world.publish()
    withdraw(world.hand_in(place, people.bidder()), people.bidder())

    replacement = world.hand_in(place, people.bidder(), "8700000.00", now=BEFORE)

    assert Envelope.objects.get(withdrawn_at=None).envelope_id == replacement.envelope_id


def test_refuses_another_bidder() -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder(0))
    world.register(people.bidder(1))

    with pytest.raises(BidNotFound):
        withdraw(envelope, people.bidder(1))

    assert Envelope.objects.get().withdrawn_at is None


def test_refuses_without_the_owner_keys_signature() -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())

    with pytest.raises(NotTheOwner):
        withdraw(envelope, people.bidder(), purpose="yuntai-submit-v1")

    assert Envelope.objects.get().withdrawn_at is None


def test_refuses_from_the_deadline_on() -> None:
    place = world.publish()
    envelope = world.hand_in(place, people.bidder())

    with pytest.raises(WithdrawalTooLate):
        withdraw_bid(
            lot_code=place.lot.code,
            envelope_id=envelope.envelope_id,
            signature=world.owner_signature(Header.from_json(envelope.header), "yuntai-withdraw-v1"),
            caller=people.bidder().caller,
            now=world.DUE,
        )

    assert Envelope.objects.get().withdrawn_at is None


def test_refuses_a_withdrawal_that_was_held_up_until_the_set_was_closed() -> None:
    place = world.close_lot()
    envelope = Envelope.objects.order_by("id").first()
    assert envelope is not None

    with pytest.raises(WithdrawalTooLate, match="封标"):
        withdraw(envelope, people.bidder(0))

    assert Envelope.objects.filter(lot=place.lot, withdrawn_at=None).count() == 3


def test_the_same_sealed_file_is_not_taken_again_and_the_reason_is_true() -> None:
    place = world.publish()
    person = people.bidder()
    world.register(person)
    header, body = world.seal_bid(place, person)
    store.put([body], announced_sha256=header.body_sha256)

    def submit() -> Envelope:
        return submit_bid(
            lot_code=place.lot.code,
            header=header.to_json(),
            signature=world.owner_signature(header),
            caller=person.caller,
            now=world.OPENED,
        )

    withdraw(submit(), person)

    with pytest.raises(EnvelopeUsed, match="请重新密封后再递交"):
        submit()

    assert not Envelope.objects.filter(withdrawn_at=None).exists()


def test_leaves_a_withdrawn_bid_out_of_the_closed_set() -> None:
    place = world.publish()
    for number in range(4):
        world.hand_in(place, people.bidder(number))
    gone = Envelope.objects.order_by("id").first()
    assert gone is not None
    withdraw(gone, people.bidder(0))

    close = close_bidding(lot_code=place.lot.code, now=world.CLOSED)

    assert close is not None
    assert close.count == 3
