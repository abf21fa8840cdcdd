# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

import httpx

from silkcast.goods.pricing import service as pricing
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from tests.faces.build import Town


async def test_a_price_is_set_changed_and_taken_away(town: Town, seller: httpx.AsyncClient) -> None:
    path = f"/studio/products/{town.product.id}/prices"
    variant = town.variant.id

    answer = await seller.post(path, data={f"price-{variant}-FR": "26.50", f"price-{variant}-SA": ""})

    assert answer.status_code == 303
    async with town.database.read() as db:
        known = (await pricing.prices_everywhere(db, [variant]))[variant]
    assert known[Country("FR")].amount == Money.of("26.50", "EUR")
    assert Country("SA") not in known


async def test_a_price_that_is_none_changes_nothing(town: Town, seller: httpx.AsyncClient) -> None:
    path = f"/studio/products/{town.product.id}/prices"

    answer = await seller.post(path, data={f"price-{town.variant.id}-FR": "0"})

    assert answer.status_code == 422
    async with town.database.read() as db:
        known = (await pricing.prices_everywhere(db, [town.variant.id]))[town.variant.id]
    assert known[Country("FR")].amount == Money.of("24.00", "EUR")
