# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import LineId, ShowId
from silkcast.plumbing.db import Db, Tx

from .models import LineRow, MuteRow
from .values import AuthorKind, HeldFor, Line, LineState


def _line(row: LineRow) -> Line:
    return Line(
        id=LineId(row.id),
        show=ShowId(row.show_id),
        kind=cast(AuthorKind, row.kind),
        name=row.name,
        text=row.text,
        language=row.language,
        state=cast(LineState, row.state),
        held_for=cast("HeldFor | None", row.held_for),
        at=row.at,
    )


async def add(tx: Tx, line: Line, author: bytes) -> None:
    tx.session.add(
        LineRow(
            id=line.id,
            show_id=line.show,
            author=author,
            kind=line.kind,
            name=line.name,
            text=line.text,
            language=line.language,
            state=line.state,
            held_for=line.held_for,
            at=line.at,
        )
    )
    await tx.session.flush()


async def spoken_since(db: Db, show: ShowId, author: bytes, since: datetime) -> list[tuple[datetime, str]]:
    rows = await db.session.execute(
        select(LineRow.at, LineRow.text)
        .where(LineRow.show_id == show, LineRow.author == author, LineRow.at > since)
        .order_by(LineRow.at)
    )
    return [(at, text) for at, text in rows]


async def muted_until(db: Db, show: ShowId, author: bytes) -> datetime | None:
    return await db.session.scalar(
        select(MuteRow.until).where(MuteRow.show_id == show, MuteRow.author == author)
    )


async def mute(tx: Tx, show: ShowId, author: bytes, until: datetime) -> None:
    await tx.session.execute(
        insert(MuteRow)
        .values(show_id=show, author=author, until=until)
        .on_conflict_do_update(index_elements=["show_id", "author"], set_={"until": until})
    )


async def rename(tx: Tx, author: bytes, name: str) -> None:
    theirs = update(LineRow).where(LineRow.author == author, LineRow.kind == "viewer")
    await tx.session.execute(theirs.values(name=name))


async def author_of(db: Db, show: ShowId, line: LineId) -> bytes | None:
    return await db.session.scalar(select(LineRow.author).where(LineRow.id == line, LineRow.show_id == show))


async def several(db: Db, lines: Sequence[LineId]) -> dict[LineId, Line]:
    rows = await db.session.scalars(select(LineRow).where(LineRow.id.in_(lines)))
    return {LineId(row.id): _line(row) for row in rows}


async def last(db: Db, show: ShowId, states: Sequence[LineState], limit: int) -> tuple[Line, ...]:
    rows = await db.session.scalars(
        select(LineRow)
        .where(LineRow.show_id == show, LineRow.state.in_(states))
        .order_by(LineRow.at.desc(), LineRow.id.desc())
        .limit(limit)
        .execution_options(populate_existing=True)
    )
    return tuple(reversed([_line(row) for row in rows]))


async def move(tx: Tx, show: ShowId, line: LineId, *, before: Sequence[LineState], to: LineState) -> bool:
    """Change the state if it still is one of `before`. Whether it was."""
    statement = (
        update(LineRow)
        .where(LineRow.id == line, LineRow.show_id == show, LineRow.state.in_(before))
        .values(state=to)
        .returning(LineRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(statement)).first() is not None
