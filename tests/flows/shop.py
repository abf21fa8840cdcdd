# SPDX-License-Identifier: Apache-2.0
"""The shop that a small real world begins with: three products, priced in four markets."""

from __future__ import annotations

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import WarehouseId
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.money.rates import service as rates
from silkcast.plumbing.db import Tx
from silkcast.who.identity import service as identity
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller
from tests.goods.catalog.build import new_product, new_variant
from tests.who.sellers.build import ADDRESS, new_seller

PRICES = {
    "cup": {"FR": "12.50", "US": "14.00", "SA": "55.00", "SG": "18.00"},
    "bowl": {"FR": "31.90", "US": "36.00", "SA": "140.00", "SG": "46.00"},
    "scarf": {"FR": "49.00", "US": "55.00", "SA": "210.00", "SG": "72.00"},
}
STOCK = 50


async def open_the_shop(tx: Tx, units: int = STOCK) -> tuple[Seller, WarehouseId, dict[str, Product]]:
    """A shop with a cup, a bowl and a scarf, priced in every market, `units` of each in the warehouse."""
    await rates.load_shipped_rates(tx)
    owner = await identity.register(
        tx, contact="lin@example.org", password="kiln-and-clay-88", name="Lin", language="en"
    )
    shop = await sellers.open_shop(tx, owner.id, new_seller(slug="kiln"))
    warehouse = await sellers.add_warehouse(tx, shop.id, "Jingdezhen", ADDRESS)
    made: dict[str, Product] = {}
    for name, words, hs_code, material in (
        ("cup", {"en": "Celadon tea cup", "zh": "青瓷茶杯"}, "691110", {"en": "porcelain", "zh": "瓷"}),
        ("bowl", {"en": "Celadon bowl", "zh": "青瓷碗"}, "691110", {"en": "porcelain", "zh": "瓷"}),
        ("scarf", {"en": "Silk scarf", "zh": "真丝围巾"}, "621410", {"en": "silk", "zh": "蚕丝"}),
    ):
        new = new_product(
            slug=name,
            names=Words(words),
            hs_code=hs_code,
            variants=(new_variant(sku=f"{name.upper()}-1"),),
            material=Words(material),
        )
        made[name] = await catalog.list_product(tx, shop.id, new)
        variant = made[name].variants[0].id
        await stock.receive(tx, variant, warehouse.id, units)
        for code, amount in PRICES[name].items():
            currency = markets.market(code, tx.now.date()).currency
            await pricing.set_price(tx, variant, Country(code), Money.of(amount, currency), currency=currency)
    return shop, warehouse.id, made
