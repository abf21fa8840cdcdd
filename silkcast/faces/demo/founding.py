# SPDX-License-Identifier: Apache-2.0
"""Founding: the demo's world is written through the same doors that sellers use. Safe to run again: what is
there stays as it is."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from silkcast.faces.demo import world as telling
from silkcast.faces.demo.papers import admitted
from silkcast.faces.demo.world import PICTURES, Product, Shop, Variant, World
from silkcast.faces.demo.world import Show as ToldShow
from silkcast.flows import pictures
from silkcast.flows.scene import Scene
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import ProductNotFound
from silkcast.goods.catalog.values import NewProduct, NewVariant, Picture, Restriction
from silkcast.goods.catalog.values import Product as Listed
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.ground.clock import day
from silkcast.ground.ids import FileId, ProductId, SellerId, UserId, WarehouseId
from silkcast.ground.language import Words
from silkcast.ground.quantity import Size, Weight
from silkcast.money.rates import service as rates
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.files.files import NoSuchFile
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.values import NewShow, Show
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.errors import SellerNotFound
from silkcast.who.sellers.values import CustomsIdentity, NewSeller, Seller

PASSWORD = "silk-road-2026"  # noqa: S105 printed for everybody: the demo has nothing to hide
COVERS = "demo/covers.json"
OPERATOR = "operator@silkcast.example"
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Founded:
    """Who is there now."""

    world: World
    shops: Mapping[str, Seller]
    users: Mapping[str, User]
    """By contact."""
    covers: Mapping[str, FileId]
    """By the picture's name in the world."""


async def found(scene: Scene, tell: Tell) -> Founded:
    """The whole world, from people to planned shows."""
    database = scene.database
    world = telling.load()
    users = await _people(database, world, tell)
    async with database.write() as tx:
        await rates.load_shipped_rates(tx)
    covers = await _covers(scene, world)
    shops = {}
    for told in world.shops:
        shops[told.slug] = await _shop(scene, told, users[told.email].id, covers, tell)
    return Founded(world, shops, users, covers)


async def _covers(scene: Scene, world: World) -> dict[str, FileId]:
    """Covers are kept once and written down by name, since shows come and go."""
    known: dict[str, str] = {}
    with contextlib.suppress(NoSuchFile):
        known = json.loads(await scene.files.get(COVERS))
    missing = {show.cover for shop in world.shops for show in shop.shows} - set(known)
    for name in sorted(missing):
        known[name] = str((await _keep(scene, name)).file)
    if missing:
        await scene.files.put(COVERS, json.dumps(known).encode(), "application/json")
    return {name: FileId(UUID(file)) for name, file in known.items()}


async def _people(database: Database, world: World, tell: Tell) -> dict[str, User]:
    wanted = [(OPERATOR, "Operator", "en")]
    wanted += [(shop.email, shop.host, "zh") for shop in world.shops]
    wanted += [(buyer.email, buyer.name, buyer.language) for buyer in world.buyers]
    users: dict[str, User] = {}
    for contact, name, language in wanted:
        async with database.read() as db:
            known = await identity.by_contact(db, contact)
        if known is None:
            async with database.write() as tx:
                known = await _person(tx, contact, name, language)
        users[contact] = known
    return users


async def _person(tx: Tx, contact: str, name: str, language: str) -> User:
    """Registered, and taken as confirmed: the demo knows its people."""
    made = await identity.register(tx, contact=contact, password=PASSWORD, name=name, language=language)
    await identity.confirm(tx, made.id)
    if contact == OPERATOR:
        await identity.make_operator(tx, made.id)
    return await identity.the_user(tx, made.id)


async def _shop(scene: Scene, told: Shop, owner: UserId, covers: Mapping[str, FileId], tell: Tell) -> Seller:
    database = scene.database
    async with database.read() as db:
        try:
            shop: Seller | None = await sellers.by_slug(db, told.slug)
        except SellerNotFound:
            shop = None
    if shop is None:
        avatar = await _keep(scene, told.avatar)
        async with database.write() as tx:
            shop = await sellers.open_shop(tx, owner, _asked(told, avatar.file))
            await sellers.add_warehouse(tx, shop.id, told.warehouse.name, told.warehouse)
    async with database.read() as db:
        warehouse = (await sellers.warehouses(db, shop.id))[0]
    listed = await _products(scene, told, shop.id, warehouse.id, tell)
    await _shows(scene, told, shop.id, listed, covers)
    return shop


def _asked(told: Shop, avatar: FileId) -> NewSeller:
    return NewSeller(
        slug=told.slug,
        name=told.name,
        story=told.story,
        city=told.city,
        country=told.warehouse.country,
        legal_name=told.legal.text("en"),
        return_address=told.returns,
        customs=CustomsIdentity(
            trade_code=told.customs_code if len(told.customs_code) == 10 else "",
            uscc=told.uscc,
            ebc_code=told.uscc,
            ebc_name=told.legal.text("zh"),
        ),
        avatar=avatar,
    )


