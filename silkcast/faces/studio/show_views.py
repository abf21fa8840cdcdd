# SPDX-License-Identifier: Apache-2.0
"""What the pages of shows and the live desk show, worked out before a template sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from silkcast.faces.live.keeping import ChatView
from silkcast.faces.shop.views import Image
from silkcast.goods.catalog.values import Product
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.stage.rooms.port import Ingest, StreamHealth
from silkcast.stage.rooms.values import Show

from .deal_views import LiveDealView


@dataclass(frozen=True, slots=True)
class ShowsView:
    live: Sequence[tuple[Show, Image | None]]
    upcoming: Sequence[tuple[Show, Image | None]]
    ended: Sequence[tuple[Show, Image | None]]


@dataclass(frozen=True, slots=True)
class ShowForm:
    show: Show | None
    action: str
    titles: Mapping[str, str]
    starts_at: str
    zone: str
    products: Sequence[tuple[Product, Image | None, int | None]]
    """With its place in the run, if it is in it."""
    cover: Image | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    product: Product
    image: Image | None
    at: datetime
    seconds: int


@dataclass(frozen=True, slots=True)
class ShowView:
    show: Show
    cover: Image | None
    ingest: Ingest | None
    """Only where the seller asked to see the key."""
    server: str
    run: Sequence[tuple[Product, Image | None]]
    stream: str
    health: StreamHealth | None
    moments: Sequence[Moment]
    sales: Sequence[tuple[str, int, Money]]


@dataclass(frozen=True, slots=True)
class RunRow:
    product: Product
    image: Image | None
    free: int
    markets: int
    units: int
    takings: Sequence[Money]
    shown_at: datetime | None
    not_sold: Sequence[str]


@dataclass(frozen=True, slots=True)
class Numbers:
    viewers: int
    orders: int
    takings: Sequence[Money]
    after_pin: Decimal | None
    health: StreamHealth | None
    by_market: Sequence[tuple[str, int, int]]
    """(market, viewers, share of a hundred)."""
    is_live: bool
    running: int
    has_picture: bool
    megabits: Decimal | None


@dataclass(frozen=True, slots=True)
class LiveView:
    show: Show
    shop: Words
    pinned: UUID | None
    pinned_at: datetime | None
    run: Sequence[RunRow]
    deal: LiveDealView
    shown: int
    chat: ChatView
    numbers: Numbers
    stream: str
    server: str
