# SPDX-License-Identifier: Apache-2.0
"""Telling: what happened below is told to the rooms it concerns, as ids and numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock.events import StockChanged
from silkcast.ground.ids import DealId, ShowId, VariantId
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.events import LineHeld, LineHidden, LineShown
from silkcast.stage.chat.values import Line
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.events import (
    ClaimOffered,
    ClaimsExpired,
    ClaimsGranted,
    DealEnded,
    DealEvent,
    DealLaunched,
)
from silkcast.stage.deals.values import Deal
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.events import (
    PictureChanged,
    ProductPinned,
    ProductUnpinned,
    ReplayReady,
    ShowEnded,
    ShowStarted,
)
from silkcast.trade.orders.events import OrderAcceptedForCash, OrderEvent, OrderPaid

from .presence import host_topic, topic


def line_body(line: Line) -> dict[str, Any]:
    """A chat line as it goes over the wire and into the snapshot."""
    return {
        "id": str(line.id),
        "kind": line.kind,
        "name": line.name,
        "text": line.text,
        "language": line.language,
        "at": line.at.isoformat(),
    }


def of_deals(hub: Hub) -> Callable[[ShowId, DealId, Mapping[VariantId, int]], None]:
    """What is left in a deal, told to its room after each commit."""
    told: dict[ShowId, tuple[DealId, set[VariantId]]] = {}

    def tell(show: ShowId, deal: DealId, left: Mapping[VariantId, int]) -> None:
        known = told.get(show)
        if known is None or known[0] != deal:
            known = told[show] = (deal, set())
        known[1].update(left)
        for variant, units in left.items():
            body = {"deal": str(deal), "variant": str(variant), "left": units}
            # within a tick the last number stands for all before it, but not for another variant's
            hub.publish(topic(show), "left", body, replaces=len(known[1]) == 1)

    return tell


def deal_body(deal: Deal, now: datetime) -> dict[str, Any]:
    """A deal as the room hears of it: numbers and moments, no words and no prices."""
    return {
        "deal": str(deal.id),
        "phase": deal.phase(now),
        "starts_at": deal.starts_at.isoformat() if deal.starts_at else None,
        "ends_at": deal.ends_at.isoformat() if deal.ends_at else None,
        "why": deal.ended_why,
        "lanes": [
            {
                "variant": str(lane.variant),
                "product": str(lane.product),
                "units": lane.units,
                "left": lane.left,
                "waiting": lane.waiting,
            }
            for lane in deal.lanes
        ],
    }


def deal_reactions(hub: Hub) -> tuple[Reaction, ...]:
    async def changed(tx: Tx, event: DealEvent) -> None:
        deal = await deals.the_deal(tx, event.deal)
        hub.publish(topic(event.show), "deal", deal_body(deal, tx.now))

    async def granted(tx: Tx, event: ClaimsGranted) -> None:
        hub.publish(host_topic(event.show), "claims", {"granted": len(event.orders)}, replaces=False)

    return (
        Reaction("live.tell_deal_launched", DealLaunched, changed),
        Reaction("live.tell_deal_ended", DealEnded, changed),
        Reaction("live.tell_claim_offered", ClaimOffered, changed),
        Reaction("live.tell_claims_expired", ClaimsExpired, changed),
        Reaction("live.tell_claims_granted", ClaimsGranted, granted),
    )


def reactions(hub: Hub) -> tuple[Reaction, ...]:
    async def pinned(tx: Tx, event: ProductPinned) -> None:
        hub.publish(topic(event.show), "pin", {"product": str(event.product), "at": event.at.isoformat()})

    async def unpinned(tx: Tx, event: ProductUnpinned) -> None:
        if await rooms.pinned(tx, event.show) is None:
            hub.publish(topic(event.show), "unpin", {"product": str(event.product)})

    async def said(tx: Tx, event: LineShown) -> None:
        for line in (await chat.lines(tx, [event.line])).values():
            hub.publish(topic(event.show), "chat", line_body(line))

    async def held(tx: Tx, event: LineHeld) -> None:
        for line in (await chat.lines(tx, [event.line])).values():
            hub.publish(host_topic(event.show), "held", {**line_body(line), "held_for": line.held_for})

    async def hidden(tx: Tx, event: LineHidden) -> None:
        hub.publish(topic(event.show), "hide", {"id": str(event.line)})

    async def stock_changed(tx: Tx, event: StockChanged) -> None:
        for found in (await catalog.variants(tx, [event.variant])).values():
            for show in await rooms.live_with(tx, found.product.id):
                body = {"variant": str(event.variant), "product": str(found.product.id), "left": event.free}
                hub.publish(topic(show), "stock", body)

    async def state(tx: Tx, event: ShowStarted | ShowEnded | PictureChanged | ReplayReady) -> None:
        show = await rooms.the_show(tx, event.show)
        body = {"state": show.state, "has_picture": show.has_picture, "has_replay": show.replay is not None}
        hub.publish(topic(event.show), "state", body)

    async def bought(tx: Tx, event: OrderEvent) -> None:
        if event.show is None:
            return
        hub.publish(topic(event.show), "bought", {"market": event.market, "units": event.units})
        hub.publish(host_topic(event.show), "order", {"order": str(event.order), "market": event.market})

    return (
        *deal_reactions(hub),
        Reaction("live.tell_pin", ProductPinned, pinned),
        Reaction("live.tell_unpin", ProductUnpinned, unpinned),
        Reaction("live.tell_line", LineShown, said),
        Reaction("live.tell_held", LineHeld, held),
        Reaction("live.tell_hidden", LineHidden, hidden),
        Reaction("live.tell_stock", StockChanged, stock_changed),
        Reaction("live.tell_started", ShowStarted, state),
        Reaction("live.tell_ended", ShowEnded, state),
        Reaction("live.tell_picture", PictureChanged, state),
        Reaction("live.tell_replay", ReplayReady, state),
        Reaction("live.tell_paid", OrderPaid, bought),
        Reaction("live.tell_cash", OrderAcceptedForCash, bought),
    )
