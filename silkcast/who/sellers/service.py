# SPDX-License-Identifier: Apache-2.0
"""The door of sellers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial

from silkcast.ground.ids import SellerId, UserId, WarehouseId, new_uuid
from silkcast.ground.places import Address
from silkcast.plumbing.db import Db, Tx
from silkcast.plumbing.db.paging import Page, decode_cursor, length, page

from . import errors, events, rules, store
from .settings import SellersSettings
from .values import NewSeller, Seller, Status, Warehouse


async def open_shop(
    tx: Tx, owner: UserId, shop: NewSeller, *, commission_rate: Decimal | None = None
) -> Seller:
    """A user opens a shop, and runs it from then on."""
    rules.check(shop)
    rate = SellersSettings().commission_rate if commission_rate is None else commission_rate
    rules.check_commission(rate)
    if await store.is_slug_taken(tx, shop.slug):
        raise errors.SlugTaken(shop.slug)
    id = SellerId(new_uuid())
    await store.add(tx, id, owner, shop, rate)
    tx.announce(events.ShopOpened(id, owner))
    return await seller(tx, id)


async def revise(tx: Tx, id: SellerId, shop: NewSeller) -> Seller:
    """Tell something else about a shop."""
    rules.check(shop)
    if await store.is_slug_taken(tx, shop.slug, but=id):
        raise errors.SlugTaken(shop.slug)
    await store.revise(tx, id, shop)
    tx.announce(events.ShopRevised(id))
    return await seller(tx, id)


async def seller(db: Db, id: SellerId) -> Seller:
    """One shop."""
    found = await sellers_of(db, [id])
    if id not in found:
        raise errors.SellerNotFound
    return found[id]


async def sellers_of(db: Db, ids: Sequence[SellerId]) -> Mapping[SellerId, Seller]:
    """Many shops in one question; unknown ones are missing."""
    return await db.once("sellers", ids, partial(store.by_ids, db))


async def by_slug(db: Db, slug: str) -> Seller:
    """The shop at an address."""
    found = await store.by_slug(db, slug)
    if found is None:
        raise errors.SellerNotFound
    return found


async def shops_of(db: Db, user: UserId) -> tuple[Seller, ...]:
    """The shops a user runs, the oldest first."""
    return await store.of_owner(db, user)


async def access(db: Db, user: UserId, id: SellerId) -> Seller:
    """The shop, if the user may act for it. Otherwise it is not found."""
    found = (await store.by_ids(db, [id])).get(id)
    if found is None or found.owner != user:
        raise errors.SellerNotFound
    return found


async def sellers(
    db: Db,
    *,
    status: Status | None = None,
    text: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page[Seller]:
    """All shops, the newest first; with `text`, those that have it in a name, an address or a city."""
    start = decode_cursor(after) if after else None
    found = await store.listing(db, status=status, text=text, after=start, limit=length(limit) + 1)
    return page(found, limit, key=lambda shop: (shop.opened_at, shop.id), value=lambda shop: shop)


async def suspend(tx: Tx, id: SellerId, why: str) -> Seller:
    """The shop sells nothing until reinstated. Again: nothing more happens."""
    found = await seller(tx, id)
    if await store.set_status(tx, found.id, "suspended"):
        tx.announce(events.ShopSuspended(id, why))
    return await seller(tx, id)


async def reinstate(tx: Tx, id: SellerId) -> Seller:
    """The shop may sell again. Again: nothing more happens."""
    found = await seller(tx, id)
    if await store.set_status(tx, found.id, "active"):
        tx.announce(events.ShopReinstated(id))
    return await seller(tx, id)


async def set_commission(tx: Tx, id: SellerId, rate: Decimal) -> Seller:
    """Agree on another commission, for sales from now on."""
    rules.check_commission(rate)
    await store.set_commission(tx, id, rate)
    return await seller(tx, id)


async def add_warehouse(tx: Tx, seller: SellerId, name: str, address: Address) -> Warehouse:
    """Another place where the shop's goods lie."""
    rules.check_text("name", name, longest=80)
    rules.check_address("address", address)
    warehouse = Warehouse(WarehouseId(new_uuid()), seller, name, address)
    await store.add_warehouse(tx, warehouse)
    return warehouse


async def warehouses(db: Db, seller: SellerId) -> tuple[Warehouse, ...]:
    """The shop's warehouses, the oldest first."""
    return await store.warehouses(db, seller)
