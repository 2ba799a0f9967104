"""Rounding as Chinese practice does it (四舍五入): half away from zero, once, at the end."""

from decimal import Decimal
from fractions import Fraction


def half_up(value: Fraction | Decimal, places: int) -> Decimal:
    """Round an exact value to `places` decimals; a half goes away from zero.

    Decimal("2.675") to two places is 2.68, Fraction(-1, 8) is -0.13, Fraction(1, 3) is 0.33.

    places: 0 or more.  Floats are no values here: the float 2.675 is less than 2.675.
    """
    scaled = abs(Fraction(value)) * 10**places
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(f"{'-' if value < 0 and whole else ''}{whole}E-{places}")
