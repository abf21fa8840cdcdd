# SPDX-License-Identifier: Apache-2.0
"""What customs reads and writes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import DeclarationId, OrderId, ParcelId, SellerId
from silkcast.plumbing.db import Db, Tx
from silkcast.trade.customs.models import DeclarationRow, MessageRow, ReceiptRow
from silkcast.trade.customs.values import Declaration, Facts, Kind, Message, Reason, Receipt, State


def _declaration(row: DeclarationRow, receipts: Sequence[Receipt]) -> Declaration:
    return Declaration(
        id=DeclarationId(row.id),
        order=OrderId(row.order_id),
        parcel=ParcelId(row.parcel_id),
        seller=SellerId(row.seller_id),
        order_no=row.order_no,
        cop_no=row.cop_no,
        mode=row.mode,
        attempt=row.attempt,
        state=cast(State, row.state),
        reasons=tuple(Reason(**reason) for reason in row.reasons),
        receipts=tuple(receipts),
        pre_no=row.pre_no,
        inventory_no=row.inventory_no,
        drafted_at=row.drafted_at,
        sent_at=row.sent_at,
        stored_at=row.stored_at,
        released_at=row.released_at,
    )


def _message(row: MessageRow) -> Message:
    return Message(cast(Kind, row.kind), row.guid, row.unit_guid, row.attempt, row.xml, row.sent_at)


async def _receipts(db: Db, declarations: Iterable[UUID]) -> dict[tuple[UUID, int], list[Receipt]]:
    """By declaration and attempt, oldest first."""
    question = (
        select(MessageRow.declaration_id, MessageRow.attempt, MessageRow.kind, ReceiptRow)
        .join(MessageRow, MessageRow.unit_guid == ReceiptRow.unit_guid)
        .where(MessageRow.declaration_id.in_(list(declarations)))
        .order_by(ReceiptRow.at, ReceiptRow.unit_guid, ReceiptRow.status)
    )
    found: dict[tuple[UUID, int], list[Receipt]] = defaultdict(list)
    for declaration, attempt, kind, row in await db.session.execute(question):
        found[declaration, attempt].append(
            Receipt(
                cast(Kind, kind), row.unit_guid, row.status, row.at, row.info, row.pre_no, row.inventory_no
            )
        )
    return found


async def _read(
    db: Db, *where: ColumnElement[bool], limit: int | None = None, lock: bool = False
) -> list[Declaration]:
    question = select(DeclarationRow).where(*where).order_by(DeclarationRow.id.desc()).limit(limit)
    question = question.execution_options(populate_existing=True)
    if lock:
        question = question.with_for_update()
    rows = (await db.session.scalars(question)).all()
    receipts = await _receipts(db, [row.id for row in rows]) if rows else {}
    return [_declaration(row, receipts.get((row.id, row.attempt), ())) for row in rows]


async def declaration(db: Db, declaration: DeclarationId, *, lock: bool = False) -> Declaration | None:
    return next(iter(await _read(db, DeclarationRow.id == declaration, lock=lock)), None)


async def of_parcel(db: Db, parcel: ParcelId) -> Declaration | None:
    return next(iter(await _read(db, DeclarationRow.parcel_id == parcel)), None)


async def of_orders(db: Db, orders: Iterable[OrderId]) -> list[Declaration]:
    return await _read(db, DeclarationRow.order_id.in_(list(orders)))


async def waiting(db: Db, before: datetime, limit: int) -> list[Declaration]:
    """Not sent, or sent and not answered to the end, since before a moment."""
    open_states = ("drafted", "sent", "stored", "reviewing", "inspecting")
    return await _read(
        db, DeclarationRow.state.in_(open_states), DeclarationRow.drafted_at <= before, limit=limit
    )


async def page(
    db: Db, *, seller: SellerId | None, state: str | None, text: str | None, before: UUID | None, limit: int
) -> list[Declaration]:
    where: list[ColumnElement[bool]] = []
    if seller is not None:
        where.append(DeclarationRow.seller_id == seller)
    if state is not None:
        where.append(DeclarationRow.state == state)
    if text:
        where.append(DeclarationRow.order_no.startswith(text.upper(), autoescape=True))
    if before is not None:
        where.append(DeclarationRow.id < before)
    return await _read(db, *where, limit=limit)


async def count_by_state(db: Db, seller: SellerId | None) -> dict[str, int]:
    question = select(DeclarationRow.state, func.count()).group_by(DeclarationRow.state)
    if seller is not None:
        question = question.where(DeclarationRow.seller_id == seller)
    return {row[0]: row[1] for row in await db.session.execute(question)}


async def add(tx: Tx, declaration: DeclarationId, facts: Facts, cop_no: str, mode: str) -> bool:
    """False when the parcel has a declaration already."""
    statement = (
        insert(DeclarationRow)
        .values(
            id=declaration,
            order_id=facts.order,
            parcel_id=facts.parcel,
            seller_id=facts.seller,
            order_no=facts.order_no,
            cop_no=cop_no,
            mode=mode,
            attempt=1,
            state="drafted",
            drafted_at=tx.now,
        )
        .on_conflict_do_nothing(index_elements=[DeclarationRow.parcel_id])
        .returning(DeclarationRow.id)
    )
    return await tx.session.scalar(statement) is not None


async def set_declaration(tx: Tx, declaration: DeclarationId, **values: Any) -> None:
    if "reasons" in values:
        values["reasons"] = [asdict(reason) for reason in values["reasons"]]
    await tx.session.execute(update(DeclarationRow).where(DeclarationRow.id == declaration).values(**values))


async def add_messages(tx: Tx, declaration: DeclarationId, messages: Iterable[Message]) -> None:
    rows = [
        {
            "guid": message.guid,
            "unit_guid": message.unit_guid,
            "declaration_id": declaration,
            "attempt": message.attempt,
            "kind": message.kind,
            "xml": message.xml,
        }
        for message in messages
    ]
    await tx.session.execute(insert(MessageRow).values(rows))


async def messages(
    db: Db, *, declaration: DeclarationId | None = None, order: OrderId | None = None
) -> list[Message]:
    question = select(MessageRow).order_by(MessageRow.attempt, MessageRow.kind)
    question = question.execution_options(populate_existing=True)
    if declaration is not None:
        question = question.where(MessageRow.declaration_id == declaration)
    if order is not None:
        question = question.join(DeclarationRow, DeclarationRow.id == MessageRow.declaration_id)
        question = question.where(DeclarationRow.order_id == order)
    return [_message(row) for row in await db.session.scalars(question)]


async def mark_sent(tx: Tx, declaration: DeclarationId, guid: str) -> None:
    statement = update(MessageRow).where(MessageRow.guid == guid, MessageRow.declaration_id == declaration)
    await tx.session.execute(statement.where(MessageRow.sent_at.is_(None)).values(sent_at=tx.now))


async def message_of(db: Db, unit_guid: str) -> tuple[DeclarationId, int] | None:
    """Whose message it is, and of which attempt."""
    question = select(MessageRow.declaration_id, MessageRow.attempt).where(MessageRow.unit_guid == unit_guid)
    found = (await db.session.execute(question)).first()
    return None if found is None else (DeclarationId(found[0]), found[1])


async def add_receipt(tx: Tx, receipt: Receipt) -> bool:
    """False when it was told before."""
    statement = (
        insert(ReceiptRow)
        .values(
            unit_guid=receipt.unit_guid,
            status=receipt.status,
            at=receipt.at,
            info=receipt.info,
            pre_no=receipt.pre_no,
            inventory_no=receipt.inventory_no,
            heard_at=tx.now,
        )
        .on_conflict_do_nothing()
        .returning(ReceiptRow.unit_guid)
    )
    return await tx.session.scalar(statement) is not None


async def receipts_of_all_attempts(db: Db, declaration: DeclarationId) -> list[Receipt]:
    found = await _receipts(db, [declaration])
    return [receipt for key in sorted(found) for receipt in found[key]]
