# SPDX-License-Identifier: Apache-2.0
"""Receiving: what the law of a market asks of the person who receives a parcel.

Numbers for customs are checked at the counter, kept with the order for papers only, and purged by the clock.
What the law gives a person in a year or a day is counted by digests of that number, or of who bought.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import structlog

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import NoSuchRules
from silkcast.goods.duties.values import Quota
from silkcast.ground.clock import day
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.plumbing.jobs import Tick
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import receiving as papers
from silkcast.trade.orders.events import (
    OrderAcceptedForCash,
    OrderCancelled,
    OrderExpired,
    OrderPaid,
    OrderRefunded,
)
from silkcast.trade.orders.values import Buyer, Order
from silkcast.trade.quotes import quotas
from silkcast.trade.quotes.values import Offer
from silkcast.who.markets.values import Market

from .scene import Scene

log = structlog.get_logger()
EVERY = timedelta(hours=1)


def persons(db: Db, market: Market, buyer: Buyer, numbers: Mapping[str, str]) -> list[bytes]:
    """Digests of who receives: by the number customs knows them by, else by all that tells who they are."""
    if numbers:
        marks = [f"{market.code}/{code}/{number}" for code, number in numbers.items()]
    else:
        marks = [str(buyer.user or ""), buyer.email.strip().lower(), buyer.phone]
    return [db.vault.blind(mark, "quotes.person") for mark in marks if mark]


def quotas_of(market: Market, now: datetime) -> Sequence[Quota]:
    """What the law of the market counts by person."""
    try:
        return duties.rules_for(market.code, day(now)).quotas
    except NoSuchRules:
        return ()


async def used(db: Db, market: Market, buyer: Buyer, numbers: Mapping[str, str]) -> Mapping[str, Decimal]:
    """What somebody used of the market's quotas before now."""
    counted = quotas_of(market, db.now)
    if not counted:
        return {}
    who = persons(db, market, buyer, numbers)
    return await quotas.used(db, market.code, counted, who, _day_there(db.now, market))


async def used_alone(
    tx: Tx, market: Market, buyer: Buyer, numbers: Mapping[str, str]
) -> Mapping[str, Decimal]:
    """The same, and nobody counts for this person until the transaction ends."""
    if quotas_of(market, tx.now):
        await quotas.alone(tx, persons(tx, market, buyer, numbers))
    return await used(tx, market, buyer, numbers)


async def count(tx: Tx, order: Order, market: Market, offer: Offer, numbers: Mapping[str, str]) -> None:
    """Count what an order uses from the moment it is held."""
    if offer.quotas:
        who = persons(tx, market, order.buyer, numbers)
        await quotas.count(tx, order.id, market.code, offer.quotas, who, _day_there(tx.now, market))


def _day_there(now: datetime, market: Market) -> date:
    return now.astimezone(ZoneInfo(market.time_zone)).date()


async def give_back(tx: Tx, event: OrderCancelled | OrderExpired | OrderRefunded) -> None:
    await quotas.give_back(tx, event.order)


async def count_again(tx: Tx, event: OrderPaid | OrderAcceptedForCash) -> None:
    await quotas.count_again(tx, event.order)


REACTIONS = (
    Reaction("flows.quota_back_of_cancelled", OrderCancelled, give_back),
    Reaction("flows.quota_back_of_expired", OrderExpired, give_back),
    Reaction("flows.quota_back_of_refunded", OrderRefunded, give_back),
    Reaction("flows.quota_of_paid", OrderPaid, count_again),
    Reaction("flows.quota_of_cash", OrderAcceptedForCash, count_again),
)


def ticks(scene: Scene) -> tuple[Tick, ...]:
    async def purge(database: Database) -> None:
        async with database.write() as tx:
            gone = await papers.purge(tx, tx.now - timedelta(days=scene.settings.receiver_number_days))
        if gone:
            log.info("receiving.numbers_purged", orders=gone)

    async def forget(database: Database) -> None:
        async with database.write() as tx:
            await quotas.forget_old(tx)

    return (
        Tick("flows.purge_receiver_numbers", EVERY, purge),
        Tick("flows.forget_old_quotas", timedelta(days=1), forget),
    )
