"""open_bids …"""

from itertools import combinations

import pytest
from django.db.models import Model

from yuntai.kernel.audit.models import AuditEntry
from yuntai.kernel.documents import store
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.bids.models import Envelope, SealedAct
from yuntai.trading.opening.models import (
    BidSetClose,
    FailedOpening,
    OpenedBid,
    Opening,
    Outcome,
    ShareRelease,
)
from yuntai.trading.opening.services import WrongRelease, close_bidding, open_bids, take_release
from yuntai.trading.tenders.models import FinalStatus
from yuntai.trading.tests import people, world
from yuntai.trust.sealing import HOLDERS
from yuntai.trust.suites import SUITES

pytestmark = pytest.mark.django_db(transaction=True)
RECORD = "trading.tender.opening-recorded.v1"


def _close_and_open(place: world.World) -> None:
    close_bidding(lot_code=place.lot.code, now=world.CLOSED)
    for letter in "TPC":
        world.release(place, letter)
    open_bids(lot_code=place.lot.code, now=world.CLOSED)


@pytest.mark.parametrize("letters", ["".join(each) for each in combinations(HOLDERS, 3)])
def test_opens_with_any_three_holders(letters: str) -> None:
    place = world.open_lot(letters=letters)

    prices = [str(price) for price in OpenedBid.objects.values_list("price_yuan", flat=True)]
    assert sorted(prices) == ["8800000.00", "9000000.00", "9200000.00"]
    assert world.opening(place).letters == "".join(sorted(letters))


@pytest.mark.parametrize("suite", SUITES)
def test_opens_what_was_sealed_in_either_suite(suite: str) -> None:
    place = world.open_lot(suite=suite)

    assert {envelope.header["suite"] for envelope in Envelope.objects.all()} == {suite}
    assert {act.header["suite"] for act in SealedAct.objects.all()} == {suite}
    assert OpenedBid.objects.filter(outcome=Outcome.OPENED).count() == 3
    assert world.opening(place).letters == "CPT"


@pytest.mark.parametrize("letters", ["".join(each) for each in combinations(HOLDERS, 2)])
def test_does_not_open_with_two(letters: str) -> None:
    place = world.close_lot()
    for letter in letters:
        world.release(place, letter)

    assert open_bids(lot_code=place.lot.code, now=world.CLOSED) is None
    assert not OpenedBid.objects.exists()


def test_publishes_the_record_with_names_and_prices() -> None:
    place = world.open_lot()

    body = OutboxMessage.objects.get(type=RECORD).body
    assert [bid["price_yuan"] for bid in body["bids"]] == ["8800000.00", "9000000.00", "9200000.00"]
    assert body["set_root"] == BidSetClose.objects.get(lot=place.lot).root


def test_shows_in_the_audit_trail_who_had_submitted() -> None:
    world.open_lot()

    revealed = AuditEntry.objects.filter(act="reveal-submit-bid")
    commitments = set(AuditEntry.objects.filter(act="sealed").values_list("object_id", flat=True))
    assert {entry.organization_code for entry in revealed} == {
        people.bidder(number).subject.organization_code for number in range(3)
    }
    assert {entry.detail["commitment"] for entry in revealed} == commitments
    assert {entry.address for entry in revealed} == {"192.0.2.7"}


def test_names_the_bidder_who_sealed_for_another_bidder() -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    liar = people.bidder(7)
    world.register(liar)
    header, body = world.seal_bid(place, liar, bidder_code=people.bidder(8).subject.organization_code)
    world.submit_sealed(place, liar, header, body)

    _close_and_open(place)

    outcomes = OpenedBid.objects.values_list("outcome", flat=True)
    assert sorted(outcomes) == [Outcome.BIDDER_FAULT, *[Outcome.OPENED] * 3]


def test_names_the_platform_when_a_body_was_altered() -> None:
    place = world.close_lot()
    victim = Envelope.objects.order_by("id").first()
    assert victim is not None
    path = store.path_of(victim.body_sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"\0")
    for letter in "TPC":
        world.release(place, letter)

    open_bids(lot_code=place.lot.code, now=world.CLOSED)

    broken = OpenedBid.objects.exclude(outcome=Outcome.OPENED).get()
    assert (broken.envelope, broken.outcome) == (victim, Outcome.PLATFORM_FAULT)
    assert broken.price_yuan is None


