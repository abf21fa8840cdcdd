# SPDX-License-Identifier: Apache-2.0
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import Select, select, text, update

from silkcast.ground.ids import LineId, ShowId
from silkcast.plumbing.db import Db, Tx
from silkcast.stage.chat.models import LineRow
from silkcast.stage.chat.values import AuthorKind, HeldFor, Line, LineState

_ADD = text("""
INSERT INTO chat.lines (
    id, show_id, author, kind, name, text, language, fold, state, held_for, folded_into, at, shown_at
)
SELECT id, :show, author, kind, name, said, language, fold, state, held_for, folded_into, :now,
    CASE WHEN state = 'shown' THEN CAST(:now AS timestamptz) END
FROM unnest(
    CAST(:ids AS uuid[]), CAST(:authors AS bytea[]), CAST(:kinds AS text[]), CAST(:names AS text[]),
    CAST(:texts AS text[]), CAST(:languages AS text[]), CAST(:folds AS bytea[]), CAST(:states AS text[]),
    CAST(:reasons AS text[]), CAST(:intos AS uuid[])
) WITH ORDINALITY
    AS come (id, author, kind, name, said, language, fold, state, held_for, folded_into, place)
ORDER BY place
RETURNING id, number
""")

_COUNT_VOICES = text("""
UPDATE chat.lines SET voices = voices + more
FROM unnest(CAST(:ids AS uuid[]), CAST(:more AS int[])) AS come (line, more)
WHERE id = line AND show_id = :show
RETURNING id, voices
""")

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('chat:' || :show, 0))")


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
        number=row.number,
        voices=row.voices,
        into=LineId(row.folded_into) if row.folded_into else None,
    )


async def lock(tx: Tx, show: ShowId) -> None:
    """One at a time writes in a room, so that the numbers are the order in which lines are committed."""
    await tx.session.execute(_LOCK, {"show": str(show)})


async def add(tx: Tx, show: ShowId, lines: Sequence[tuple[Line, bytes, bytes]]) -> dict[LineId, int]:
    """Write (line, author, fold) of each in this order; the numbers they got."""
    values = {
        "show": show,
        "now": tx.now,
        "ids": [line.id for line, _, _ in lines],
        "authors": [author for _, author, _ in lines],
        "kinds": [line.kind for line, _, _ in lines],
        "names": [line.name for line, _, _ in lines],
        "texts": [line.text for line, _, _ in lines],
        "languages": [line.language for line, _, _ in lines],
        "folds": [fold for _, _, fold in lines],
        "states": [line.state for line, _, _ in lines],
        "reasons": [line.held_for for line, _, _ in lines],
        "intos": [line.into for line, _, _ in lines],
    }
    return {LineId(row.id): row.number for row in await tx.session.execute(_ADD, values)}


async def count_voices(tx: Tx, show: ShowId, more: Mapping[LineId, int]) -> dict[LineId, int]:
    """Add to the voices of these lines; how many they have now."""
    ids = sorted(more)
    values = {"show": show, "ids": ids, "more": [more[id] for id in ids]}
    return {LineId(row.id): row.voices for row in await tx.session.execute(_COUNT_VOICES, values)}


async def the_line(db: Db, show: ShowId, line: LineId) -> tuple[Line, bytes] | None:
    """(line, author)."""
    row = (
        await db.session.scalars(
            select(LineRow)
            .where(LineRow.id == line, LineRow.show_id == show)
            .execution_options(populate_existing=True)
        )
    ).first()
    return (_line(row), row.author) if row else None


async def several(db: Db, lines: Sequence[LineId]) -> dict[LineId, Line]:
    rows = await db.session.scalars(
        select(LineRow).where(LineRow.id.in_(lines)).execution_options(populate_existing=True)
    )
    return {LineId(row.id): _line(row) for row in rows}


async def seen(db: Db, show: ShowId, limit: int, *, with_hidden: bool) -> tuple[Line, ...]:
    """The last lines that were shown, the oldest of them first."""
    asked = select(LineRow).where(LineRow.show_id == show, LineRow.shown_at.is_not(None))
    if not with_hidden:
        asked = asked.where(LineRow.state == "shown")
    return await _last(db, asked, limit)


async def held(db: Db, show: ShowId, limit: int) -> tuple[Line, ...]:
    return await _last(db, select(LineRow).where(LineRow.show_id == show, LineRow.state == "held"), limit)


async def _last(db: Db, asked: Select[LineRow], limit: int) -> tuple[Line, ...]:
    rows = await db.session.scalars(
        asked.order_by(LineRow.number.desc()).limit(limit).execution_options(populate_existing=True)
    )
    return tuple(reversed([_line(row) for row in rows]))


async def hide(tx: Tx, show: ShowId, line: LineId) -> bool:
    """Whether it was shown or held."""
    statement = (
        update(LineRow)
        .where(LineRow.id == line, LineRow.show_id == show, LineRow.state.in_(("shown", "held")))
        .values(state="hidden")
        .returning(LineRow.id)
        .execution_options(synchronize_session=False)
    )
    return (await tx.session.execute(statement)).first() is not None


async def hide_of_author(tx: Tx, show: ShowId, author: bytes, since: datetime) -> list[LineId]:
    """All of an author's lines since then; which they were."""
    statement = (
        update(LineRow)
        .where(
            LineRow.show_id == show,
            LineRow.author == author,
            LineRow.at > since,
            LineRow.state.in_(("shown", "held")),
        )
        .values(state="hidden")
        .returning(LineRow.id)
        .execution_options(synchronize_session=False)
    )
    return [LineId(id) for id in await tx.session.scalars(statement)]


_SHOW = text("""
UPDATE chat.lines SET state = 'shown', shown_at = coalesce(shown_at, :now),
    number = CASE WHEN shown_at IS NULL
        THEN nextval(pg_get_serial_sequence('chat.lines', 'number')) ELSE number END
WHERE id = :line AND show_id = :show AND state IN ('held', 'hidden')
RETURNING id
""")


async def show(tx: Tx, show: ShowId, line: LineId) -> bool:
    """Whether it was held or hidden. One that nobody has seen comes as the newest."""
    values = {"line": line, "show": show, "now": tx.now}
    return (await tx.session.execute(_SHOW, values)).first() is not None


async def rename(tx: Tx, author: bytes, name: str) -> None:
    theirs = update(LineRow).where(LineRow.author == author, LineRow.kind == "viewer")
    await tx.session.execute(theirs.values(name=name).execution_options(synchronize_session=False))
