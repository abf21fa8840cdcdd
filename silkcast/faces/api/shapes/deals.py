# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from silkcast.faces.api.answering import BadField
from silkcast.ground.ids import ProductId, ShowId, VariantId
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.stage.deals import values as deals

from .money import Amount

MOST_SECONDS = 86_400


def prices(given: dict[str, Amount], name: str) -> dict[Country, Money]:
    """Amounts by market."""
    return {Country(market): amount.money(f"{name}.{market}") for market, amount in given.items()}


@dataclass(frozen=True, slots=True)
class NewLane:
    """So many units of a variant in a deal, and what one costs in each market. A market without a price has
    no deal; each price is under the own price there."""

    variant: UUID
    product: UUID
    units: int
    prices: dict[str, Amount]

    def own(self) -> deals.NewLane:
        return deals.NewLane(
            VariantId(self.variant), ProductId(self.product), self.units, prices(self.prices, "prices")
        )


@dataclass(frozen=True, slots=True)
class NewDeal:
    """A flash deal to be planned. Nothing is taken out of stock before it is launched; with `launch_at`, the
    house launches it then. A price under the shop's own floor is refused unless `may_go_below` is set."""

    lanes: list[NewLane]
    limit: int = 1
    countdown_seconds: int = 30
    length_seconds: int = 300
    pay_within_seconds: int = 300
    has_waitlist: bool = True
    launch_at: datetime | None = None
    may_go_below: bool = False

    def own(self, show: ShowId) -> deals.NewDeal:
        for name in ("countdown_seconds", "length_seconds", "pay_within_seconds"):
            if not 0 < getattr(self, name) <= MOST_SECONDS:
                raise BadField(name, "out_of_range")
        if self.launch_at is not None and self.launch_at.tzinfo is None:
            raise BadField("launch_at", "no_zone")
        return deals.NewDeal(
            show,
            tuple(lane.own() for lane in self.lanes),
            limit=self.limit,
            countdown=timedelta(seconds=self.countdown_seconds),
            length=timedelta(seconds=self.length_seconds),
            pay_within=timedelta(seconds=self.pay_within_seconds),
            has_waitlist=self.has_waitlist,
            launch_at=self.launch_at,
            may_go_below=self.may_go_below,
        )


@dataclass(frozen=True, slots=True)
class Lane:
    """A variant's units in a deal. `claims` counts everybody who asked, whatever the answer."""

    id: int
    variant: UUID
    product: UUID
    units: int
    left: int
    waiting: int
    claims: int
    prices: dict[str, Amount]

    @classmethod
    def of(cls, found: deals.Lane) -> "Lane":
        return cls(
            found.id,
            found.variant,
            found.product,
            found.units,
            max(0, found.left),
            found.waiting,
            found.claims,
            {market: Amount.of(amount) for market, amount in found.prices.items()},
        )


@dataclass(frozen=True, slots=True)
class Deal:
    """A flash deal. `phase` is what it is by the clock: planned, counting, running or over."""

    id: UUID
    show: UUID
    state: str
    phase: str
    limit: int
    countdown_seconds: int
    length_seconds: int
    pay_within_seconds: int
    has_waitlist: bool
    launch_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    ended_why: str
    lanes: list[Lane]

    @classmethod
    def of(cls, found: deals.Deal, now: datetime) -> "Deal":
        return cls(
            id=found.id,
            show=found.show,
            state=found.state,
            phase=found.phase(now),
            limit=found.limit,
            countdown_seconds=int(found.countdown.total_seconds()),
            length_seconds=int(found.length.total_seconds()),
            pay_within_seconds=int(found.pay_within.total_seconds()),
            has_waitlist=found.has_waitlist,
            launch_at=found.launch_at,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            ended_at=found.ended_at,
            ended_why=found.ended_why,
            lanes=[Lane.of(lane) for lane in found.lanes],
        )


@dataclass(frozen=True, slots=True)
class DealList:
    """Deals of a show, the newest first."""

    items: list[Deal]


@dataclass(frozen=True, slots=True)
class MoreUnits:
    """Units to add to a lane, out of stock. Who is in line comes first."""

    lane: int
    units: int


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim: who came when, by number and moment, what they were told, and what became of it. No name."""

    name: str
    lane: int
    number: int
    at: datetime
    outcome: str
    place: int
    state: str
    units: int
    until: datetime | None
    order: UUID | None

    @classmethod
    def of(cls, found: deals.Claim) -> "Claim":
        return cls(
            found.name,
            found.lane,
            found.number,
            found.at,
            found.outcome,
            found.place,
            found.state,
            found.units,
            found.until,
            found.order,
        )


@dataclass(frozen=True, slots=True)
class ClaimList:
    """Claims of a lane in their order."""

    items: list[Claim]
    next: str | None


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """A coupon of a show: either a percentage, or an amount off in each market."""

    code: str
    total: int
    starts_at: datetime
    ends_at: datetime
    per_person: int = 1
    percent: int | None = None
    amounts: dict[str, Amount] = field(default_factory=dict)
    stacks: bool = False

    def own(self) -> deals.NewCoupon:
        for name in ("starts_at", "ends_at"):
            if getattr(self, name).tzinfo is None:
                raise BadField(name, "no_zone")
        if not (self.code.isascii() and self.code.isalnum() and 3 <= len(self.code) <= 20):
            raise BadField("code", "not_a_code")
        return deals.NewCoupon(
            self.code.upper(),
            self.total,
            self.starts_at,
            self.ends_at,
            self.per_person,
            self.percent,
            prices(self.amounts, "amounts"),
            self.stacks,
        )


@dataclass(frozen=True, slots=True)
class Coupon:
    """A coupon, and how many of it are claimed."""

    id: UUID
    show: UUID
    code: str
    total: int
    claimed: int
    starts_at: datetime
    ends_at: datetime
    per_person: int
    percent: int | None
    amounts: dict[str, Amount]
    stacks: bool
    withdrawn_at: datetime | None

    @classmethod
    def of(cls, found: deals.Coupon) -> "Coupon":
        return cls(
            id=found.id,
            show=found.show,
            code=found.code,
            total=found.total,
            claimed=found.claimed,
            starts_at=found.starts_at,
            ends_at=found.ends_at,
            per_person=found.per_person,
            percent=found.percent,
            amounts={market: Amount.of(amount) for market, amount in found.amounts.items()},
            stacks=found.stacks,
            withdrawn_at=found.withdrawn_at,
        )


@dataclass(frozen=True, slots=True)
class CouponList:
    """Coupons of a show, the newest first."""

    items: list[Coupon]
