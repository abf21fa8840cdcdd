# SPDX-License-Identifier: Apache-2.0
"""Coupons in PostgreSQL. Who claims one locks its row: numbers have no gaps and the total holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update

from silkcast.ground.ids import CouponId, OrderId, SellerId, ShowId, UserId
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.deals.models import CouponClaimRow, CouponRow
from silkcast.stage.deals.values import Coupon, CouponClaim, NewCoupon


async def add(tx: Tx, id: CouponId, seller: SellerId, show: ShowId, new: NewCoupon) -> None:
    amounts = {market: [str(off.amount), off.currency] for market, off in new.amounts.items()}
    await tx.session.execute(
        insert(CouponRow).values(
            id=id,
            show_id=show,
            seller_id=seller,
            code=new.code,
            percent=new.percent,
            amounts=amounts,
            total=new.total,
            per_person=new.per_person,
            stacks=new.stacks,
            starts_at=new.starts_at,
            ends_at=new.ends_at,
            made_at=tx.now,
        )
    )


def _coupon(row: CouponRow) -> Coupon:
    amounts = {
        Country(market): Money.of(amount, Currency(currency))
        for market, (amount, currency) in row.amounts.items()
    }
    return Coupon(
        row.code,
        row.total,
        row.starts_at,
        row.ends_at,
        row.per_person,
        row.percent,
        amounts,
        row.stacks,
        id=CouponId(row.id),
        seller=SellerId(row.seller_id),
        show=ShowId(row.show_id),
        claimed=row.claimed,
        withdrawn_at=row.withdrawn_at,
    )


def _claim(row: CouponClaimRow) -> CouponClaim:
    order = OrderId(row.order_id) if row.order_id else None
    return CouponClaim(CouponId(row.coupon_id), row.number, row.buyer, order)


async def _coupons(db: Db, statement: Any) -> list[Coupon]:
    fresh = {"populate_existing": True}
    return [_coupon(row) for row in (await db.session.execute(statement, execution_options=fresh)).scalars()]


async def by_ids(db: Db, ids: Sequence[CouponId]) -> dict[CouponId, Coupon]:
    found = await _coupons(db, select(CouponRow).where(CouponRow.id.in_(ids)))
    return {coupon.id: coupon for coupon in found}


async def of_show(db: Db, show: ShowId) -> list[Coupon]:
    asked = select(CouponRow).where(CouponRow.show_id == show).order_by(CouponRow.made_at.desc())
    return await _coupons(db, asked)


async def lock(tx: Tx, id: CouponId) -> Coupon | None:
    found = await _coupons(tx, select(CouponRow).where(CouponRow.id == id).with_for_update(key_share=True))
    return found[0] if found else None


async def withdraw(tx: Tx, id: CouponId) -> None:
    await tx.session.execute(
        update(CouponRow)
        .where(CouponRow.id == id, CouponRow.withdrawn_at.is_(None))
        .values(withdrawn_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def by_key(db: Db, key: UUID) -> CouponClaim | None:
    found = await db.session.execute(select(CouponClaimRow).where(CouponClaimRow.key == key))
    row = found.scalar_one_or_none()
    return _claim(row) if row else None


async def count(db: Db, id: CouponId, buyer: UUID) -> int:
    asked = select(func.count()).where(CouponClaimRow.coupon_id == id, CouponClaimRow.buyer == buyer)
    return int((await db.session.execute(asked)).scalar_one())


async def add_claim(tx: Tx, coupon: Coupon, buyer: UUID, *, key: UUID, user: UserId | None) -> CouponClaim:
    """The coupon is locked."""
    number = coupon.claimed + 1
    await tx.session.execute(
        update(CouponRow)
        .where(CouponRow.id == coupon.id)
        .values(claimed=number)
        .execution_options(synchronize_session=False)
    )
    await tx.session.execute(
        insert(CouponClaimRow).values(
            coupon_id=coupon.id, number=number, buyer=buyer, key=key, user_id=user, at=tx.now
        )
    )
    return CouponClaim(coupon.id, number, buyer, None)


async def unused(db: Db, seller: SellerId, buyers: Sequence[UUID]) -> list[tuple[Coupon, CouponClaim]]:
    asked = (
        select(CouponRow, CouponClaimRow)
        .join(CouponClaimRow, CouponClaimRow.coupon_id == CouponRow.id)
        .where(
            CouponRow.seller_id == seller,
            CouponRow.ends_at > db.now,
            CouponClaimRow.buyer.in_(buyers),
            CouponClaimRow.order_id.is_(None),
        )
        .order_by(CouponClaimRow.at)
    )
    fresh = {"populate_existing": True}
    rows = await db.session.execute(asked, execution_options=fresh)
    return [(_coupon(coupon), _claim(claimed)) for coupon, claimed in rows]


async def use(tx: Tx, claimed: CouponClaim, order: OrderId) -> bool:
    used = (
        update(CouponClaimRow)
        .where(
            CouponClaimRow.coupon_id == claimed.coupon,
            CouponClaimRow.number == claimed.number,
            CouponClaimRow.order_id.is_(None),
        )
        .values(order_id=order)
        .returning(CouponClaimRow.number)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(used)).one_or_none() is not None


async def unuse(tx: Tx, order: OrderId) -> None:
    await tx.session.execute(
        update(CouponClaimRow)
        .where(CouponClaimRow.order_id == order)
        .values(order_id=None)
        .execution_options(synchronize_session=False)
    )
