"""The conformance suite against our trading system: all good; each planted fault found by its check alone."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from pytest_django import DjangoDbBlocker

from yuntai.conformance.check import Need, Outcome, State
from yuntai.conformance.checks import CHECKS
from yuntai.conformance.probe import Given, Probe
from yuntai.conformance.run import run
from yuntai.trading.tests.conformance_fault_list import FAULTS
from yuntai.trading.tests.conformance_faults import Fault, PlantedFault
from yuntai.trading.tests.conformance_world import URL, SystemUnderTest, system_under_test

pytestmark = pytest.mark.django_db

BROUGHT = {Need.BIDDER, Need.PLATFORM, Need.OPEN_LOT, Need.LATE_LOT}


@pytest.fixture(scope="module")
def tested(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SystemUnderTest]:
    """One system for all runs: each run is taken back, so that none knows of another."""
    with django_db_blocker.unblock(), system_under_test(tmp_path_factory.mktemp("conformance")) as system:
        yield system


@pytest.fixture(autouse=True)
def _its_files(_deployment: None, tested: SystemUnderTest, settings: Any) -> None:
    settings.FILES_DIR = tested.files
    settings.TRUST_ROOTS_FILE = str(tested.files.parent / "roots.pem")


def outcomes(
    tested: SystemUnderTest, way: httpx.BaseTransport, given: Given | None = None
) -> dict[str, Outcome]:
    """Run the suite; the test's transaction takes back what it did."""
    probe = Probe(URL, transport=way, given=given or tested.given)
    return {check.key: outcome for check, outcome in run(probe)}


def failed(found: dict[str, Outcome]) -> dict[str, str]:
    return {key: outcome.reason for key, outcome in found.items() if outcome.state is State.FAILED}


def test_our_system_passes_every_check(tested: SystemUnderTest) -> None:
    found = outcomes(tested, tested.transport())

    assert {
        key: (each.state, each.reason) for key, each in found.items() if each.state is not State.PASSED
    } == {}
    assert list(found) == [check.key for check in CHECKS]


def test_what_it_was_not_given_is_not_testable_and_nothing_fails(tested: SystemUnderTest) -> None:
    found = outcomes(tested, tested.transport(), Given())

    assert failed(found) == {}
    lacking = {check.key for check in CHECKS if set(check.needs) & BROUGHT}
    assert {key for key, each in found.items() if each.state is State.UNTESTABLE} == lacking


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_found_by_its_check_alone(tested: SystemUnderTest, fault: Fault) -> None:
    found = outcomes(tested, PlantedFault(tested.transport(), fault))

    assert list(failed(found)) == [fault.check], failed(found)


def test_every_check_has_its_planted_fault() -> None:
    assert {fault.check for fault in FAULTS} == {check.key for check in CHECKS}
