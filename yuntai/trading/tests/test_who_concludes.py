"""Who may not evaluate, publish candidates, award or draw up, and when nobody may."""

from collections.abc import Callable

import pytest

from yuntai.trading.awards.models import Award, Standstill
from yuntai.trading.awards.services import award, publish_candidates
from yuntai.trading.contracts.models import Contract
from yuntai.trading.contracts.services import draw_up_contract
from yuntai.trading.evaluating.models import Evaluation
from yuntai.trading.evaluating.services import submit_evaluation
from yuntai.trading.tenders.refusals import NotYours, Suspended
from yuntai.trading.tests import people, world
from yuntai.trading.tests.people import Person

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[world.World, Person], object]


def evaluating(place: world.World, by: Person) -> object:
    return submit_evaluation(lot_code=place.lot.code, opinion="", caller=by.caller, now=world.EVALUATED)


def publishing(place: world.World, by: Person) -> object:
    closes_at = world.STANDSTILL_CLOSES
    return publish_candidates(
        lot_code=place.lot.code, closes_at=closes_at, caller=by.caller, now=world.EVALUATED
    )


def awarding(place: world.World, by: Person) -> object:
    return award(lot_code=place.lot.code, caller=by.caller, now=world.STANDSTILL_CLOSES)


def drawing_up(place: world.World, by: Person) -> object:
    return draw_up_contract(lot_code=place.lot.code, caller=by.caller, now=world.STANDSTILL_CLOSES)


def stored() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Evaluation, Standstill, Award, Contract))


@pytest.mark.parametrize(
    ("reached", "act"),
    [(world.evaluate, publishing), (world.stand_still, awarding), (world.award_lot, drawing_up)],
    ids=["candidates", "award", "contract"],
)
def test_another_initiator_concludes_nothing(reached: Callable[[], world.World], act: Act) -> None:
    place = reached()
    before = stored()

    with pytest.raises(NotYours):
        act(place, people.other_initiator())

    assert stored() == before
    act(place, people.initiator())
    assert stored() != before


@pytest.mark.parametrize(
    ("reached", "act", "by"),
    [
        (world.open_lot, evaluating, people.expert()),
        (world.evaluate, publishing, people.initiator()),
        (world.stand_still, awarding, people.initiator()),
        (world.award_lot, drawing_up, people.initiator()),
    ],
    ids=["evaluation", "candidates", "award", "contract"],
)
def test_nothing_is_concluded_while_the_tender_is_suspended(
    reached: Callable[[], world.World], act: Act, by: Person
) -> None:
    place = reached()
    before = stored()
    world.suspend(place, now=world.CLOSED)

    with pytest.raises(Suspended):
        act(place, by)

    assert stored() == before
