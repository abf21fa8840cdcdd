# SPDX-License-Identifier: Apache-2.0
"""Reads and writes the tables of orders; seals and opens what is personal."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy import Select, func, insert, or_, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import insert as insert_or

from silkcast.ground.ids import (
    HoldId,
    OrderId,
    OrderLineId,
    ProductId,
    QuoteId,
    SellerId,
    ShowId,
    UserId,
    VariantId,
    new_number,
    new_secret,
    new_uuid,
)
from silkcast.ground.language import Words
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Address, Country
from silkcast.ground.price import PriceLine
from silkcast.ground.quantity import Weight
from silkcast.plumbing.db import Actor, Db, Tx
from silkcast.trade.orders.models import LineRow, MoveRow, OrderRow
from silkcast.trade.orders.values import Buyer, Delivery, Move, NewOrder, Order, OrderLine, State

_PriceLines = tuple[PriceLine, ...]
_NEVER = datetime.min.replace(tzinfo=UTC)


def _context(order: UUID, column: str) -> str:
    return f"orders.orders/{order}/{column}"


def hash_secret(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def fingerprint(db: Db, new: NewOrder) -> bytes:
    """What the buyer asked for, without what is made anew at each try. Keyed, since it covers an address;
    without the receiver's numbers, which are to leave no trace once they are purged."""
    asked = replace(new, hold=HoldId(UUID(int=0)), held_until=_NEVER, quote=None, numbers=())
    return db.vault.blind(msgspec.json.encode(asked, order="deterministic").decode(), "orders.fingerprint")


def email_blind(db: Db, email: str) -> bytes | None:
    return db.vault.blind(email.strip().lower(), "orders.email") if email else None


def phone_blind(db: Db, phone: str) -> bytes | None:
    return db.vault.blind(phone, "orders.phone") if phone else None


async def add(
    tx: Tx, new: NewOrder, *, key: str, mark: bytes, id: OrderId | None = None
) -> tuple[OrderId, str] | None:
    """The new order's id and the secret of its link, or none where the key has one already."""
    order = id or new_uuid()
    secret = new_secret()
    statement = (
        insert_or(OrderRow)
        .values(
            id=order,
            number=new_number(),
            key=key,
            fingerprint=mark,
            seller=new.seller,
            market=new.market,
            currency=new.currency,
            buyer_user=new.buyer.user,
            buyer=tx.vault.seal(msgspec.json.encode(new.buyer).decode(), _context(order, "buyer")),
            ship_to=tx.vault.seal(msgspec.json.encode(new.ship_to).decode(), _context(order, "ship_to")),
            email_blind=email_blind(tx, new.buyer.email),
            phone_blind=phone_blind(tx, new.buyer.phone),
            total=new.total.amount,
            due_at_door=new.due_at_door.amount,
            price_lines=msgspec.to_builtins(new.price_lines),
            delivery_service=new.delivery.service,
            delivery_name=new.delivery.name,
            promise_from=new.delivery.promise_from,
            promise_to=new.delivery.promise_to,
            show=new.show,
            hold=new.hold,
            held_until=new.held_until,
            quote=new.quote,
            payment_method=new.payment_method,
            language=new.language,
            state="held",
            secret_hash=hash_secret(secret),
            secret=tx.vault.seal(secret, _context(order, "secret")),
            placed_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OrderRow.id)
    )
    if (await tx.session.execute(statement)).first() is None:
        return None
    await tx.session.execute(insert(LineRow), [_line_values(order, i, new) for i in range(len(new.lines))])
    await add_move(tx, OrderId(order), None, "held", "placed")
    return OrderId(order), secret


def _line_values(order: UUID, position: int, new: NewOrder) -> dict[str, Any]:
    line = new.lines[position]
    return {
        "id": new_uuid(),
        "order_id": order,
        "position": position,
        "variant": line.variant,
        "product": line.product,
        "sku": line.sku,
        "name": dict(line.name.by_language),
        "options": line.options,
        "units": line.units,
        "unit_price": line.unit_price.amount,
        "line_total": (line.unit_price * line.units).amount,
        "currency": new.currency,
        "hs_code": line.hs_code,
        "origin": line.origin,
        "net_grams": line.net.grams,
        "gross_grams": line.gross.grams,
        "unit_code": line.unit_code,
    }


async def add_move(tx: Tx, order: OrderId, old: str | None, new: str, why: str) -> None:
    await tx.session.execute(
        insert(MoveRow).values(
            order_id=order, old_state=old, new_state=new, why=why, by=_name(tx.actor), at=tx.now
        )
    )


