# SPDX-License-Identifier: Apache-2.0
"""Stock in PostgreSQL.

Who changes several levels first locks their rows in (variant, warehouse) order, as everybody does, and then
changes them in one statement whose condition PostgreSQL checks row by row. Locking is a statement of its own
on purpose: a statement sees the rows as they were when it began, so one that both waits and decides would
decide on what was there before it waited.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import HoldId, VariantId, WarehouseId
from silkcast.plumbing.db import Db, Tx

from .models import HoldLineRow, HoldRow, LevelRow, MovementRow
from .values import Available, Hold, HoldLine, HoldState, Level, Movement

_ADD_HOLD = text("""
    WITH added AS (
        INSERT INTO stock.holds (id, reference, state, until, made_at)
        VALUES (:hold, :reference, 'held', :until, :at) ON CONFLICT DO NOTHING
        RETURNING id
    ), locked AS MATERIALIZED (
        SELECT FROM stock.levels WHERE variant = ANY(CAST(:variants AS uuid[]))
        ORDER BY variant, warehouse FOR NO KEY UPDATE
    )
    SELECT (SELECT count(*) FROM added), (SELECT count(*) FROM locked)
""")
_LOCK_VARIANTS = text("""
    SELECT FROM stock.levels WHERE variant = ANY(CAST(:variants AS uuid[]))
    ORDER BY variant, warehouse FOR NO KEY UPDATE
""")
_LOCK_HELD = text("""
    SELECT FROM stock.levels
    WHERE (variant, warehouse) IN (
        SELECT variant, warehouse FROM stock.hold_lines WHERE hold = ANY(CAST(:holds AS uuid[])))
    ORDER BY variant, warehouse FOR NO KEY UPDATE
""")
_CHANGE_ON_HAND = text("""
    INSERT INTO stock.levels AS level (variant, warehouse, on_hand) VALUES (:variant, :warehouse, :units)
    ON CONFLICT (variant, warehouse) DO UPDATE SET on_hand = level.on_hand + excluded.on_hand
    RETURNING on_hand, held
""")
_LOWER_ON_HAND = text("""
    UPDATE stock.levels SET on_hand = on_hand + :units
    WHERE variant = :variant AND warehouse = :warehouse AND on_hand + :units >= held
    RETURNING on_hand, held
