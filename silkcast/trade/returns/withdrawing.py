# SPDX-License-Identifier: Apache-2.0
"""Withdrawing: a buyer's one-sided statement that ends the contract, where the law gives them that.

It needs nobody's answer and counts from the moment it is made; the goods come back as a return does.
"""

from __future__ import annotations

from datetime import datetime

from silkcast.ground.ids import OrderId
from silkcast.plumbing.db import Db, Tx
from silkcast.who.markets.values import ReturnRule

from . import rules, store
from .errors import TooLate
from .events import ContractWithdrawn
from .values import OrderFacts


async def withdraw(tx: Tx, facts: OrderFacts, rule: ReturnRule) -> tuple[datetime, bool]:
    """When it was withdrawn from, and whether just now. From the order until the last day after delivery."""
    before = await store.withdrawn_at(tx, facts.order)
    if before is not None:
        return before, False
    if facts.delivered_at is not None:
        until = rules.open_until(facts.delivered_at, rule.days, facts.timezone)
        if tx.now >= until:
            raise TooLate(until)
    if not await store.add_withdrawal(tx, facts.order, facts.seller):
        at = await store.withdrawn_at(tx, facts.order)
        assert at is not None, "what conflicts is there"
        return at, False
    tx.announce(ContractWithdrawn(facts.order, facts.seller, facts.market, tx.now))
    return tx.now, True


async def withdrawn_at(db: Db, order: OrderId) -> datetime | None:
    """When the buyer withdrew from the contract, if they did."""
    return await store.withdrawn_at(db, order)
