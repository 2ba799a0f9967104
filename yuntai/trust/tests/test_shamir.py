"""Shamir's scheme, compared with arithmetic done the slow way."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.trust import shamir

SECRETS = st.binary(min_size=32, max_size=32)


def times(a: int, b: int) -> int:
    """Multiply in GF(2^8) by long division of polynomials, independent of the tables under test."""
    product = 0
    for bit in range(8):
        if b >> bit & 1:
            product ^= a << bit
    for bit in range(14, 7, -1):
        if product >> bit & 1:
            product ^= 0x11B << (bit - 8)
    return product


def test_knows_the_example_of_the_aes_standard() -> None:
    assert times(0x57, 0x83) == 0xC1  # FIPS 197, 4.2
    assert shamir.share_at(0x83, b"\x00", b"\x57", b"\x00") == b"\xc1"


@given(SECRETS, SECRETS, SECRETS, st.integers(1, 255))
def test_evaluates_the_polynomial(secret: bytes, c1: bytes, c2: bytes, x: int) -> None:
    share = shamir.share_at(x, secret, c1, c2)

    square = times(x, x)
    assert share == bytes(s ^ times(a, x) ^ times(b, square) for s, a, b in zip(secret, c1, c2, strict=True))


@given(SECRETS, SECRETS, SECRETS)
def test_any_three_shares_give_the_secret_back(secret: bytes, c1: bytes, c2: bytes) -> None:
    shares = {x: shamir.share_at(x, secret, c1, c2) for x in (1, 2, 3, 4, 255)}

    for three in combinations(shares, 3):
        assert shamir.combine({x: shares[x] for x in three}) == secret


@given(SECRETS, SECRETS)
def test_two_shares_fit_every_secret(guess: bytes, other: bytes) -> None:
    """For any guessed secret there is a third share that yields it: two shares say nothing at all."""
    first, second = bytes(32), other
    # One third share per byte value: combining is a permutation of the third share's byte.
    outcomes = {shamir.combine({1: first[:1], 2: second[:1], 3: bytes([b])}) for b in range(256)}

    assert guess[:1] in outcomes
    assert len(outcomes) == 256


@pytest.mark.parametrize("points", [(1, 2), (1, 2, 3, 4)], ids=str)
def test_refuses_another_number_of_shares(points: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="Three shares"):
        shamir.combine({x: bytes(32) for x in points})


@pytest.mark.parametrize("x", [0, 256])
def test_refuses_a_point_outside_the_field(x: int) -> None:
    with pytest.raises(ValueError, match="between 1 and 255"):
        shamir.share_at(x, bytes(32), bytes(32), bytes(32))


def test_refuses_shares_of_different_length() -> None:
    with pytest.raises(ValueError, match="equally long"):
        shamir.combine({1: bytes(32), 2: bytes(31), 3: bytes(32)})
