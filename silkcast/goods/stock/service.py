# SPDX-License-Identifier: Apache-2.0
"""The door of stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import HoldId, VariantId, WarehouseId, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, length, page, read_cursor

from . import rules, store
from .errors import (
    HoldDiffers,
    HoldGone,
    HoldNotFound,
    HoldShort,
    HoldTaken,
    StockShort,
    StockSpokenFor,
)
from .events import StockChanged, StockHeld, StockReleased, StockReturned, StockSold
from .values import Available, Hold, Level, Movement


async def receive(tx: Tx, variant: VariantId, warehouse: WarehouseId, units: int, why: str = "") -> Level:
    """Units have arrived in a warehouse."""
    rules.check_units(units)
    level = await store.add_on_hand(tx, variant, warehouse, units)
    await store.add_movement(tx, variant, warehouse, kind="received", on_hand=units, why=why)
    await _tell(tx, [variant])
    return level


async def adjust(tx: Tx, variant: VariantId, warehouse: WarehouseId, change: int, why: str) -> Level:
    """Correct a level after a count, up or down, but never below what is held."""
    rules.check_change(change)
    if change > 0:
        level: Level | None = await store.add_on_hand(tx, variant, warehouse, change)
    else:
        level = await store.lower_on_hand(tx, variant, warehouse, change)
    if level is None:
        there = {level.warehouse: level for level in await store.levels(tx, [variant])}
        now = there.get(warehouse, Level(variant, warehouse, 0, 0))
        raise StockSpokenFor(variant, warehouse, on_hand=now.on_hand, held=now.held)
    await store.add_movement(tx, variant, warehouse, kind="adjusted", on_hand=change, why=why)
    await _tell(tx, [variant])
    return level


async def levels(db: Db, variants: Sequence[VariantId]) -> Mapping[VariantId, Available]:
    """On hand, held and free of each variant asked for, over all warehouses."""
    return await store.available(db, variants)


async def by_warehouse(db: Db, variants: Sequence[VariantId]) -> Mapping[VariantId, tuple[Level, ...]]:
    """The same, warehouse by warehouse."""
    found: dict[VariantId, tuple[Level, ...]] = dict.fromkeys(variants, ())
    for level in await store.levels(db, variants):
        found[level.variant] += (level,)
    return found


async def hold(tx: Tx, want: Mapping[VariantId, int], *, until: datetime, reference: UUID) -> Hold:
    """Set units aside until a moment, all of them or none. Asked again with the reference: the same hold."""
    wanted = rules.check_want(want)
    hold = HoldId(new_uuid())
    if not await store.add_hold(tx, hold, reference, until, list(wanted)):
        return await _same_hold(tx, reference, wanted)
    lines, free = await store.set_aside(tx, hold, reference, wanted)
    if not lines:
        await store.drop_hold(tx, hold)
        raise await _short(tx, wanted)
    tx.announce(StockHeld(hold, reference, wanted))
    for variant in wanted:
        tx.announce(StockChanged(variant, free[variant]))
    return Hold(hold, reference, "held", until, lines)


async def hold_by_id(db: Db, hold: HoldId) -> Hold:
    """One hold, in whatever state."""
    found = await store.holds(db, [hold])
    if hold not in found:
        raise HoldNotFound
    return found[hold]


async def extend(tx: Tx, hold: HoldId, until: datetime) -> Hold:
    """Hold on for longer; never for shorter."""
    if not await store.extend(tx, hold, until) and (await hold_by_id(tx, hold)).state == "released":
        raise HoldGone(hold)
    return await hold_by_id(tx, hold)


async def take(tx: Tx, hold: HoldId) -> Hold:
    """The held units are sold. Again: nothing more happens. Overdue but not yet released: still sold."""
    if await store.end_hold(tx, hold, "taken"):
        await store.settle_levels(tx, [hold], sold=True, why="")
        taken = await hold_by_id(tx, hold)
        tx.announce(StockSold(hold, taken.reference, taken.want))
        return taken
    found = await hold_by_id(tx, hold)
    if found.state == "released":
        raise HoldGone(hold)
    return found


async def release(tx: Tx, hold: HoldId) -> Hold:
    """Give the held units back. Again: nothing more happens."""
    if await store.end_hold(tx, hold, "released"):
        await store.settle_levels(tx, [hold], sold=False, why="given_back")
        released = await hold_by_id(tx, hold)
        tx.announce(StockReleased(hold, released.reference, released.want, "given_back"))
        await _tell(tx, list(released.want))
        return released
    found = await hold_by_id(tx, hold)
    if found.state == "taken":
        raise HoldTaken(hold)
    return found


async def part(
    tx: Tx, hold: HoldId, want: Mapping[VariantId, int], *, until: datetime, reference: UUID
) -> Hold:
    """Move units out of a hold into one of their own, all of them or none. Again with the reference: the same
    hold. What is free stays as it was."""
    wanted = rules.check_want(want)
    new = HoldId(new_uuid())
    if not await store.add_hold(tx, new, reference, until, ()):
        return await _same_hold(tx, reference, wanted)
    whole = await _held_now(tx, hold)
    lines = rules.lines_of(whole, wanted)
    if lines is None:
        await store.drop_hold(tx, new)
        raise HoldShort(hold)
    await store.move_lines(tx, hold, new, lines)
    return await hold_by_id(tx, new)


async def give_back(tx: Tx, hold: HoldId, want: Mapping[VariantId, int]) -> None:
    """Some of a hold's units are free again; the rest stays held."""
    wanted = rules.check_want(want)
    whole = await _held_now(tx, hold)
    lines = rules.lines_of(whole, wanted)
    if lines is None:
        raise HoldShort(hold)
    await store.free_lines(tx, hold, whole.reference, lines)
    await _tell(tx, list(wanted))


