# SPDX-License-Identifier: Apache-2.0
"""Outdating: which drawn pages a commit makes wrong. A price or a sold-out that has changed is never handed
out again; nor is a room whose state or table has.

Of stock a page says how much only where little is left, so a sale out of plenty outdates nothing: else each
buyer of a rush would have every page drawn anew. (A room's own number goes on over the wire from where its
page stood.)
"""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from silkcast.faces.shop.pieces import FEW
from silkcast.goods.admission.events import Ruled
from silkcast.goods.catalog.events import ProductListed, ProductRevised, ProductWithdrawn
from silkcast.goods.pricing.events import PriceSet
from silkcast.goods.stock.events import StockChanged
from silkcast.plumbing.outbox import Event
from silkcast.stage.deals.events import DealEnded, DealLaunched
from silkcast.stage.rooms.events import (
    PictureChanged,
    ProductPinned,
    ProductUnpinned,
    ReplayReady,
    ShowEnded,
    ShowStarted,
)
from silkcast.who.closings.events import MarketClosed, MarketReopened
from silkcast.who.sellers.events import ShopReinstated, ShopRevised, ShopSuspended

FOR_ALL = (
    PriceSet,
    Ruled,
    ProductListed,
    ProductRevised,
    ProductWithdrawn,
    ShopRevised,
    ShopSuspended,
    ShopReinstated,
    ShowStarted,
    ShowEnded,
    ProductPinned,
    ProductUnpinned,
    PictureChanged,
    ReplayReady,
    DealLaunched,
    DealEnded,
    MarketClosed,
    MarketReopened,
)
"""Rare enough that every page is drawn anew: a product may be on many of them."""
MOST_KNOWN = 20_000


class Outdating:
    def __init__(self) -> None:
        self._plenty: dict[UUID, None] = {}
        """Variants of which much was left when we last heard."""

    def all_pages(self, events: Iterable[Event]) -> bool:
        return any(isinstance(event, FOR_ALL) for event in events)

    def variants(self, events: Iterable[Event]) -> set[str]:
        """Variants of which little is left, or was, or may have been: we do not know what was before."""
        found = set()
        for event in events:
            if not isinstance(event, StockChanged):
                continue
            was_plenty = event.variant in self._plenty
            self._plenty.pop(event.variant, None)
            if event.free >= FEW:
                self._plenty[event.variant] = None
            if event.free < FEW or not was_plenty:
                found.add(str(event.variant))
        while len(self._plenty) > MOST_KNOWN:
            del self._plenty[next(iter(self._plenty))]
        return found
