# SPDX-License-Identifier: Apache-2.0
"""The door of returns: ask, answer, send back, receive, refund."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from silkcast.ground.ids import OrderId, OrderLineId, ParcelId, ReturnId, SellerId, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, length, page, read_cursor
from silkcast.trade.returns import rules, store
from silkcast.trade.returns.errors import NoReturn, WrongState
from silkcast.trade.returns.events import (
    ReturnAccepted,
    ReturnAsked,
    ReturnClosed,
    ReturnDeclined,
    ReturnReceived,
    ReturnRefunded,
    ReturnSentBack,
)
from silkcast.trade.returns.values import Amount, By, Condition, OrderFacts, Reason, Return, State
from silkcast.who.markets.values import ReturnRule

SEND_DAYS = 14
MOST_WORDS = 1000


def open_until(facts: OrderFacts, rule: ReturnRule) -> datetime | None:
    """Until when the buyer may ask; None before the delivery."""
    return rules.open_until(facts.delivered_at, rule.days, facts.timezone) if facts.delivered_at else None


def worth(
    facts: OrderFacts, wanted: Mapping[OrderLineId, int], rule: ReturnRule, *, out: Mapping[OrderLineId, int]
) -> tuple[Amount, ...]:
    """What would go back for these units when `out` has gone back already: for a page, before asking."""
    parts = rules.parts(facts, wanted, out)
    return rules.worth(rules.basis(facts, rule.gives_back), out, parts)


async def out(db: Db, order: OrderId) -> Mapping[OrderLineId, int]:
    """Units of each line that are in a return already."""
    return await store.units_out(db, order, store.COUNTED)


async def ask(
    tx: Tx,
    facts: OrderFacts,
    wanted: Mapping[OrderLineId, int],
    *,
    reason: Reason,
    words: str = "",
    rule: ReturnRule,
) -> Return:
    """The buyer wants to give units back. Refused outside the days, or beyond what they have."""
    rules.check_time(facts.delivered_at, rule.days, facts.timezone, tx.now)
    await store.lock_order(tx, facts.order)
    before = await store.units_out(tx, facts.order, store.COUNTED)
    parts = rules.parts(facts, wanted, before)
    basis = rules.basis(facts, rule.gives_back)
    asked = Return(
        id=ReturnId(new_uuid()),
        order=facts.order,
        seller=facts.seller,
        number=facts.number,
        market=facts.market,
        parts=parts,
        reason=reason,
        words=words.strip()[:MOST_WORDS],
        state="asked",
        money=rules.worth(basis, before, parts),
        currency=basis.currency,
        return_freight=rule.return_freight,
        asked_at=tx.now,
        answer_by=tx.now + timedelta(days=rule.answer_days),
        answered_at=None,
        answered_by=None,
        answer="",
        send_by=None,
        parcel=None,
        tracking=None,
        sent_back_at=None,
        received_at=None,
        condition=None,
        refunded_at=None,
    )
    await store.add(tx, asked, basis)
    units = sum(part.units for part in parts)
    tx.announce(ReturnAsked(asked.id, asked.order, asked.seller, asked.market, units))
    return asked


async def _move(tx: Tx, returning: ReturnId, to: State, **values: Any) -> tuple[Return, bool]:
    """The return in its new state, and whether it went there just now. Going there twice is once."""
    held = await store.one(tx, returning, lock=True)
    if held is None:
        raise NoReturn()
    if held.state == to:
        return held, False
    if not rules.may_go(held.state, to):
        raise WrongState(held.state, to)
    await store.change(tx, returning, state=to, **values)
    moved = await store.one(tx, returning)
    assert moved is not None
    return moved, True


async def answer(
    tx: Tx,
    returning: ReturnId,
    *,
    accept: bool,
    note: str = "",
    by: By = "seller",
    send_days: int = SEND_DAYS,
) -> Return:
    """The seller (an operator, the clock) says yes or no."""
    to: State = "accepted" if accept else "declined"
    values: dict[str, Any] = {"answered_at": tx.now, "answered_by": by, "answer": note.strip()[:MOST_WORDS]}
    if accept:
        values["send_by"] = tx.now + timedelta(days=send_days)
    moved, fresh = await _move(tx, returning, to, **values)
    if fresh and accept:
        tx.announce(ReturnAccepted(moved.id, moved.order, moved.seller, by))
    elif fresh:
        tx.announce(ReturnDeclined(moved.id, moved.order, moved.seller))
    return moved


async def withdraw(tx: Tx, returning: ReturnId) -> Return:
    """The buyer keeps the goods after all."""
    moved, fresh = await _move(tx, returning, "closed")
    if fresh:
        tx.announce(ReturnClosed(moved.id, moved.order, moved.seller))
    return moved


async def note_label(tx: Tx, returning: ReturnId, *, parcel: ParcelId, tracking: str) -> Return:
    """The parcel it comes back in."""
    held = await store.one(tx, returning, lock=True)
    if held is None:
        raise NoReturn()
    if held.state not in ("accepted", "sent_back"):
        raise WrongState(held.state, "accepted")
    await store.change(tx, returning, parcel_id=parcel, tracking=tracking)
    labelled = await store.one(tx, returning)
    assert labelled is not None
    return labelled


async def note_sent_back(tx: Tx, returning: ReturnId) -> Return:
    """The buyer handed it over. Told after the goods came, it changes nothing."""
    held = await store.one(tx, returning, lock=True)
    if held is not None and held.state in ("received", "refunded"):
        return held
    moved, fresh = await _move(tx, returning, "sent_back", sent_back_at=tx.now)
    if fresh:
        tx.announce(ReturnSentBack(moved.id, moved.order, moved.seller))
    return moved


async def note_received(tx: Tx, returning: ReturnId, condition: Condition = "as_new") -> Return:
    """The goods are back: now the money is fixed, counted on from the returns received before."""
    held = await store.one(tx, returning)
    if held is None:
        raise NoReturn()
    await store.lock_order(tx, held.order)
    held = await store.one(tx, returning, lock=True)
    assert held is not None
    if held.state in ("received", "refunded"):
        return held
    before = await store.units_out(tx, held.order, store.FIXED)
    basis = await store.basis_of(tx, returning)
    money = rules.worth(basis, before, held.parts)
    moved, _ = await _move(tx, returning, "received", received_at=tx.now, condition=condition, money=money)
    tx.announce(
        ReturnReceived(
            moved.id,
            moved.order,
            moved.seller,
            moved.parts,
            moved.money,
            moved.total,
            restock=condition == "as_new",
            last=rules.is_last(basis, before, held.parts),
        )
    )
    return moved


async def note_refunded(tx: Tx, returning: ReturnId) -> Return:
    """The money has gone back."""
    moved, fresh = await _move(tx, returning, "refunded", refunded_at=tx.now)
    if fresh:
        units = await store.units_out(tx, moved.order, ("refunded",))
        last = rules.is_last(await store.basis_of(tx, returning), units, ())
        tx.announce(ReturnRefunded(moved.id, moved.order, moved.seller, moved.total, last))
    return moved


async def accept_overdue(tx: Tx, *, limit: int = 100) -> int:
    """What the seller did not answer in time is accepted by the clock; how many."""
    overdue = await store.unanswered(tx, tx.now, limit)
    for one in overdue:
        await answer(tx, one.id, accept=True, by="clock")
    return len(overdue)


async def close_unsent(tx: Tx, *, limit: int = 100) -> int:
    """What was accepted and never sent is closed; how many."""
    unsent = await store.unsent(tx, tx.now, limit)
    for one in unsent:
        await withdraw(tx, one.id)
    return len(unsent)


async def returning(db: Db, returning: ReturnId, *, seller: SellerId | None = None) -> Return:
    """One return; another seller's is not found."""
    found = await store.one(db, returning)
    if found is None or seller not in (None, found.seller):
        raise NoReturn()
    return found


