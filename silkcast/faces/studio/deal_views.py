# SPDX-License-Identifier: Apache-2.0
"""What the pages of flash deals show in the studio, worked out before a template sees it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from silkcast.goods.catalog.values import Product
from silkcast.ground.money import Money
from silkcast.stage.deals.values import Claim, Coupon, Deal, Moved, Phase
from silkcast.stage.rooms.values import Show


@dataclass(frozen=True, slots=True)
class DealPrice:
    """One market's price in the launcher: as typed, the shop's own, and both as a buyer pays them."""

    market: str
    currency: str
    field: str
    value: str
    usual: Money
    whole: Money | None = None
    usual_whole: Money | None = None
    why_not: str = ""
    """Why it cannot be so: not under the own price, or not sold there."""
    below: Money | None = None
    """The shop's own floor, where the price lies under it."""


@dataclass(frozen=True, slots=True)
class DealRow:
    """One variant in the launcher."""

    id: str
    words: str
    free: int
    units: str
    prices: Sequence[DealPrice]


@dataclass(frozen=True, slots=True)
class LauncherView:
    """studio/deal_new.html: everything a deal needs, with its full prices before it is launched."""

    show: Show
    product: Product
    rows: Sequence[DealRow]
    action: str
    refresh: str
    back: str
    typed: Mapping[str, str]
    markets: int
    problem: str = ""

    @property
    def is_below(self) -> bool:
        """Whether a price lies under its floor: then the host has to say that it is meant."""
        return any(price.below for row in self.rows for price in row.prices)

    @property
    def all_under(self) -> bool:
        priced = [price for row in self.rows for price in row.prices if price.value]
        return bool(priced) and not any(price.why_not for price in priced)


@dataclass(frozen=True, slots=True)
class LaneNumbers:
    """A variant of a deal and what became of its units."""

    lane: int
    words: str
    units: int
    left: int
    granted: int
    paid: int
    waiting: int
    expired: int
    claims: int
    free: int = 0


@dataclass(frozen=True, slots=True)
class DealNumbers:
    deal: Deal
    name: str
    phase: Phase
    until: datetime | None
    """What is counted down to."""
    seconds: int
    lanes: Sequence[LaneNumbers]

    @property
    def units(self) -> int:
        return sum(one.units for one in self.lanes)

    @property
    def paid(self) -> int:
        return sum(one.paid for one in self.lanes)

    @property
    def expired(self) -> int:
        return sum(one.expired for one in self.lanes)

    @property
    def claims(self) -> int:
        return sum(one.claims for one in self.lanes)


@dataclass(frozen=True, slots=True)
class LiveDealView:
    """studio/live_deal.html: the deal of the room now, what is planned, and the room's coupons."""

    show: Show
    now: DealNumbers | None
    planned: Sequence[DealNumbers]
    coupons: Sequence[Coupon]
    at: datetime


@dataclass(frozen=True, slots=True)
class DealsView:
    """studio/deals.html: every deal of a show with its results."""

    show: Show
    deals: Sequence[DealNumbers]


@dataclass(frozen=True, slots=True)
class DealView:
    """studio/deal.html: one deal, and the claims of one of its lanes in their order."""

    show: Show
    deal: DealNumbers
    lane: LaneNumbers
    claims: Sequence[Claim]
    moves: Sequence[tuple[int, Moved]]
    next: int
    """After which number the next page begins; 0 for none."""
    zone: ZoneInfo

    def exact(self, at: datetime) -> str:
        """To the millisecond: this is about who came first."""
        return at.astimezone(self.zone).strftime("%H:%M:%S.%f")[:-3]


@dataclass(frozen=True, slots=True)
class CouponView:
    """studio/coupon_new.html: a coupon being made."""

    show: Show
    action: str
    back: str
    typed: Mapping[str, str]
    markets: Sequence[tuple[str, str]]
    """(market, currency)."""
    problem: str = ""
