# SPDX-License-Identifier: Apache-2.0
"""Coupons: so many in all, so many a person, and what they make of a price."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from silkcast.ground.clock import SetClock
from silkcast.ground.ids import CouponId, OrderId, SellerId, ShowId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database, Tx
from silkcast.stage.deals import coupons
from silkcast.stage.deals.errors import BadCoupon, CouponGone, CouponOver, CouponUsed, NoSuchCoupon
from silkcast.stage.deals.values import Coupon, NewCoupon
from tests.conftest import NOON
from tests.who.sellers.build import open_shop

FR, JP = Country("FR"), Country("JP")
PLAIN = NewCoupon("TEA10", 3, NOON, NOON + timedelta(minutes=10), percent=10)


async def coupon(tx: Tx, **changes: Any) -> Coupon:
    shop = await open_shop(tx)
    return await coupons.make(tx, shop.id, ShowId(new_uuid()), replace(PLAIN, **changes))


async def test_so_many_in_all(tx: Tx) -> None:
    made = await coupon(tx, total=2)
    numbers = [(await coupons.claim(tx, made.id, new_uuid(), key=new_uuid())).number for _ in range(2)]

    with pytest.raises(CouponGone):
        await coupons.claim(tx, made.id, new_uuid(), key=new_uuid())

    assert numbers == [1, 2]
    assert (await coupons.the_coupon(tx, made.id)).claimed == 2


async def test_so_many_a_person(tx: Tx) -> None:
    made, buyer = await coupon(tx, per_person=2), new_uuid()
    for _ in range(2):
        await coupons.claim(tx, made.id, buyer, key=new_uuid())

    with pytest.raises(CouponUsed):
        await coupons.claim(tx, made.id, buyer, key=new_uuid())


async def test_the_same_key_is_the_same_one(tx: Tx) -> None:
    made, buyer, key = await coupon(tx), new_uuid(), new_uuid()

    first = await coupons.claim(tx, made.id, buyer, key=key)
    again = await coupons.claim(tx, made.id, buyer, key=key)

    assert first == again
    with pytest.raises(NoSuchCoupon):
        await coupons.claim(tx, made.id, new_uuid(), key=key)
    assert (await coupons.the_coupon(tx, made.id)).claimed == 1


@pytest.mark.parametrize("minutes", [-1, 10])
async def test_in_its_time_only(tx: Tx, minutes: int) -> None:
    made = await coupon(tx)
    tx.now = NOON + timedelta(minutes=minutes)

    with pytest.raises(CouponOver):
        await coupons.claim(tx, made.id, new_uuid(), key=new_uuid())


async def test_withdrawn_it_is_claimed_no_more_and_whoever_has_it_keeps_it(tx: Tx) -> None:
    made, buyer = await coupon(tx), new_uuid()
    claimed = await coupons.claim(tx, made.id, buyer, key=new_uuid())

    with pytest.raises(NoSuchCoupon):
        await coupons.withdraw(tx, made.id, SellerId(new_uuid()))
    await coupons.withdraw(tx, made.id, made.seller)

    with pytest.raises(CouponOver):
        await coupons.claim(tx, made.id, new_uuid(), key=new_uuid())
    assert [one for _, one in await coupons.of_buyer(tx, made.seller, [buyer])] == [claimed]


async def test_it_is_spent_once_and_comes_back_if_the_order_is_not_paid(tx: Tx) -> None:
    made, buyer, order = await coupon(tx), new_uuid(), OrderId(new_uuid())
    claimed = await coupons.claim(tx, made.id, buyer, key=new_uuid())

    await coupons.use(tx, claimed, order)
    with pytest.raises(NoSuchCoupon):
        await coupons.use(tx, claimed, OrderId(new_uuid()))
    assert await coupons.of_buyer(tx, made.seller, [buyer]) == ()
    await coupons.give_back(tx, order)

    assert len(await coupons.of_buyer(tx, made.seller, [buyer])) == 1


async def test_another_persons_coupon_is_no_coupon(tx: Tx) -> None:
    made = await coupon(tx)
    claimed = await coupons.claim(tx, made.id, new_uuid(), key=new_uuid())

    with pytest.raises(NoSuchCoupon):
        await coupons.one_of_buyer(tx, made.id, claimed.number, [new_uuid()])
    with pytest.raises(NoSuchCoupon):
        await coupons.the_coupon(tx, CouponId(new_uuid()))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("discount", {"percent": None}),
        ("discount", {"amounts": {FR: Money.of("1.00", "EUR")}}),
        ("percent", {"percent": 91}),
        ("percent", {"percent": 0}),
        ("amounts", {"percent": None, "amounts": {FR: Money.of("0.00", "EUR")}}),
        ("total", {"total": 0}),
        ("per_person", {"per_person": 4}),
        ("ends_at", {"ends_at": NOON}),
    ],
)
async def test_a_coupon_that_cannot_be_is_refused(tx: Tx, field: str, changes: dict[str, Any]) -> None:
    with pytest.raises(BadCoupon) as refusal:
        await coupon(tx, **changes)

    assert refusal.value.field == field


async def test_thirty_at_once_share_three(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        made = await coupon(tx)

    async def one() -> str:
        try:
            async with database.write() as tx:
                await coupons.claim(tx, made.id, new_uuid(), key=new_uuid())
        except Refusal as refusal:
            return refusal.code
        return "claimed"

    said = await asyncio.gather(*(one() for _ in range(30)))

    assert sorted(said) == sorted(["claimed"] * 3 + ["deals.coupon_gone"] * 27)


def a_coupon(**changes: Any) -> Coupon:
    new = replace(PLAIN, **changes)
    values = {name: getattr(new, name) for name in NewCoupon.__slots__}
    return Coupon(
        **values,
        id=CouponId(new_uuid()),
        seller=SellerId(new_uuid()),
        show=ShowId(new_uuid()),
        claimed=0,
        withdrawn_at=None,
    )


@pytest.mark.parametrize(
    ("price", "changes", "left"),
    [
        (Money.of("12.50", "EUR"), {"percent": 10}, Money.of("11.25", "EUR")),
        (Money.of("9.95", "EUR"), {"percent": 15}, Money.of("8.46", "EUR")),
        (Money.of("1999", "JPY"), {"percent": 15}, Money.of("1699", "JPY")),
        (
            Money.of("12.50", "EUR"),
            {"percent": None, "amounts": {FR: Money.of("5.00", "EUR")}},
            Money.of("7.50", "EUR"),
        ),
        (
            Money.of("4.00", "EUR"),
            {"percent": None, "amounts": {FR: Money.of("5.00", "EUR")}},
            Money.of("0.01", "EUR"),
        ),
    ],
)
def test_what_it_makes_of_a_price(price: Money, changes: dict[str, Any], left: Money) -> None:
    assert coupons.lowered(price, a_coupon(**changes), FR) == left


def test_an_amount_is_for_the_markets_it_names() -> None:
    off = a_coupon(percent=None, amounts={FR: Money.of("5.00", "EUR")})

    assert coupons.lowered(Money.of("1999", "JPY"), off, JP) is None


@given(st.integers(1, 10_000_000), st.integers(1, 90), st.sampled_from(["EUR", "JPY", "KWD"]))
def test_a_price_falls_and_never_to_nothing(minor: int, percent: int, currency: str) -> None:
    price = Money.from_minor(minor, currency)

    left = coupons.lowered(price, a_coupon(percent=percent), FR)

    assert left is not None
    assert Money.from_minor(1, currency) <= left <= price
