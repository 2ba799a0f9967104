"""四舍五入: half away from zero, exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yuntai.law.rounding import half_up


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("2.6749999"), 2, "2.67"),
        (Decimal("-2.675"), 2, "-2.68"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(1, 3), 2, "0.33"),
        (Fraction(2, 3), 2, "0.67"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-1, 1000), 2, "0.00"),
        (Decimal("12"), 2, "12.00"),
        (Decimal("12345678901234567890123456789012.345"), 2, "12345678901234567890123456789012.35"),
    ],
)
def test_rounds_half_up(value: Fraction | Decimal, places: int, expected: str) -> None:
    assert f"{half_up(value, places):f}" == expected


@given(st.fractions(), st.integers(0, 8))
def test_is_never_further_than_half_a_step(value: Fraction, places: int) -> None:
    rounded = half_up(value, places)

    assert abs(Fraction(rounded) - value) <= Fraction(1, 2 * 10**places)
    assert rounded.as_tuple().exponent == -places
    assert half_up(-value, places) == rounded.copy_negate()  # a minus sign would round to 28 digits
