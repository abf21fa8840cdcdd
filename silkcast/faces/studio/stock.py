# SPDX-License-Identifier: Apache-2.0
"""Stock and warehouses: how many lie where, what came, what was counted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post

from silkcast.faces.refusal_words import words_of
from silkcast.faces.spreadsheet import as_csv
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import ProductNotFound
from silkcast.goods.catalog.values import Product, Variant
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.values import Available
from silkcast.ground.ids import VariantId, WarehouseId
from silkcast.ground.refusals import Conflict, Invalid
from silkcast.plumbing.db import Db
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.errors import SellerNotFound
from silkcast.who.sellers.values import Warehouse

from . import forms
from .desk import Desk, see, uuid_in
from .pictures import first_image
from .views import StockRow, StockView, VariantStockView, WarehousesView


@get("/stock", name="studio.stock")
async def show(desk: Desk, q: str = "", after: str = "") -> Response[str]:
    async with desk.read() as db:
        found = await catalog.search(
            db, seller=desk.shop.id, text=q or None, status=None, after=after or None, limit=20
        )
        rows = await stock_rows(db, found.items, desk.visit.language)
        there = await sellers.warehouses(db, desk.shop.id)
    return await desk.page("stock", StockView(rows, there, q, found.next or ""))


@get("/stock.csv", name="studio.stock.csv")
async def export(desk: Desk) -> Response[bytes]:
    async with desk.read() as db:
        found = await catalog.search(db, seller=desk.shop.id, status=None, limit=200)
        rows = await stock_rows(db, found.items, "en")
        names = {one.id: one.name for one in await sellers.warehouses(db, desk.shop.id)}
    lines = [
        (
            row.sku,
            row.product.names.text("en"),
            row.label,
            names.get(one.warehouse, ""),
            one.on_hand,
            one.held,
        )
        for row in rows
        for one in row.levels
    ]
    return as_csv("stock", ("sku", "product", "variant", "warehouse", "on hand", "held"), lines)


async def stock_rows(db: Db, products: Sequence[Product], language: str) -> list[StockRow]:
    ids = [variant.id for product in products for variant in product.variants]
    totals = await stock.levels(db, ids)
    by_place = await stock.by_warehouse(db, ids)
    return [
        StockRow(
            variant.id,
            product,
            variant.sku,
            variant.label(language),
            first_image(product, language),
            totals.get(variant.id, Available()),
            by_place[variant.id],
        )
        for product in products
        for variant in product.variants
    ]


@get("/stock/{id:str}", name="studio.stock.variant")
async def variant(desk: Desk, id: str, after: str = "") -> Response[str]:
    async with desk.read() as db:
        view = await variant_view(db, desk, VariantId(uuid_in(id)), after, "")
    return await desk.page("variant", view)


@post("/stock/{id:str}")
async def change(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    found = VariantId(uuid_in(id))
    try:
        await move(desk, found, form)
    except (Invalid, Conflict) as refusal:
        async with desk.read() as db:
            view = await variant_view(db, desk, found, "", words_of(refusal, desk.visit.language))
        return await desk.page("variant", view, status=422)
    return see(f"/studio/stock/{id}")


async def move(desk: Desk, variant: VariantId, form: forms.Form) -> None:
    async with desk.write() as tx:
        await of_shop(tx, desk, variant)
        place = await warehouse_of_shop(tx, desk, form.get("warehouse", ""))
        units, why = forms.whole(form.get("units", "")), form.get("why", "")[:200]
        if form.get("kind") == "count":
            await stock.adjust(tx, variant, place.id, units, why or "count")
        else:
            await stock.receive(tx, variant, place.id, units, why)


async def of_shop(db: Db, desk: Desk, id: VariantId) -> tuple[Variant, Product]:
    """The variant, if it is this shop's."""
    found = (await catalog.variants(db, [id])).get(id)
    if found is None or found.product.seller != desk.shop.id:
        raise ProductNotFound()
    return found.variant, found.product


async def warehouse_of_shop(db: Db, desk: Desk, id: str) -> Warehouse:
    wanted = WarehouseId(uuid_in(id))
    for one in await sellers.warehouses(db, desk.shop.id):
        if one.id == wanted:
            return one
    raise SellerNotFound()


async def variant_view(db: Db, desk: Desk, id: VariantId, after: str, problem: str) -> VariantStockView:
    _, product = await of_shop(db, desk, id)
    rows = await stock_rows(db, [product], desk.visit.language)
    there = await sellers.warehouses(db, desk.shop.id)
    found = await stock.movements(db, id, after=after or None, limit=25)
    return VariantStockView(
        row=next(row for row in rows if row.variant == id),
        warehouses=there,
        names={one.id: one.name for one in there},
        movements=found.items,
        next=found.next or "",
        problem=problem,
    )


@get("/warehouses", name="studio.warehouses")
async def warehouses(desk: Desk) -> Response[str]:
    async with desk.read() as db:
        there = await sellers.warehouses(db, desk.shop.id)
    return await desk.page("warehouses", WarehousesView(there, given={"country": desk.shop.country}))


@post("/warehouses")
async def add_warehouse(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    try:
        async with desk.write() as tx:
            place = forms.address(form, form.get("name", ""))
            await sellers.add_warehouse(tx, desk.shop.id, form.get("name", ""), place)
    except Invalid as refusal:
        async with desk.read() as db:
            there = await sellers.warehouses(db, desk.shop.id)
        view = WarehousesView(there, words_of(refusal, desk.visit.language), form)
        return await desk.page("warehouses", view, status=422)
    return see("/studio/warehouses")


HANDLERS = (show, export, variant, change, warehouses, add_warehouse)
