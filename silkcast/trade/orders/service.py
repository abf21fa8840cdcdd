# SPDX-License-Identifier: Apache-2.0
"""The door of orders."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from hmac import compare_digest
from uuid import UUID

from silkcast.ground.ids import HoldId, OrderId, SellerId, TermsId, UserId
from silkcast.ground.places import Country
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, length, page, read_cursor
from silkcast.who.closings import service as closings

from . import rules
from .errors import ClaimClosed, KeyReused, NoSuchOrder, StillNeeded, WrongState
from .events import (
    OrderAcceptedForCash,
    OrderCancelled,
    OrderDeclared,
    OrderDelivered,
    OrderEvent,
    OrderExpired,
    OrderPaid,
    OrderPlaced,
    OrderRefunded,
    OrderShipped,
)
from .store import claimed as claims
from .store import numbers, still_open
from .store import whole as store
from .values import (
    Claimed,
    NewClaimed,
    NewOrder,
    OpenOrders,
    Order,
    Placed,
    ReceiverNumber,
    State,
)

_TOLD: Mapping[State, type[OrderEvent]] = {
    "paid": OrderPaid,
    "cod_accepted": OrderAcceptedForCash,
    "declared": OrderDeclared,
    "shipped": OrderShipped,
    "delivered": OrderDelivered,
    "cancelled": OrderCancelled,
    "expired": OrderExpired,
    "refunded": OrderRefunded,
}


async def place(tx: Tx, new: NewOrder, *, key: str) -> Placed:
    """Make the order, or give the same answer again where `key` made it before.

    What is made anew at each try (the hold, its end and the kept quote) does not count as contents.
    """
    return await _place(tx, new, key, None)


async def _place(tx: Tx, new: NewOrder, key: str, id: OrderId | None) -> Placed:
    rules.check(new)
    mark = store.fingerprint(tx, new)
    made = await store.add(tx, new, key=key, mark=mark, id=id)
    if made is not None:
        if id is None:  # a claimed order was placed when it was claimed
            await closings.check_again(tx, new.market)
        id, secret = made
        await numbers.add(tx, id, new.numbers)
        order = await _get(tx, id)
        tx.announce(_event(OrderPlaced, order))
        return Placed(order, secret, is_new=True)
    found = await store.by_key(tx, key)
    assert found is not None, "a key that conflicts is there"
    before, mark_before = found
    if not compare_digest(mark, mark_before) or not await same_numbers(tx, before.id, new.numbers):
        raise KeyReused
    return Placed(before, await _secret(tx, before.id), is_new=False)


async def same_numbers(db: Db, order: OrderId, given: Sequence[ReceiverNumber]) -> bool:
    """Whether an order was placed with these numbers; so it is said, too, where they are purged."""
    kept = await numbers.of_order(db, order)
    return not kept or kept == {one.code: one.text for one in given}


async def keep_terms(tx: Tx, new: NewOrder) -> TermsId:
    """Keep what many claimed orders will have in common: an order for nobody in particular."""
    rules.check(new)
    return await claims.add_terms(tx, new)


async def terms(db: Db, ids: Sequence[TermsId]) -> Mapping[TermsId, NewOrder]:
    """The terms of claimed orders."""
    return await claims.terms(db, ids)


async def place_many(tx: Tx, new: Sequence[NewClaimed], *, until: datetime) -> None:
    """Hundreds of held orders in one statement, each open until a moment. Nothing is announced for each: who
    claims them tells of all at once."""
    if new:
        await claims.add_many(tx, new, until)


async def open_by_market(db: Db, market: Country | None = None) -> Sequence[OpenOrders]:
    """Orders that are not with a carrier yet, in every market or one, by state and currency."""
    return await still_open.open_by_market(db, market, rules.OPEN)


async def open_in(db: Db, market: Country, *, after: OrderId | None = None, limit: int) -> Sequence[OrderId]:
    """The first of them by their ids, from the one after `after`."""
    return await still_open.open_in(db, market, rules.OPEN, after, limit)


def is_open(order: Order) -> bool:
    """Whether it is not with a carrier yet."""
    return order.state in rules.OPEN


async def claimed_in(db: Db, market: Country, *, limit: int) -> Sequence[OrderId]:
    """Claimed orders of a market that nobody has made whole yet."""
    return await claims.open_in(db, market, limit)


async def count_claimed_in(db: Db, market: Country) -> int:
    return await claims.count_open_in(db, market)


async def markets_of(db: Db, ids: Collection[TermsId]) -> Mapping[TermsId, Country]:
    """The market of each of these terms."""
    return await claims.markets_of(db, ids) if ids else {}


async def claimed(db: Db, ids: Sequence[OrderId]) -> Mapping[OrderId, Claimed]:
    """Claimed orders, whatever became of them."""
    return await claims.claimed(db, ids)


async def complete(tx: Tx, id: OrderId, new: NewOrder, *, key: str) -> Placed:
    """Make a claimed order a whole one, under the same id: now it has a buyer, a place and a way to pay."""
    if not await claims.end(tx, [id], "whole") and id not in await store.by_ids(tx, [id]):
        raise ClaimClosed
    return await _place(tx, new, key, id)


async def expire_claimed(tx: Tx, ids: Sequence[OrderId]) -> set[OrderId]:
    """Close claimed orders nobody made whole in time; those that were open until now."""
    return await claims.end(tx, ids, "expired")


async def call_off_claimed(tx: Tx, ids: Sequence[OrderId]) -> set[OrderId]:
    """Close claimed orders that their buyers gave back; those that were open until now."""
    return await claims.end(tx, ids, "called_off")


async def placed_under(db: Db, key: str) -> Order | None:
    """The order that a key made, if it did: to be asked before stock is held a second time."""
    found = await store.by_key(db, key)
    return found[0] if found else None


async def move(tx: Tx, order: OrderId, to: State, why: str) -> Order:
    """Bring an order on to `to`. To be there already is no fault, and nothing is announced again."""
    old = await store.move(tx, order, to, rules.sources(to))
    current = await _get(tx, order)
    if old is None:
        if current.state == to:
            return current
        raise WrongState(current.state, to)
    await store.add_move(tx, order, old, to, why)
    current = await _get(tx, order)
    if kind := _TOLD.get(to):
        tx.announce(_event(kind, current))
    return current


async def lengthen(tx: Tx, order: OrderId, until: datetime) -> Order:
    """Give an unpaid order time until `until`."""
    if not await store.lengthen(tx, order, until, rules.UNPAID):
        current = await _get(tx, order)
        raise WrongState(current.state, "awaiting_payment")
    return await _get(tx, order)


async def hold_anew(tx: Tx, order: OrderId, hold: HoldId, until: datetime) -> Order:
    """Tie the order to another hold of stock: its money came after the first one had run out."""
    current = await _get(tx, order)
    if current.state not in rules.UNPAID | {"expired"}:
        raise WrongState(current.state, "paid")
    await store.rehold(tx, order, hold, until)
    return await _get(tx, order)


async def erase_buyer(tx: Tx, order: OrderId) -> Order:
    """Erase what is personal for good. The sums stay; only an order that has ended can be erased."""
    if not await store.erase(tx, order, rules.ENDED):
        raise StillNeeded((await _get(tx, order)).state)
    await numbers.drop(tx, order)
    return await _get(tx, order)


def has_ended(order: Order) -> bool:
    """Nothing more is to be done for it, unless something comes back."""
    return order.state in rules.ENDED


async def order(db: Db, id: OrderId, *, seller: SellerId | None = None) -> Order:
    """One order; with `seller`, only if it is theirs."""
    return _theirs((await store.by_ids(db, [id])).get(id), seller)


async def orders_by_id(db: Db, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
    """Many at once; those there are not are missing."""
    return await store.by_ids(db, ids)


async def by_number(db: Db, number: str, *, seller: SellerId | None = None) -> Order:
    """The order with the number that people read out. Case and spaces do not matter."""
    return _theirs(await store.by_number(db, number.replace(" ", "").upper()), seller)


async def by_secret(db: Db, secret: str) -> Order:
    """The order whose link someone holds."""
    return _theirs(await store.by_secret(db, secret), None)


async def link_secret(db: Db, order: OrderId) -> str:
    """The secret of an order's link, to write to its buyer. Never for logs, events or other people."""
    return await _secret(db, order)


