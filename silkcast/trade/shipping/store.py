# SPDX-License-Identifier: Apache-2.0
"""What shipping reads and writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import FileId, OrderId, ParcelId, ReturnId, SellerId
from silkcast.ground.money import Currency, Money
from silkcast.ground.quantity import Size, Weight
from silkcast.plumbing.db import Db, Tx
from silkcast.trade.shipping.models import ParcelRow, TrackRow
from silkcast.trade.shipping.values import (
    Direction,
    NewParcel,
    Parcel,
    Promise,
    PromiseReport,
    State,
    Step,
    TrackEvent,
)

UNDER_WAY = ("booked", "picked_up", "exported", "imported", "out", "failed", "returning")


def _money(amount: Decimal | None, currency: str | None) -> Money | None:
    return None if amount is None or currency is None else Money(amount, Currency(currency))


def _event(row: TrackRow) -> TrackEvent:
    return TrackEvent(
        row.event_id, cast(Step, row.step), row.at, row.place, row.country, _money(row.amount, row.currency)
    )


def _parcel(row: ParcelRow, events: Sequence[TrackEvent]) -> Parcel:
    promise = None
    if row.promise_from is not None and row.promise_to is not None:
        promise = Promise(row.promise_from, row.promise_to)
    return Parcel(
        id=ParcelId(row.id),
        order=OrderId(row.order_id),
        seller=SellerId(row.seller_id),
        order_number=row.order_number,
        market=row.market,
        direction=cast(Direction, row.direction),
        returning=None if row.return_id is None else ReturnId(row.return_id),
        carrier=row.carrier,
        service=row.service,
        weight=Weight(row.grams),
        size=Size(row.length_mm, row.width_mm, row.height_mm),
        tracking=row.tracking,
        waybill_no=row.waybill_no,
        label=None if row.label_id is None else FileId(row.label_id),
        promise=promise,
        timezone=row.timezone,
        cod=_money(row.cod_amount, row.cod_currency),
        cod_collected=_money(row.cod_collected, row.cod_currency),
        state=cast(State, row.state),
        events=tuple(events),
        planned_at=row.planned_at,
        booked_at=row.booked_at,
        delivered_at=row.delivered_at,
        promise_kept=row.promise_kept,
    )


async def _read(
    db: Db, *where: ColumnElement[bool], limit: int | None = None, lock: bool = False
) -> list[Parcel]:
    question = select(ParcelRow).where(*where).order_by(ParcelRow.id.desc()).limit(limit)
    question = question.execution_options(populate_existing=True)
    if lock:
        question = question.with_for_update()
    rows = (await db.session.scalars(question)).all()
    events: dict[UUID, list[TrackEvent]] = defaultdict(list)
    if rows:
        told = select(TrackRow).where(TrackRow.parcel_id.in_([row.id for row in rows]))
        for track in await db.session.scalars(told.order_by(TrackRow.at, TrackRow.event_id)):
            events[track.parcel_id].append(_event(track))
    return [_parcel(row, events[row.id]) for row in rows]


async def parcel(db: Db, parcel: ParcelId, *, lock: bool = False) -> Parcel | None:
    return next(iter(await _read(db, ParcelRow.id == parcel, lock=lock)), None)


async def by_tracking(db: Db, tracking: str, *, lock: bool = False) -> Parcel | None:
    return next(iter(await _read(db, ParcelRow.tracking == tracking, lock=lock)), None)


async def live_for(db: Db, order: OrderId, returning: ReturnId | None) -> Parcel | None:
    """The parcel that goes out with the order, or comes back with the return; cancelled ones do not count."""
    mine = ParcelRow.return_id == returning if returning else ParcelRow.direction == "out"
    found = await _read(db, ParcelRow.order_id == order, mine, ParcelRow.state != "cancelled")
    return next(iter(found), None)


async def of_orders(db: Db, orders: Iterable[OrderId]) -> list[Parcel]:
    return await _read(db, ParcelRow.order_id.in_(list(orders)))


async def page(
    db: Db, *, seller: SellerId | None, state: str | None, market: str | None, before: UUID | None, limit: int
) -> list[Parcel]:
    where: list[ColumnElement[bool]] = []
    if seller is not None:
        where.append(ParcelRow.seller_id == seller)
    if state is not None:
        where.append(ParcelRow.state == state)
    if market is not None:
        where.append(ParcelRow.market == market)
    if before is not None:
        where.append(ParcelRow.id < before)
    return await _read(db, *where, limit=limit)


async def under_way(db: Db, carrier: str, limit: int) -> list[Parcel]:
    return await _read(db, ParcelRow.carrier == carrier, ParcelRow.state.in_(UNDER_WAY), limit=limit)


async def add(tx: Tx, parcel: ParcelId, new: NewParcel) -> bool:
    """False when the order has its parcel already."""
    statement = (
        insert(ParcelRow)
        .values(
            id=parcel,
            order_id=new.order,
            seller_id=new.seller,
            order_number=new.order_number,
            market=new.market,
            direction=new.direction,
            return_id=new.returning,
            carrier=new.carrier,
            service=new.service,
            grams=new.weight.grams,
            length_mm=new.size.length_mm,
            width_mm=new.size.width_mm,
            height_mm=new.size.height_mm,
            promise_from=new.promise.from_day if new.promise else None,
            promise_to=new.promise.to_day if new.promise else None,
            timezone=new.timezone,
            cod_amount=new.cod.amount if new.cod else None,
            cod_currency=new.cod.currency if new.cod else None,
            state="planned",
            planned_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(ParcelRow.id)
    )
    return await tx.session.scalar(statement) is not None


async def set_parcel(tx: Tx, parcel: ParcelId, **values: Any) -> None:
    await tx.session.execute(update(ParcelRow).where(ParcelRow.id == parcel).values(**values))


async def add_events(tx: Tx, parcel: ParcelId, events: Sequence[TrackEvent]) -> int:
    """How many of them were new."""
    rows = [
        {
            "parcel_id": parcel,
            "event_id": event.id,
            "step": event.step,
            "at": event.at,
            "place": event.place,
            "country": event.country,
            "amount": event.amount.amount if event.amount else None,
            "currency": event.amount.currency if event.amount else None,
            "heard_at": tx.now,
        }
        for event in events
    ]
    if not rows:
        return 0
    statement = insert(TrackRow).values(rows).on_conflict_do_nothing().returning(TrackRow.event_id)
    return len((await tx.session.scalars(statement)).all())


async def promise_report(
    db: Db, since: datetime, today: date, seller: SellerId | None
) -> list[PromiseReport]:
    row, done = ParcelRow, ParcelRow.delivered_at.is_not(None)
    late_by = func.date(func.timezone(row.timezone, row.delivered_at)) - row.promise_to
    question = (
        select(
            row.market,
            func.count().filter(done),
            func.count().filter(row.promise_kept.is_(True)),
            func.count().filter(row.promise_kept.is_(False)),
            func.count().filter(row.delivered_at.is_(None), row.promise_to < today),
            func.coalesce(func.floor(func.avg(late_by).filter(row.promise_kept.is_(False))), 0),
        )
        .where(row.direction == "out", row.promise_to.is_not(None), row.state != "cancelled")
        .where(row.planned_at >= since)
        .group_by(row.market)
        .order_by(row.market)
    )
    if seller is not None:
        question = question.where(row.seller_id == seller)
    return [
        PromiseReport(market, delivered, kept, late, overdue, int(days))
        for market, delivered, kept, late, overdue, days in await db.session.execute(question)
    ]