async def of_orders(db: Db, orders: Iterable[OrderId]) -> Mapping[OrderId, tuple[Return, ...]]:
    """The returns of each order, the newest first; orders without any are left out."""
    found: dict[OrderId, tuple[Return, ...]] = {}
    for one in await store.of_orders(db, orders):
        found[one.order] = (*found.get(one.order, ()), one)
    return found


async def erase_words(tx: Tx, order: OrderId) -> None:
    """What buyer and seller wrote to one another about the order's returns, for good."""
    await store.erase_words(tx, order)


async def of_parcel(db: Db, parcel: ParcelId) -> Return | None:
    """The return that comes back in this parcel."""
    return await store.of_parcel(db, parcel)


async def returns(
    db: Db,
    *,
    seller: SellerId | None = None,
    state: str | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Return]:
    """Returns, the newest first. `text` begins an order's number."""
    before = read_cursor(after, UUID)[0] if after else None
    found = await store.page(
        db, seller=seller, state=state, text=text, before=before, limit=length(limit) + 1
    )
    return page(found, limit, key=lambda one: (one.id,), value=lambda one: one)


async def count_by_state(db: Db, seller: SellerId) -> Mapping[str, int]:
    """How many returns of a seller are in each state."""
    return await store.count_by_state(db, seller)
