# SPDX-License-Identifier: Apache-2.0
"""Translations in PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, and_, delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import SellerId, TermId, new_uuid
from silkcast.plumbing.db import Db, Tx

from .models import MemoryRow, TermRow
from .rules import folded
from .values import NewTerm, Term, Translated

_TERMS = cast(Table, TermRow.__table__)
_MEMORY = cast(Table, MemoryRow.__table__)
_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('glossary:' || :seller, 0))")


def _term(row: TermRow) -> Term:
    return Term(
        id=TermId(row.id),
        seller=SellerId(row.seller_id) if row.seller_id else None,
        source=row.source,
        target=row.target,
        word=row.word,
        meaning=row.meaning,
        added_at=row.added_at,
    )


async def terms_for(db: Db, seller: SellerId | None, source: str | None, target: str) -> tuple[Term, ...]:
    """The house's and the shop's terms into a language, from one or from any."""
    asked = select(TermRow).where(
        TermRow.target == target, or_(TermRow.seller_id.is_(None), TermRow.seller_id == seller)
    )
    if source is not None:
        asked = asked.where(TermRow.source == source)
    return tuple(_term(row) for row in await db.session.scalars(asked))


async def listing(
    db: Db, seller: SellerId | None, *, said: str, after: tuple[Any, ...] | None, limit: int
) -> list[Term]:
    """By their words."""
    asked = select(TermRow).where(TermRow.seller_id.is_not_distinct_from(seller))
    if said:
        asked = asked.where(
            or_(
                TermRow.word.icontains(said, autoescape=True),
                TermRow.meaning.icontains(said, autoescape=True),
            )
        )
    if after is not None:
        word, id = after
        asked = asked.where(or_(TermRow.folded > word, and_(TermRow.folded == word, TermRow.id > id)))
    rows = await db.session.scalars(asked.order_by(TermRow.folded, TermRow.id).limit(limit))
    return [_term(row) for row in rows]


async def lock(tx: Tx, seller: SellerId | None) -> None:
    """One at a time adds to a glossary, so that its length is what was counted."""
    await tx.session.execute(_LOCK, {"seller": str(seller or "")})


async def count(db: Db, seller: SellerId | None) -> int:
    asked = select(func.count()).select_from(TermRow).where(TermRow.seller_id.is_not_distinct_from(seller))
    return await db.session.scalar(asked) or 0


async def add(tx: Tx, seller: SellerId | None, terms: Sequence[NewTerm]) -> None:
    """Add, or say anew what is there already."""
    rows = {
        (term.source, term.target, folded(term.word)): {
            "id": new_uuid(),
            "seller_id": seller,
            "source": term.source,
            "target": term.target,
            "word": term.word,
            "folded": folded(term.word),
            "meaning": term.meaning,
            "added_at": tx.now,
        }
        for term in terms
    }
    statement = insert(_TERMS).values([rows[key] for key in sorted(rows)])
    await tx.session.execute(
        statement.on_conflict_do_update(
            index_elements=["seller_id", "source", "target", "folded"],
            set_={"word": statement.excluded.word, "meaning": statement.excluded.meaning},
        )
    )


async def remove(tx: Tx, seller: SellerId | None, term: TermId) -> bool:
    gone = (
        delete(_TERMS)
        .where(_TERMS.c.id == term, _TERMS.c.seller_id.is_not_distinct_from(seller))
        .returning(_TERMS.c.id)
    )
    return (await tx.session.execute(gone)).first() is not None


async def remembered(db: Db, keys: Sequence[bytes]) -> dict[bytes, tuple[Translated, datetime]]:
    """(what was made, when it was last used) by key."""
    rows = await db.session.execute(select(_MEMORY).where(_MEMORY.c.key.in_(keys)))
    return {
        row.key: (Translated(row.text, row.language, row.source, row.engine, row.made_at), row.used_at)
        for row in rows
    }


async def keep(tx: Tx, made: Mapping[bytes, Translated]) -> None:
    """Who comes second with the same key leaves what the first one kept."""
    rows = [
        {
            "key": key,
            "text": one.text,
            "language": one.language,
            "source": one.source[:12],
            "engine": one.engine,
            "made_at": one.at,
            "used_at": tx.now,
        }
        for key, one in sorted(made.items())
    ]
    await tx.session.execute(insert(_MEMORY).values(rows).on_conflict_do_nothing(index_elements=["key"]))


async def touch(tx: Tx, keys: Sequence[bytes]) -> None:
    # in one order, as everywhere, so that two readers do not wait for each other
    rows = select(_MEMORY.c.key).where(_MEMORY.c.key.in_(keys)).order_by(_MEMORY.c.key).with_for_update()
    await tx.session.execute(rows)
    await tx.session.execute(update(_MEMORY).where(_MEMORY.c.key.in_(keys)).values(used_at=tx.now))


async def forget(tx: Tx, before: datetime) -> int:
    """What nobody read since then; how many."""
    gone = await tx.session.execute(
        delete(_MEMORY).where(_MEMORY.c.used_at < before).returning(_MEMORY.c.key)
    )
    return len(gone.all())
