# SPDX-License-Identifier: Apache-2.0
"""Erasing: what an order knows of its buyer goes for good, once nobody needs it any more.

With the order go the letters about it, what buyer and seller wrote about a return, what the payment provider
told, the labels, the numbers for customs, and the buyer's name in the chat if they bought with an account.
Sums, states and goods stay, for the books; so do the account and the messages to customs, which name no
buyer. Files are removed by a job, after the transaction that forgets them.

An account is erased for itself: its contact, name, password, passkeys, sessions and kept addresses go. Its
orders stay until their buyers are erased, but the numbers for customs of those that have ended go at once.
"""

from __future__ import annotations

from silkcast.ground.clock import day
from silkcast.ground.ids import OrderId, UserId
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.jobs import Job
from silkcast.stage.chat import service as chat
from silkcast.trade.orders import receiving
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.payments import service as payments
from silkcast.trade.quotes import quotas
from silkcast.trade.returns import service as returns
from silkcast.trade.shipping import service as shipping
from silkcast.watch.notices import followers
from silkcast.watch.notices import service as notices
from silkcast.who.identity import service as identity
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from .errors import BuyerStillNeeded, StillSells
from .scene import Scene
from .settlement import alone
from .taking_back import facts_of
from .wanted import REMOVE_LABELS, LabelsUnwanted

UNDECIDED = ("created", "requires_action", "pending")
OVER = ("declined", "refunded", "closed")
"""Returns that want nothing more of the buyer."""


async def erase_buyer(tx: Tx, order_id: OrderId) -> Order:
    """Erase the buyer of an order that has ended, unless they are still needed. Again: nothing happens."""
    await alone(tx, order_id)
    order = await orders.order(tx, order_id)
    if order.erased_at is not None:
        return order
    erased = await orders.erase_buyer(tx, order_id)
    await _check_not_needed(tx, order)
    await returns.erase_words(tx, order_id)
    await notices.erase(tx, about=order_id)
    await quotas.forget(tx, order_id)
    await payments.erase_webhooks(tx, order_id)
    if order.buyer.user is not None:
        await chat.erase_name(tx, str(order.buyer.user))
    labels = await shipping.drop_labels(tx, order_id)
    if labels:
        tx.enqueue(REMOVE_LABELS, LabelsUnwanted(labels), key=f"remove-labels/{order_id}")
    return erased


async def _check_not_needed(tx: Tx, order: Order) -> None:
    """Money under way, a return under way, or one that the buyer may still ask for."""
    if any(one.status in UNDECIDED for one in await payments.payments(tx, order.id)):
        raise BuyerStillNeeded("payment")
    if any(one.status in ("created", "pending") for one in await payments.refunds(tx, order.id)):
        raise BuyerStillNeeded("refund")
    asked = (await returns.of_orders(tx, [order.id])).get(order.id, ())
    if any(one.state not in OVER for one in asked):
        raise BuyerStillNeeded("return")
    if order.state == "delivered":
        rule = markets.market(order.market, day(order.placed_at)).returns
        until = returns.open_until(facts_of(order), rule)
        if until is not None and until > tx.now:
            raise BuyerStillNeeded("return_days")


async def erase_person(tx: Tx, user: UserId) -> None:
    """Close an account for good. Refused while a shop is theirs."""
    if await sellers.shops_of(tx, user):
        raise StillSells()
    await chat.erase_name(tx, str(user))
    await notices.erase(tx, about=user)
    await followers.unfollow(tx, user)
    await receiving.purge_of_user(tx, user)
    await identity.erase(tx, user)


async def remove_labels(scene: Scene, unwanted: LabelsUnwanted) -> None:
    for label in unwanted.labels:
        await scene.files.delete(shipping.label_name(label))


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def run(database: Database, unwanted: LabelsUnwanted) -> None:
        await remove_labels(scene, unwanted)

    return (Job(REMOVE_LABELS, LabelsUnwanted, run),)
