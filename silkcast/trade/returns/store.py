# SPDX-License-Identifier: Apache-2.0
"""What returns read and write."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import OrderId, OrderLineId, ParcelId, ReturnId, SellerId, VariantId
from silkcast.ground.money import Money
from silkcast.plumbing.db import Db, Tx
from silkcast.trade.returns.models import PartRow, ReturnRow, WithdrawalRow
from silkcast.trade.returns.values import Amount, Basis, By, Condition, Kind, Part, Reason, Return, State

COUNTED = ("asked", "accepted", "sent_back", "received", "refunded")
"""Returns whose units are no longer the buyer's to return once more."""
FIXED = ("received", "refunded")
"""Returns whose money is fixed."""


def _basis_json(given: Basis) -> dict[str, Any]:
    return {
        "lines": [[str(line), units, money.minor] for line, (units, money) in given.lines.items()],
        "others": {kind: money.minor for kind, money in given.others.items()},
    }


def _basis(given: Mapping[str, Any], currency: str) -> Basis:
    return Basis(
        {
            OrderLineId(UUID(line)): (units, Money.from_minor(minor, currency))
            for line, units, minor in given["lines"]
        },
        {cast(Kind, kind): Money.from_minor(minor, currency) for kind, minor in given["others"].items()},
        currency,
    )


def _money_json(money: Iterable[Amount]) -> list[Any]:
    return [[one.kind, one.amount.minor] for one in money]


def _seal(tx: Tx, returning: ReturnId, column: str, plain: str) -> str:
    """What buyer and seller write to one another may name anybody; nothing stays nothing."""
    return tx.vault.seal(plain, f"returns.returns/{returning}/{column}") if plain else ""


def _open(db: Db, returning: UUID, column: str, sealed: str) -> str:
    return db.vault.open(sealed, f"returns.returns/{returning}/{column}") if sealed else ""


def _return(db: Db, row: ReturnRow, parts: Sequence[Part]) -> Return:
    return Return(
        id=ReturnId(row.id),
        order=OrderId(row.order_id),
        seller=SellerId(row.seller_id),
        number=row.number,
        market=row.market,
        parts=tuple(parts),
        reason=cast(Reason, row.reason),
        words=_open(db, row.id, "words", row.words),
        state=cast(State, row.state),
        money=tuple(Amount(kind, Money.from_minor(minor, row.currency)) for kind, minor in row.money),
        currency=row.currency,
        return_freight=cast(Literal["buyer", "seller"], row.return_freight),
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        answered_at=row.answered_at,
        answered_by=cast(By | None, row.answered_by),
        answer=_open(db, row.id, "answer", row.answer),
        send_by=row.send_by,
        parcel=None if row.parcel_id is None else ParcelId(row.parcel_id),
        tracking=row.tracking,
        sent_back_at=row.sent_back_at,
        received_at=row.received_at,
        condition=cast(Condition | None, row.condition),
        refunded_at=row.refunded_at,
    )


async def _read(
    db: Db, *where: ColumnElement[bool], limit: int | None = None, lock: bool = False, skip: bool = False
) -> list[Return]:
    question = select(ReturnRow).where(*where).order_by(ReturnRow.id.desc()).limit(limit)
    question = question.execution_options(populate_existing=True)
    if lock:
        question = question.with_for_update(skip_locked=skip)
    rows = (await db.session.scalars(question)).all()
    parts: dict[UUID, list[Part]] = defaultdict(list)
    if rows:
        asked = select(PartRow).where(PartRow.return_id.in_([row.id for row in rows]))
        for part in await db.session.scalars(asked.order_by(PartRow.order_line_id)):
            parts[part.return_id].append(
                Part(OrderLineId(part.order_line_id), VariantId(part.variant_id), part.units)
            )
    return [_return(db, row, parts[row.id]) for row in rows]


async def lock_order(tx: Tx, order: OrderId) -> None:
    """One return of an order at a time, until the transaction ends."""
    await tx.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"returns {order}", 0))))


async def one(db: Db, returning: ReturnId, *, lock: bool = False) -> Return | None:
    return next(iter(await _read(db, ReturnRow.id == returning, lock=lock)), None)


