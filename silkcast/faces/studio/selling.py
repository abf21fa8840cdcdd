# SPDX-License-Identifier: Apache-2.0
"""Where a shop sells: the markets it has a price in, told by its prices alone. With dozens of markets to
choose from, pages show those, and others when they are asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import VariantId
from silkcast.plumbing.db import Db
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from .desk import Desk

STARTERS = 6
"""So many markets are proposed to a shop without any price: those that are guessed first elsewhere too."""
NEWEST = 40
"""By so many of its products a shop is judged."""


async def priced_in(db: Db, variants: Collection[VariantId]) -> set[str]:
    """The markets in which one of these has a price or a floor."""
    prices = await pricing.prices_everywhere(db, list(variants))
    floors = await pricing.floors_everywhere(db, list(variants))
    return {str(code) for known in (prices, floors) for by_market in known.values() for code in by_market}


def variants_of(products: Iterable[Product]) -> list[VariantId]:
    return [variant.id for product in products for variant in product.variants]


async def sold_in(db: Db, desk: Desk) -> set[str]:
    """The markets that the shop's newest products have prices in; some to begin with where there are none."""
    found = await catalog.search(db, seller=desk.shop.id, status=None, limit=NEWEST)
    priced = await priced_in(db, variants_of(found.items))
    return priced or starters(desk)


def starters(desk: Desk) -> set[str]:
    known = sorted(markets.markets(desk.visit.today), key=lambda market: market.rank)
    return {market.code for market in known[:STARTERS]}


def split(desk: Desk, codes: Collection[str]) -> tuple[list[Market], list[Market]]:
    """The markets of these codes, and the others there are."""
    known = markets.markets(desk.visit.today)
    return [one for one in known if one.code in codes], [one for one in known if one.code not in codes]
