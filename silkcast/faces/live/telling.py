# SPDX-License-Identifier: Apache-2.0
"""Telling: what happened below is told to the rooms it concerns, as ids and numbers."""

from __future__ import annotations

from typing import Any

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock.events import StockChanged
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.events import LineHeld, LineHidden, LineShown
from silkcast.stage.chat.values import Line
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

from .facts import PIN, STATE, STOCK
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


def reactions(hub: Hub) -> tuple[Reaction, ...]:
    async def pinned(tx: Tx, event: ProductPinned) -> None:
        hub.publish(topic(event.show), PIN, {})

    async def unpinned(tx: Tx, event: ProductUnpinned) -> None:
        hub.publish(topic(event.show), PIN, {})

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
                body = {"variant": str(event.variant), "product": str(found.product.id)}
                hub.publish(topic(show), STOCK, body)

    async def state(tx: Tx, event: ShowStarted | ShowEnded | PictureChanged | ReplayReady) -> None:
        hub.publish(topic(event.show), STATE, {})

    async def bought(tx: Tx, event: OrderEvent) -> None:
        if event.show is None:
            return
        hub.publish(topic(event.show), "bought", {"market": event.market, "units": event.units})
        hub.publish(host_topic(event.show), "order", {"order": str(event.order), "market": event.market})

    return (
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
