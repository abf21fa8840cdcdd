# SPDX-License-Identifier: Apache-2.0
"""The demo's goods have their papers where they have a price; what is barred stays so."""

from __future__ import annotations

from silkcast.faces.demo.papers import admitted
from silkcast.flows import admitting
from silkcast.goods.catalog import service as catalog
from silkcast.goods.pricing import service as pricing
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Tx
from tests.goods.catalog.build import new_product
from tests.who.sellers.build import open_shop

FR, SA, SE = Country("FR"), Country("SA"), Country("SE")


async def test_papers_are_seen_where_there_is_a_price(tx: Tx) -> None:
    shop = await open_shop(tx)
    new = new_product(names=Words({"en": "Wooden toy with red wine", "zh": "玩具"}))
    product = await catalog.list_product(tx, shop.id, new)
    for market, currency in ((FR, "EUR"), (SA, "SAR")):
        price = Money.of("24.00", currency)
        await pricing.set_price(tx, product.variants[0].id, market, price, currency=currency)

    await admitted(tx, product)

    standing = {market: one.standing for market, one in (await admitting.by_market(tx, product)).items()}
    assert (standing[FR], standing[SE], standing[SA]) == ("admitted", "papers_needed", "barred")
