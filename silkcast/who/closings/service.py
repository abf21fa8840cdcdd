# SPDX-License-Identifier: Apache-2.0
"""The door of closings."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from silkcast.ground.ids import ClosureId, new_uuid
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from . import rules, store
from .errors import AlreadyClosed, MarketIsClosed, NoSuchClosure, NotClosed
from .events import MarketClosed, MarketReopened
from .values import Closure, OpenOrders


async def close(
    tx: Tx,
    market: Country,
    *,
    reason: str,
    begins: datetime | None = None,
    ends: datetime | None = None,
    open_orders: OpenOrders = "finish",
    link: str = "",
) -> Closure:
    """No new orders there, from now or from a moment to come; when this was committed, none is placed any
    more. Who is placing one now is waited for."""
    said, leads = rules.reason(reason), rules.link(link)
    starts = begins or tx.now
    rules.check(tx.now, starts, ends, open_orders)
    await store.shut_gate(tx, market)
    for known in await store.open_ones(tx, market):
        if known.ends_at is None or known.ends_at > tx.now:
            raise AlreadyClosed(market)
        await _end(tx, known, "its time was over", None)
    is_now = begins is None or begins <= tx.now
    closure = Closure(
        ClosureId(new_uuid()), market, said, open_orders, leads, starts, ends,
        tx.now if is_now else None, None, "", tx.now, tx.actor.id, None,
    )  # fmt: skip
    if not await store.add(tx, closure):
        raise AlreadyClosed(market)
    if is_now:
        tx.announce(MarketClosed(closure.id, market))
    return closure


async def reopen(tx: Tx, market: Country, reason: str) -> Closure:
    """Orders are taken again; a closure that is still to come is called off."""
    said = rules.reason(reason)
    for known in await store.open_ones(tx, market):
        await _end(tx, known, said, tx.actor.id)
        return await the_closure(tx, known.id)
    raise NotClosed(market)


async def _end(tx: Tx, closure: Closure, why: str, who: UUID | None) -> None:
    if not await store.change(tx, closure.id, ended_at=tx.now, ended_why=why, ended_by=who):
        return
    if closure.begun_at is not None:
        tx.announce(MarketReopened(closure.id, closure.market))


async def keep_time(tx: Tx) -> int:
    """Say of closures whose beginning or end has come that it has; how many it were."""
    found = await store.due(tx)
    for closure in found:
        await store.shut_gate(tx, closure.market)
        if closure.ends_at is not None and closure.ends_at <= tx.now:
            await _end(tx, closure, "its time was over", None)
        elif await store.change(tx, closure.id, begun_at=tx.now):
            tx.announce(MarketClosed(closure.id, closure.market))
    return len(found)


async def check(tx: Tx, market: Country) -> None:
    """Stand in the market's gate to place an order, or `MarketIsClosed`. Ask before rows are locked that
    others wait for."""
    for closure in (await store.through(tx, [market], waits=True)).values():
        raise refusal(await the_closure(tx, closure))


async def check_again(tx: Tx, market: Country) -> None:
    """The same for who holds such rows already: a gate that is just being shut counts as shut."""
    for closure in (await store.through(tx, [market], waits=False)).values():
        if closure is None:
            raise MarketIsClosed(market, tx.now, "", "")
        raise refusal(await the_closure(tx, closure))


async def closed_among(tx: Tx, markets: Collection[str], *, waits: bool = True) -> frozenset[str]:
    """Stand in the gates of several markets; those in which nothing may be ordered now."""
    return frozenset(await store.through(tx, markets, waits=waits)) if markets else frozenset()


def refusal(closure: Closure) -> MarketIsClosed:
    return MarketIsClosed(closure.market, closure.begun_at or closure.begins_at, closure.reason, closure.link)


async def the_closure(db: Db, id: UUID | None) -> Closure:
    found = await store.by_id(db, id) if id is not None else None
    if found is None:
        raise NoSuchClosure
    return found


async def of_market(db: Db, market: Country) -> Closure | None:
    """The closure that is in force or still to come."""
    return next((one for one in await store.open_ones(db, market) if _counts(one, db.now)), None)


async def all_open(db: Db) -> tuple[Closure, ...]:
    """Every closure in force or to come, by market."""
    return tuple(one for one in await store.open_ones(db) if _counts(one, db.now))


def _counts(closure: Closure, now: datetime) -> bool:
    return closure.ends_at is None or closure.ends_at > now


async def history(
    db: Db,
    market: Country | None = None,
    *,
    before: tuple[datetime, UUID] | None = None,
    limit: int = 50,
) -> Sequence[Closure]:
    """Every closure there was, the newest first; go on with `before` = (made_at, id) of the last one."""
    return await store.several(db, market, before, min(limit, 200))


async def last_moved(db: Db) -> Mapping[str, datetime]:
    """When each market was closed or opened last, of those that ever were."""
    return await store.latest_by_market(db)
