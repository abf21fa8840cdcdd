# SPDX-License-Identifier: Apache-2.0
"""The catalog in PostgreSQL. Any number of products is read in three statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Table, delete, func, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert

from silkcast.ground.ids import FileId, ProductId, SellerId, VariantId, new_uuid
from silkcast.ground.language import Words
from silkcast.ground.places import Country
from silkcast.ground.quantity import Size, Weight
from silkcast.plumbing.db import Db, Tx

from .models import PictureRow, ProductRow, VariantRow
from .values import NewProduct, NewVariant, Picture, Product, Restriction, Status, Variant

_PRODUCTS = cast(Table, ProductRow.__table__)
_VARIANTS = cast(Table, VariantRow.__table__)
_PICTURES = cast(Table, PictureRow.__table__)


def _words(stored: dict[str, str]) -> Words | None:
    return Words(stored) if stored else None


def _plain(words: Words | None) -> dict[str, str]:
    return dict(words.by_language) if words else {}


def _variant(row: Row[Any]) -> Variant:
    return Variant(
        id=VariantId(row.id),
        product=ProductId(row.product),
        sku=row.sku,
        options={name: Words(words) for name, words in row.options},
        net=Weight(row.net_grams),
        gross=Weight(row.gross_grams),
        size=Size(row.length_mm, row.width_mm, row.height_mm),
        unit_code=row.unit_code,
        is_sold=row.is_sold,
    )


def _product(row: Row[Any], variants: Iterable[Variant], pictures: Iterable[Picture]) -> Product:
    return Product(
        id=ProductId(row.id),
        seller=SellerId(row.seller),
        slug=row.slug,
        names=Words(row.names),
        descriptions=_words(row.descriptions),
        hs_code=row.hs_code,
        hs_edition=row.hs_edition,
        origin=Country(row.origin),
        material=_words(row.material),
        pictures=tuple(pictures),
        variants=tuple(variant for variant in variants if variant.is_sold),
        restrictions=tuple(Restriction(Country(market), reason) for market, reason in row.restrictions),
        has_battery=row.has_battery,
        status=row.status,
        created_at=row.created_at,
        updated_at=row.updated_at,
        version=row.version,
    )


def _columns(product: NewProduct) -> dict[str, object]:
    searched = [*product.names.by_language.values(), *(variant.sku for variant in product.variants)]
    return {
        "slug": product.slug,
        "names": _plain(product.names),
        "descriptions": _plain(product.descriptions),
        "material": _plain(product.material),
        "hs_code": product.hs_code,
        "hs_edition": product.hs_edition,
        "origin": product.origin,
        "restrictions": [[found.market, found.reason] for found in product.restrictions],
        "has_battery": product.has_battery,
        "search": "\n".join(searched).lower(),
    }


async def add(tx: Tx, id: ProductId, seller: SellerId, product: NewProduct) -> bool:
    """Whether it was added: the shop may have another at this slug."""
    values = {
        **_columns(product),
        "id": id,
        "seller": seller,
        "status": "draft",
        "created_at": tx.now,
        "updated_at": tx.now,
        "version": 1,
    }
    added = insert(_PRODUCTS).values(values).on_conflict_do_nothing().returning(_PRODUCTS.c.id)
    return (await tx.session.execute(added)).first() is not None


async def is_slug_taken(db: Db, seller: SellerId, slug: str, *, but: ProductId) -> bool:
    table = _PRODUCTS.c
    query = select(table.id).where(table.seller == seller, table.slug == slug, table.id != but)
    return (await db.session.execute(query)).first() is not None


async def revise(tx: Tx, id: ProductId, product: NewProduct, version: int) -> bool:
    """Whether it was still at `version`."""
    return await _change(tx, id, version, _columns(product))


async def set_status(tx: Tx, id: ProductId, status: Status, version: int) -> bool:
    """Whether it was still at `version`."""
    return await _change(tx, id, version, {"status": status})


async def touch(tx: Tx, id: ProductId) -> None:
    """Count a change, and keep others from changing the product until this transaction ends."""
    touched = update(_PRODUCTS).where(_PRODUCTS.c.id == id)
    await tx.session.execute(touched.values(updated_at=tx.now, version=_PRODUCTS.c.version + 1))


async def _change(tx: Tx, id: ProductId, version: int, values: dict[str, object]) -> bool:
    changed = (
        update(_PRODUCTS)
        .where(_PRODUCTS.c.id == id, _PRODUCTS.c.version == version)
        .values(**values, updated_at=tx.now, version=version + 1)
        .returning(_PRODUCTS.c.id)
    )
    return (await tx.session.execute(changed)).first() is not None


async def taken_skus(db: Db, seller: SellerId, skus: Sequence[str], *, but: ProductId) -> list[str]:
    table = _VARIANTS.c
    query = select(table.sku).where(table.seller == seller, table.sku.in_(skus), table.product != but)
    return sorted(row.sku for row in await db.session.execute(query))


async def put_variants(tx: Tx, product: ProductId, seller: SellerId, variants: Sequence[NewVariant]) -> None:
    """Add, change or drop variants so that these are the ones sold. The SKU tells which is which."""
    dropped = (
        update(_VARIANTS)
        .where(_VARIANTS.c.product == product, _VARIANTS.c.sku.not_in([variant.sku for variant in variants]))
        .values(is_sold=False)
    )
    await tx.session.execute(dropped)
    if not variants:
        return
    rows = [
        {
            "id": new_uuid(),
            "product": product,
            "seller": seller,
            "sku": variant.sku,
            # A list, since PostgreSQL's JSON objects do not keep an order and options have one.
            "options": [[name, _plain(words)] for name, words in variant.options.items()],
            "net_grams": variant.net.grams,
            "gross_grams": variant.gross.grams,
            "length_mm": variant.size.length_mm,
            "width_mm": variant.size.width_mm,
            "height_mm": variant.size.height_mm,
            "unit_code": variant.unit_code,
            "position": position,
            "is_sold": True,
        }
        for position, variant in enumerate(variants)
    ]
    added = insert(_VARIANTS).values(rows)
    kept = {"id", "product", "seller", "sku"}
    changed = {column.name: column for column in added.excluded if column.name not in kept}
    await tx.session.execute(
        added.on_conflict_do_update(
            index_elements=["seller", "sku"], set_=changed, where=_VARIANTS.c.product == product
        )
    )


async def put_pictures(tx: Tx, product: ProductId, pictures: Sequence[Picture]) -> None:
    await tx.session.execute(delete(_PICTURES).where(_PICTURES.c.product == product))
    rows = [
        {
            "product": product,
            "position": position,
            "file": picture.file,
            "alt": _plain(picture.alt),
            "width": picture.width,
            "height": picture.height,
        }
        for position, picture in enumerate(pictures)
    ]
    if rows:
        await tx.session.execute(insert(_PICTURES), rows)


async def products(db: Db, ids: Sequence[ProductId]) -> dict[ProductId, Product]:
    """In the order asked for; unknown ones are missing."""
    found = {product.id: product for product in await _read(db, _PRODUCTS.c.id.in_(ids))}
    return {id: found[id] for id in ids if id in found}


async def by_slug(db: Db, seller: SellerId, slug: str) -> Product | None:
    found = await _read(db, (_PRODUCTS.c.seller == seller) & (_PRODUCTS.c.slug == slug))
    return found[0] if found else None


async def _read(db: Db, condition: ColumnElement[bool]) -> list[Product]:
    rows = (await db.session.execute(select(_PRODUCTS).where(condition))).all()
    return await _complete(db, rows)


async def _complete(db: Db, rows: Sequence[Row[Any]]) -> list[Product]:
    if not rows:
        return []
    ids = [row.id for row in rows]
    variants: dict[UUID, list[Variant]] = {id: [] for id in ids}
    query = select(_VARIANTS).where(_VARIANTS.c.product.in_(ids)).order_by(_VARIANTS.c.position)
    for row in await db.session.execute(query):
        variants[row.product].append(_variant(row))
    pictures: dict[UUID, list[Picture]] = {id: [] for id in ids}
    query = select(_PICTURES).where(_PICTURES.c.product.in_(ids)).order_by(_PICTURES.c.position)
    for row in await db.session.execute(query):
        picture = Picture(FileId(row.file), Words(row.alt), row.width, row.height)
        pictures[row.product].append(picture)
    return [_product(row, variants[row.id], pictures[row.id]) for row in rows]


async def variants(db: Db, ids: Sequence[VariantId]) -> list[Variant]:
    """Those that are no longer sold too: an order may ask for them."""
    rows = await db.session.execute(select(_VARIANTS).where(_VARIANTS.c.id.in_(ids)))
    return [_variant(row) for row in rows]


async def search(
    db: Db,
    *,
    seller: SellerId | None,
    text: str | None,
    status: Status | None,
    after: tuple[datetime, UUID] | None,
    limit: int,
) -> list[Product]:
    """Newest first; every word of `text` occurs in a name or SKU."""
    table = _PRODUCTS.c
    query = select(_PRODUCTS).order_by(table.created_at.desc(), table.id.desc()).limit(limit)
    if seller is not None:
        query = query.where(table.seller == seller)
    if status is not None:
        query = query.where(table.status == status)
    for word in (text or "").lower().split()[:8]:
        query = query.where(func.strpos(table.search, word) > 0)
    if after is not None:
        query = query.where(tuple_(table.created_at, table.id) < after)
    return await _complete(db, (await db.session.execute(query)).all())
