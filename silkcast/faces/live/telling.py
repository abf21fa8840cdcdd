# SPDX-License-Identifier: Apache-2.0
"""Telling: what happened below is told to the rooms it concerns, as ids and numbers."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock.events import StockChanged
from silkcast.ground.ids import DealId, ShowId, VariantId
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.plumbing.wire import Hub
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.events import (
    BansChanged,
    LineHeld,
    LineHidden,
    LinePinned,
    LineShown,
    SpeakingChanged,
)
from silkcast.stage.chat.values import Line, Speaking
from silkcast.stage.deals.events import (
    ClaimOffered,
    ClaimsExpired,
    DealEnded,
    DealEvent,
    DealLaunched,
)
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
from silkcast.who.closings import service as closings
from silkcast.who.closings.events import MarketClosed, MarketReopened

from .facts import DEAL, PIN, STATE, STOCK
from .presence import host_topic, keeper_topic, topic

MOST_ROOMS = 1000
SECONDS_A_VARIANT, LEAST_SECONDS, MOST_SECONDS = 0.001, 0.05, 1.0
"""How long numbers are gathered: a telephone shall not be sent a thousand of them ten times a second."""


def line_body(line: Line) -> dict[str, Any]:
    """A chat line as it goes over the wire and into the snapshot; of a hidden one only its place."""
    if line.state == "hidden":
        return {"id": str(line.id), "number": line.number, "kind": line.kind, "hidden": True}
    return {
        "id": str(line.id),
        "number": line.number,
        "kind": line.kind,
        "name": line.name,
        "text": line.text,
        "language": line.language,
        "at": line.at.isoformat(),
        "voices": line.voices,
    }


class DealsTold:
    """What is left in a deal, told to its room. Where it has several variants their numbers are gathered for
    a moment: a batch may change a thousand of them, and the next one the same again."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._known: dict[ShowId, tuple[DealId, set[VariantId]]] = {}
        self._gathered: dict[tuple[ShowId, DealId], dict[VariantId, int]] = {}

    def tell(self, show: ShowId, deal: DealId, left: Mapping[VariantId, int]) -> None:
        known = self._known.get(show)
        if known is None or known[0] != deal:
            known = self._known[show] = (deal, set())
        known[1].update(left)
        if len(known[1]) == 1:
            self._publish(show, deal, left, replaces=True)
            return
        if not self._gathered:
            pause = min(max(len(known[1]) * SECONDS_A_VARIANT, LEAST_SECONDS), MOST_SECONDS)
            asyncio.get_running_loop().call_later(pause, self._pour)
        self._gathered.setdefault((show, deal), {}).update(left)

    def _pour(self) -> None:
        gathered, self._gathered = self._gathered, {}
        for (show, deal), left in gathered.items():
            self._publish(show, deal, left, replaces=False)

    def _publish(self, show: ShowId, deal: DealId, left: Mapping[VariantId, int], *, replaces: bool) -> None:
        """Within a tick the last number may stand for all before it, but not for another variant's."""
        for variant, units in left.items():
            body = {"deal": str(deal), "variant": str(variant), "left": units}
            self._hub.publish(topic(show), "left", body, replaces=replaces)


def deal_reactions(hub: Hub) -> tuple[Reaction, ...]:
    async def changed(tx: Tx, event: DealEvent) -> None:
        hub.publish(topic(event.show), DEAL, {})

    return (
        Reaction("live.tell_deal_launched", DealLaunched, changed),
        Reaction("live.tell_deal_ended", DealEnded, changed),
        Reaction("live.tell_claim_offered", ClaimOffered, changed),
        Reaction("live.tell_claims_expired", ClaimsExpired, changed),
    )


def held_body(line: Line) -> dict[str, Any]:
    """A line as those who keep order get it."""
    return {**line_body(line), "held_for": line.held_for}


def speaking_body(speaking: Speaking) -> dict[str, Any]:
    """What a room allows, as pages and apps get it."""
    return {"slow_seconds": speaking.slow_seconds, "has_links": speaking.has_links, "who": speaking.who}


