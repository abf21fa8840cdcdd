# SPDX-License-Identifier: Apache-2.0
"""Sellers in PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, Row, Table, Text, delete, insert, or_, select, tuple_, update
from sqlalchemy import cast as cast_to
from sqlalchemy.dialects.postgresql import insert as insert_or

from silkcast.ground.ids import FileId, SellerId, UserId, WarehouseId
from silkcast.ground.language import Words
from silkcast.ground.places import Address, Country
from silkcast.plumbing.db import Db, Tx

from .models import AnswerableRow, SellerRow, WarehouseRow
from .values import Answerable, CustomsIdentity, NewSeller, Seller, Warehouse

_SELLERS = cast(Table, SellerRow.__table__)
_WAREHOUSES = cast(Table, WarehouseRow.__table__)
_ANSWERABLE = cast(Table, AnswerableRow.__table__)
_SEAL = "sellers.address"


def _seal(db: Db, address: Address) -> str:
    return db.vault.seal(msgspec.json.encode(address), _SEAL)


def _open(db: Db, sealed: str) -> Address:
    return msgspec.json.decode(db.vault.open(sealed, _SEAL), type=Address)


def _seller(db: Db, row: Row[Any]) -> Seller:
    return Seller(
        id=SellerId(row.id),
        owner=UserId(row.owner),
        slug=row.slug,
        name=Words(row.name),
        story=Words(row.story),
        city=row.city,
        country=Country(row.country),
        avatar=FileId(row.avatar) if row.avatar else None,
        legal_name=row.legal_name,
        customs=CustomsIdentity(row.trade_code, row.uscc, row.ebc_code, row.ebc_name),
        return_address=_open(db, row.return_address),
        status=row.status,
        commission_rate=row.commission_rate,
        opened_at=row.opened_at,
    )


def _columns(db: Db, shop: NewSeller) -> dict[str, object]:
    return {
        "slug": shop.slug,
        "name": dict(shop.name.by_language),
        "story": dict(shop.story.by_language),
        "city": shop.city,
        "country": shop.country,
        "avatar": shop.avatar,
        "legal_name": shop.legal_name,
        "trade_code": shop.customs.trade_code,
        "uscc": shop.customs.uscc,
        "ebc_code": shop.customs.ebc_code,
        "ebc_name": shop.customs.ebc_name,
        "return_address": _seal(db, shop.return_address),
    }


async def add(tx: Tx, id: SellerId, owner: UserId, shop: NewSeller, commission_rate: object) -> None:
    values = {
        **_columns(tx, shop),
        "id": id,
        "owner": owner,
        "status": "active",
        "commission_rate": commission_rate,
        "opened_at": tx.now,
    }
    await tx.session.execute(insert(_SELLERS).values(values))


async def is_slug_taken(db: Db, slug: str, *, but: SellerId | None = None) -> bool:
    query = select(_SELLERS.c.id).where(_SELLERS.c.slug == slug)
    if but is not None:
        query = query.where(_SELLERS.c.id != but)
    return (await db.session.execute(query)).first() is not None


async def revise(tx: Tx, id: SellerId, shop: NewSeller) -> None:
    await tx.session.execute(update(_SELLERS).where(_SELLERS.c.id == id).values(_columns(tx, shop)))


async def set_status(tx: Tx, id: SellerId, status: str) -> bool:
    """Whether it was another before."""
    changed = (
        update(_SELLERS)
        .where(_SELLERS.c.id == id, _SELLERS.c.status != status)
        .values(status=status)
        .returning(_SELLERS.c.id)
    )
    return (await tx.session.execute(changed)).first() is not None


async def set_commission(tx: Tx, id: SellerId, rate: object) -> None:
    await tx.session.execute(update(_SELLERS).where(_SELLERS.c.id == id).values(commission_rate=rate))


async def by_ids(db: Db, ids: Sequence[SellerId]) -> dict[SellerId, Seller]:
    return {seller.id: seller for seller in await _read(db, _SELLERS.c.id.in_(ids))}


async def by_slug(db: Db, slug: str) -> Seller | None:
    return next(iter(await _read(db, _SELLERS.c.slug == slug)), None)


async def of_owner(db: Db, owner: UserId) -> tuple[Seller, ...]:
    return tuple(await _read(db, _SELLERS.c.owner == owner))


async def _read(db: Db, condition: ColumnElement[bool]) -> Iterable[Seller]:
    rows = await db.session.execute(select(_SELLERS).where(condition).order_by(_SELLERS.c.id))
    return [_seller(db, row) for row in rows]


async def listing(
    db: Db, *, status: str | None, text: str | None, after: tuple[object, UUID] | None, limit: int
) -> list[Seller]:
    """Newest first."""
    query = select(_SELLERS).order_by(_SELLERS.c.opened_at.desc(), _SELLERS.c.id.desc()).limit(limit)
    if status is not None:
        query = query.where(_SELLERS.c.status == status)
    if text:
        places = (_SELLERS.c.slug, _SELLERS.c.legal_name, _SELLERS.c.city, cast_to(_SELLERS.c.name, Text))
        query = query.where(or_(*(place.icontains(text, autoescape=True) for place in places)))
    if after is not None:
        query = query.where(tuple_(_SELLERS.c.opened_at, _SELLERS.c.id) < after)
    return [_seller(db, row) for row in await db.session.execute(query)]


async def add_warehouse(tx: Tx, warehouse: Warehouse) -> None:
    values = {
        "id": warehouse.id,
        "seller": warehouse.seller,
        "name": warehouse.name,
        "address": _seal(tx, warehouse.address),
        "made_at": tx.now,
    }
    await tx.session.execute(insert(_WAREHOUSES).values(values))


async def warehouses(db: Db, seller: SellerId) -> tuple[Warehouse, ...]:
    query = select(_WAREHOUSES).where(_WAREHOUSES.c.seller == seller).order_by(_WAREHOUSES.c.id)
    rows = await db.session.execute(query)
    return tuple(
        Warehouse(WarehouseId(row.id), SellerId(row.seller), row.name, _open(db, row.address)) for row in rows
    )


async def answerable(db: Db, seller: SellerId) -> list[Answerable]:
    question = select(_ANSWERABLE).where(_ANSWERABLE.c.seller == seller).order_by(_ANSWERABLE.c.area)
    found = await db.session.execute(question)
    return [Answerable(row.area, row.name, row.address, row.email) for row in found]


async def put_answerable(tx: Tx, seller: SellerId, who: Answerable) -> None:
    values = {"name": who.name, "address": who.address, "email": who.email}
    statement = insert_or(_ANSWERABLE).values(seller=seller, area=who.area, **values)
    await tx.session.execute(statement.on_conflict_do_update(index_elements=["seller", "area"], set_=values))


async def drop_answerable(tx: Tx, seller: SellerId, area: str) -> None:
    await tx.session.execute(
        delete(_ANSWERABLE).where(_ANSWERABLE.c.seller == seller, _ANSWERABLE.c.area == area)
    )
