# SPDX-License-Identifier: Apache-2.0
"""Closing: what a closed market means for its open orders and its followers.

Open orders *finish*, or are let go one by one: what nobody paid frees its goods, what was paid goes back in
full by the way of every order that is called off, and each buyer is told. What a carrier has goes on to the
buyer. Each order is one transaction, and what is left to do is what is still open: after a crash it goes on
where it stood. If the market is opened meanwhile, the rest stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from silkcast.ground.ids import ClosureId, OrderId
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Database, Db, Tx
from silkcast.plumbing.jobs import Job
from silkcast.plumbing.outbox import Reaction
from silkcast.stage.deals import service as deals
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.watch.notices import followers
from silkcast.watch.notices import service as notices
from silkcast.who.closings import service as closings
from silkcast.who.closings.events import MarketClosed
from silkcast.who.closings.values import Closure
from silkcast.who.identity import service as identity
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers

from . import settlement, store
from .scene import Scene
from .wanted import CLEAR_MARKET, TELL_FOLLOWERS, ClearingWanted, FollowersWanted

log = structlog.get_logger()
AT_ONCE = 50
MOST_LETTERS = 100
UNPAID, PAID = ("held", "awaiting_payment"), ("paid", "declared")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What refunding a market's open orders would come to."""

    unpaid: int
    """Held or waiting for their payment, claimed ones among them: let go, goods free again."""
    at_door: int
    """To be paid at the door: called off, no money has moved."""
    paid: int
    refunds: Sequence[Money]
    """What goes back, by currency."""

    @property
    def orders(self) -> int:
        return self.unpaid + self.at_door + self.paid


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come."""

    orders: int
    done: int
    failed: int
    refunds: Sequence[Money]
    begun_at: datetime
    finished_at: datetime | None


async def weigh(db: Db, market: Country) -> Weighed:
    """A dry run: how many open orders there are, and how much would go back."""
    found = await orders.open_by_market(db, market)
    claimed = await orders.count_claimed_in(db, market)
    sums: dict[Currency, Money] = {}
    for one in found:
        if one.state in PAID and one.total.currency:
            sums[one.total.currency] = (
                sums.get(one.total.currency, Money.zero(one.total.currency)) + one.total
            )
    return Weighed(
        unpaid=sum(one.orders for one in found if one.state in UNPAID) + claimed,
        at_door=sum(one.orders for one in found if one.is_cash and one.state not in UNPAID),
        paid=sum(one.orders for one in found if not one.is_cash and one.state in PAID),
        refunds=tuple(sums[code] for code in sorted(sums)),
    )


async def progress(db: Db, closure: ClosureId) -> Progress | None:
    """How far letting go has come; none where open orders finish."""
    row = await store.clearing(db, closure)
    if row is None:
        return None
    refunds = tuple(Money.of(amount, Currency(code)) for code, amount in sorted(row.refunded.items()))
    return Progress(row.orders, row.done, row.failed, refunds, row.begun_at, row.finished_at)


async def closed(tx: Tx, event: MarketClosed) -> None:
    """What the closure wants done, in jobs of their own."""
    closure = await closings.the_closure(tx, event.closure)
    if closure.open_orders == "refund":
        await store.begin_clearing(tx, closure.id, (await weigh(tx, closure.market)).orders)
        tx.enqueue(CLEAR_MARKET, ClearingWanted(closure.id, None), key=f"clear-market/{closure.id}")
    if closure.link:
        tx.enqueue(TELL_FOLLOWERS, FollowersWanted(closure.id, None), key=f"tell-followers/{closure.id}")


async def clear(scene: Scene, wanted: ClearingWanted) -> None:
    """Let go of some, and want the next part while there are more."""
    async with scene.database.read() as db:
        closure = await closings.the_closure(db, wanted.closure)
        found = await orders.open_in(db, closure.market, after=wanted.after, limit=AT_ONCE)
        claimed = await orders.claimed_in(db, closure.market, limit=AT_ONCE)
    if closure.ended_at is not None:
        found, claimed = (), ()
    given_up = [await _give_up(scene, closure, order) for order in claimed]
    for order in found:
        await _let_go(scene, closure, order)
    async with scene.database.write() as tx:
        if not found and not any(given_up):
            await store.note_clearing(tx, closure.id, finished_at=tx.now)
            return
        after = found[-1] if found else wanted.after
        part = ClearingWanted(closure.id, after)
        tx.enqueue(CLEAR_MARKET, part, key=f"clear-market/{closure.id}/{after}/{len(given_up)}")


async def _give_up(scene: Scene, closure: Closure, order: OrderId) -> bool:
    async with scene.database.write() as tx:
        if not await deals.give_up_order(tx, order):
            return False
        await _note(tx, closure, {})
    return True


async def _let_go(scene: Scene, closure: Closure, id: OrderId) -> None:
    """One that cannot be let go is left for people, and holds up nobody behind it."""
    try:
        async with scene.database.write() as tx:
            await settlement.alone(tx, id)
            order = await orders.order(tx, id)
            if not orders.is_open(order):
                return
            back = order.total if order.state in PAID and order.payment_method != "cod" else None
            await orders.move(tx, id, "cancelled", f"market closed: {closure.reason}"[:200])
            await _tell_buyer(tx, scene, closure, order)
            await _note(tx, closure, {back.currency: back} if back else {})
    except Refusal as refusal:
        log.warning("closing.order_not_let_go", order=str(id), code=refusal.code)
        async with scene.database.write() as tx:
            await _note(tx, closure, {}, failed=1)


async def _note(tx: Tx, closure: Closure, refunds: Mapping[Currency, Money], failed: int = 0) -> None:
    row = await store.clearing(tx, closure.id, lock=True)
    assert row is not None, "it was begun when the market was closed"
    kept = dict(row.refunded)
    for code, amount in refunds.items():
        kept[code] = str((Money.of(kept.get(code, "0"), code) + amount).amount)
    done = row.done + (1 - failed)
    await store.note_clearing(tx, closure.id, done=done, failed=row.failed + failed, refunded=kept)


async def _tell_buyer(tx: Tx, scene: Scene, closure: Closure, order: Order) -> None:
    if order.erased_at is not None or not (to := order.buyer.email or order.buyer.phone):
        return
    shop = await sellers.seller(tx, order.seller)
    await notices.queue(
        tx,
        "market_closed",
        to=to,
        language=order.language,
        facts={
            "name": order.buyer.name,
            "shop": shop.name.text(order.language),
            "number": order.number,
            "items": "\n".join(f"{line.units} × {line.name.text(order.language)}" for line in order.lines),
            "place": _place(tx, closure, order.language),
            "reason": closure.reason,
            "link": scene.link(f"/order/{await orders.link_secret(tx, order.id)}"),
        },
        about=order.id,
        key=f"market_closed/{order.id}",
    )


def _place(db: Db, closure: Closure, language: str) -> str:
    return markets.market(closure.market, db.now.date()).names.text(language)


async def tell_followers(scene: Scene, wanted: FollowersWanted) -> None:
    """A letter with the new link to each person who agreed to have some, in their language."""
    async with scene.database.write() as tx:
        closure = await closings.the_closure(tx, wanted.closure)
        found = await followers.in_market(tx, closure.market, after=wanted.after, limit=MOST_LETTERS)
        if closure.ended_at is not None or not found:
            return
        people = await identity.users(tx, [one.user for one in found])
        link = closure.link if closure.link.startswith("https:") else scene.link(closure.link)
        for one in found:
            person = people.get(one.user)
            if person is None or not person.is_confirmed:
                continue
            shop = await sellers.seller(tx, one.seller)
            await notices.queue(
                tx,
                "market_moved",
                to=person.contact,
                language=person.language,
                facts={
                    "name": person.name,
                    "shop": shop.name.text(person.language),
                    "place": _place(tx, closure, person.language),
                    "reason": closure.reason,
                    "link": link,
                },
                about=person.id,
                key=f"market_moved/{closure.id}/{person.id}",
            )
        last = found[-1].user
        tx.enqueue(
            TELL_FOLLOWERS, FollowersWanted(closure.id, last), key=f"tell-followers/{closure.id}/{last}"
        )


REACTIONS = (Reaction("flows.market_closed", MarketClosed, closed),)


def jobs(scene: Scene) -> tuple[Job, ...]:
    async def clear_market(database: Database, wanted: ClearingWanted) -> None:
        await clear(scene, wanted)

    async def tell(database: Database, wanted: FollowersWanted) -> None:
        await tell_followers(scene, wanted)

    return (
        Job(CLEAR_MARKET, ClearingWanted, clear_market),
        Job(TELL_FOLLOWERS, FollowersWanted, tell),
    )