""")
# All or none: no row changes where any variant has fewer free units than are wanted. The warehouses of a
# variant are used up one after the other, the one with the most free units first.
_SET_ASIDE = text("""
    WITH want AS (
        SELECT * FROM unnest(CAST(:variants AS uuid[]), CAST(:units AS integer[])) AS want (variant, units)
    ), ranked AS (
        SELECT variant, warehouse, on_hand - held AS free,
            coalesce(sum(on_hand - held) OVER (
                PARTITION BY variant ORDER BY on_hand - held DESC, warehouse
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM stock.levels WHERE variant = ANY(CAST(:variants AS uuid[]))
    ), part AS (
        SELECT ranked.variant, ranked.warehouse,
            CAST(greatest(least(ranked.free, want.units - ranked.before), 0) AS integer) AS units
        FROM ranked JOIN want ON want.variant = ranked.variant
        WHERE NOT EXISTS (
            SELECT FROM want AS each
            WHERE each.units > (
                SELECT coalesce(sum(free), 0) FROM ranked WHERE ranked.variant = each.variant))
    ), moved AS (
        UPDATE stock.levels AS level SET held = level.held + part.units
        FROM part
        WHERE level.variant = part.variant AND level.warehouse = part.warehouse
            AND part.units > 0 AND level.on_hand - level.held >= part.units
        RETURNING level.variant, level.warehouse, part.units
    ), lined AS (
        INSERT INTO stock.hold_lines AS line (hold, variant, warehouse, units)
        SELECT :hold, variant, warehouse, units FROM moved
        ON CONFLICT (hold, variant, warehouse) DO UPDATE SET units = line.units + excluded.units
    ), noted AS (
        INSERT INTO stock.movements (variant, warehouse, kind, on_hand, held, reference, actor, at)
        SELECT variant, warehouse, 'held', 0, units, :reference, :actor, :at FROM moved
    )
    SELECT moved.variant, moved.warehouse, moved.units, CAST(there.free - want.units AS integer) AS free
    FROM moved
    JOIN (SELECT variant, sum(free) AS free FROM ranked GROUP BY variant) AS there USING (variant)
    JOIN want USING (variant)
    ORDER BY moved.variant, moved.warehouse
""")
# `sold` is 1 where the units leave with the hold and 0 where they stay.
_END_HOLDS = text("""
    WITH line AS (
        SELECT line.hold, hold.reference, line.variant, line.warehouse, line.units
        FROM stock.hold_lines AS line JOIN stock.holds AS hold ON hold.id = line.hold
        WHERE hold.id = ANY(CAST(:holds AS uuid[])) AND line.units > 0
    ), freed AS (
        SELECT variant, warehouse, CAST(sum(units) AS integer) AS units FROM line
        GROUP BY variant, warehouse
    ), moved AS (
        UPDATE stock.levels AS level
        SET held = level.held - freed.units, on_hand = level.on_hand - freed.units * :sold
        FROM freed
        WHERE level.variant = freed.variant AND level.warehouse = freed.warehouse
        RETURNING level.variant, level.warehouse
    )
    INSERT INTO stock.movements (variant, warehouse, kind, on_hand, held, reference, why, actor, at)
    SELECT variant, warehouse, :kind, -units * :sold, -units, reference, :why, :actor, :at
    FROM line JOIN moved USING (variant, warehouse)
    ORDER BY hold, variant, warehouse
""")

_PART = text("""
    WITH part AS (
        SELECT * FROM unnest(
            CAST(:variants AS uuid[]), CAST(:warehouses AS uuid[]), CAST(:units AS integer[])
        ) AS part (variant, warehouse, units)
    ), left_ AS (
        UPDATE stock.hold_lines AS line SET units = line.units - part.units FROM part
        WHERE line.hold = :hold AND line.variant = part.variant AND line.warehouse = part.warehouse
    )
    INSERT INTO stock.hold_lines (hold, variant, warehouse, units)
    SELECT :new, variant, warehouse, units FROM part
""")
# What leaves a hold for good: off its lines and off the levels, with a movement.
_FREE = text("""
    WITH part AS (
        SELECT * FROM unnest(
            CAST(:variants AS uuid[]), CAST(:warehouses AS uuid[]), CAST(:units AS integer[])
        ) AS part (variant, warehouse, units)
    ), left_ AS (
        UPDATE stock.hold_lines AS line SET units = line.units - part.units FROM part
        WHERE line.hold = :hold AND line.variant = part.variant AND line.warehouse = part.warehouse
    ), freed AS (
        UPDATE stock.levels AS level SET held = level.held - part.units FROM part
        WHERE level.variant = part.variant AND level.warehouse = part.warehouse
    )
    INSERT INTO stock.movements (variant, warehouse, kind, on_hand, held, reference, why, actor, at)
    SELECT variant, warehouse, 'released', 0, -units, :reference, 'given_back', :actor, :at
    FROM part ORDER BY variant, warehouse
""")


def _actor(tx: Tx) -> str:
    return f"{tx.actor.kind}:{tx.actor.id}" if tx.actor.id else tx.actor.kind


async def add_on_hand(tx: Tx, variant: VariantId, warehouse: WarehouseId, units: int) -> Level:
    values = {"variant": variant, "warehouse": warehouse, "units": units}
    row = (await tx.session.execute(_CHANGE_ON_HAND, values)).one()
    return Level(variant, warehouse, row.on_hand, row.held)


async def lower_on_hand(tx: Tx, variant: VariantId, warehouse: WarehouseId, units: int) -> Level | None:
    """By `units`, which is below zero; None where that would cut into what is held."""
    values = {"variant": variant, "warehouse": warehouse, "units": units}
    row = (await tx.session.execute(_LOWER_ON_HAND, values)).one_or_none()
    return Level(variant, warehouse, row.on_hand, row.held) if row else None


async def add_movement(
    tx: Tx,
    variant: VariantId,
    warehouse: WarehouseId,
    *,
    kind: str,
    on_hand: int,
    reference: UUID | None = None,
    why: str = "",
) -> bool:
    """Whether it was added: a return of the same reference is there already."""
    added = (
        insert(MovementRow)
        .values(
            variant=variant,
            warehouse=warehouse,
            kind=kind,
            on_hand=on_hand,
            held=0,
            reference=reference,
            why=why,
            actor=_actor(tx),
            at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(MovementRow.number)
    )
    return (await tx.session.execute(added)).one_or_none() is not None


async def add_hold(
    tx: Tx, hold: HoldId, reference: UUID, until: datetime, variants: Sequence[VariantId]
) -> bool:
    """Lock the levels of the variants and add a hold, in one round trip. Whether it was added: the reference
    may have one that is not released."""
    values = {
        "hold": hold,
        "reference": reference,
        "until": until,
        "at": tx.now,
        "variants": list(variants),
    }
    return bool((await tx.session.execute(_ADD_HOLD, values)).scalar_one())


async def drop_hold(tx: Tx, hold: HoldId) -> None:
    """Take back an `add_hold` of this very transaction."""
    await tx.session.execute(text("DELETE FROM stock.holds WHERE id = :hold"), {"hold": hold})


async def set_aside(
    tx: Tx, hold: HoldId, reference: UUID, want: Mapping[VariantId, int]
) -> tuple[tuple[HoldLine, ...], dict[VariantId, int]]:
    """Hold all that is wanted, or nothing: then there are no lines. And how many are free after it. The
    levels are locked already."""
    values = {
        "hold": hold,
        "reference": reference,
        "variants": list(want),
        "units": list(want.values()),
        "actor": _actor(tx),
        "at": tx.now,
    }
    rows = (await tx.session.execute(_SET_ASIDE, values)).all()
    lines = tuple(HoldLine(*row[:3]) for row in rows)
    return lines, {VariantId(row.variant): row.free for row in rows}


async def lock_levels(tx: Tx, variants: Sequence[VariantId]) -> None:
    await tx.session.execute(_LOCK_VARIANTS, {"variants": list(variants)})


async def lock_hold(tx: Tx, hold: HoldId) -> bool:
    """Whether it is held; it stays as it is until the transaction ends."""
    held = select(HoldRow.id).where(HoldRow.id == hold, HoldRow.state == "held").with_for_update()
    return (await tx.session.execute(held)).one_or_none() is not None


def _columns(lines: Sequence[HoldLine]) -> dict[str, list[Any]]:
    names = ("variant", "warehouse", "units")
    return {f"{name.removesuffix('s')}s": [getattr(line, name) for line in lines] for name in names}


async def move_lines(tx: Tx, hold: HoldId, new: HoldId, lines: Sequence[HoldLine]) -> None:
    await tx.session.execute(_PART, {"hold": hold, "new": new, **_columns(lines)})


async def free_lines(tx: Tx, hold: HoldId, reference: UUID, lines: Sequence[HoldLine]) -> None:
    await lock_levels(tx, [line.variant for line in lines])
    said = {"hold": hold, "reference": reference, "actor": _actor(tx), "at": tx.now}
    await tx.session.execute(_FREE, {**said, **_columns(lines)})


async def end_hold(tx: Tx, hold: HoldId, state: str) -> bool:
    """Whether this call ended it."""
    ended = (
        update(HoldRow)
        .where(HoldRow.id == hold, HoldRow.state == "held")
        .values(state=state, ended_at=tx.now)
        .returning(HoldRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(ended)).one_or_none() is not None


async def end_overdue(tx: Tx, limit: int) -> list[HoldId]:
    """Release up to `limit` overdue holds that nobody else is busy with."""
    overdue = (
        select(HoldRow.id)
        .where(HoldRow.state == "held", HoldRow.until <= tx.now)
        .order_by(HoldRow.until)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ended = (
        update(HoldRow)
        .where(HoldRow.id.in_(overdue.scalar_subquery()))
        .values(state="released", ended_at=tx.now)
        .returning(HoldRow.id)
        .execution_options(synchronize_session=False)
    )
    return [HoldId(row.id) for row in await tx.session.execute(ended)]


async def settle_levels(tx: Tx, holds: Sequence[HoldId], *, sold: bool, why: str) -> None:
    """Take ended holds off the levels, and where they were sold the units too."""
    await tx.session.execute(_LOCK_HELD, {"holds": list(holds)})
    values = {
        "holds": list(holds),
        "sold": int(sold),
        "kind": "sold" if sold else "released",
        "why": why,
        "actor": _actor(tx),
        "at": tx.now,
    }
    await tx.session.execute(_END_HOLDS, values)


async def extend(tx: Tx, hold: HoldId, until: datetime) -> bool:
    """Whether the hold is still held; it is never made shorter."""
    longer = (
        update(HoldRow)
        .where(HoldRow.id == hold, HoldRow.state == "held")
        .values(until=func.greatest(HoldRow.until, until))
        .returning(HoldRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(longer)).one_or_none() is not None


async def holds(db: Db, ids: Sequence[HoldId]) -> dict[HoldId, Hold]:
    return await _holds(db, HoldRow.id.in_(ids))


async def hold_of(db: Db, reference: UUID) -> Hold | None:
    """The one that is not released."""
    found = await _holds(db, (HoldRow.reference == reference) & (HoldRow.state != "released"))
    return next(iter(found.values()), None)


async def _holds(db: Db, condition: ColumnElement[bool]) -> dict[HoldId, Hold]:
    query = (
        select(
            HoldRow.id,
            HoldRow.reference,
            HoldRow.state,
            HoldRow.until,
            HoldLineRow.variant,
            HoldLineRow.warehouse,
            HoldLineRow.units,
        )
        .join(HoldLineRow, HoldLineRow.hold == HoldRow.id)
        .where(condition)
        .order_by(HoldRow.id, HoldLineRow.variant, HoldLineRow.warehouse)
    )
    heads: dict[HoldId, tuple[UUID, HoldState, datetime]] = {}
    lines: dict[HoldId, list[HoldLine]] = {}
    for row in await db.session.execute(query):
        hold = HoldId(row.id)
        heads[hold] = (row.reference, row.state, row.until)
        line = HoldLine(VariantId(row.variant), WarehouseId(row.warehouse), row.units)
        lines.setdefault(hold, []).append(line)
    return {
        hold: Hold(hold, reference, state, until, tuple(lines[hold]))
        for hold, (reference, state, until) in heads.items()
    }


async def available(db: Db, variants: Sequence[VariantId]) -> dict[VariantId, Available]:
    query = (
        select(LevelRow.variant, func.sum(LevelRow.on_hand), func.sum(LevelRow.held))
        .where(LevelRow.variant.in_(variants))
        .group_by(LevelRow.variant)
    )
    found = {VariantId(variant): Available(on_hand, held) for variant, on_hand, held in await _all(db, query)}
    return {variant: found.get(variant, Available()) for variant in variants}


async def levels(db: Db, variants: Sequence[VariantId]) -> list[Level]:
    query = (
        select(LevelRow.variant, LevelRow.warehouse, LevelRow.on_hand, LevelRow.held)
        .where(LevelRow.variant.in_(variants))
        .order_by(LevelRow.variant, LevelRow.warehouse)
    )
    return [Level(*row) for row in await _all(db, query)]


async def movements(db: Db, variant: VariantId, before: int | None, limit: int) -> list[Movement]:
    """Newest first."""
    row = MovementRow
    query = (
        select(
            row.number,
            row.variant,
            row.warehouse,
            row.kind,
            row.on_hand,
            row.held,
            row.reference,
            row.why,
            row.actor,
            row.at,
        )
        .where(row.variant == variant)
        .order_by(row.number.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(row.number < before)
    return [Movement(*found) for found in await _all(db, query)]


async def _all(db: Db, query: Executable) -> list[Any]:
    return [tuple(row) for row in await db.session.execute(query)]
