# SPDX-License-Identifier: Apache-2.0
"""The door of translations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from silkcast.ground.ids import SellerId, TermId
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, length, page, read_cursor

from . import errors, rules, store
from .values import Looked, NewTerm, Term, Translated

MOST_TERMS = 2_000
"""In one glossary."""
_DAY = timedelta(days=1)


async def look(
    db: Db,
    texts: Sequence[str],
    *,
    source: str | None,
    target: str,
    engine: str,
    seller: SellerId | None = None,
) -> Looked:
    """What is known of these texts, and what an engine has to be told for the others."""
    terms = await store.terms_for(db, seller, source, target)
    applying = {text: rules.applying(terms, text) for text in texts}
    keys = {
        text: db.vault.blind(rules.said_for(engine, source, target, text, found), "translations.memory")
        for text, found in applying.items()
    }
    kept = await store.remembered(db, sorted(set(keys.values())))
    known = {text: kept[key][0] for text, key in keys.items() if key in kept}
    needed = {term.id: term for text, found in applying.items() if text not in known for term in found}
    unread = sorted(key for key, (_, used_at) in kept.items() if used_at < db.now - _DAY)
    return Looked(known, keys, tuple(needed.values()), unread)


async def keep(tx: Tx, made: Mapping[bytes, Translated]) -> None:
    """Remember what an engine made, by the keys of `look`."""
    if made:
        await store.keep(tx, made)


async def touch(tx: Tx, keys: Sequence[bytes]) -> None:
    """Somebody read these: they are kept from now on for as long again."""
    if keys:
        await store.touch(tx, keys)


async def glossary(
    db: Db, seller: SellerId | None, *, text: str = "", after: str | None = None, limit: int = 50
) -> Page[Term]:
    """The terms of a shop, or of the house, by their words; with `text` those that have it."""
    start = read_cursor(after, str, UUID) if after else None
    found = await store.listing(db, seller, said=text, after=start, limit=length(limit) + 1)
    return page(found, limit, key=lambda one: (rules.folded(one.word), one.id), value=lambda one: one)


async def terms(db: Db, seller: SellerId | None) -> tuple[Term, ...]:
    """All terms of a shop, or of the house."""
    return tuple(await store.listing(db, seller, said="", after=None, limit=MOST_TERMS))


async def add_terms(tx: Tx, seller: SellerId | None, terms: Sequence[NewTerm]) -> int:
    """Add to the glossary of a shop, whose member asks, or of the house, whose operator does. A word that is
    there already gets its new meaning. All of them or none; how many."""
    found = [rules.checked(term, line) for line, term in enumerate(terms, start=1)]
    if not found:
        return 0
    await store.lock(tx, seller)
    await store.add(tx, seller, found)
    if await store.count(tx, seller) > MOST_TERMS:
        raise errors.TooManyTerms(MOST_TERMS)
    return len(found)


async def remove_term(tx: Tx, seller: SellerId | None, term: TermId) -> None:
    """Take a term off the glossary it is in."""
    if not await store.remove(tx, seller, term):
        raise errors.NoSuchTerm()
