# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, cast

from sqlalchemy import func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import ClosureId, FlowId, new_uuid
from silkcast.plumbing.db import Db, Tx

from .models import ClearingRow, ProgressRow

_ALONE = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")
ProgressState = Literal["running", "undoing", "done", "undone"]


@dataclass(frozen=True, slots=True)
class Progress:
    id: FlowId
    flow: str
    key: str
    state: ProgressState
    steps_done: int
    notes: Mapping[str, Any]
    refusal: str | None


def _progress(row: ProgressRow) -> Progress:
    return Progress(
        FlowId(row.id),
        row.flow,
        row.key,
        cast(ProgressState, row.state),
        row.steps_done,
        row.notes,
        row.refusal,
    )


async def begin(tx: Tx, flow: str, key: str, notes: Mapping[str, Any]) -> Progress:
    """The progress of this flow and key; a new one if there is none yet."""
    await tx.session.execute(
        insert(ProgressRow)
        .values(id=new_uuid(), flow=flow, key=key, notes=dict(notes), touched_at=tx.now)
        .on_conflict_do_nothing(index_elements=["flow", "key"])
    )
    statement = select(ProgressRow).where(ProgressRow.flow == flow, ProgressRow.key == key)
    return _progress((await tx.session.scalars(statement.with_for_update())).one())


async def note(
    tx: Tx,
    progress: FlowId,
    *,
    state: ProgressState,
    steps_done: int,
    notes: Mapping[str, Any],
    refusal: str | None = None,
) -> None:
    columns: dict[str, Any] = {"state": state, "steps_done": steps_done, "notes": dict(notes)}
    if refusal is not None:
        columns["refusal"] = refusal
    await tx.session.execute(
        update(ProgressRow)
        .where(ProgressRow.id == progress)
        .values(**columns, touched_at=tx.now)
        .execution_options(synchronize_session=False)
    )


async def left_behind(tx: Tx, flow: str, before: datetime, limit: int) -> tuple[Progress, ...]:
    """Flows that were under way and have not been touched since. Touched now: nobody else takes them up."""
    overdue = (
        select(ProgressRow.id)
        .where(
            ProgressRow.state.in_(("running", "undoing")),
            ProgressRow.flow == flow,
            ProgressRow.touched_at < before,
        )
        .order_by(ProgressRow.touched_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(ProgressRow)
        .where(ProgressRow.id.in_(overdue))
        .values(touched_at=tx.now)
        .returning(ProgressRow)
        .execution_options(synchronize_session=False)
    )
    return tuple(_progress(row) for row in await tx.session.scalars(statement))


async def count_undone(db: Db, flow: str, stem: str) -> int:
    """How many flows whose key begins so were undone."""
    statement = (
        select(func.count())
        .select_from(ProgressRow)
        .where(
            ProgressRow.flow == flow,
            ProgressRow.key.startswith(stem, autoescape=True),
            ProgressRow.state == "undone",
        )
    )
    return (await db.session.execute(statement)).scalar_one()


async def alone(tx: Tx, what: str) -> None:
    """Nobody else is at this before the transaction ends."""
    await tx.session.execute(_ALONE, {"what": what})


async def begin_clearing(tx: Tx, closure: ClosureId, orders: int) -> None:
    """Note how much there is to do; again: nothing more happens."""
    statement = insert(ClearingRow).values(closure_id=closure, orders=orders, refunded={}, begun_at=tx.now)
    await tx.session.execute(statement.on_conflict_do_nothing(index_elements=["closure_id"]))


async def clearing(db: Db, closure: ClosureId, *, lock: bool = False) -> ClearingRow | None:
    statement = select(ClearingRow).where(ClearingRow.closure_id == closure)
    if lock:
        statement = statement.with_for_update()
    return (await db.session.scalars(statement.execution_options(populate_existing=True))).first()


async def note_clearing(tx: Tx, closure: ClosureId, **columns: Any) -> None:
    await tx.session.execute(
        update(ClearingRow)
        .where(ClearingRow.closure_id == closure)
        .values(**columns)
        .execution_options(synchronize_session=False)
    )
