# SPDX-License-Identifier: Apache-2.0
"""Products: the list, the editor, pictures, and what is offered for sale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from litestar import Request, Response, get, post
from litestar.response import Redirect

from silkcast.faces.refusal_words import words_of
from silkcast.faces.spreadsheet import as_csv
from silkcast.flows import admitting, answering, listing
from silkcast.flows.errors import UnknownHsCode
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.errors import BadProduct, NotReady, ProductChanged, SkuTaken
from silkcast.goods.catalog.values import Fault, Picture, Product, Status
from silkcast.goods.duties import service as duties
from silkcast.goods.pricing import service as pricing
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.values import Available
from silkcast.ground.ids import ProductId, new_uuid
from silkcast.ground.refusals import Refusal
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Db
from silkcast.who.markets import service as markets

from . import forms
from .admission import rows_of
from .desk import Desk, see, uuid_in
from .pictures import first_image, image_of, kept
from .views import HsView, OptionDraft, ProductRow, ProductsView, ProductView, VariantDraft

HS_LANGUAGES = ("en", "zh")
"""Those the search for codes reads."""
SIGNS = ("draft", "listed", "withdrawn")


@get("/products", name="studio.products")
async def list_products(desk: Desk, q: str = "", status: str = "", after: str = "") -> Response[str]:
    async with desk.read() as db:
        found = await catalog.search(
            db,
            seller=desk.shop.id,
            text=q or None,
            status=cast(Status, status) if status in SIGNS else None,
            after=after or None,
            limit=25,
        )
        rows = await product_rows(db, found.items, desk.visit.language)
    return await desk.page("products", ProductsView(rows, q, status, found.next or ""))


async def product_rows(db: Db, products: Sequence[Product], language: str) -> list[ProductRow]:
    ids = [variant.id for product in products for variant in product.variants]
    levels = await stock.levels(db, ids)
    prices = await pricing.prices_everywhere(db, ids)
    rows = []
    for product in products:
        there = [levels.get(variant.id, Available()) for variant in product.variants]
        total = Available(sum(one.on_hand for one in there), sum(one.held for one in there))
        sold = sorted({market for variant in product.variants for market in prices.get(variant.id, {})})
        rows.append(ProductRow(product, first_image(product, language), total, sold))
    return rows


@get("/products.csv", name="studio.products.csv")
async def export(desk: Desk) -> Response[bytes]:
    """Every variant of every product, with the market prices beside it."""
    lines: list[tuple[object, ...]] = []
    after: str | None = None
    async with desk.read() as db:
        while True:
            found = await catalog.search(db, seller=desk.shop.id, status=None, after=after, limit=200)
            ids = [variant.id for product in found.items for variant in product.variants]
            levels, prices = await stock.levels(db, ids), await pricing.prices_everywhere(db, ids)
            for product in found.items:
                for variant in product.variants:
                    there = prices.get(variant.id, {})
                    sold = " ".join(f"{market}:{there[market].amount}" for market in sorted(there))
                    free = levels.get(variant.id, Available()).free
                    name = product.names.text("en")
                    lines.append((variant.sku, name, product.status, product.hs_code, free, sold))
            after = found.next
            if after is None:
                break
    return as_csv("products", ("sku", "product", "state", "hs code", "free", "prices"), lines)


@get("/products/new", name="studio.product.new")
async def new(desk: Desk) -> Response[str]:
    return await desk.page("product", blank(desk))


@post("/products/new")
async def add(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    return await save(desk, form, None)


@get("/products/{id:str}", name="studio.product")
async def show(desk: Desk, id: str, saved: str = "") -> Response[str]:
    async with desk.read() as db:
        product = await catalog.product(db, ProductId(uuid_in(id)), seller=desk.shop.id)
        rows = rows_of(product, await admitting.by_market(db, product), desk.visit.language)
        nobody = await answering.missing(db, desk.shop.id)
    view = replace(filled(desk, product), is_saved=bool(saved), admission=rows, nobody_answers=nobody)
    return await desk.page("product", view)


@post("/products/{id:str}")
async def revise(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    async with desk.read() as db:
        product = await catalog.product(db, ProductId(uuid_in(id)), seller=desk.shop.id)
    return await save(desk, forms.texts(await forms.form_of(request)), product)


@post("/products/{id:str}/offer")
async def offer(desk: Desk, id: str) -> Response[Any]:
    product = ProductId(uuid_in(id))
    try:
        async with desk.write() as tx:
            await catalog.put_up(tx, product, seller=desk.shop.id)
    except NotReady as refusal:
        return await told(desk, product, refusal, refusal.faults)
    return see(f"/studio/products/{id}")


@post("/products/{id:str}/withdraw")
async def withdraw(desk: Desk, id: str) -> Redirect:
    async with desk.write() as tx:
        await catalog.withdraw(tx, ProductId(uuid_in(id)), seller=desk.shop.id)
    return see(f"/studio/products/{id}")


@post("/products/{id:str}/pictures")
async def add_picture(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    form = await forms.form_of(request)
    product = ProductId(uuid_in(id))
    try:
        await keep_picture(desk, product, form.get("picture"), forms.texts(form))
    except Refusal as refusal:
        return await told(desk, product, refusal)
    return see(f"/studio/products/{id}#pictures")


async def keep_picture(desk: Desk, id: ProductId, upload: object, form: Mapping[str, str]) -> None:
    async with desk.read() as db:
        product = await catalog.product(db, id, seller=desk.shop.id)
    new = await kept(desk.scene.files, upload)
    if new is None:
        return
    alt = forms.words(form, "alt") or product.names
    async with desk.write() as tx:
        picture = Picture(new.file, alt, new.width, new.height)
        await catalog.add_picture(tx, id, picture, seller=desk.shop.id)


async def told(desk: Desk, id: ProductId, refusal: Refusal, faults: Sequence[Fault] = ()) -> Response[str]:
    """The editor again, with what was refused."""
    if refusal.code == "catalog.not_found":
        raise refusal
    async with desk.read() as db:
        product = await catalog.product(db, id, seller=desk.shop.id)
        rows = rows_of(product, await admitting.by_market(db, product), desk.visit.language)
    view = filled(desk, product, problem="" if faults else words_of(refusal, desk.visit.language))
    view = replace(with_faults(view, faults), is_offered=isinstance(refusal, NotReady), admission=rows)
    return await desk.page("product", view, status=422)


def with_faults(view: ProductView, faults: Sequence[Fault]) -> ProductView:
    return replace(view, faults=tuple(faults))


@get("/hs", name="studio.hs")
async def hs(desk: Desk, request: Request[Any, Any, Any], hs_code: str = "", q: str = "") -> Response[str]:
    """Codes for some words, or what a code says. Asked while the seller types.

    With `own` the words are the product's name and material, in every language that the search reads. A
    suggestion is shown, never filled in: the seller presses one.
    """
    if "own" in request.query_params:
        texts = tuple(own_words(request.query_params, language) for language in HS_LANGUAGES)
        return desk.part(
            "hs", HsView(" ".join(texts).strip(), duties.hs_suggest(texts, 8), None, is_own=True)
        )
    text = q or hs_code
    plain = text.replace(".", "").replace(" ", "")
    exists = duties.hs_code(plain) if plain.isdigit() and len(plain) >= 6 else None
    found = () if exists else duties.hs_search(plain if plain.isdigit() else text, 8)
    return desk.part("hs", HsView(text, found if text else (), exists))


def own_words(asked: Mapping[str, Any], language: str) -> str:
    """Name and material as they stand in the form, in one language; not more than a title."""
    words = (str(asked.get(f"{field}-{language}", "")).strip() for field in ("name", "material"))
    return ", ".join(filter(None, words))[:300]


def codes(desk: Desk) -> list[str]:
    return [one.code for one in markets.markets(desk.visit.today)]


async def save(desk: Desk, form: Mapping[str, str], before: Product | None) -> Response[Any]:
    """Write the product down, or show the form again with all that is wrong in it."""
    axes = forms.axes_of(form)
    drafts = list(forms.variant_drafts(form, axes))
    wanted = forms.new_product(form, drafts, before, codes(desk), str(new_uuid()))
    try:
        async with desk.write() as tx:
            if before is None:
                saved = await listing.draft(tx, desk.shop.id, wanted)
            else:
                version = forms.whole(form.get("version", ""), before.version)
                saved = await listing.revise(tx, before.id, wanted, seller=desk.shop.id, version=version)
    except (BadProduct, NotReady) as refusal:
        return await again(desk, form, before, refusal, refusal.faults)
    except UnknownHsCode as refusal:
        return await again(desk, form, before, refusal, (Fault("hs_code", "unknown"),))
    except (SkuTaken, ProductChanged) as refusal:
        return await again(desk, form, before, refusal, ())
    return see(f"/studio/products/{saved.id}" + ("?saved=1#pictures" if before is None else "?saved=1"))


async def again(
    desk: Desk,
    form: Mapping[str, str],
    before: Product | None,
    refusal: Refusal,
    faults: Sequence[Fault],
) -> Response[str]:
    problem = "" if faults else words_of(refusal, desk.visit.language)
    view = replace(drafted(desk, form, before), faults=tuple(faults), problem=problem)
    return await desk.page("product", view, status=422)


def drafted(desk: Desk, form: Mapping[str, str], before: Product | None) -> ProductView:
    """The editor as it was filled in, whether that can be saved or not."""
    axes = forms.axes_of(form)
    names = {str(one): form.get(f"name-{one}", "") for one in tongues.spoken()}
    return ProductView(
        product=before,
        action=f"/studio/products/{before.id}" if before else "/studio/products/new",
        names=names,
        descriptions={one: form.get(f"description-{one}", "") for one in names},
        material={one: form.get(f"material-{one}", "") for one in names},
        hs_code=form.get("hs_code", ""),
        hs_text="",
        origin=form.get("origin", ""),
        has_battery=bool(form.get("has_battery")),
        restrictions={one: form.get(f"not-{one}", "") for one in codes(desk)},
        variants=[*forms.variant_drafts(form, axes), VariantDraft()],
        axes=axes,
        markets=codes(desk),
        images=[image_of(one, desk.visit.language) for one in before.pictures] if before else (),
        version=forms.whole(form.get("version", "")),
    )


def blank(desk: Desk) -> ProductView:
    empty = {str(one): "" for one in tongues.spoken()}
    return ProductView(
        product=None,
        action="/studio/products/new",
        names=empty,
        descriptions=empty,
        material=empty,
        hs_code="",
        hs_text="",
        origin=desk.shop.country,
        has_battery=False,
        restrictions=dict.fromkeys(codes(desk), ""),
        variants=[VariantDraft(), VariantDraft()],
        axes=["colour"],
        markets=codes(desk),
        images=(),
    )


def filled(desk: Desk, product: Product, problem: str = "") -> ProductView:
    axes = sorted({name for variant in product.variants for name in variant.options})[:2] or ["colour"]
    known = duties.hs_code(product.hs_code)
    return ProductView(
        product=product,
        action=f"/studio/products/{product.id}",
        names=forms.by_language(product.names),
        descriptions=forms.by_language(product.descriptions),
        material=forms.by_language(product.material),
        hs_code=product.hs_code,
        hs_text=known.text if known else "",
        origin=product.origin,
        has_battery=product.has_battery,
        restrictions={
            one: found.reason if (found := product.restriction(one)) else "" for one in codes(desk)
        },
        variants=[
            *(draft_of(product, number, axes) for number in range(len(product.variants))),
            VariantDraft(),
        ],
        axes=axes,
        markets=codes(desk),
        images=[image_of(one, desk.visit.language) for one in product.pictures],
        problem=problem,
        version=product.version,
    )


def draft_of(product: Product, number: int, axes: Sequence[str]) -> VariantDraft:
    one = product.variants[number]
    return VariantDraft(
        one.sku,
        [
            OptionDraft(axis, {code: one.options[axis].by_language.get(code, "") for code in ("en", "zh")})
            if axis in one.options
            else OptionDraft(axis, {})
            for axis in axes
        ],
        str(one.net.grams),
        str(one.gross.grams),
        str(one.size.length_mm),
        str(one.size.width_mm),
        str(one.size.height_mm),
        one.unit_code,
    )


HANDLERS = (list_products, export, new, add, show, revise, offer, withdraw, add_picture, hs)
