"""From the evaluation to the contract."""

from datetime import timedelta
from decimal import Decimal

import pytest

from yuntai.kernel.errors import Forbidden
from yuntai.kernel.outbox.models import OutboxMessage
from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.awards.services import StandstillRunning, StandstillTooShort, award, publish_candidates
from yuntai.trading.contracts.models import Contract, ContractSignature
from yuntai.trading.contracts.services import (
    AlreadySigned,
    NotAParty,
    SignatureRefused,
    draw_up_contract,
    sign_contract,
    to_sign,
)
from yuntai.trading.evaluating.models import Evaluation
from yuntai.trading.evaluating.services import AlreadyEvaluated, NotOpened, RelatedExpert, submit_evaluation
from yuntai.trading.tenders.models import FinalStatus
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)


def types() -> list[str]:
    return list(OutboxMessage.objects.order_by("id").values_list("type", flat=True))


def sign(place: world.World, person: people.Person, *, key: people.Person | None = None) -> Contract:
    contract = Contract.objects.get(lot=place.lot)
    return sign_contract(
        lot_code=place.lot.code,
        certificate=person.certificate,
        signature=(key or person).sign(to_sign(contract)),
        caller=person.caller,
        now=world.STANDSTILL_CLOSES,
    )


def test_evaluation_stores_what_the_rule_computes() -> None:
    """Prices 8.8, 9.0, 9.2 million, mean 9.0, K 0.98: baseline 8.82 million.

    8.8: -0.02/8.82 = -0.2268 %, 100 - 0.5 × 0.2268 = 99.89.  9.0: 2.0408 %, 97.96.  9.2: 4.3084 %, 95.69.
    """
    place = world.evaluate()

    evaluation = Evaluation.objects.get(lot=place.lot)
    assert evaluation.baseline_yuan == Decimal("8820000.00")
    assert list(evaluation.scores.order_by("rank").values_list("price_yuan", "points")) == [
        (Decimal("8800000.00"), Decimal("99.89")),
        (Decimal("9000000.00"), Decimal("97.96")),
        (Decimal("9200000.00"), Decimal("95.69")),
    ]


def test_evaluation_is_refused_before_the_opening() -> None:
    place = world.publish()

    with pytest.raises(NotOpened):
        submit_evaluation(
            lot_code=place.lot.code, opinion="", caller=people.expert().caller, now=world.EVALUATED
        )


def test_evaluation_is_refused_a_second_time() -> None:
    place = world.evaluate()

    with pytest.raises(AlreadyEvaluated):
        submit_evaluation(
            lot_code=place.lot.code, opinion="", caller=people.expert().caller, now=world.EVALUATED
        )


def test_evaluation_is_refused_to_an_expert_of_a_bidder() -> None:
    place = world.open_lot()
    related = people.person("钱专家", 100, "expert")

    with pytest.raises(RelatedExpert):
        submit_evaluation(lot_code=place.lot.code, opinion="", caller=related.caller, now=world.EVALUATED)

    assert not Evaluation.objects.exists()


def test_evaluation_is_refused_to_the_initiator() -> None:
    place = world.open_lot()

    with pytest.raises(Forbidden):
        submit_evaluation(
            lot_code=place.lot.code, opinion="", caller=people.initiator().caller, now=world.EVALUATED
        )


def test_a_lot_whose_bids_are_all_above_the_ceiling_is_unsuccessful() -> None:
    place = world.open_lot(("10000000.01", "10000000.02", "10000000.03"))

    submit_evaluation(lot_code=place.lot.code, opinion="", caller=people.expert().caller, now=world.EVALUATED)

    assert place.fresh_lot().final_status == FinalStatus.UNSUCCESSFUL
    assert types()[-2:] == ["trading.tender.lot-ended.v1", "trading.tender.ended.v1"]


# Evaluated 2026-03-22 13:00 in Shanghai: three days on is the 25th, 00:00.
LEAST = world.EVALUATED.replace(day=24, hour=16, minute=0)


def test_candidates_stand_published_for_three_days_at_least() -> None:
    place = world.evaluate()

    publish_candidates(
        lot_code=place.lot.code, closes_at=LEAST, caller=people.initiator().caller, now=world.EVALUATED
    )

    assert Standstill.objects.get().candidates.count() == 3


def test_candidates_are_refused_a_minute_less() -> None:
    place = world.evaluate()

    with pytest.raises(StandstillTooShort) as refusal:
        publish_candidates(
            lot_code=place.lot.code,
            closes_at=LEAST - timedelta(minutes=1),
            caller=people.initiator().caller,
            now=world.EVALUATED,
        )

    assert refusal.value.clause == "tendering-rules/54"
    assert not Standstill.objects.exists()


def test_award_waits_for_the_end_of_the_standstill() -> None:
    place = world.stand_still()
    caller = people.initiator().caller

    with pytest.raises(StandstillRunning):
        award(lot_code=place.lot.code, caller=caller, now=world.STANDSTILL_CLOSES - timedelta(microseconds=1))

    assert not Award.objects.exists()
    assert award(lot_code=place.lot.code, caller=caller, now=world.STANDSTILL_CLOSES).price_yuan == Decimal(
        "8800000.00"
    )


def test_contract_takes_price_and_duration_from_the_winning_bid() -> None:
    place = world.award_lot()

    contract = draw_up_contract(
        lot_code=place.lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES
    )

    assert contract.price_yuan == Decimal("8800000.00")
    assert "捌佰捌拾万元整（小写：8,800,000.00 元）" in contract.text
    assert "180 日历天" in contract.text


def test_contract_is_concluded_with_the_second_signature() -> None:
    place = world.award_lot()
    draw_up_contract(lot_code=place.lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES)

    sign(place, people.initiator())
    assert place.fresh_lot().final_status == ""
    sign(place, people.bidder(0))

    assert place.fresh_lot().final_status == FinalStatus.COMPLETE
    assert types()[-3:] == [
        "trading.contract.signed.v1",
        "trading.tender.lot-ended.v1",
        "trading.tender.ended.v1",
    ]


def test_contract_refuses_a_loser() -> None:
    place = world.award_lot()
    draw_up_contract(lot_code=place.lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES)

    with pytest.raises(NotAParty):
        sign(place, people.bidder(1))

    assert not ContractSignature.objects.exists()


def test_contract_refuses_a_signature_by_another_key() -> None:
    place = world.award_lot()
    draw_up_contract(lot_code=place.lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES)

    with pytest.raises(SignatureRefused):
        sign(place, people.initiator(), key=people.bidder(0))

    assert not ContractSignature.objects.exists()


def test_contract_refuses_the_same_side_twice() -> None:
    place = world.award_lot()
    draw_up_contract(lot_code=place.lot.code, caller=people.initiator().caller, now=world.STANDSTILL_CLOSES)
    sign(place, people.initiator())

    with pytest.raises(AlreadySigned):
        sign(place, people.initiator())

    assert ContractSignature.objects.count() == 1