async def join(tx: Tx, hold: HoldId, want: Mapping[VariantId, int]) -> bool:
    """Set more units aside in a hold that is still held, all of them or none. Whether they were there."""
    wanted = rules.check_want(want)
    whole = await _held_now(tx, hold)
    await store.lock_levels(tx, list(wanted))
    lines, free = await store.set_aside(tx, hold, whole.reference, wanted)
    for variant in free:
        tx.announce(StockChanged(variant, free[variant]))
    return bool(lines)


async def _held_now(tx: Tx, hold: HoldId) -> Hold:
    """The hold, locked until the transaction ends."""
    if not await store.lock_hold(tx, hold):
        raise HoldGone(hold)
    return await hold_by_id(tx, hold)


async def expire(tx: Tx, *, limit: int = 200) -> int:
    """Release holds whose moment has passed, as many as `limit`; how many it were."""
    overdue = await store.end_overdue(tx, limit)
    if not overdue:
        return 0
    await store.settle_levels(tx, overdue, sold=False, why="expired")
    changed: set[VariantId] = set()
    for released in (await store.holds(tx, overdue)).values():
        tx.announce(StockReleased(released.id, released.reference, released.want, "expired"))
        changed.update(released.want)
    await _tell(tx, sorted(changed))
    return len(overdue)


async def take_back(
    tx: Tx, variant: VariantId, warehouse: WarehouseId, units: int, *, reference: UUID
) -> Level:
    """Sold units came back. Again with the same reference, variant and warehouse: nothing more happens."""
    rules.check_units(units)
    added = await store.add_movement(
        tx, variant, warehouse, kind="returned", on_hand=units, reference=reference
    )
    if not added:
        there = {level.warehouse: level for level in await store.levels(tx, [variant])}
        return there[warehouse]
    level = await store.add_on_hand(tx, variant, warehouse, units)
    tx.announce(StockReturned(variant, warehouse, units, reference))
    await _tell(tx, [variant])
    return level


async def movements(
    db: Db, variant: VariantId, *, after: str | None = None, limit: int = 50
) -> Page[Movement]:
    """What happened to a variant, newest first."""
    before = read_cursor(after, int)[0] if after else None
    found = await store.movements(db, variant, before, length(limit) + 1)
    return page(found, limit, key=lambda movement: (movement.number,), value=lambda movement: movement)


async def _same_hold(tx: Tx, reference: UUID, wanted: Mapping[VariantId, int]) -> Hold:
    found = await store.hold_of(tx, reference)
    assert found is not None, "a reference that cannot be added is there"
    if dict(found.want) != wanted:
        raise HoldDiffers(found.id)
    return found


async def _short(tx: Tx, wanted: Mapping[VariantId, int]) -> StockShort:
    there = await store.available(tx, list(wanted))
    # The rows are locked, so what was short is short still.
    variant = next(variant for variant, units in wanted.items() if there[variant].free < units)
    return StockShort(variant, wanted=wanted[variant], left=there[variant].free)


async def _tell(tx: Tx, variants: Sequence[VariantId]) -> None:
    for variant, there in (await store.available(tx, variants)).items():
        tx.announce(StockChanged(variant, there.free))
