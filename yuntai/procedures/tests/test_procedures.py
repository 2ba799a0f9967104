"""What holds for every published procedure, and what a declaration may not say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from yuntai import procedures
from yuntai.evaluation.rules import RULES
from yuntai.law.clauses import CLAUSES
from yuntai.law.days import Days
from yuntai.procedures import PROCEDURES, construction
from yuntai.procedures.vocabulary import (
    AtLeast,
    Method,
    Milestone,
    Minimum,
    Paper,
    Procedure,
    ProcedureError,
    Purchase,
    Side,
    Stage,
)

OPEN_TENDER = construction.OPEN_TENDER
every_procedure = pytest.mark.parametrize("procedure", PROCEDURES, ids=lambda p: f"{p.code} {p.edition}")


@every_procedure
def test_is_found_by_code_and_edition(procedure: Procedure) -> None:
    assert procedures.get(procedure.code, procedure.edition) is procedure
    assert procedure.industry in procedures.industries()


@every_procedure
def test_cites_registered_clauses(procedure: Procedure) -> None:
    assert set(procedure.clauses) <= set(CLAUSES)


@every_procedure
def test_evaluates_by_a_released_rule(procedure: Procedure) -> None:
    assert (procedure.evaluation.name, procedure.evaluation.version) in RULES


@every_procedure
def test_keeps_bids_sealed_until_they_are_due(procedure: Procedure) -> None:
    handed_in = [paper for paper in procedure.papers if paper.by is Side.BIDDER]

    assert handed_in
    assert all(paper.sealed_until is Milestone.BIDS_DUE for paper in handed_in)


@every_procedure
def test_its_stages_begin_with_the_documents_and_follow_each_other(procedure: Procedure) -> None:
    assert procedure.stages[0].opens is Milestone.DOCUMENTS_OPEN
    assert len({stage.code for stage in procedure.stages}) == len(procedure.stages)


def test_no_code_and_edition_is_declared_twice() -> None:
    keys = [(procedure.code, procedure.edition) for procedure in PROCEDURES]

    assert len(set(keys)) == len(keys)


def test_refuses_an_unknown_edition() -> None:
    with pytest.raises(ProcedureError, match="2020-01-01"):
        procedures.get("construction.open-tender", "2020-01-01")


def test_a_tender_follows_the_edition_of_its_first_day(monkeypatch: pytest.MonkeyPatch) -> None:
    later = replace(OPEN_TENDER, edition="2027-01-01")
    monkeypatch.setattr(procedures, "PROCEDURES", (OPEN_TENDER, later))

    assert procedures.current(OPEN_TENDER.code, date(2026, 1, 1)) is OPEN_TENDER
    assert procedures.current(OPEN_TENDER.code, date(2026, 12, 31)) is OPEN_TENDER
    assert procedures.current(OPEN_TENDER.code, date(2027, 1, 1)) is later
    with pytest.raises(ProcedureError, match="2025-12-31"):
        procedures.current(OPEN_TENDER.code, date(2025, 12, 31))


def test_construction_asks_for_what_the_law_asks() -> None:
    assert OPEN_TENDER.minimum_bids == Minimum(3, "tendering/28")
    assert (OPEN_TENDER.candidates_at_most, OPEN_TENDER.candidates_clause) == (3, "tendering-rules/53")
    assert OPEN_TENDER.method is Method.OPEN
    assert OPEN_TENDER.labels.initiator == "招标人"


@pytest.mark.parametrize(
    ("purchase", "estimate", "required"),
    [
        (Purchase.WORKS, "3999999.99", False),
        (Purchase.WORKS, "4000000.00", True),
        (Purchase.GOODS, "1999999.99", False),
        (Purchase.GOODS, "2000000.00", True),
        (Purchase.SERVICES, "999999.99", False),
        (Purchase.SERVICES, "1000000.00", True),
    ],
)
def test_the_size_from_which_tendering_is_required(purchase: Purchase, estimate: str, required: bool) -> None:
    assert OPEN_TENDER.directory.must_tender(purchase, Decimal(estimate)) == required


GAP = replace(OPEN_TENDER.stages[1], opens=Milestone.OPENED)
UNREACHED = Stage("bidding", "招标投标", opens=Milestone.DOCUMENTS_OPEN, closes=Milestone.BIDS_DUE)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"stages": (OPEN_TENDER.stages[0], GAP)}, "opening opens at opened, but bidding closes at bids-due"),
        ({"stages": (UNREACHED,)}, "evaluated is named, but no stage reaches it"),
        (
            {"papers": (Paper("x", "x", Side.BIDDER, ()), Paper("x", "y", Side.BIDDER, ()))},
            "two papers have one code",
        ),
        ({"minimum_bids": Minimum(3, "tendering/999")}, "tendering/999 is not in the register"),
        ({"code": "construction"}, "<industry>.<method>"),
        (
            {
                "deadlines": (
                    AtLeast(Days(1), after=Milestone.BIDS_DUE, before=Milestone.OPENED, clause="unknown/1"),
                )
            },
            "unknown/1 is not in the register",
        ),
    ],
)
def test_a_declaration_that_contradicts_itself_does_not_load(
    changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(ProcedureError, match=problem):
        replace(OPEN_TENDER, **changes)  # type: ignore[arg-type]


def test_an_edition_is_a_day() -> None:
    with pytest.raises(ValueError, match="month"):
        replace(OPEN_TENDER, edition="2026-13-01")
