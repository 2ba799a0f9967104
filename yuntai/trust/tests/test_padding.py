"""Padmé padding."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.trust.padding import BadPadding, pad, padme, unpad


@pytest.mark.parametrize(
    ("length", "padded"),
    [(1, 1), (8, 8), (9, 10), (100, 104), (1000, 1024), (1024, 1024), (1025, 1088), (1048577, 1081344)],
)
def test_rounds_up_as_worked_by_hand(length: int, padded: int) -> None:
    assert padme(length) == padded


@given(st.integers(1, 2**53))
def test_adds_at_most_an_eighth(length: int) -> None:
    assert length <= padme(length) <= length * 1.125
    assert padme(padme(length)) == padme(length)


@given(st.binary(max_size=5000))
def test_gives_the_content_back(content: bytes) -> None:
    assert unpad(pad(content)) == content


def test_hides_the_length_of_two_prices() -> None:
    assert len(pad(bytes(2000))) == len(pad(bytes(2012)))


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        bytes(7),
        (1).to_bytes(8) + b"ab",  # the last byte should be a zero
        (2).to_bytes(8) + b"a",  # the content is cut
        (1).to_bytes(8) + b"a" + bytes(2),  # one zero too many
        (2**63).to_bytes(8) + b"a",
    ],
    ids=["empty", "no length", "not zero", "cut", "too long", "absurd length"],
)
def test_refuses_what_pad_never_writes(padded: bytes) -> None:
    with pytest.raises(BadPadding):
        unpad(padded)
