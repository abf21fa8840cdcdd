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


async def test_a_floor_is_kept_beside_the_price_and_shown(town: Town, seller: httpx.AsyncClient) -> None:
    path = f"/studio/products/{town.product.id}/prices"
    name = f"floor-{town.variant.id}-FR"

    answer = await seller.post(path, data={name: "18,50"})
    page = await seller.get(path)
    wrong = await seller.post(path, data={name: "0", f"price-{town.variant.id}-FR": "30"})
    gone = await seller.post(path, data={name: ""})

    assert (answer.status_code, wrong.status_code, gone.status_code) == (303, 422, 303)
    assert f'name="{name}" value="18.50"' in page.text
    assert f'id="{name}-wrong"' in wrong.text
    async with town.database.read() as db:
        known = (await pricing.prices_everywhere(db, [town.variant.id]))[town.variant.id]
        floors = await pricing.floors_everywhere(db, [town.variant.id])
    assert known[Country("FR")].amount == Money.of("24.00", "EUR"), "all or nothing"
    assert floors == {town.variant.id: {}}


async def test_a_neighbour_sets_no_floor(town: Town, neighbour: httpx.AsyncClient) -> None:
    path = f"/studio/products/{town.product.id}/prices"

    answer = await neighbour.post(path, data={f"floor-{town.variant.id}-FR": "18.50"})

    assert answer.status_code == 404
    async with town.database.read() as db:
        assert await pricing.floors_everywhere(db, [town.variant.id]) == {town.variant.id: {}}


async def test_the_page_shows_where_the_shop_sells_and_more_when_asked(
    town: Town, seller: httpx.AsyncClient
) -> None:
    path, variant = f"/studio/products/{town.product.id}/prices", town.variant.id

    usual = await seller.get(path)
    wider = await seller.get(path, params={"add": ["JP", "BR", "nowhere"]})
    sold = await seller.post(path, data={f"price-{variant}-JP": "3980"})
    later = await seller.get(path)

    assert f'name="price-{variant}-FR"' in usual.text
    assert f'name="price-{variant}-JP"' not in usual.text
    assert '<input type="checkbox" name="add" value="JP">' in usual.text
    assert all(f'name="price-{variant}-{code}"' in wider.text for code in ("FR", "JP", "BR"))
    assert sold.status_code == 303
    assert f'name="price-{variant}-JP" value="3980"' in later.text
    assert f'name="price-{variant}-BR"' not in later.text, "without a price it is not sold there"
    assert '<input type="checkbox" name="add" value="JP">' not in later.text
