# SPDX-License-Identifier: Apache-2.0
"""Whatever is done in whatever order: 0 <= held <= on hand, and movements add up to levels."""

from __future__ import annotations

import random
from contextlib import suppress
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from silkcast.goods.stock import rules
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.errors import BadUnits, HoldGone, HoldTaken, StockShort, StockSpokenFor
from silkcast.ground.ids import HoldId, VariantId, WarehouseId, new_uuid
from silkcast.plumbing.db import Tx

VARIANTS = [VariantId(new_uuid()) for _ in range(3)]
WAREHOUSES = [WarehouseId(new_uuid()) for _ in range(2)]
LEVELS_AND_MOVEMENTS = text("""
    SELECT level.on_hand, level.held, sum(movement.on_hand) AS on_hand_moved, sum(movement.held) AS held_moved
    FROM stock.levels AS level LEFT JOIN stock.movements AS movement USING (variant, warehouse)
    GROUP BY level.variant, level.warehouse, level.on_hand, level.held
""")
HELD_BY_HOLDS = text("""
    SELECT coalesce(sum(units), 0)
    FROM stock.hold_lines AS line JOIN stock.holds AS hold ON hold.id = line.hold
    WHERE hold.state = 'held'
""")


async def _something(tx: Tx, chance: random.Random, holds: list[HoldId], references: list[UUID]) -> None:
    variant, warehouse = chance.choice(VARIANTS), chance.choice(WAREHOUSES)
    units = chance.randint(1, 6)
    match chance.choice(["receive", "adjust", "hold", "hold", "hold", "again", "take", "release", "back"]):
        case "receive":
            await stock.receive(tx, variant, warehouse, units)
        case "adjust":
            await stock.adjust(tx, variant, warehouse, chance.choice([-units, units]), "count")
        case "hold":
            want = {chance.choice(VARIANTS): chance.randint(1, 4) for _ in range(chance.randint(1, 3))}
            until = tx.now + timedelta(minutes=chance.choice([-1, 5]))
            hold = await stock.hold(tx, want, until=until, reference=new_uuid())
            assert hold.want == want
            holds.append(hold.id)
        case "again" if holds:
            seen = await stock.hold_by_id(tx, chance.choice(holds))
            if seen.state != "released":
                same = await stock.hold(tx, seen.want, until=seen.until, reference=seen.reference)
                assert same.id == seen.id
        case "take" if holds:
            await stock.take(tx, chance.choice(holds))
        case "release" if holds:
            await stock.release(tx, chance.choice(holds))
        case "back":
            references.append(new_uuid())
            await stock.take_back(tx, variant, warehouse, units, reference=chance.choice(references))


@pytest.mark.parametrize("seed", range(12))
async def test_any_sequence_keeps_the_promises(tx: Tx, seed: int) -> None:
    chance = random.Random(seed)
    holds: list[HoldId] = []
    references: list[UUID] = []
    for step in range(60):
        with suppress(StockShort, StockSpokenFor, HoldGone, HoldTaken):
            await _something(tx, chance, holds, references)
        if step % 20 == 19:
            await stock.expire(tx, limit=3)
        rows = (await tx.session.execute(LEVELS_AND_MOVEMENTS)).all()
        for row in rows:
            assert 0 <= row.held <= row.on_hand
            assert (row.on_hand, row.held) == (row.on_hand_moved, row.held_moved)
        assert sum(row.held for row in rows) == (await tx.session.execute(HELD_BY_HOLDS)).scalar_one()


@given(st.dictionaries(st.uuids(), st.integers(1, rules.MOST_UNITS), min_size=1))
def test_everybody_wants_in_the_same_order(want: dict[VariantId, int]) -> None:
    assert list(rules.check_want(want)) == sorted(want)
    assert rules.check_want(want) == want


@given(st.integers().filter(lambda units: not 0 < units <= rules.MOST_UNITS))
def test_no_other_number_of_units_is_right(units: int) -> None:
    with pytest.raises(BadUnits):
        rules.check_units(units)
