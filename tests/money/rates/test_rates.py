# SPDX-License-Identifier: Apache-2.0
"""Rates on the real database: found, crossed, refused when old; prices by habit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from silkcast.ground.money import Currency, Money
from silkcast.money.rates import rules, store
from silkcast.money.rates import service as rates
from silkcast.money.rates.errors import BadRate, NoRate
from silkcast.money.rates.settings import RatesSettings
from silkcast.money.rates.values import Quoted
from silkcast.plumbing.db import Tx

TODAY = date(2026, 11, 22)


@dataclass(frozen=True, slots=True)
class Ending:
    step: Decimal
    ending: Decimal
    below: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Place:
    currency: Currency
    price_habit: tuple[Ending, ...]


FRANCE = Place(
    Currency("EUR"),
    (Ending(Decimal("1.00"), Decimal("0.90"), Decimal("100.00")), Ending(Decimal("5.00"), Decimal("0.00"))),
)
TOKYO = Place(Currency("JPY"), (Ending(Decimal("100"), Decimal("80")),))


def quoted(base: str, quote: str, rate: str, on: date = TODAY) -> Quoted:
    return Quoted(Currency(base), Currency(quote), on, Decimal(rate), "market", "made up", "ours")


async def test_the_shipped_rates_cross_over_euro_and_dollar(tx: Tx) -> None:
    added = await rates.load_shipped_rates(tx)
    assert added > 1000
    assert await rates.load_shipped_rates(tx) == 0
    direct = await rates.rate(tx, "EUR", "CNY", TODAY)
    assert direct.mark == "verified"
    assert (TODAY - direct.on).days < 45
    riyal = await rates.rate(tx, "CNY", "SAR", TODAY)
    dollar = await rates.rate(tx, "CNY", "USD", TODAY)
    assert riyal.rate == dollar.rate * Fraction("3.75")
    assert (riyal.mark, riyal.on, len(riyal.steps)) == ("knowledge", direct.on, 3)
    assert await rates.newest_day(tx) == direct.on


async def test_the_newest_rate_of_the_day_or_before_counts(tx: Tx) -> None:
    await rates.add_rates(
        tx,
        [
            quoted("EUR", "CNY", "8.00", date(2026, 11, 1)),
            quoted("EUR", "CNY", "8.20", date(2026, 11, 20)),
            quoted("EUR", "CNY", "9.00", date(2026, 11, 23)),
        ],
    )
    assert (await rates.rate(tx, "EUR", "CNY", TODAY)).rate == Fraction("8.2")
    assert (await rates.rate(tx, "EUR", "CNY", date(2026, 11, 19))).rate == 8
    back = await rates.rate(tx, "CNY", "EUR", TODAY)
    assert back.rate == 1 / Fraction("8.2")
    assert back.shown == "0.121951"


async def test_no_rate_or_one_too_old_is_refused(tx: Tx) -> None:
    with pytest.raises(NoRate):
        await rates.rate(tx, "EUR", "CNY", TODAY)
    await rates.add_rates(tx, [quoted("EUR", "CNY", "8", date(2026, 10, 1))])
    with pytest.raises(NoRate) as refused:
        await rates.rate(tx, "EUR", "CNY", TODAY)
    assert refused.value.code == "rates.none"
    patient = RatesSettings(max_age_days=60)
    assert (await rates.rate(tx, "EUR", "CNY", TODAY, settings=patient)).rate == 8


async def test_a_currency_is_worth_itself_without_any_rate(tx: Tx) -> None:
    assert await rates.convert(tx, Money.of("1.23", "EUR"), "EUR", TODAY) == Money.of("1.23", "EUR")


async def test_an_amount_is_converted_and_rounded_once(tx: Tx) -> None:
    await rates.add_rates(tx, [quoted("CNY", "EUR", "0.1275"), quoted("EUR", "KWD", "0.3535")])
    assert await rates.convert(tx, Money.of("177.00", "CNY"), "EUR", TODAY) == Money.of("22.57", "EUR")
    assert await rates.convert(tx, Money.of("177", "CNY"), "EUR", TODAY, "down") == Money.of("22.56", "EUR")
    assert await rates.convert(tx, Money.of("177", "CNY"), "KWD", TODAY) == Money.of("7.978", "KWD")


async def test_a_suggested_price_ends_as_prices_end_there(tx: Tx) -> None:
    await rates.add_rates(tx, [quoted("CNY", "EUR", "0.1275"), quoted("EUR", "JPY", "160")])
    price = await rates.suggest(tx, Money.of("177", "CNY"), FRANCE, TODAY)
    assert price == Money.of("22.90", "EUR")
    assert await rates.suggest(tx, Money.of("785", "CNY"), FRANCE, TODAY) == Money.of("105", "EUR")
    assert await rates.suggest(tx, Money.of("177", "CNY"), TOKYO, TODAY) == Money.of("3680", "JPY")


async def test_a_rate_known_for_a_day_stays(tx: Tx) -> None:
    assert await rates.add_rates(tx, [quoted("EUR", "CNY", "8")]) == 1
    assert await rates.add_rates(tx, [quoted("EUR", "CNY", "9")]) == 0
    assert (await rates.rate(tx, "EUR", "CNY", TODAY)).rate == 8


@pytest.mark.parametrize(
    "bad", [("EUR", "EUR", "1"), ("EUR", "CNY", "0"), ("EUR", "CNY", "NaN"), ("EUR", "XXX", "1")]
)
async def test_a_rate_that_cannot_be_is_refused(tx: Tx, bad: tuple[str, str, str]) -> None:
    with pytest.raises(BadRate):
        await rates.add_rates(tx, [quoted(*bad)])


async def test_the_database_refuses_it_too(tx: Tx) -> None:
    with pytest.raises(IntegrityError):
        await store.add(tx, [quoted("EUR", "CNY", "-1")])


@given(st.fractions(0, 10**6), st.sampled_from([FRANCE, TOKYO]))
def test_a_habit_never_goes_below_the_amount_nor_a_step_above(amount: Fraction, place: Place) -> None:
    price = rules.habit_price(amount, place.currency, place.price_habit)
    assert price.amount > 0
    assert Fraction(price.amount) >= amount
    assert Fraction(price.amount) - amount <= 2 * max(band.step for band in place.price_habit)


@given(st.decimals("0.0001", "1000", places=4), st.decimals("0.0001", "1000", places=4))
def test_there_and_back_is_exact(first: Decimal, second: Decimal) -> None:
    known = [quoted("EUR", "CNY", str(first)), quoted("EUR", "USD", str(second))]
    there = rules.cross(Currency("CNY"), Currency("USD"), known, TODAY)
    back = rules.cross(Currency("USD"), Currency("CNY"), known, TODAY)
    assert there is not None
    assert back is not None
    assert there.rate * back.rate == 1