def _name(actor: Actor) -> str:
    return f"{actor.kind}:{actor.id}" if actor.id else actor.kind


_MOVE = text(
    """
    WITH old AS (SELECT id, state FROM orders.orders WHERE id = :order FOR UPDATE)
    UPDATE orders.orders AS o SET state = :to FROM old
    WHERE o.id = old.id AND old.state = ANY(:sources)
    RETURNING old.state
    """
)


async def move(tx: Tx, order: OrderId, to: State, sources: Iterable[State]) -> str | None:
    """The state it came from, or none where it was in none of `sources`."""
    found = await tx.session.execute(_MOVE, {"order": order, "to": to, "sources": sorted(sources)})
    return found.scalar_one_or_none()


async def lengthen(tx: Tx, order: OrderId, until: datetime, states: Iterable[State]) -> bool:
    statement = (
        update(OrderRow)
        .where(OrderRow.id == order, OrderRow.state.in_(sorted(states)))
        .values(held_until=until)
        .returning(OrderRow.id)
    )
    return (await tx.session.execute(statement)).first() is not None


async def rehold(tx: Tx, order: OrderId, hold: HoldId, until: datetime) -> None:
    await tx.session.execute(update(OrderRow).where(OrderRow.id == order).values(hold=hold, held_until=until))


async def erase(tx: Tx, order: OrderId, states: Iterable[State]) -> bool:
    statement = (
        update(OrderRow)
        .where(OrderRow.id == order, OrderRow.state.in_(sorted(states)))
        .values(
            buyer=None,
            ship_to=None,
            email_blind=None,
            phone_blind=None,
            buyer_user=None,
            # made of what was asked, the address with it: whoever guesses that could tell by it
            fingerprint=b"",
            erased_at=tx.now,
        )
        .returning(OrderRow.id)
    )
    return (await tx.session.execute(statement)).first() is not None


async def by_ids(db: Db, ids: Sequence[OrderId]) -> Mapping[OrderId, Order]:
    return {order.id: order for order in await _load(db, select(OrderRow).where(OrderRow.id.in_(ids)))}


async def by_key(db: Db, key: str) -> tuple[Order, bytes] | None:
    """The order made under a key, and the fingerprint of what was asked then."""
    found = await db.session.execute(select(OrderRow.id, OrderRow.fingerprint).where(OrderRow.key == key))
    row = found.first()
    if row is None:
        return None
    return (await by_ids(db, [OrderId(row.id)]))[OrderId(row.id)], row.fingerprint


async def by_number(db: Db, number: str) -> Order | None:
    return await _one(db, select(OrderRow).where(OrderRow.number == number))


async def by_secret(db: Db, secret: str) -> Order | None:
    return await _one(db, select(OrderRow).where(OrderRow.secret_hash == hash_secret(secret)))


async def secret(db: Db, order: OrderId) -> str | None:
    sealed = (await db.session.execute(select(OrderRow.secret).where(OrderRow.id == order))).scalar()
    return db.vault.open(sealed, _context(order, "secret")) if sealed else None


async def page(
    db: Db,
    *,
    seller: SellerId | None,
    states: Collection[State] | None,
    market: Country | None,
    user: UserId | None,
    search: str | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Order]:
    statement = select(OrderRow).order_by(OrderRow.placed_at.desc(), OrderRow.id.desc()).limit(limit)
    if seller is not None:
        statement = statement.where(OrderRow.seller == seller)
    if states is not None:
        statement = statement.where(OrderRow.state.in_(states))
    if market is not None:
        statement = statement.where(OrderRow.market == market)
    if user is not None:
        statement = statement.where(OrderRow.buyer_user == user)
    if search:
        statement = statement.where(_matches(db, search.strip()))
    if after is not None:
        statement = statement.where(tuple_(OrderRow.placed_at, OrderRow.id) < tuple_(*after))
    return await _load(db, statement)


async def by_promise(
    db: Db,
    *,
    seller: SellerId,
    states: Collection[State],
    market: Country | None,
    search: str | None,
    after: tuple[date, UUID] | None,
    limit: int,
) -> list[Order]:
    statement = (
        select(OrderRow)
        .where(OrderRow.seller == seller, OrderRow.state.in_(states))
        .order_by(OrderRow.promise_to, OrderRow.id)
        .limit(limit)
    )
    if market is not None:
        statement = statement.where(OrderRow.market == market)
    if search:
        statement = statement.where(_matches(db, search.strip()))
    if after is not None:
        statement = statement.where(tuple_(OrderRow.promise_to, OrderRow.id) > tuple_(*after))
    return await _load(db, statement)