async def orders(
    db: Db,
    *,
    seller: SellerId | None = None,
    state: State | None = None,
    states: Collection[State] | None = None,
    market: Country | None = None,
    user: UserId | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Order]:
    """Newest first. `text` is the beginning of a number, or a buyer's whole e-mail or phone."""
    mark = read_cursor(after, datetime, UUID) if after else None
    found = await store.page(
        db,
        seller=seller,
        states=(state,) if state is not None else states,
        market=market,
        user=user,
        search=text,
        after=(mark[0], mark[1]) if mark else None,
        limit=length(limit) + 1,
    )
    return page(found, limit, key=lambda order: (order.placed_at, order.id), value=lambda order: order)


async def by_promise(
    db: Db,
    seller: SellerId,
    states: Collection[State],
    *,
    market: Country | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Order]:
    """Orders in some states, those promised for the earliest day first."""
    mark = read_cursor(after, date, UUID) if after else None
    found = await store.by_promise(
        db,
        seller=seller,
        states=states,
        market=market,
        search=text,
        after=(mark[0], mark[1]) if mark else None,
        limit=length(limit) + 1,
    )
    return page(found, limit, key=lambda one: (one.delivery.promise_to, one.id), value=lambda one: one)


async def count_by_state(db: Db, seller: SellerId) -> Mapping[State, int]:
    """How many orders of a seller are in each state."""
    return await store.count_by_state(db, seller)


async def due_to_expire(db: Db, now: datetime, *, limit: int = 100) -> tuple[OrderId, ...]:
    """Unpaid orders whose time has run out, the longest overdue first."""
    return tuple(await store.overdue(db, now, rules.UNPAID, limit))


def _event(kind: type[OrderEvent], order: Order) -> OrderEvent:
    return kind(
        order=order.id,
        seller=order.seller,
        market=order.market,
        show=order.show,
        total=order.total,
        units=order.units,
        payment_method=order.payment_method,
    )


def _theirs(order: Order | None, seller: SellerId | None) -> Order:
    if order is None or (seller is not None and order.seller != seller):
        raise NoSuchOrder
    return order


async def _get(db: Db, id: OrderId) -> Order:
    return _theirs((await store.by_ids(db, [id])).get(id), None)


async def _secret(db: Db, order: OrderId) -> str:
    secret = await store.secret(db, order)
    if secret is None:
        raise NoSuchOrder
    return secret