def test_opens_although_one_holder_lies_and_names_it() -> None:
    place = world.close_lot()
    for letter in "TPC":
        world.release(place, letter)
    world.release(place, "R", garbage="A" * 43)

    open_bids(lot_code=place.lot.code, now=world.CLOSED)

    assert set(OpenedBid.objects.values_list("outcome", flat=True)) == {Outcome.OPENED}
    assert list(world.opening(place).holder_faults.values()) == [["R"]] * 3


def test_names_the_bidder_whose_bid_holds_a_wrong_signature() -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    forger = people.bidder(7)
    world.register(forger)
    header, body = world.seal_bid(place, forger, sign=lambda signed: forger.sign(signed + b"x"))
    world.submit_sealed(place, forger, header, body)

    _close_and_open(place)

    broken = OpenedBid.objects.exclude(outcome=Outcome.OPENED).get()
    assert (broken.envelope.envelope_id, broken.outcome) == (header.context.envelope_id, Outcome.BIDDER_FAULT)
    assert "电子签名" in broken.fault


def test_names_the_bidder_whose_bid_another_organization_handed_in() -> None:
    place = world.publish()
    for number in range(3):
        world.hand_in(place, people.bidder(number))
    signer, carrier = people.bidder(7), people.bidder(8)
    world.register(carrier)
    header, body = world.seal_bid(place, signer)
    world.submit_sealed(place, carrier, header, body)

    _close_and_open(place)

    broken = OpenedBid.objects.exclude(outcome=Outcome.OPENED).get()
    assert (broken.envelope.envelope_id, broken.outcome) == (header.context.envelope_id, Outcome.BIDDER_FAULT)
    assert "不是同一单位" in broken.fault


def test_names_the_bidder_as_certified_whatever_the_form_says() -> None:
    place = world.publish()
    for number in range(2):
        world.hand_in(place, people.bidder(number))
    braggart = people.bidder(7)
    world.register(braggart)
    header, body = world.seal_bid(place, braggart, bidder_name="名声更大的建设集团有限公司")
    world.submit_sealed(place, braggart, header, body)

    _close_and_open(place)

    certified = braggart.subject.organization_name
    opened = OpenedBid.objects.get(bidder_code=braggart.subject.organization_code)
    assert (opened.outcome, opened.bidder_name) == (Outcome.OPENED, certified)
    assert opened.form["bidder_name"] == "名声更大的建设集团有限公司"
    told = OutboxMessage.objects.get(type=RECORD).body["bids"]
    assert certified in {bid["bidder_name"] for bid in told}


def test_happens_once() -> None:
    place = world.open_lot()

    assert open_bids(lot_code=place.lot.code, now=world.CLOSED) is None
    assert Opening.objects.count() == 1
    assert OutboxMessage.objects.filter(type=RECORD).count() == 1


@pytest.mark.parametrize(("bidders", "final"), [(2, FinalStatus.UNSUCCESSFUL), (3, "")])
def test_too_few_bids_are_not_opened_at_all(bidders: int, final: str) -> None:
    place = world.close_lot(bidders)

    assert place.fresh_lot().final_status == final


def test_refuses_shares_before_the_close() -> None:
    place = world.publish()
    statement = {"holder": "T", "lot": place.lot.code, "root": "0" * 64, "shares": {}}

    with pytest.raises(WrongRelease):
        take_release(lot_code=place.lot.code, letter="T", statement=statement, signature="", now=world.OPENED)

    assert not ShareRelease.objects.exists()


@pytest.mark.parametrize(
    "facts",
    [BidSetClose, ShareRelease, FailedOpening, Opening, OpenedBid, SealedAct],
    ids=lambda each: each.__name__,
)
def test_what_never_changes_cannot_be_changed_by_the_running_role(facts: type[Model]) -> None:
    assert getattr(facts, "append_only", False)
