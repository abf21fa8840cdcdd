# SPDX-License-Identifier: Apache-2.0
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.money import BadMoney, Money, minor_units, round_exact, share, total

CURRENCIES = st.sampled_from(["EUR", "JPY", "KWD", "SAR", "CLF"])


@st.composite
def monies(draw: st.DrawFn, currency: str | None = None) -> Money:
    return Money.from_minor(draw(st.integers(-(10**12), 10**12)), currency or draw(CURRENCIES))


def test_minor_units_are_those_of_iso_4217() -> None:
    assert [minor_units(code) for code in ("EUR", "JPY", "KWD", "CLF", "HUF")] == [2, 0, 3, 4, 2]


@pytest.mark.parametrize(
    ("amount", "currency"),
    [("1.005", "EUR"), ("0.5", "JPY"), ("NaN", "EUR"), ("Infinity", "EUR"), ("1", "XXX"), ("x", "EUR")],
)
def test_what_is_no_exact_amount_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(BadMoney):
        Money.of(amount, currency)


def test_currencies_do_not_mix() -> None:
    with pytest.raises(BadMoney):
        Money.of("1", "EUR") + Money.of("1", "USD")


def test_a_minus_zero_is_zero() -> None:
    assert str(Money.of("-0.00", "EUR")) == "0.00 EUR"


@given(monies("EUR"), st.lists(st.integers(0, 10**6), min_size=1, max_size=12))
def test_shares_add_up_to_the_whole(amount: Money, weights: list[int]) -> None:
    assert total(share(amount, weights), "EUR") == amount


def test_what_is_left_goes_to_the_largest_remainders_first_come_first() -> None:
    parts = share(Money.of("1.00", "EUR"), [1, 1, 1])

    assert [part.amount for part in parts] == [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]
    assert share(Money.of("5", "JPY"), [0, 0])[0] == Money.of("5", "JPY")


@given(monies())
def test_minor_units_and_back(amount: Money) -> None:
    assert Money.from_minor(amount.minor, amount.currency) == amount


@pytest.mark.parametrize(
    ("value", "how", "result"),
    [
        ("2.5", "half_up", 3),
        ("-2.5", "half_up", -3),
        ("2.5", "half_even", 2),
        ("3.5", "half_even", 4),
        ("2.1", "up", 3),
        ("-2.1", "up", -3),
        ("2.9", "down", 2),
        ("-2.9", "down", -2),
    ],
)
def test_rounding_by_name(value: str, how: str, result: int) -> None:
    assert round_exact(Fraction(value), Fraction(1), how) == result  # type: ignore[arg-type]


def test_rounding_to_a_step() -> None:
    assert Money.rounded(Fraction("19.92"), "CHF", step=Decimal("0.05")) == Money.of("19.90", "CHF")
    assert Money.rounded(Fraction("1999"), "JPY", "down", Decimal(100)) == Money.of("1900", "JPY")
