# SPDX-License-Identifier: Apache-2.0
"""What a person used of a quota: added, given back, by period, by whoever shares a digest."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest

from silkcast.goods.duties.values import Quota
from silkcast.ground.ids import OrderId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Tx
from silkcast.trade.quotes import quotas

YEAR, DAY = Quota("year_value", "customs_value"), Quota("day_value", "intrinsic")
CHINA = Country("CN")
ANN, BEN, ANNS_PHONE = b"a" * 32, b"b" * 32, b"p" * 32
TODAY = date(2026, 11, 22)


async def used(tx: Tx, *persons: bytes, on: date = TODAY, market: Country = CHINA) -> Mapping[str, Decimal]:
    return await quotas.used(tx, market, (YEAR, DAY), persons, on)


async def count(tx: Tx, amount: str, *persons: bytes, on: date = TODAY) -> OrderId:
    order = OrderId(new_uuid())
    await quotas.count(tx, order, CHINA, {"year_value": amount, "day_value": amount}, persons, on)
    return order


async def test_orders_of_a_person_add_up_by_year_and_by_day(tx: Tx) -> None:
    await count(tx, "4000.00", ANN, on=date(2026, 1, 1))
    await count(tx, "250.50", ANN)
    await count(tx, "99.00", ANN, on=date(2025, 12, 31))

    assert await used(tx, ANN) == {"year_value": Decimal("4250.50"), "day_value": Decimal("250.50")}
    assert await used(tx, ANN, on=date(2027, 1, 1)) == {}
    assert await used(tx, BEN) == {}
    assert await used(tx, ANN, market=Country("KR")) == {}
    assert await used(tx) == {}


async def test_whoever_shares_one_digest_is_the_same_person(tx: Tx) -> None:
    await count(tx, "100.00", ANN, ANNS_PHONE)
    await count(tx, "50.00", ANNS_PHONE)

    assert (await used(tx, ANNS_PHONE))["year_value"] == Decimal("150.00")
    assert (await used(tx, ANN, ANNS_PHONE))["year_value"] == Decimal("150.00"), "each order once"
    assert (await used(tx, ANN))["year_value"] == Decimal("100.00")


async def test_what_came_to_nothing_is_given_back_once_and_may_count_again(tx: Tx) -> None:
    order = await count(tx, "100.00", ANN)

    await quotas.give_back(tx, order)
    await quotas.give_back(tx, order)
    assert await used(tx, ANN) == {}

    await quotas.count_again(tx, order)
    await quotas.count_again(tx, order)
    assert (await used(tx, ANN))["year_value"] == Decimal("100.00")


async def test_counting_an_order_twice_counts_it_once(tx: Tx) -> None:
    order = await count(tx, "100.00", ANN)
    await quotas.count(tx, order, CHINA, {"year_value": "100.00"}, (ANN,), TODAY)

    assert (await used(tx, ANN))["year_value"] == Decimal("100.00")


async def test_who_is_forgotten_used_nothing_and_old_years_go(tx: Tx) -> None:
    order = await count(tx, "100.00", ANN)
    await quotas.forget(tx, order)
    assert await used(tx, ANN) == {}

    await count(tx, "1.00", ANN, on=date(2024, 12, 31))
    await count(tx, "2.00", ANN, on=date(2025, 1, 1))
    assert await quotas.forget_old(tx) == 2
    assert (await used(tx, ANN, on=date(2025, 1, 1)))["year_value"] == Decimal("2.00")


@pytest.mark.parametrize(
    ("name", "first"),
    [("year_parcels", date(2026, 1, 1)), ("day_value", TODAY), ("month_value", date(2026, 11, 1))],
)
def test_the_name_of_a_quota_says_its_period(name: str, first: date) -> None:
    assert quotas.begins(Quota(name, "shipments"), TODAY) == first
