# SPDX-License-Identifier: Apache-2.0
"""Deals, their lanes and prices in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import DateTime, Select, bindparam, insert, select, text, update

from silkcast.ground.ids import DealId, HoldId, ProductId, SellerId, ShowId, VariantId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.deals.models import UNCLOSED, DealRow, LaneRow, PriceRow
from silkcast.stage.deals.store.claims import by_index, has_unfinished
from silkcast.stage.deals.values import Deal, DealState, EndedWhy, Lane, LaneId, NewDeal


async def add(tx: Tx, new: NewDeal, seller: SellerId) -> DealId:
    deal = DealId(new_uuid())
    await tx.session.execute(
        insert(DealRow).values(
            id=deal,
            show_id=new.show,
            seller_id=seller,
            limit_per_buyer=new.limit,
            countdown_seconds=new.countdown // timedelta(seconds=1),
            length_seconds=new.length // timedelta(seconds=1),
            pay_seconds=new.pay_within // timedelta(seconds=1),
            has_waitlist=new.has_waitlist,
            launch_at=new.launch_at,
            made_at=tx.now,
        )
    )
    for lane in new.lanes:
        made = insert(LaneRow).values(
            deal_id=deal, variant_id=lane.variant, product_id=lane.product, units=lane.units
        )
        id = (await tx.session.execute(made.returning(LaneRow.id))).scalar_one()
        for market, amount in lane.prices.items():
            values = {"lane_id": id, "market": market, "amount": amount.amount, "currency": amount.currency}
            await tx.session.execute(insert(PriceRow).values(**values))
    return deal


async def move(tx: Tx, deal: DealId, before: Sequence[DealState], to: DealState, **values: Any) -> bool:
    """Whether the deal was in one of `before`."""
    moved = (
        update(DealRow)
        .where(DealRow.id == deal, DealRow.state.in_(before))
        .values(state=to, **values)
        .returning(DealRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(moved)).one_or_none() is not None


_DEAL = (
    DealRow.id,
    DealRow.show_id,
    DealRow.seller_id,
    DealRow.state,
    DealRow.limit_per_buyer,
    DealRow.countdown_seconds,
    DealRow.length_seconds,
    DealRow.pay_seconds,
    DealRow.has_waitlist,
    DealRow.launch_at,
    DealRow.starts_at,
    DealRow.ends_at,
    DealRow.ended_at,
    DealRow.ended_why,
)


async def deals(db: Db, condition: Any, *, limit: int = 100) -> list[Deal]:
    """Newest first, with their lanes and prices."""
    return await _found(db, _asking(condition).limit(limit), {})


def _asking(condition: Any) -> Select[*tuple[Any, ...]]:
    return select(*_DEAL).where(condition).order_by(DealRow.made_at.desc())


async def _found(db: Db, asked: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> list[Deal]:
    rows = (await db.session.execute(asked, values)).all()
    lanes = await _lanes(db, [row.id for row in rows]) if rows else {}
    return [_deal(row, tuple(lanes.get(row.id, ()))) for row in rows]


async def by_id(db: Db, deal: DealId) -> Deal | None:
    found = await deals(db, DealRow.id == deal)
    return found[0] if found else None


async def of_show(db: Db, show: ShowId) -> list[Deal]:
    return await deals(db, DealRow.show_id == show)


async def launched(db: Db, show: ShowId) -> Deal | None:
    found = await deals(db, (DealRow.show_id == show) & (DealRow.state == "launched"))
    return found[0] if found else None


# Asked every second, and mostly in vain: put together once.
_NOW = bindparam("now", type_=DateTime(timezone=True))
_PLANNED = _asking((DealRow.state == "planned") & (DealRow.launch_at <= _NOW)).limit(100)
_OVER = _asking((DealRow.state == "launched") & (DealRow.ends_at <= _NOW)).limit(100)
_UNSETTLED = _asking(
    DealRow.state.in_(("ended", "called_off"))
    & DealRow.id.in_(select(LaneRow.deal_id).where(text(UNCLOSED), ~has_unfinished()))
).limit(100)


async def due(db: Db) -> tuple[list[Deal], list[Deal]]:
    """Planned deals whose moment has come, and launched ones whose time is over."""
    return await _found(db, _PLANNED, {"now": db.now}), await _found(db, _OVER, {"now": db.now})


async def unsettled(db: Db) -> list[Deal]:
    """Deals that are over, with lanes to close: nobody there may pay any more."""
    await by_index(db)
    return await _found(db, _UNSETTLED, {})


async def deal_of_lane(db: Db, lane: LaneId) -> Deal:
    deal = (await db.session.execute(select(LaneRow.deal_id).where(LaneRow.id == lane))).scalar_one()
    found = await by_id(db, DealId(deal))
    assert found is not None, "a lane is of a deal"
    return found


def _deal(row: Any, lanes: tuple[Lane, ...]) -> Deal:
    return Deal(
        DealId(row.id),
        ShowId(row.show_id),
        SellerId(row.seller_id),
        cast(DealState, row.state),
        row.limit_per_buyer,
        timedelta(seconds=row.countdown_seconds),
        timedelta(seconds=row.length_seconds),
        timedelta(seconds=row.pay_seconds),
        row.has_waitlist,
        row.launch_at,
        row.starts_at,
        row.ends_at,
        row.ended_at,
        cast(EndedWhy, row.ended_why),
        lanes,
    )


async def _lanes(db: Db, deals: Sequence[UUID]) -> dict[UUID, list[Lane]]:
    rows = (
        await db.session.execute(
            select(
                LaneRow.id,
                LaneRow.deal_id,
                LaneRow.variant_id,
                LaneRow.product_id,
                LaneRow.units,
                LaneRow.taken,
                LaneRow.waiting,
                LaneRow.claims,
                LaneRow.hold,
            )
            .where(LaneRow.deal_id.in_(deals))
            .order_by(LaneRow.id)
        )
    ).all()
    prices: dict[int, dict[Country, Money]] = {}
    asked = select(PriceRow.lane_id, PriceRow.market, PriceRow.amount, PriceRow.currency).where(
        PriceRow.lane_id.in_([row.id for row in rows])
    )
    for price in await db.session.execute(asked):
        amount = Money(price.amount, Currency(price.currency))
        prices.setdefault(price.lane_id, {})[Country(price.market)] = amount
    found: dict[UUID, list[Lane]] = {}
    for row in rows:
        lane = Lane(
            LaneId(row.id),
            VariantId(row.variant_id),
            ProductId(row.product_id),
            row.units,
            row.taken,
            row.waiting,
            row.claims,
            prices.get(row.id, {}),
            HoldId(row.hold) if row.hold else None,
        )
        found.setdefault(row.deal_id, []).append(lane)
    return found
