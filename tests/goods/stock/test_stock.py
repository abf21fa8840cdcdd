# SPDX-License-Identifier: Apache-2.0
"""Stock: holds, sales, returns, and what is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import (
    BadUnits,
    HoldDiffers,
    HoldGone,
    HoldNotFound,
    HoldTaken,
    NothingWanted,
    StockShort,
    StockSpokenFor,
)
from silkcast.goods.stock.events import StockChanged, StockHeld, StockReleased, StockReturned, StockSold
from silkcast.goods.stock.values import Available
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import HoldId, VariantId, WarehouseId, new_uuid
from silkcast.plumbing.db import Database, Tx

CUP = VariantId(new_uuid())
POT = VariantId(new_uuid())
YIWU = WarehouseId(new_uuid())
LIEGE = WarehouseId(new_uuid())
HOUR = timedelta(hours=1)


async def test_what_is_received_is_free(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5, "first delivery")
    await stock.receive(tx, CUP, LIEGE, 2)

    assert await stock.levels(tx, [CUP, POT]) == {CUP: Available(7, 0), POT: Available(0, 0)}
    there = await stock.by_warehouse(tx, [CUP, POT])
    assert {level.warehouse: level.free for level in there[CUP]} == {YIWU: 5, LIEGE: 2}
    assert there[POT] == ()
    assert [event.free for event in tx.announced if isinstance(event, StockChanged)] == [5, 7]


async def test_a_hold_tells_how_many_are_free_after_it_over_all_warehouses(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    await stock.receive(tx, CUP, LIEGE, 2)
    await stock.receive(tx, POT, LIEGE, 4)
    before = len(tx.announced)

    await stock.hold(tx, {CUP: 6, POT: 1}, until=tx.now + HOUR, reference=new_uuid())

    told = {event.variant: event.free for event in tx.announced[before:] if isinstance(event, StockChanged)}
    assert told == {CUP: 1, POT: 3}
    assert told == {variant: level.free for variant, level in (await stock.levels(tx, [CUP, POT])).items()}


@pytest.mark.parametrize("units", [0, -1, 1_000_001, True])
async def test_absurd_units_are_refused(tx: Tx, units: int) -> None:
    with pytest.raises(BadUnits):
        await stock.receive(tx, CUP, YIWU, units)
    with pytest.raises(BadUnits):
        await stock.hold(tx, {CUP: units}, until=tx.now + HOUR, reference=new_uuid())


async def test_a_hold_sets_units_aside(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    hold = await stock.hold(tx, {CUP: 3}, until=tx.now + HOUR, reference=new_uuid())

    assert hold.want == {CUP: 3}
    assert (await stock.levels(tx, [CUP]))[CUP] == Available(5, 3)
    assert any(isinstance(event, StockHeld) and event.hold == hold.id for event in tx.announced)
    assert await stock.hold_by_id(tx, hold.id) == hold


async def test_a_hold_is_all_or_none(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    await stock.receive(tx, POT, YIWU, 1)
    reference = new_uuid()

    with pytest.raises(StockShort) as short:
        await stock.hold(tx, {CUP: 1, POT: 2}, until=tx.now + HOUR, reference=reference)

    assert (short.value.variant, short.value.wanted, short.value.left) == (POT, 2, 1)
    assert await stock.levels(tx, [CUP, POT]) == {CUP: Available(5, 0), POT: Available(1, 0)}
    assert (await stock.hold(tx, {CUP: 1}, until=tx.now + HOUR, reference=reference)).want == {CUP: 1}


async def test_nothing_is_held_of_what_was_never_there(tx: Tx) -> None:
    with pytest.raises(StockShort) as short:
        await stock.hold(tx, {CUP: 1}, until=tx.now + HOUR, reference=new_uuid())
    assert short.value.left == 0
    with pytest.raises(NothingWanted):
        await stock.hold(tx, {}, until=tx.now + HOUR, reference=new_uuid())


async def test_a_hold_reaches_over_warehouses_the_fullest_first(tx: Tx) -> None:
    await stock.receive(tx, CUP, LIEGE, 2)
    await stock.receive(tx, CUP, YIWU, 5)

    small = await stock.hold(tx, {CUP: 4}, until=tx.now + HOUR, reference=new_uuid())
    assert [(line.warehouse, line.units) for line in small.lines] == [(YIWU, 4)]

    wide = await stock.hold(tx, {CUP: 3}, until=tx.now + HOUR, reference=new_uuid())
    assert {line.warehouse: line.units for line in wide.lines} == {LIEGE: 2, YIWU: 1}
    assert (await stock.levels(tx, [CUP]))[CUP].free == 0


async def test_the_same_reference_has_the_same_hold(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    reference = new_uuid()
    first = await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=reference)
    assert await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=reference) == first
    assert (await stock.levels(tx, [CUP]))[CUP].held == 2
    with pytest.raises(HoldDiffers):
        await stock.hold(tx, {CUP: 3}, until=tx.now + HOUR, reference=reference)

    await stock.release(tx, first.id)
    again = await stock.hold(tx, {CUP: 3}, until=tx.now + HOUR, reference=reference)
    assert again.id != first.id


async def test_taking_twice_sells_once(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    hold = await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=new_uuid())

    assert (await stock.take(tx, hold.id)).state == "taken"
    assert (await stock.take(tx, hold.id)).state == "taken"

    assert (await stock.levels(tx, [CUP]))[CUP] == Available(3, 0)
    assert len([event for event in tx.announced if isinstance(event, StockSold)]) == 1
    with pytest.raises(HoldTaken):
        await stock.release(tx, hold.id)


async def test_releasing_twice_frees_once(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    hold = await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=new_uuid())

    await stock.release(tx, hold.id)
    await stock.release(tx, hold.id)

    assert (await stock.levels(tx, [CUP]))[CUP] == Available(5, 0)
    assert len([event for event in tx.announced if isinstance(event, StockReleased)]) == 1
    with pytest.raises(HoldGone):
        await stock.take(tx, hold.id)
    with pytest.raises(HoldGone):
        await stock.extend(tx, hold.id, tx.now + HOUR)


async def test_an_unknown_hold_is_not_found(tx: Tx) -> None:
    unknown = HoldId(new_uuid())
    for verb in (stock.take, stock.release, stock.hold_by_id):
        with pytest.raises(HoldNotFound):
            await verb(tx, unknown)


async def test_an_overdue_hold_is_freed_by_the_clock(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        await stock.receive(tx, CUP, YIWU, 5)
        short = await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=new_uuid())
        longer = await stock.hold(tx, {CUP: 1}, until=tx.now + HOUR, reference=new_uuid())
        kept = await stock.hold(tx, {CUP: 1}, until=tx.now + HOUR, reference=new_uuid())
        await stock.extend(tx, longer.id, tx.now + 2 * HOUR)
        assert (await stock.extend(tx, longer.id, tx.now)).until == tx.now + 2 * HOUR
        await stock.take(tx, kept.id)
    clock.advance(HOUR)
    async with database.write() as tx:
        assert await stock.expire(tx) == 1
        assert await stock.expire(tx) == 0
        assert [event.why for event in tx.announced if isinstance(event, StockReleased)] == ["expired"]
        assert (await stock.hold_by_id(tx, short.id)).state == "released"
        assert (await stock.levels(tx, [CUP]))[CUP] == Available(4, 1)


async def test_a_count_corrects_but_not_below_what_is_held(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=new_uuid())

    assert (await stock.adjust(tx, CUP, YIWU, -3, "three broken")).on_hand == 2
    with pytest.raises(StockSpokenFor) as refused:
        await stock.adjust(tx, CUP, YIWU, -1, "one more")
    assert (refused.value.on_hand, refused.value.held) == (2, 2)
    assert (await stock.adjust(tx, CUP, LIEGE, 1, "found one")).on_hand == 1
    with pytest.raises(StockSpokenFor):
        await stock.adjust(tx, POT, YIWU, -1, "never there")


async def test_a_return_comes_back_once(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 1)
    reference = new_uuid()
    for _ in range(2):
        assert (await stock.take_back(tx, CUP, YIWU, 2, reference=reference)).on_hand == 3
    assert (await stock.take_back(tx, CUP, LIEGE, 1, reference=reference)).on_hand == 1
    assert len([event for event in tx.announced if isinstance(event, StockReturned)]) == 2


async def test_movements_are_told_newest_first(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5, "delivery")
    hold = await stock.hold(tx, {CUP: 2}, until=tx.now + HOUR, reference=new_uuid())
    await stock.take(tx, hold.id)

    first = await stock.movements(tx, CUP, limit=2)
    assert [(move.kind, move.on_hand, move.held) for move in first.items] == [
        ("sold", -2, -2),
        ("held", 0, 2),
    ]
    rest = await stock.movements(tx, CUP, after=first.next, limit=2)
    assert [(move.kind, move.why) for move in rest.items] == [("received", "delivery")]
    assert rest.next is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE stock.movements SET on_hand = 9", "DELETE FROM stock.movements", "TRUNCATE stock.movements"],
)
async def test_movements_are_never_changed(tx: Tx, statement: str) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    with pytest.raises(IntegrityError, match="only ever added to"):
        await tx.session.execute(text(statement))


async def test_the_database_itself_keeps_held_within_on_hand(tx: Tx) -> None:
    await stock.receive(tx, CUP, YIWU, 5)
    with pytest.raises(IntegrityError, match="held_within_on_hand"):
        await tx.session.execute(text("UPDATE stock.levels SET held = 6"))