async def _keep(scene: Scene, name: str) -> pictures.Kept:
    return await pictures.keep(scene.files, (PICTURES / name).read_bytes())


async def _products(
    scene: Scene, told: Shop, seller: SellerId, warehouse: WarehouseId, tell: Tell
) -> dict[str, ProductId]:
    listed: dict[str, ProductId] = {}
    missing = []
    async with scene.database.read() as db:
        for product in told.products:
            try:
                listed[product.slug] = (await catalog.by_slug(db, seller, product.slug)).id
            except ProductNotFound:
                missing.append(product)
    if missing:
        tell(
            f"{told.name.text('en')}: {len(missing)} products, with pictures in {len(pictures.WIDTHS)} widths"
        )
    for product in missing:
        listed[product.slug] = await _product(scene, product, seller, warehouse)
    return listed


async def _product(scene: Scene, told: Product, seller: SellerId, warehouse: WarehouseId) -> ProductId:
    shown = [(name, told.alt) for name in told.pictures]
    shown += [(one.picture, _of(told, one)) for one in told.variants if one.picture]
    kept = await asyncio.gather(*(_keep(scene, name) for name, _ in shown))
    asked = NewProduct(
        slug=told.slug,
        names=told.name,
        descriptions=told.about,
        material=told.material,
        hs_code=told.hs,
        origin=told.origin,
        variants=tuple(_variant(told, one) for one in told.variants),
        pictures=tuple(
            Picture(picture.file, alt, picture.width, picture.height)
            for picture, (_, alt) in zip(kept, shown, strict=True)
        ),
        restrictions=tuple(Restriction(gap.market, gap.reason) for gap in told.not_sold),
        has_battery=told.battery is not None,
    )
    async with scene.database.write() as tx:
        product = await catalog.list_product(tx, seller, asked)
        await _price_and_stock(tx, told, product, warehouse)
        await admitted(tx, product)
    return product.id


def _of(told: Product, variant: Variant) -> Words:
    """What a variant's own picture shows: the product in this kind."""
    return Words({tag: f"{told.name.text(tag)}, {variant.option.text(tag)}" for tag in told.name})


def _variant(told: Product, variant: Variant) -> NewVariant:
    length, width, height = variant.size_mm
    return NewVariant(
        sku=variant.sku,
        net=Weight(variant.net_g),
        gross=Weight(variant.gross_g),
        size=Size(length, width, height),
        options={"colour": variant.option} if len(told.variants) > 1 else {},
        unit_code=told.unit,
    )


async def _price_and_stock(tx: Tx, told: Product, product: Listed, warehouse: WarehouseId) -> None:
    by_sku = {variant.sku: variant.id for variant in product.variants}
    closed = {gap.market for gap in told.not_sold}
    for variant in told.variants:
        for market in markets.markets(day(tx.now)):
            price = variant.prices.get(market.currency)
            if price is not None and market.code not in closed:
                id = by_sku[variant.sku]
                await pricing.set_price(tx, id, market.code, price, currency=market.currency)
        if variant.stock:
            await stock.receive(tx, by_sku[variant.sku], warehouse, variant.stock, "first delivery")


async def _shows(
    scene: Scene, told: Shop, seller: SellerId, listed: Mapping[str, ProductId], covers: Mapping[str, FileId]
) -> None:
    """Shows to come; those that are there already stay."""
    for show in told.shows:
        now = scene.database.clock.now()
        starts = show.starts_at(now.date())
        if starts is None or starts < now or await title_known(scene, seller, show):
            continue
        run = tuple(listed[slug] for slug in show.products)
        async with scene.database.write() as tx:
            await rooms.plan_show(tx, seller, NewShow(show.title, starts, run, covers[show.cover]))


async def title_known(scene: Scene, seller: SellerId, told: ToldShow) -> bool:
    """Whether the seller has a show of this title, in whatever state."""
    async with scene.database.read() as db:
        found = [
            *await rooms.upcoming(db, seller=seller),
            *await rooms.live_now(db, seller=seller),
            *await rooms.ended(db, seller=seller),
        ]
    return told.title.text("en") in {show.titles.text("en") for show in found}


async def pinned_by_picture(scene: Scene, show: Show) -> Mapping[str, ProductId]:
    """Which product of the show's run a picture of the world shows."""
    found: dict[str, ProductId] = {}
    async with scene.database.read() as db:
        run = await catalog.products(db, show.run)
    by_slug = {product.slug: product.id for product in run.values()}
    for shop in telling.load().shops:
        for told in shop.products:
            if told.slug in by_slug:
                found |= dict.fromkeys(told.pictures, by_slug[told.slug])
    return found
