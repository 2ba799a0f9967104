"""The 47 requirements: all there, each tested or said how it is examined."""

from yuntai.conformance.checks import CHECKS
from yuntai.conformance.requirements import REQUIREMENTS
from yuntai.law.clauses import CLAUSES

COVERED = "D3 D5 D6 D8 D9 D10 D12 D13 D14 D15 D16 D20 D21 D22 D24 D25 D27 D30 D31 D35 D37 D40 D45"


def test_there_are_47_in_order() -> None:
    assert [each.number for each in REQUIREMENTS] == [f"D{number}" for number in range(1, 48)]


def test_each_is_tested_or_says_who_examines_it() -> None:
    tested = {check.number for check in CHECKS}

    assert [each.number for each in REQUIREMENTS if each.number not in tested and not each.otherwise] == []


def test_these_are_tested() -> None:
    assert {check.number for check in CHECKS} == set(COVERED.split())


def test_keys_are_unique_and_clauses_registered() -> None:
    assert len({check.key for check in CHECKS}) == len(CHECKS)
    assert [check.key for check in CHECKS if check.clause not in CLAUSES] == []


def test_a_key_begins_with_the_number_of_its_requirement() -> None:
    assert [c.key for c in CHECKS if not c.key.startswith(f"d{int(c.number[1:]):02d}-")] == []