def reactions(hub: Hub) -> tuple[Reaction, ...]:
    async def pinned(tx: Tx, event: ProductPinned) -> None:
        hub.publish(topic(event.show), PIN, {})

    async def unpinned(tx: Tx, event: ProductUnpinned) -> None:
        hub.publish(topic(event.show), PIN, {})

    async def shown_or_hidden(tx: Tx, event: LineShown | LineHidden) -> None:
        # as it is now: a line that was hidden and shown again may be told of in the other order
        for line in (await chat.lines(tx, [event.line])).values():
            if line.state == "shown":
                hub.publish(topic(event.show), "chat", line_body(line))
            elif line.state == "hidden":
                hub.publish(topic(event.show), "hide", {"id": str(event.line)})

    async def held(tx: Tx, event: LineHeld) -> None:
        for line in (await chat.lines(tx, [event.line])).values():
            hub.publish(keeper_topic(event.show), "held", held_body(line))

    async def line_pinned(tx: Tx, event: LinePinned) -> None:
        line = await chat.pinned_line(tx, event.show)
        hub.publish(topic(event.show), "pinned_line", {"line": line_body(line) if line else None})

    async def speaking(tx: Tx, event: SpeakingChanged) -> None:
        hub.publish(topic(event.show), "speaking", speaking_body(await chat.speaking(tx, event.show)))

    async def banned(tx: Tx, event: BansChanged) -> None:
        hub.publish(keeper_topic(event.show), "bans", {}, replaces=True)

    async def stock_changed(tx: Tx, event: StockChanged) -> None:
        for found in (await catalog.variants(tx, [event.variant])).values():
            for show in await rooms.live_with(tx, found.product.id):
                body = {"variant": str(event.variant), "product": str(found.product.id)}
                hub.publish(topic(show), STOCK, body)

    async def state(tx: Tx, event: ShowStarted | ShowEnded | PictureChanged | ReplayReady) -> None:
        hub.publish(topic(event.show), STATE, {})

    async def market(tx: Tx, event: MarketClosed | MarketReopened) -> None:
        # as it is now: the two may be told of in the other order
        is_closed = bool(await closings.closed_among(tx, [event.market], waits=False))
        shows = (*await rooms.live_now(tx, limit=MOST_ROOMS), *await rooms.upcoming(tx, limit=MOST_ROOMS))
        for show in shows:
            hub.publish(topic(show.id), "market", {"market": event.market, "is_closed": is_closed})

    async def bought(tx: Tx, event: OrderEvent) -> None:
        if event.show is None:
            return
        hub.publish(topic(event.show), "bought", {"market": event.market, "units": event.units})
        hub.publish(host_topic(event.show), "order", {"order": str(event.order), "market": event.market})

    return (
        *deal_reactions(hub),
        Reaction("live.tell_pin", ProductPinned, pinned),
        Reaction("live.tell_unpin", ProductUnpinned, unpinned),
        Reaction("live.tell_line", LineShown, shown_or_hidden),
        Reaction("live.tell_held", LineHeld, held),
        Reaction("live.tell_hidden", LineHidden, shown_or_hidden),
        Reaction("live.tell_pinned_line", LinePinned, line_pinned),
        Reaction("live.tell_speaking", SpeakingChanged, speaking),
        Reaction("live.tell_bans", BansChanged, banned),
        Reaction("live.tell_stock", StockChanged, stock_changed),
        Reaction("live.tell_started", ShowStarted, state),
        Reaction("live.tell_ended", ShowEnded, state),
        Reaction("live.tell_picture", PictureChanged, state),
        Reaction("live.tell_replay", ReplayReady, state),
        Reaction("live.tell_closed", MarketClosed, market),
        Reaction("live.tell_reopened", MarketReopened, market),
        Reaction("live.tell_paid", OrderPaid, bought),
        Reaction("live.tell_cash", OrderAcceptedForCash, bought),
    )