async def basis_of(db: Db, returning: ReturnId) -> Basis:
    question = select(ReturnRow.basis, ReturnRow.currency).where(ReturnRow.id == returning)
    basis, currency = (await db.session.execute(question)).one()
    return _basis(basis, currency)


async def units_out(db: Db, order: OrderId, states: Sequence[str]) -> dict[OrderLineId, int]:
    """Units of each line in returns of the order that are in these states."""
    question = (
        select(PartRow.order_line_id, func.sum(PartRow.units))
        .join(ReturnRow, ReturnRow.id == PartRow.return_id)
        .where(ReturnRow.order_id == order, ReturnRow.state.in_(states))
        .group_by(PartRow.order_line_id)
    )
    return {OrderLineId(line): int(units) for line, units in await db.session.execute(question)}


async def of_orders(db: Db, orders: Iterable[OrderId]) -> list[Return]:
    return await _read(db, ReturnRow.order_id.in_(list(orders)))


async def of_parcel(db: Db, parcel: ParcelId) -> Return | None:
    return next(iter(await _read(db, ReturnRow.parcel_id == parcel)), None)


async def unanswered(tx: Tx, now: datetime, limit: int) -> list[Return]:
    return await _read(
        tx, ReturnRow.state == "asked", ReturnRow.answer_by <= now, limit=limit, lock=True, skip=True
    )


async def unsent(tx: Tx, now: datetime, limit: int) -> list[Return]:
    return await _read(
        tx, ReturnRow.state == "accepted", ReturnRow.send_by <= now, limit=limit, lock=True, skip=True
    )


async def page(
    db: Db, *, seller: SellerId | None, state: str | None, text: str | None, before: UUID | None, limit: int
) -> list[Return]:
    where: list[ColumnElement[bool]] = []
    if seller is not None:
        where.append(ReturnRow.seller_id == seller)
    if state is not None:
        where.append(ReturnRow.state == state)
    if text:
        where.append(ReturnRow.number.startswith(text.upper(), autoescape=True))
    if before is not None:
        where.append(ReturnRow.id < before)
    return await _read(db, *where, limit=limit)


async def count_by_state(db: Db, seller: SellerId) -> dict[str, int]:
    question = select(ReturnRow.state, func.count()).where(ReturnRow.seller_id == seller)
    return {row[0]: row[1] for row in await db.session.execute(question.group_by(ReturnRow.state))}


async def add(tx: Tx, new: Return, basis: Basis) -> None:
    await tx.session.execute(
        insert(ReturnRow).values(
            id=new.id,
            order_id=new.order,
            seller_id=new.seller,
            number=new.number,
            market=new.market,
            reason=new.reason,
            words=_seal(tx, new.id, "words", new.words),
            state=new.state,
            currency=new.currency,
            basis=_basis_json(basis),
            money=_money_json(new.money),
            return_freight=new.return_freight,
            asked_at=new.asked_at,
            answer_by=new.answer_by,
        )
    )
    await tx.session.execute(
        insert(PartRow).values(
            [
                {
                    "return_id": new.id,
                    "order_line_id": part.line,
                    "variant_id": part.variant,
                    "units": part.units,
                }
                for part in new.parts
            ]
        )
    )


async def change(tx: Tx, returning: ReturnId, **values: Any) -> None:
    if "money" in values:
        values["money"] = _money_json(values["money"])
    if "answer" in values:
        values["answer"] = _seal(tx, returning, "answer", values["answer"])
    await tx.session.execute(update(ReturnRow).where(ReturnRow.id == returning).values(**values))


async def erase_words(tx: Tx, order: OrderId) -> None:
    await tx.session.execute(update(ReturnRow).where(ReturnRow.order_id == order).values(words="", answer=""))


async def withdrawn_at(db: Db, order: OrderId) -> datetime | None:
    found = await db.session.execute(select(WithdrawalRow.at).where(WithdrawalRow.order_id == order))
    return found.scalar_one_or_none()


async def add_withdrawal(tx: Tx, order: OrderId, seller: SellerId) -> bool:
    """Whether it is a new one."""
    made = await tx.session.execute(
        insert(WithdrawalRow)
        .values(order_id=order, seller_id=seller, at=tx.now)
        .on_conflict_do_nothing(index_elements=["order_id"])
        .returning(WithdrawalRow.order_id)
    )
    return made.first() is not None
