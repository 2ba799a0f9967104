"""The checker of the fault tests finds what is planted."""

import pytest

from tests.faults.checker import half_done, lost_or_doubled


@pytest.mark.parametrize(
    ("stored", "faults"),
    [
        (["a", "b"], 0),  # the unanswered one did not take effect
        (["a", "b", "u"], 0),  # or it did
        (["a"], 1),  # an acknowledged one is lost
        (["a", "a", "b"], 1),  # doubled
        (["a", "b", "u", "u"], 1),  # an unanswered one doubled
        (["a", "b", "x"], 1),  # a stranger
        ([], 2),
    ],
)
def test_finds_a_lost_a_doubled_and_a_strange_envelope(stored: list[str], faults: int) -> None:
    assert len(list(lost_or_doubled(["a", "b"], ["u"], stored))) == faults


@pytest.mark.parametrize(
    ("counts", "faults"), [((3, 3, 3), 0), ((3, 2, 3), 1), ((3, 3, 4), 1), ((2, 3, 3), 1)]
)
def test_finds_half_a_transaction(counts: tuple[int, int, int], faults: int) -> None:
    assert len(list(half_done(*counts))) == faults
