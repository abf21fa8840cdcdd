# SPDX-License-Identifier: Apache-2.0
"""Quotas: what a person has used of what the law gives them in a year or a day, by the names in the rules.

An order counts from the moment it is held: two at once of one person cannot both be the last one. One that
came to nothing gives back what it used. A person is one or several keyed digests (their number at customs, or
account, e-mail and phone): an order counts for whoever shares one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from silkcast.goods.duties.values import Quota
from silkcast.ground.ids import OrderId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx

from . import store

KEPT_YEARS = 2


def begins(quota: Quota, on: date) -> date:
    """The first day of the period of a quota that a day lies in."""
    if quota.period == "day":
        return on
    return on.replace(day=1) if quota.period == "month" else on.replace(month=1, day=1)


async def used(
    db: Db, market: Country, quotas: Sequence[Quota], persons: Sequence[bytes], on: date
) -> Mapping[str, Decimal]:
    """What these digests used of each quota in the period that a day lies in."""
    if not quotas or not persons:
        return {}
    found = {}
    for quota in quotas:
        amount = await store.used(db, market, quota.name, persons, begins(quota, on), on)
        if amount:
            found[quota.name] = amount
    return found


async def alone(tx: Tx, persons: Sequence[bytes]) -> None:
    """Nobody else counts for one of these digests before the transaction ends."""
    await store.alone(tx, persons)


async def count(
    tx: Tx, order: OrderId, market: Country, adds: Mapping[str, str], persons: Sequence[bytes], on: date
) -> None:
    """Count what an order uses, by the offer's own figures."""
    await store.add_uses(
        tx, order, market, {name: Decimal(amount) for name, amount in adds.items()}, persons, on
    )


async def give_back(tx: Tx, order: OrderId) -> None:
    """The order came to nothing, or all of it came back."""
    await store.set_counts(tx, order, counts=False)


async def count_again(tx: Tx, order: OrderId) -> None:
    """The order is one after all: its money came late."""
    await store.set_counts(tx, order, counts=True)


async def forget(tx: Tx, order: OrderId) -> None:
    """Whose order it was is known no more."""
    await store.drop(tx, order)


async def forget_old(tx: Tx) -> int:
    """Forget what no period that can still be asked for holds. How many rows."""
    return await store.drop_before(tx, date(tx.now.year - KEPT_YEARS + 1, 1, 1))
