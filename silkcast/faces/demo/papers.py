# SPDX-License-Identifier: Apache-2.0
"""Papers of the demo: what its shops sell has been looked at where a market asks for papers."""

from __future__ import annotations

from datetime import timedelta

from silkcast.flows import admitting
from silkcast.goods.catalog.values import Product
from silkcast.goods.pricing import service as pricing
from silkcast.ground.clock import day
from silkcast.plumbing.db import Tx

HOLDS = timedelta(days=365)
REASON = "Demo: test summary, certificates and marks were seen."


async def admitted(tx: Tx, product: Product) -> None:
    """Rule for each market with a price that papers are there; what is barred stays so."""
    prices = await pricing.prices_everywhere(tx, [one.id for one in product.variants])
    priced = {market for there in prices.values() for market in there}
    for market, verdict in (await admitting.by_market(tx, product)).items():
        if market in priced and verdict.standing == "papers_needed":
            until = day(tx.now) + HOLDS
            await admitting.rule(tx, product.id, market, "admit", reason=REASON, until=until, by=None)
