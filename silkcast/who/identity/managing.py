# SPDX-License-Identifier: Apache-2.0
"""Managing: market managers, and what each may do. The operator may do all of it everywhere.

The door of managers. Others ask `may(db, user, "market.appeals", market)`, or `check`, which refuses.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from silkcast.ground.ids import UserId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from . import store
from .errors import NoSuchManager, NoSuchUser, NotYourMarket, RightMissing, UnknownRight
from .values import MARKET_RIGHTS, Manager


async def grant(tx: Tx, user: UserId, market: Country, rights: Iterable[str], why: str) -> Manager:
    """Let somebody change these things of a market; what they were allowed there before is replaced."""
    wanted = frozenset(rights)
    for right in sorted(wanted - frozenset(MARKET_RIGHTS)):
        raise UnknownRight(right)
    if not wanted:
        raise UnknownRight("")
    if await store.user(tx, user) is None:
        raise NoSuchUser
    await store.end_manager(tx, user, market, "replaced")
    manager = Manager(user, market, wanted, why, tx.now, UserId(tx.actor.id) if tx.actor.id else None)
    await store.add_manager(tx, manager)
    return manager


async def revoke(tx: Tx, user: UserId, market: Country, why: str) -> None:
    """From now on they may do nothing there."""
    if not await store.end_manager(tx, user, market, why):
        raise NoSuchManager


async def managers(db: Db, market: Country | None = None) -> Sequence[Manager]:
    """Managers of a market or of all, by market and since when."""
    return await store.managers(db, market=market)


async def markets_of(db: Db, user: UserId) -> Mapping[Country, frozenset[str]]:
    """The markets somebody manages, with what they may do there."""
    return {one.market: one.rights for one in await store.managers(db, user=user)}


async def may(db: Db, user: UserId, right: str, market: Country) -> bool:
    """Whether somebody may do something of `MARKET_RIGHTS` in a market now."""
    try:
        await check(db, user, right, market)
    except (NotYourMarket, RightMissing):
        return False
    return True


async def check(db: Db, user: UserId, right: str, market: Country) -> None:
    """`NotYourMarket` or `RightMissing`, unless they may."""
    if right not in MARKET_RIGHTS:
        raise UnknownRight(right)
    person = await store.user(db, user)
    if person is not None and person.is_operator:
        return
    rights = (await markets_of(db, user)).get(market)
    if rights is None:
        raise NotYourMarket(market)
    if right not in rights:
        raise RightMissing(market, right)
