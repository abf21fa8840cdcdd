# SPDX-License-Identifier: Apache-2.0
import asyncio
from datetime import timedelta

import pytest

from silkcast.goods.pricing import service as pricing
from silkcast.goods.pricing.errors import BadPrice, WrongCurrency
from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Database, Tx

FR = Country("FR")


def later(tx: Tx, days: int) -> Tx:
    return Tx(tx.session, tx.now + timedelta(days=days), tx.vault, tx.actor)


async def test_a_price_holds_until_the_next_one(tx: Tx) -> None:
    cup = VariantId(new_uuid())

    await pricing.set_price(tx, cup, FR, Money.of("24.90", "EUR"), currency="EUR")
    await pricing.set_price(later(tx, 3), cup, FR, Money.of("19.90", "EUR"), currency="EUR")

    assert (await pricing.prices(tx, [cup], FR))[cup].amount == Money.of("19.90", "EUR")
    assert await pricing.prices(tx, [cup], Country("US")) == {}


async def test_the_lowest_of_thirty_days_forgets_what_is_older(tx: Tx) -> None:
    cup = VariantId(new_uuid())
    for days, price in ((0, "12.00"), (5, "24.90"), (10, "18.00"), (12, "22.00")):
        await pricing.set_price(later(tx, days), cup, FR, Money.of(price, "EUR"), currency="EUR")

    assert (await pricing.lowest_in_30_days(later(tx, 34), [cup], FR))[cup] == Money.of("12.00", "EUR")
    assert (await pricing.lowest_in_30_days(later(tx, 36), [cup], FR))[cup] == Money.of("18.00", "EUR")


async def test_a_slip_that_is_mended_at_once_was_never_asked(tx: Tx) -> None:
    cup = VariantId(new_uuid())
    for price in ("2.49", "24.90"):
        await pricing.set_price(tx, cup, FR, Money.of(price, "EUR"), currency="EUR")

    assert (await pricing.lowest_in_30_days(later(tx, 1), [cup], FR))[cup] == Money.of("24.90", "EUR")


async def test_two_first_prices_at_once_leave_one(database: Database) -> None:
    cup = VariantId(new_uuid())

    async def ask(amount: int) -> None:
        async with database.write() as tx:
            await pricing.set_price(tx, cup, FR, Money.of(amount, "EUR"), currency="EUR")

    await asyncio.gather(*(ask(amount) for amount in range(1, 9)))
    async with database.read() as db:
        assert len(await pricing.prices(db, [cup], FR)) == 1


async def test_no_longer_sold_here(tx: Tx) -> None:
    cup = VariantId(new_uuid())
    await pricing.set_price(tx, cup, FR, Money.of("24.90", "EUR"), currency="EUR")

    await pricing.clear_price(tx, cup, FR)
    await pricing.clear_price(tx, cup, FR)

    assert (await pricing.prices_everywhere(tx, [cup]))[cup] == {}


@pytest.mark.parametrize(
    ("typed", "currency"),
    [("0", "EUR"), ("-1", "EUR"), ("1.005", "EUR"), ("1.500", "JPY"), ("1e40", "EUR"), ("x", "SGD")],
)
async def test_what_is_no_price_is_refused_and_nothing_moves(tx: Tx, typed: str, currency: str) -> None:
    cup = VariantId(new_uuid())

    with pytest.raises(BadPrice):
        await pricing.set_price(tx, cup, FR, pricing.read(typed, currency), currency=currency)

    assert (await pricing.prices_everywhere(tx, [cup]))[cup] == {}


async def test_a_market_has_its_own_currency(tx: Tx) -> None:
    with pytest.raises(WrongCurrency):
        await pricing.set_price(tx, VariantId(new_uuid()), FR, Money.of("5", "USD"), currency="EUR")


async def test_a_floor_is_set_changed_and_taken_away(tx: Tx) -> None:
    cup, bowl = VariantId(new_uuid()), VariantId(new_uuid())
    for amount in ("15.00", "16.00"):
        await pricing.set_floor(tx, cup, FR, Money.of(amount, "EUR"), currency="EUR")

    floors = await pricing.floors_everywhere(tx, [cup, bowl])
    await pricing.set_floor(tx, cup, FR, None, currency="EUR")

    floor = floors[cup][FR]
    assert floor.amount == Money.of("16.00", "EUR")
    assert floor.is_over(Money.of("15.99", "EUR"))
    assert not floor.is_over(Money.of("16.00", "EUR"))
    assert not floor.is_over(Money.of("1", "JPY")), "another currency says nothing"
    assert floors[bowl] == {}
    assert await pricing.floors_everywhere(tx, [cup]) == {cup: {}}
    assert await pricing.prices(tx, [cup], FR) == {}, "a floor is no price"


async def test_a_floor_that_is_no_price_is_refused(tx: Tx) -> None:
    cup = VariantId(new_uuid())

    with pytest.raises(BadPrice):
        await pricing.set_floor(tx, cup, FR, Money.of("0", "EUR"), currency="EUR")
    with pytest.raises(WrongCurrency):
        await pricing.set_floor(tx, cup, FR, Money.of("5", "USD"), currency="EUR")
