# SPDX-License-Identifier: Apache-2.0
"""Withdrawing from a contract, where the market's law gives its buyers the function (the EU since June 2026).

not sent yet    the order is called off, and its money goes back
on its way      it is written down; the return begins by itself at the delivery
delivered       a return of all that is left, accepted by law: its label comes at once
"""

from __future__ import annotations

from datetime import date, datetime

from silkcast.ground.clock import day
from silkcast.plumbing.db import Tx
from silkcast.plumbing.outbox import Reaction
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.events import OrderDelivered
from silkcast.trade.orders.values import Order
from silkcast.trade.returns import service as returns
from silkcast.trade.returns import withdrawing
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from . import taking_back
from .errors import NothingToWithdraw, WithdrawalNotOffered
from .settlement import alone

KEY = "withdrawal_function"
NOT_SENT = ("held", "awaiting_payment", "paid", "cod_accepted", "declared")
OVER = ("cancelled", "expired", "refunded")


def is_offered(market: Market, on: date) -> bool:
    return market.owes(KEY, on)


async def withdraw(tx: Tx, order: Order) -> datetime:
    """The buyer withdraws from the contract of an order. When that was; again: the same moment."""
    await alone(tx, order.id)
    order = await orders.order(tx, order.id)
    market = markets.market(order.market, day(order.placed_at))
    if not is_offered(market, day(tx.now)):
        raise WithdrawalNotOffered(order.market)
    before = await withdrawing.withdrawn_at(tx, order.id)
    if before is not None:
        return before
    if order.state in OVER:
        raise NothingToWithdraw(order.state)
    at, _ = await withdrawing.withdraw(tx, taking_back.facts_of(order), market.returns)
    if order.state in NOT_SENT:
        await orders.move(tx, order.id, "cancelled", "withdrawn from the contract")
    elif order.state == "delivered":
        await _take_back(tx, order)
    return at


async def _take_back(tx: Tx, order: Order) -> None:
    """A return of all the buyer still has. Nobody is asked: the law has said yes."""
    out = await returns.out(tx, order.id)
    left = {line.id: line.units - out.get(line.id, 0) for line in order.lines}
    wanted = {line: units for line, units in left.items() if units > 0}
    if not wanted:
        return
    asked = await taking_back.ask(tx, order, wanted, reason="changed_mind")
    await returns.answer(tx, asked.id, accept=True, by="law")


async def delivered(tx: Tx, event: OrderDelivered) -> None:
    """What was withdrawn from on its way goes back as soon as it has come."""
    if await withdrawing.withdrawn_at(tx, event.order) is None:
        return
    await alone(tx, event.order)
    order = await orders.order(tx, event.order)
    if order.state == "delivered":
        await _take_back(tx, order)


REACTIONS = (Reaction("flows.take_back_withdrawn", OrderDelivered, delivered),)
