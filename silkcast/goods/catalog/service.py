# SPDX-License-Identifier: Apache-2.0
"""The door of the catalog."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from silkcast.ground.ids import ProductId, SellerId, VariantId, new_uuid
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, decode_cursor, length, page

from . import rules, store
from .errors import BadProduct, ProductChanged, ProductNotFound, SkuTaken, SlugTaken
from .events import ProductListed, ProductRevised, ProductWithdrawn
from .values import Fault, NewProduct, Picture, Product, Status, VariantOf

READ = "catalog.products"


async def draft(tx: Tx, seller: SellerId, new: NewProduct) -> Product:
    """Write a product down. Nobody can buy it yet, so it may lack pictures, variants or a language."""
    rules.check(new)
    id = ProductId(new_uuid())
    await _check_skus(tx, id, seller, new)
    if not await store.add(tx, id, seller, new):
        raise SlugTaken(new.slug)
    await store.put_variants(tx, id, seller, new.variants)
    await store.put_pictures(tx, id, new.pictures)
    return await product(tx, id)


async def put_up(tx: Tx, id: ProductId, *, seller: SellerId) -> Product:
    """Offer a drafted or withdrawn product for sale. Again: nothing more happens."""
    found = await product(tx, id, seller=seller)
    rules.check_ready(found)
    return await _move(tx, found, "listed", ProductListed(id, seller))


async def list_product(tx: Tx, seller: SellerId, new: NewProduct) -> Product:
    """Write a product down and offer it at once. What is lacking is told before anything is written."""
    rules.check(new)
    rules.check_ready(new)
    drafted = await draft(tx, seller, new)
    return await put_up(tx, drafted.id, seller=seller)


async def withdraw(tx: Tx, id: ProductId, *, seller: SellerId) -> Product:
    """Stop offering a product. Again: nothing more happens."""
    found = await product(tx, id, seller=seller)
    return await _move(tx, found, "withdrawn", ProductWithdrawn(id, seller))


async def revise(tx: Tx, id: ProductId, new: NewProduct, *, seller: SellerId, version: int) -> Product:
    """Say something else of a product, as it was read at `version`. Variants are told apart by SKU."""
    rules.check(new)
    found = await product(tx, id, seller=seller)
    if found.is_listed:
        rules.check_ready(new)
    if await store.is_slug_taken(tx, seller, new.slug, but=id):
        raise SlugTaken(new.slug)
    await _check_skus(tx, id, seller, new)
    if not await store.revise(tx, id, new, version):
        raise ProductChanged(found.version)
    await store.put_variants(tx, id, seller, new.variants)
    await store.put_pictures(tx, id, new.pictures)
    tx.announce(ProductRevised(id, seller))
    return await product(tx, id)


async def add_picture(tx: Tx, id: ProductId, picture: Picture, *, seller: SellerId) -> Product:
    """One more picture, after the others."""
    rules.check_picture(picture)
    await store.touch(tx, id)
    found = await product(tx, id, seller=seller)
    pictures = (*found.pictures, picture)
    if len(pictures) > rules.MOST_PICTURES:
        raise BadProduct((Fault("pictures", "too_many"),))
    await store.put_pictures(tx, id, pictures)
    tx.announce(ProductRevised(id, seller))
    return replace(found, pictures=pictures)


async def product(db: Db, id: ProductId, *, seller: SellerId | None = None) -> Product:
    """One product; with a seller in the question, only if it is that seller's."""
    found = (await products(db, [id])).get(id)
    if found is None or (seller is not None and found.seller != seller):
        raise ProductNotFound
    return found


async def products(db: Db, ids: Sequence[ProductId]) -> Mapping[ProductId, Product]:
    """Many products in three statements, in the order asked for; unknown ones are missing."""
    return await db.once(READ, ids, partial(store.products, db))


async def by_slug(db: Db, seller: SellerId, slug: str) -> Product:
    """The product at an address of a shop."""
    found = await store.by_slug(db, seller, slug)
    if found is None:
        raise ProductNotFound
    return found


async def variants(db: Db, ids: Sequence[VariantId]) -> Mapping[VariantId, VariantOf]:
    """Variants with their products, dropped ones too; unknown ones are missing."""
    there = {one.id: one for product in db.kept(READ).values() for one in product.variants}
    found = [there[id] for id in ids if id in there]
    if unread := [id for id in ids if id not in there]:
        found += await store.variants(db, unread)
    of = await products(db, list({variant.product for variant in found}))
    return {variant.id: VariantOf(variant, of[variant.product]) for variant in found}


async def search(
    db: Db,
    *,
    seller: SellerId | None = None,
    text: str | None = None,
    status: Status | None = "listed",
    after: str | None = None,
    limit: int = 50,
) -> Page[Product]:
    """Products whose names or SKUs have every word of `text`, the newest first."""
    found = await store.search(
        db,
        seller=seller,
        text=text,
        status=status,
        after=decode_cursor(after) if after else None,
        limit=length(limit) + 1,
    )
    return page(
        found, limit, key=lambda product: (product.created_at, product.id), value=lambda product: product
    )


async def _check_skus(tx: Tx, id: ProductId, seller: SellerId, new: NewProduct) -> None:
    taken = await store.taken_skus(tx, seller, [variant.sku for variant in new.variants], but=id)
    if taken:
        raise SkuTaken(taken[0])


async def _move(tx: Tx, found: Product, status: Status, event: ProductListed | ProductWithdrawn) -> Product:
    if found.status == status:
        return found
    if not await store.set_status(tx, found.id, status, found.version):
        raise ProductChanged(found.version)
    tx.announce(event)
    return await product(tx, found.id)
