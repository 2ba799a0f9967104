"""The price model: the same again for the same seed, under the ceiling, spread as it says."""

from decimal import Decimal

from yuntai.city.demo.prices import above, draw_prices

CEILING = Decimal("17891378.00")


def test_gives_the_same_prices_again() -> None:
    assert draw_prices("a", CEILING, 5) == draw_prices("a", CEILING, 5)
    assert draw_prices("a", CEILING, 5) != draw_prices("b", CEILING, 5)


def test_stays_between_82_percent_and_the_ceiling() -> None:
    drawn = draw_prices("many", CEILING, 2000)

    assert all(Decimal("0.82") * CEILING <= price <= CEILING for price in drawn)
    assert all(price == price.quantize(Decimal("0.01")) for price in drawn)


def test_crowds_around_91_percent() -> None:
    drawn = draw_prices("many", CEILING, 2000)

    mean = sum(drawn, Decimal(0)) / len(drawn) / CEILING
    near = sum(abs(price / CEILING - Decimal("0.91")) <= Decimal("0.0212") for price in drawn)
    assert Decimal("0.905") < mean < Decimal("0.915")
    assert 0.62 < near / len(drawn) < 0.74


def test_the_planted_price_is_above_the_ceiling() -> None:
    assert above(CEILING) == Decimal("18249205.56")
