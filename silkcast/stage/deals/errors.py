# SPDX-License-Identifier: Apache-2.0
"""What deals refuses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from silkcast.ground.ids import VariantId
from silkcast.ground.money import Money
from silkcast.ground.refusals import Conflict, Invalid, NotFound, TooMany


@dataclass(eq=False)
class NoSuchDeal(NotFound):
    code: ClassVar[str] = "deals.no_such_deal"


@dataclass(eq=False)
class NoSuchClaim(NotFound):
    """There is none, or it is somebody else's."""

    code: ClassVar[str] = "deals.no_such_claim"


@dataclass(eq=False)
class ClaimTaken(Conflict):
    """Somebody else took the claim over by its link."""

    code: ClassVar[str] = "deals.claim_taken"


@dataclass(eq=False)
class BadDeal(Invalid):
    """`field` says what cannot be so."""

    code: ClassVar[str] = "deals.bad"
    field: str


@dataclass(eq=False)
class BelowFloor(Conflict):
    """A price lies under the seller's own floor of that market, and nobody said that it is meant."""

    code: ClassVar[str] = "deals.below_floor"
    variant: VariantId
    market: str
    floor: Money


@dataclass(eq=False)
class AnotherDealRuns(Conflict):
    """One deal at a time in a room."""

    code: ClassVar[str] = "deals.another_runs"


@dataclass(eq=False)
class DealClosed(Conflict):
    """The deal is not in a state in which this can be done."""

    code: ClassVar[str] = "deals.closed"
    state: str


@dataclass(eq=False)
class ClaimOver(Conflict):
    """The claim's time is up, or it was given back: its unit went to the next in line."""

    code: ClassVar[str] = "deals.claim_over"


@dataclass(eq=False)
class OverLimit(Conflict):
    """One person has as many units of this deal as it allows, under whatever name."""

    code: ClassVar[str] = "deals.over_limit"
    limit: int


@dataclass(eq=False)
class Busy(TooMany):
    """The queue is full: nothing was kept, the buyer is number `place` and may ask again."""

    code: ClassVar[str] = "deals.busy"
    place: int


@dataclass(eq=False)
class ClaimNotKnown(TooMany):
    """Nobody knows what became of the claim: asked again with its key, it is told."""

    code: ClassVar[str] = "deals.not_known_yet"


@dataclass(eq=False)
class NoSuchCoupon(NotFound):
    """There is none, it is spent, or it is somebody else's."""

    code: ClassVar[str] = "deals.no_such_coupon"


@dataclass(eq=False)
class BadCoupon(Invalid):
    """`field` says what cannot be so."""

    code: ClassVar[str] = "deals.bad_coupon"
    field: str


@dataclass(eq=False)
class CouponGone(Conflict):
    """All of them are claimed."""

    code: ClassVar[str] = "deals.coupon_gone"
    total: int


@dataclass(eq=False)
class CouponUsed(Conflict):
    """This person has as many as one person may have."""

    code: ClassVar[str] = "deals.coupon_used"
    per_person: int


@dataclass(eq=False)
class CouponOver(Conflict):
    """It is not claimed before its start, after its end, or outside its room."""

    code: ClassVar[str] = "deals.coupon_over"


@dataclass(eq=False)
class CouponNotHere(Conflict):
    """The coupon is for the shop's own price, or not for this market."""

    code: ClassVar[str] = "deals.coupon_not_here"


@dataclass(eq=False)
class DiscountTooHigh(Conflict):
    """The market's team allows at most so many percent."""

    code: ClassVar[str] = "deals.discount_too_high"
    market: str
    most: int
