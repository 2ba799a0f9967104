"""After the opening: only its own initiator acts on a lot, and nobody while it is suspended."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.awards.services import award, publish_candidates
from yuntai.trading.bids.models import Envelope
from yuntai.trading.bids.refusals import OwnTender
from yuntai.trading.contracts.models import Contract
from yuntai.trading.contracts.services import draw_up_contract
from yuntai.trading.evaluating.models import Evaluation
from yuntai.trading.evaluating.services import submit_evaluation
from yuntai.trading.tenders.models import Tender
from yuntai.trading.tenders.refusals import NotYours, Suspended
from yuntai.trading.tests import people, world

pytestmark = pytest.mark.django_db(transaction=True)
CLOSES = world.STANDSTILL_CLOSES
Step = tuple[Callable[[], world.World], Callable[..., Any], type[Any]]

EVALUATE: Step = (
    world.open_lot,
    partial(submit_evaluation, opinion="同意", now=world.EVALUATED),
    Evaluation,
)
PUBLISH_CANDIDATES: Step = (
    world.evaluate,
    partial(publish_candidates, closes_at=CLOSES, now=world.EVALUATED),
    Standstill,
)
DECIDE: Step = (world.stand_still, partial(award, now=CLOSES), Award)
DRAW_UP: Step = (world.award_lot, partial(draw_up_contract, now=CLOSES), Contract)
INITIATORS_STEPS = [PUBLISH_CANDIDATES, DECIDE, DRAW_UP]


@pytest.mark.parametrize(
    ("step", "person"), [(EVALUATE, people.expert), *((each, people.initiator) for each in INITIATORS_STEPS)]
)
def test_nothing_is_decided_while_the_tender_is_suspended(
    step: Step, person: Callable[[], people.Person]
) -> None:
    bring_there, act, kept = step
    place = bring_there()
    world.suspend(place, now=world.EVALUATED)

    with pytest.raises(Suspended, match="投标期限不足"):
        act(lot_code=place.lot.code, caller=person().caller)

    assert not kept.objects.exists()


@pytest.mark.parametrize("step", INITIATORS_STEPS)
def test_another_initiator_decides_nothing(step: Step) -> None:
    bring_there, act, kept = step
    place = bring_there()
    world.register(people.other_initiator())

    with pytest.raises(NotYours, match="测试单位第001号"):
        act(lot_code=place.lot.code, caller=people.other_initiator().caller)

    assert not kept.objects.exists()
    act(lot_code=place.lot.code, caller=people.initiator().caller)
    assert kept.objects.count() == 1


def test_the_agency_of_a_tender_does_not_bid_in_it() -> None:
    place = world.publish()
    agency, outsider = people.bidder(1), people.bidder(2)
    with world.tampering():
        Tender.objects.update(agency_code=agency.subject.organization_code)

    with pytest.raises(OwnTender):
        world.hand_in(place, agency)

    assert not Envelope.objects.exists()
    world.hand_in(place, outsider)
    assert Envelope.objects.count() == 1