async def count_by_state(db: Db, seller: SellerId) -> dict[State, int]:
    question = select(OrderRow.state, func.count()).where(OrderRow.seller == seller).group_by(OrderRow.state)
    rows: Any = (await db.session.execute(question)).all()
    return dict(rows)


def _matches(db: Db, search: str) -> Any:
    """Number from its beginning, or the buyer's e-mail or phone in full: what is sealed has no parts."""
    return or_(
        OrderRow.number.startswith(search.upper(), autoescape=True),
        OrderRow.email_blind == email_blind(db, search),
        OrderRow.phone_blind == phone_blind(db, search),
    )


async def overdue(db: Db, now: datetime, states: Iterable[State], limit: int) -> list[OrderId]:
    found = await db.session.execute(
        select(OrderRow.id)
        .where(OrderRow.state.in_(sorted(states)), OrderRow.held_until <= now)
        .order_by(OrderRow.held_until)
        .limit(limit)
    )
    return [OrderId(order) for order in found.scalars()]


async def _one(db: Db, statement: Select[OrderRow]) -> Order | None:
    orders = await _load(db, statement)
    return orders[0] if orders else None


async def _load(db: Db, statement: Select[OrderRow]) -> list[Order]:
    # Rows may lie in the session from before an update that went past it.
    fresh = {"populate_existing": True}
    rows = list((await db.session.execute(statement, execution_options=fresh)).scalars())
    ids = [row.id for row in rows]
    lines: dict[UUID, list[LineRow]] = {order: [] for order in ids}
    moves: dict[UUID, list[MoveRow]] = {order: [] for order in ids}
    if ids:
        of_lines = select(LineRow).where(LineRow.order_id.in_(ids)).order_by(LineRow.position)
        for line in (await db.session.execute(of_lines)).scalars():
            lines[line.order_id].append(line)
        of_moves = select(MoveRow).where(MoveRow.order_id.in_(ids)).order_by(MoveRow.id)
        for move_row in (await db.session.execute(of_moves)).scalars():
            moves[move_row.order_id].append(move_row)
    return [_order(db, row, lines[row.id], moves[row.id]) for row in rows]


def _order(db: Db, row: OrderRow, lines: Sequence[LineRow], moves: Sequence[MoveRow]) -> Order:
    currency = Currency(row.currency)
    return Order(
        id=OrderId(row.id),
        number=row.number,
        seller=SellerId(row.seller),
        market=Country(row.market),
        currency=currency,
        buyer=_buyer(db, row),
        ship_to=_ship_to(db, row),
        lines=tuple(_line(line) for line in lines),
        price_lines=msgspec.convert(row.price_lines, _PriceLines, strict=False),
        total=Money(row.total, currency),
        due_at_door=Money(row.due_at_door, currency),
        delivery=Delivery(row.delivery_service, row.delivery_name, row.promise_from, row.promise_to),
        show=ShowId(row.show) if row.show else None,
        hold=HoldId(row.hold),
        held_until=row.held_until,
        quote=QuoteId(row.quote) if row.quote else None,
        payment_method=row.payment_method,
        language=row.language,
        state=cast(State, row.state),
        history=tuple(
            Move(cast("State | None", m.old_state), cast(State, m.new_state), m.why, m.by, m.at)
            for m in moves
        ),
        placed_at=row.placed_at,
        key=row.key,
        erased_at=row.erased_at,
    )


def _buyer(db: Db, row: OrderRow) -> Buyer:
    if row.buyer is None:
        return Buyer("")
    return msgspec.json.decode(db.vault.open(row.buyer, _context(row.id, "buyer")), type=Buyer)


def _ship_to(db: Db, row: OrderRow) -> Address:
    if row.ship_to is None:
        return Address(Country(row.market), "", "", "")
    return msgspec.json.decode(db.vault.open(row.ship_to, _context(row.id, "ship_to")), type=Address)


def _line(row: LineRow) -> OrderLine:
    return OrderLine(
        id=OrderLineId(row.id),
        variant=VariantId(row.variant),
        product=ProductId(row.product),
        sku=row.sku,
        name=Words(row.name),
        options=row.options,
        units=row.units,
        unit_price=Money(row.unit_price, Currency(row.currency)),
        line_total=Money(row.line_total, Currency(row.currency)),
        hs_code=row.hs_code,
        origin=Country(row.origin),
        net=Weight(row.net_grams),
        gross=Weight(row.gross_grams),
        unit_code=row.unit_code,
    )
