# SPDX-License-Identifier: Apache-2.0
"""Coupons: a lower price for whoever was in the room. The door of coupons.

A coupon lowers the price of each unit, by a percentage or by an amount in each market; duty, tax and freight
follow from the lower price by the market's own rules. It is claimed in its room while the room is live, so
many in all and so many a person, and used for one order.

Which price wins: the price of a deal takes the place of the shop's own price for the units claimed in it. A
coupon comes on top of a deal's price only if it says so (`stacks`), else it is for the shop's own price
alone. One coupon an order; no price falls under the smallest coin.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from uuid import UUID

from silkcast.ground.ids import CouponId, OrderId, SellerId, ShowId, UserId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from .errors import BadCoupon, CouponGone, CouponOver, CouponUsed, NoSuchCoupon
from .store import coupons as store
from .values import Coupon, CouponClaim, NewCoupon

MOST_PERCENT = 90


def check(new: NewCoupon) -> None:
    """Refuse a coupon that cannot be so."""
    if (new.percent is None) == (not new.amounts):
        raise BadCoupon("discount")
    if new.percent is not None and not 0 < new.percent <= MOST_PERCENT:
        raise BadCoupon("percent")
    if any(amount.minor <= 0 for amount in new.amounts.values()):
        raise BadCoupon("amounts")
    if not 0 < new.total <= 1_000_000:
        raise BadCoupon("total")
    if not 0 < new.per_person <= min(new.total, 10):
        raise BadCoupon("per_person")
    if new.ends_at <= new.starts_at:
        raise BadCoupon("ends_at")


def lowered(price: Money, coupon: Coupon, market: Country) -> Money | None:
    """The price of one unit with the coupon, in whole minor units; None where the coupon is not for there."""
    least = Money.from_minor(1, price.currency)
    if coupon.percent is not None:
        left = Fraction(price.amount) * (100 - coupon.percent) / 100
        return max(Money.rounded(left, price.currency), least)
    off = coupon.amounts.get(market)
    if off is None or off.currency != price.currency:
        return None
    return max(price - off, least) if off < price else least


async def make(tx: Tx, seller: SellerId, show: ShowId, new: NewCoupon) -> Coupon:
    """A coupon for a room."""
    check(new)
    id = CouponId(new_uuid())
    await store.add(tx, id, seller, show, new)
    return await the_coupon(tx, id)


async def the_coupon(db: Db, id: CouponId, *, seller: SellerId | None = None) -> Coupon:
    """The coupon, or `NoSuchCoupon`; with `seller`, another seller's is no such coupon."""
    found = (await store.by_ids(db, [id])).get(id)
    if found is None or (seller is not None and found.seller != seller):
        raise NoSuchCoupon
    return found


async def of_show(db: Db, show: ShowId) -> tuple[Coupon, ...]:
    """The coupons of a room, the newest first."""
    return tuple(await store.of_show(db, show))


async def withdraw(tx: Tx, id: CouponId, seller: SellerId) -> Coupon:
    """Nobody claims it any more; who has it keeps it."""
    found = await the_coupon(tx, id, seller=seller)
    await store.withdraw(tx, found.id)
    return await the_coupon(tx, id)


async def claim(tx: Tx, id: CouponId, buyer: UUID, *, key: UUID, user: UserId | None = None) -> CouponClaim:
    """One more for this person. The same key again: the same claim."""
    coupon = await store.lock(tx, id)
    if coupon is None:
        raise NoSuchCoupon
    before = await store.by_key(tx, key)
    if before is not None:
        if (before.coupon, before.buyer) != (id, buyer):
            raise NoSuchCoupon
        return before
    if not coupon.is_open(tx.now):
        raise CouponOver
    if coupon.claimed >= coupon.total:
        raise CouponGone(coupon.total)
    if await store.count(tx, id, buyer) >= coupon.per_person:
        raise CouponUsed(coupon.per_person)
    return await store.add_claim(tx, coupon, buyer, key=key, user=user)


async def of_buyer(
    db: Db, seller: SellerId, buyers: Sequence[UUID]
) -> tuple[tuple[Coupon, CouponClaim], ...]:
    """What somebody has of a shop and has not used, oldest first."""
    return tuple(await store.unused(db, seller, buyers))


async def one_of_buyer(
    db: Db, id: CouponId, number: int, buyers: Sequence[UUID]
) -> tuple[Coupon, CouponClaim]:
    """A claim that can be used, or `NoSuchCoupon`: no hint of another's."""
    coupon = await the_coupon(db, id)
    for found, claimed in await store.unused(db, coupon.seller, buyers):
        if (found.id, claimed.number) == (id, number):
            return found, claimed
    raise NoSuchCoupon


async def use(tx: Tx, claimed: CouponClaim, order: OrderId) -> None:
    """It is spent on an order. Twice is once too often."""
    if not await store.use(tx, claimed, order):
        raise NoSuchCoupon


async def give_back(tx: Tx, order: OrderId) -> None:
    """The order it was spent on was not paid: it can be used again. Again: nothing more happens."""
    await store.unuse(tx, order)
