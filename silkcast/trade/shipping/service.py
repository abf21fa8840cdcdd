# SPDX-License-Identifier: Apache-2.0
"""The door of shipping: plan, book, follow, judge the promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.clock import day
from silkcast.ground.ids import FileId, OrderId, ParcelId, SellerId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, length, page, read_cursor
from silkcast.trade.shipping import rules, store
from silkcast.trade.shipping.errors import BookedOtherwise, NoParcel, ParcelGone
from silkcast.trade.shipping.events import (
    CashCollected,
    ParcelBooked,
    ParcelDelivered,
    ParcelLost,
    ParcelMoved,
)
from silkcast.trade.shipping.values import (
    NewParcel,
    Option,
    Packed,
    Parcel,
    Piece,
    PromiseReport,
    RateAsk,
    RateSheet,
    TrackEvent,
    Workdays,
)


def options(
    sheet: RateSheet, ask: RateAsk, *, at: datetime, days: Mapping[Country, Workdays] = rules.NO_DAYS
) -> tuple[Option, ...]:
    """Delivery choices with price and promise, cheapest first. `days`: the calendars of places that have one
    of their own. Pure and fast: for pages."""
    return rules.options(sheet, ask, at=at, days=days)


def label_name(label: FileId) -> str:
    """The file that holds a label."""
    return f"labels/{label}.pdf"


def packed(pieces: Sequence[Piece]) -> Packed:
    """The box that the pieces of one order go into."""
    return rules.packed(pieces)


async def plan(tx: Tx, new: NewParcel) -> Parcel:
    """Write down the parcel of an order (or of a return) before the carrier is asked; twice is once."""
    await store.add(tx, ParcelId(new_uuid()), new)
    planned = await store.live_for(tx, new.order, new.returning)
    assert planned is not None
    return planned


async def note_booked(
    tx: Tx, parcel: ParcelId, *, tracking: str, waybill_no: str, label: FileId | None
) -> Parcel:
    """The carrier took the booking. Told twice with the same number it changes nothing."""
    held = await _locked(tx, parcel)
    if held.tracking is not None:
        if held.tracking != tracking:
            raise BookedOtherwise(held.tracking)
        return held
    if held.state != "planned":
        raise ParcelGone(held.state)
    await store.set_parcel(
        tx, parcel, tracking=tracking, waybill_no=waybill_no, label_id=label, state="booked", booked_at=tx.now
    )
    tx.announce(
        ParcelBooked(held.id, held.order, held.seller, held.carrier, tracking, direction=held.direction)
    )
    return await _locked(tx, parcel)


async def drop_labels(tx: Tx, order: OrderId) -> tuple[FileId, ...]:
    """The order's parcels forget their labels, which name the buyer; the files are the caller's to remove."""
    found = await store.of_orders(tx, [order])
    labels = tuple(parcel.label for parcel in found if parcel.label is not None)
    for parcel in found:
        await store.set_parcel(tx, parcel.id, label_id=None)
    return labels


async def note_track(tx: Tx, tracking: str, events: Sequence[TrackEvent]) -> Parcel:
    """Take in what the carrier says: late, twice or in any order, the outcome is the same."""
    held = await store.by_tracking(tx, tracking, lock=True)
    if held is None:
        raise NoParcel()
    if held.state == "cancelled" or not await store.add_events(tx, held.id, events):
        return held
    told = await _locked(tx, held.id)
    state = rules.state_of(told.events)
    delivered = rules.delivered_at(told.events)
    collected = next((event for event in told.events if event.step == "cod_collected"), None)
    if state == "delivered" and delivered is None:
        delivered = collected.at if collected else None
    kept = rules.kept(told.promise, delivered, told.timezone) if delivered and told.promise else None
    amount = collected.amount if collected else None
    await store.set_parcel(
        tx,
        held.id,
        state=state,
        delivered_at=delivered,
        promise_kept=kept,
        cod_collected=amount.amount if amount and held.cod else None,
    )
    moved = await _locked(tx, held.id)
    _announce(tx, held, moved)
    return moved


def _announce(tx: Tx, before: Parcel, after: Parcel) -> None:
    """Each fact once: by comparing what was with what is."""
    if after.cod_collected is not None and before.cod_collected is None:
        at = next(event.at for event in after.events if event.step == "cod_collected")
        tx.announce(CashCollected(after.id, after.order, after.carrier, after.cod_collected, at))
    if after.state == before.state:
        return
    at = max(event.at for event in after.events)
    tx.announce(
        ParcelMoved(
            after.id, after.order, after.seller, after.direction, after.returning, state=after.state, at=at
        )
    )
    if after.state == "lost":
        tx.announce(ParcelLost(after.id, after.order, after.seller, after.direction))
    if after.state == "delivered" and after.delivered_at is not None:
        tx.announce(
            ParcelDelivered(
                after.id,
                after.order,
                after.seller,
                after.direction,
                after.returning,
                delivered_at=after.delivered_at,
                promise_kept=after.promise_kept,
            )
        )


async def note_cancelled(tx: Tx, parcel: ParcelId) -> Parcel:
    """Take the parcel back before the carrier has it; twice is once."""
    held = await _locked(tx, parcel)
    if held.state == "cancelled":
        return held
    if held.state not in ("planned", "booked"):
        raise ParcelGone(held.state)
    await store.set_parcel(tx, parcel, state="cancelled")
    return await _locked(tx, parcel)


async def _locked(tx: Tx, parcel: ParcelId) -> Parcel:
    held = await store.parcel(tx, parcel, lock=True)
    if held is None:
        raise NoParcel()
    return held


async def parcel(db: Db, parcel: ParcelId, *, seller: SellerId | None = None) -> Parcel:
    """One parcel; another seller's is not found."""
    found = await store.parcel(db, parcel)
    if found is None or seller not in (None, found.seller):
        raise NoParcel()
    return found


async def parcels(db: Db, orders: Iterable[OrderId]) -> Mapping[OrderId, tuple[Parcel, ...]]:
    """The parcels of each order, the newest first; orders without any are left out."""
    found: dict[OrderId, tuple[Parcel, ...]] = {}
    for one in await store.of_orders(db, orders):
        found[one.order] = (*found.get(one.order, ()), one)
    return found


async def by_tracking(db: Db, tracking: str) -> Parcel:
    """The parcel with this tracking number."""
    found = await store.by_tracking(db, tracking)
    if found is None:
        raise NoParcel()
    return found


async def list_parcels(
    db: Db,
    *,
    seller: SellerId | None = None,
    state: str | None = None,
    market: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Parcel]:
    """Parcels, the newest first."""
    before = read_cursor(after, UUID)[0] if after else None
    found = await store.page(
        db, seller=seller, state=state, market=market, before=before, limit=length(limit) + 1
    )
    return page(found, limit, key=lambda one: (one.id,), value=lambda one: one)


async def under_way(db: Db, carrier: str, *, limit: int = 200) -> tuple[Parcel, ...]:
    """Booked and not at an end yet: what a poll asks the carrier about when webhooks fail."""
    return tuple(await store.under_way(db, carrier, limit))


async def promise_report(
    db: Db, *, since: datetime, seller: SellerId | None = None
) -> tuple[PromiseReport, ...]:
    """For each market: how many promises were kept, how many broken, how many are past their day."""
    return tuple(await store.promise_report(db, since, day(db.now), seller))
