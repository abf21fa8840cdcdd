# SPDX-License-Identifier: Apache-2.0
"""Receiving: numbers of an order's receiver that customs asks for, for papers only.

They come with the order, lie sealed, are shown by their last three characters, and go some days after the
order has ended; at once when its buyer is erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from silkcast.ground.ids import OrderId, UserId
from silkcast.plumbing.db import Db, Tx

from . import rules
from .store import numbers as store

TAIL = 3


async def for_papers(db: Db, order: OrderId) -> Mapping[str, str]:
    """The whole numbers by their code: for the papers of customs and the carrier, nobody else."""
    return await store.of_order(db, order)


async def tails(db: Db, order: OrderId) -> Mapping[str, str]:
    """What may be shown of them: the last three characters."""
    return {code: tail(number) for code, number in (await store.of_order(db, order)).items()}


def tail(number: str) -> str:
    return number[-TAIL:]


async def purge(tx: Tx, before: datetime) -> int:
    """Forget the numbers of orders that ended before a moment. How many orders that were."""
    return len(await store.purge(tx, rules.ENDED, before))


async def purge_of_user(tx: Tx, user: UserId) -> None:
    """Whose account is closed: forget the numbers of their ended orders. The others go by the clock."""
    await store.drop_of_user(tx, user, rules.ENDED)
