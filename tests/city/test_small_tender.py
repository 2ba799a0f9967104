"""All systems as separate processes: a tender with five bidders comes to its contract; every check holds."""

import pytest

from tests.city.conftest import BIDS, SmallCity
from yuntai.city.demo.inspect_bids import bid_checks
from yuntai.city.demo.inspect_systems import system_checks
from yuntai.city.demo.invariants import broken_invariants
from yuntai.city.demo.played import CLOSED, CONTRACTED, EVALUATED, OPENED
from yuntai.standard.messages import (
    AwardPublished,
    CandidatesPublished,
    ContractSigned,
    OpeningRecorded,
    TenderEnded,
)

pytestmark = pytest.mark.city


def test_the_tender_comes_to_its_contract(played: SmallCity) -> None:
    tender = played.findings.played.tenders[0]

    assert tender.reached == {CLOSED, OPENED, EVALUATED, CONTRACTED}
    assert (len(tender.bids), len(tender.withdrawn)) == (BIDS, 1)


def test_every_check_of_the_bids_holds(played: SmallCity) -> None:
    checks = list(bid_checks(played.findings))

    assert len(checks) == 7
    assert {check.name: check.faults for check in checks if not check.holds} == {}


def test_every_check_of_the_systems_holds(played: SmallCity) -> None:
    checks = list(system_checks(played.findings))

    assert len(checks) == 8
    assert {check.name: check.faults for check in checks if not check.holds} == {}


def test_nothing_told_of_the_bids_before_the_opening(played: SmallCity) -> None:
    assert played.secrecy.rows_looked_at > BIDS
    assert played.secrecy.faults == []


def test_the_opening_tells_who_could_not_be_read(played: SmallCity) -> None:
    opening = played.findings.shown(played.findings.played.tenders[0], OpeningRecorded)

    outcomes = [bid.outcome for bid in opening.bids]
    assert sorted(outcomes) == ["bidder-fault", *["opened"] * 4]


def test_the_bid_above_the_ceiling_is_no_candidate(played: SmallCity) -> None:
    tender = played.findings.played.tenders[0]
    shown = played.findings.shown(tender, CandidatesPublished)

    assert [candidate.rank for candidate in shown.candidates] == [1, 2, 3]
    assert all(candidate.price_yuan <= tender.ceiling for candidate in shown.candidates)


def test_the_first_candidate_signs_the_contract(played: SmallCity) -> None:
    tender, findings = played.findings.played.tenders[0], played.findings
    first = findings.shown(tender, CandidatesPublished).candidates[0]
    award, contract = findings.shown(tender, AwardPublished), findings.shown(tender, ContractSigned)

    assert (award.supplier_code, award.price_yuan) == (first.bidder_code, first.price_yuan)
    assert (contract.supplier_code, contract.price_yuan) == (first.bidder_code, first.price_yuan)
    assert findings.shown(tender, TenderEnded).final_status == "complete"


def test_the_city_itself_is_well(played: SmallCity) -> None:
    assert list(broken_invariants(played.city)) == []
