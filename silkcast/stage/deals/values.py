# SPDX-License-Identifier: Apache-2.0
"""What deals hands out. What is made by the thousand a second is a struct, which costs a tenth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, NewType
from uuid import UUID

import msgspec

from silkcast.ground.ids import (
    CouponId,
    DealId,
    HoldId,
    OrderId,
    ProductId,
    SellerId,
    ShowId,
    TermsId,
    UserId,
    VariantId,
)
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import swift_uuid

LaneId = NewType("LaneId", int)
MOST_UNITS_AT_ONCE = 10
DealState = Literal["planned", "launched", "ended", "called_off"]
Phase = Literal["planned", "counting", "running", "over"]
EndedWhy = Literal["", "time", "sold_out", "by_hand", "show_ended"]
Outcome = Literal["granted", "waiting", "sold_out", "over_limit", "not_running", "key_reused", "closed"]
ClaimState = Literal["open", "whole", "paid", "expired", "called_off", "waiting", "passed_over", "refused"]


@dataclass(frozen=True, slots=True)
class NewLane:
    """So many units of a variant, and what one costs in each market. A market without a price has no deal."""

    variant: VariantId
    product: ProductId
    units: int
    prices: Mapping[Country, Money]


@dataclass(frozen=True, slots=True)
class NewDeal:
    """What the host sets up before launching."""

    show: ShowId
    lanes: tuple[NewLane, ...]
    limit: int = 1
    """Units one buyer may have, over all lanes each."""
    countdown: timedelta = timedelta(seconds=30)
    length: timedelta = timedelta(minutes=5)
    pay_within: timedelta = timedelta(minutes=5)
    has_waitlist: bool = True
    launch_at: datetime | None = None
    """None: launched by hand."""
    may_go_below: bool = False
    """Prices under the seller's own floor are meant."""


@dataclass(frozen=True, slots=True)
class Lane:
    """A variant's units in a deal, and how many are spoken for."""

    id: LaneId
    variant: VariantId
    product: ProductId
    units: int
    taken: int
    waiting: int
    claims: int
    """How many claims there were, whatever the answer: the number of the last one."""
    prices: Mapping[Country, Money]
    hold: HoldId | None

    @property
    def left(self) -> int:
        return self.units - self.taken


@dataclass(frozen=True, slots=True)
class Deal:
    id: DealId
    show: ShowId
    seller: SellerId
    state: DealState
    limit: int
    countdown: timedelta
    length: timedelta
    pay_within: timedelta
    has_waitlist: bool
    launch_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    ended_at: datetime | None
    ended_why: EndedWhy
    lanes: tuple[Lane, ...]

    def phase(self, now: datetime) -> Phase:
        if self.state == "planned":
            return "planned"
        if self.state != "launched" or self.starts_at is None or self.ends_at is None or now >= self.ends_at:
            return "over"
        return "counting" if now < self.starts_at else "running"

    def lane(self, variant: VariantId) -> Lane | None:
        return next((lane for lane in self.lanes if lane.variant == variant), None)


def claim_key(deal: DealId, buyer: UUID, digest: bytes) -> UUID:
    """The key of a claim as it is kept: when its deal was made, whose it is, and which. So the keys of one
    sale lie together in their index, those of one buyer side by side, and one look finds a claim made before
    under the same key and whatever else its buyer has. Of `digest`, 48 bits."""
    return swift_uuid(deal.bytes[:6] + buyer.bytes[12:] + digest[:6])


def keys_of(deal: DealId, buyer: UUID) -> tuple[UUID, UUID]:
    """The first and the last key that a buyer may have in a deal. Others may have keys between them: look who
    it is."""
    return claim_key(deal, buyer, bytes(6)), claim_key(deal, buyer, b"\xff" * 6)


class Want(msgspec.Struct, frozen=True, gc=False):
    """Somebody asks for units of a lane. `key` (by `claim_key`) and `buyer` are digests: nobody can be read
    out of them."""

    lane: LaneId
    key: UUID
    buyer: UUID
    units: int
    terms: TermsId
    order: OrderId
    """The id its order will have if it is granted."""
    market: str
    """The market of its terms."""
    user: UserId | None = None


class Answer(msgspec.Struct, frozen=True, gc=False):
    """What a claim was told. `number` is 0 where it was not taken into the lane at all."""

    outcome: Outcome
    lane: LaneId
    number: int = 0
    place: int = 0
    left: int = 0
    until: datetime | None = None
    order: OrderId | None = None
    is_again: bool = False

    @property
    def claim(self) -> str:
        """How the claim is named outside: `12-17`."""
        return f"{self.lane}-{self.number}"


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim as it stands."""

    lane: LaneId
    number: int
    buyer: UUID
    user: UserId | None
    units: int
    outcome: Outcome
    place: int
    state: ClaimState
    order: OrderId | None
    terms: TermsId | None
    until: datetime | None
    at: datetime

    @property
    def name(self) -> str:
        return f"{self.lane}-{self.number}"


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened in a lane beside the claims' arrival, in its order."""

    at: datetime
    what: str
    number: int | None
    units: int


@dataclass(frozen=True, slots=True)
class NewCoupon:
    """What the host sets up. Either a percentage, or an amount off in each market."""

    code: str
    """What people call it: TEA10."""
    total: int
    starts_at: datetime
    ends_at: datetime
    per_person: int = 1
    percent: int | None = None
    amounts: Mapping[Country, Money] = field(default_factory=dict)
    stacks: bool = False
    """Comes on top of a deal's price."""


@dataclass(frozen=True, slots=True)
class Coupon(NewCoupon):
    id: CouponId = field(kw_only=True)
    seller: SellerId = field(kw_only=True)
    show: ShowId = field(kw_only=True)
    claimed: int = field(kw_only=True)
    withdrawn_at: datetime | None = field(kw_only=True)

    def is_open(self, now: datetime) -> bool:
        return self.withdrawn_at is None and self.starts_at <= now < self.ends_at


@dataclass(frozen=True, slots=True)
class CouponClaim:
    """One of a coupon, in somebody's hands."""

    coupon: CouponId
    number: int
    buyer: UUID
    order: OrderId | None
    """The order it was spent on."""
