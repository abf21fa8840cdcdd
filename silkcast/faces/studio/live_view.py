# SPDX-License-Identifier: Apache-2.0
"""What the live desk shows, gathered in a handful of questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from silkcast.faces.live.keeping import HOST, chat_view
from silkcast.faces.live.presence import Presence
from silkcast.flows import admitting
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.values import Available
from silkcast.ground.ids import ShowId
from silkcast.plumbing.db import Db
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.port import StreamHealth
from silkcast.stage.rooms.values import Pin, Show
from silkcast.watch.insight import service as insight

from . import selling
from .deal_numbers import panel_view
from .desk import Desk
from .pictures import first_image
from .show_views import LiveView, Numbers, RunRow
from .shows import in_order, stream_of


async def view_of(db: Db, desk: Desk, id: ShowId, presence: Presence) -> LiveView:
    show = await rooms.the_show(db, id, seller=desk.shop.id)
    pinned = await rooms.pinned(db, id)
    run = await run_of(db, desk, show)
    return LiveView(
        show=show,
        shop=desk.shop.name,
        pinned=pinned.product if pinned else None,
        pinned_at=pinned.pinned_at if pinned else None,
        run=run,
        deal=await panel_view(db, desk, show),
        shown=sum(1 for row in run if row.shown_at is not None),
        chat=await chat_view(db, show, HOST, f"/studio/shows/{id}"),
        numbers=await numbers_of(db, desk, show, presence),
        stream=stream_of(desk, show) if show.has_picture else "",
        server=desk.scene.video.ingest_address("").rtmp_url,
    )


async def run_of(db: Db, desk: Desk, show: Show) -> list[RunRow]:
    products = in_order(await catalog.products(db, show.run), show.run)
    variants = [variant.id for product in products for variant in product.variants]
    levels = await stock.levels(db, variants)
    prices = await pricing.prices_everywhere(db, variants)
    sold = await insight.products_of_show(db, show.id)
    pins = await rooms.pins(db, show.id)
    sold_in = {str(code) for by_market in prices.values() for code in by_market}
    known = [market.code for market in selling.split(desk, sold_in)[0]]
    closed = await admitting.barred_in(db, products)
    rows = []
    for product in products:
        priced = {market for variant in product.variants for market in prices.get(variant.id, {})}
        barred = [
            one for one in known if product.restriction(one) or one not in priced or one in closed[product.id]
        ]
        sums = sold.get(product.id, ())
        rows.append(
            RunRow(
                product,
                first_image(product, desk.visit.language),
                sum(levels.get(variant.id, Available()).free for variant in product.variants),
                len(known) - len(barred),
                sum(one.units for one in sums),
                [one.takings for one in sums],
                shown_at(product, pins),
                barred,
            )
        )
    return rows


def shown_at(product: Product, pins: Sequence[Pin]) -> datetime | None:
    return next((pin.pinned_at for pin in pins if pin.product == product.id), None)


async def numbers_of(db: Db, desk: Desk, show: Show, presence: Presence) -> Numbers:
    sales = await insight.sales_of_show(db, show.id)
    watching = presence.by_market(show.id)
    viewers = presence.viewers(show.id)
    most = max(watching.values(), default=1)
    count = sum(one.orders for one in sales)
    running = int((db.now - show.started_at).total_seconds()) if show.started_at else 0
    return Numbers(
        viewers=viewers,
        orders=count,
        takings=[one.takings for one in sales],
        after_pin=Decimal(count) / show.peak_viewers if show.peak_viewers else None,
        health=desk.scene.video.health(show.id),
        by_market=[(market, there, there * 100 // most) for market, there in watching.items()],
        is_live=show.is_live,
        running=running,
        has_picture=show.has_picture,
        megabits=megabits(desk.scene.video.health(show.id)),
    )


def megabits(health: StreamHealth | None) -> Decimal | None:
    """The upload's rate with one decimal."""
    if health is None or not health.kilobits_per_second:
        return None
    return (Decimal(health.kilobits_per_second) / 1000).quantize(Decimal("0.1"))
