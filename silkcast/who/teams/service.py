# SPDX-License-Identifier: Apache-2.0
"""The door of teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import ChangeId, SellerId, VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .errors import AlreadyUndone, ChangedSince, NoSuchChange
from .values import DISCOUNT_KEY, Base, Change, Limits, What

CLOSED_IN = 0
"""What a team may do where head office has said nothing."""


async def set_limits(tx: Tx, limits: Limits) -> None:
    """What head office allows from now on; the old limits stay as history."""
    rules.check_limits(limits)
    rules.line(limits.why, "why", rules.LONGEST_WHY)
    await store.add_limits(tx, limits)


async def limits(db: Db, market: Country, seller: SellerId | None = None) -> Limits:
    """What counts for a shop in a market: its own limits, else those of the market, else none of anything."""
    found = {one.seller: one for one in await store.limits(db, market)}
    own = found.get(seller) or found.get(None)
    return own or Limits(market, None, CLOSED_IN, CLOSED_IN, CLOSED_IN, CLOSED_IN, CLOSED_IN)


async def all_limits(db: Db, market: Country) -> Sequence[Limits]:
    """Those of the market first, then of each shop that has its own."""
    return sorted(await store.limits(db, market), key=lambda one: str(one.seller or ""))


async def limits_history(db: Db, market: Country, *, limit: int = 50) -> Sequence[Limits]:
    return await store.limits_history(db, market, limit)


async def begin(tx: Tx, market: Country, what: What, key: str) -> None:
    """Before a thing is looked at to be changed: nobody else changes it meanwhile."""
    await store.alone(tx, market, what, key)


async def base_price(db: Db, variant: VariantId, market: Country, now: Money) -> Money:
    """The shop's own price: what it was before the team changed it, or what the shop set since."""
    known = await store.base(db, variant, market)
    return known.base if known is not None and known.local == now else now


async def note_local_price(tx: Tx, variant: VariantId, market: Country, base: Money, local: Money) -> None:
    await store.put_base(tx, variant, market, Base(base, local))


async def note(
    tx: Tx,
    market: Country,
    what: What,
    key: str,
    *,
    label: str,
    before: str,
    after: str,
    why: str,
    undoes: ChangeId | None = None,
) -> Change:
    """Write down what was changed, in the transaction that changed it."""
    said = rules.line(why, "why", rules.LONGEST_WHY)
    id = ChangeId(new_uuid())
    change = Change(
        id, market, what, key, label[:200], before, after, said, tx.now, tx.actor.id, undoes, None
    )
    if not await store.add_change(tx, change):
        raise AlreadyUndone
    return change


async def to_undo(tx: Tx, market: Country, id: ChangeId) -> Change:
    """A change that can be undone: it is of this market, not undone, and the last of its thing."""
    found = await store.change(tx, id)
    if found is None or found.market != market:
        raise NoSuchChange
    await begin(tx, market, found.what, found.key)
    found = await store.change(tx, id)
    assert found is not None, "changes are never taken away"
    if found.undone_by is not None:
        raise AlreadyUndone
    if await store.newest(tx, market, found.what, found.key) != id:
        raise ChangedSince
    return found


async def changes(
    db: Db,
    market: Country | None = None,
    *,
    what: str | None = None,
    search: str = "",
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Change]:
    """The newest first; go on with `before` = (at, id) of the last one seen."""
    return await store.changes(db, market, what, search.strip(), before, min(limit, 500))


async def last_changed(db: Db) -> Mapping[str, datetime]:
    """When a team changed something last, of markets in which one did."""
    return await store.last_changed(db)


async def setting(db: Db, market: Country, what: What, key: str) -> str:
    """What a team set; empty for nothing."""
    return (await store.settings(db, what, market)).get((market, key), "")


async def set_setting(tx: Tx, market: Country, what: What, key: str, value: str) -> None:
    await store.put_setting(tx, market, what, key, value)


async def texts(db: Db, market: Country) -> Mapping[str, str]:
    """What buyers of a market are told, by language."""
    return {key: value for (_, key), value in (await store.settings(db, "text", market)).items()}


async def deal_discounts(db: Db) -> Mapping[Country, int]:
    """By how many percent a deal may lower a price at most, in markets whose team said so."""
    found = await store.settings(db, "deal_discount", None)
    return {Country(market): int(value) for (market, key), value in found.items() if key == DISCOUNT_KEY}


def text_of(words: str) -> str:
    """A text for buyers, on one line; empty takes it away."""
    return rules.line(words, "text", rules.LONGEST_TEXT, may_be_empty=True)


def check_amount(what: str, amount: Money, base: Money, limits: Limits) -> None:
    """A local price or floor within the limits, or `BeyondLimits`."""
    down, up = (
        (limits.price_down, limits.price_up) if what == "price" else (limits.floor_down, limits.floor_up)
    )
    rules.check_amount(what, amount, base, down, up)


def check_discount(percent: int, limits: Limits) -> None:
    rules.check_discount(percent, limits)


def why_of(words: str) -> str:
    """A reason, on one line."""
    return rules.line(words, "why", rules.LONGEST_WHY)
