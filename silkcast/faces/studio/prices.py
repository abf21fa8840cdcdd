# SPDX-License-Identifier: Apache-2.0
"""Prices: what each variant costs in each market, a suggestion beside it, and what a buyer would pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post

from silkcast.faces.finding import plain
from silkcast.faces.refusal_words import words_of
from silkcast.flows import offers
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.goods.pricing import service as pricing
from silkcast.goods.pricing.errors import BadPrice
from silkcast.goods.pricing.values import Price
from silkcast.ground.clock import day
from silkcast.ground.ids import ProductId, VariantId
from silkcast.ground.money import BadMoney, Currency, Money
from silkcast.ground.places import Country
from silkcast.money.rates import service as rates
from silkcast.money.rates.errors import NoRate
from silkcast.plumbing.db import Db
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from . import forms, selling
from .desk import Desk, see, uuid_in
from .keeping import home_currency
from .views import PriceCell, PriceRow, PricesView

Wanted = tuple[VariantId, Market, Money | None]
"""A price or a floor as typed; none takes it away."""
PRICE, FLOOR = "price", "floor"


@get("/products/{id:str}/prices", name="studio.prices")
async def show(
    request: Request[Any, Any, Any], desk: Desk, id: str, cost: str = "", saved: str = ""
) -> Response[str]:
    asked = request.query_params.getall("add", [])
    async with desk.read() as db:
        product = await catalog.product(db, ProductId(uuid_in(id)), seller=desk.shop.id)
        view = await prices_view(db, desk, product, cost, {}, {}, asked)
    return await desk.page("prices", replace(view, is_saved=bool(saved)))


@post("/products/{id:str}/prices")
async def save(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    async with desk.read() as db:
        product = await catalog.product(db, ProductId(uuid_in(id)), seller=desk.shop.id)
    wanted, wrong = read(desk, product, form, PRICE)
    floors, wrong_floors = read(desk, product, form, FLOOR)
    if wrong := wrong | wrong_floors:
        async with desk.read() as db:
            view = await prices_view(db, desk, product, form.get("cost", ""), form, wrong)
        return await desk.page("prices", view, status=422)
    await write(desk, wanted, floors)
    kept = urlencode({"saved": 1} | ({"cost": form["cost"]} if form.get("cost") else {}))
    return see(f"/studio/products/{id}/prices?{kept}")


def field(kind: str, variant: VariantId, market: str) -> str:
    return f"{kind}-{variant}-{market}"


def read(
    desk: Desk, product: Product, form: Mapping[str, str], kind: str
) -> tuple[list[Wanted], dict[str, str]]:
    """What was typed as prices or as floors, and what is wrong with the others."""
    wanted: list[Wanted] = []
    wrong: dict[str, str] = {}
    for variant in product.variants:
        for market in markets.markets(desk.visit.today):
            name = field(kind, variant.id, market.code)
            if name not in form:
                continue
            try:
                wanted.append((variant.id, market, amount(form[name], market.currency)))
            except BadPrice as refusal:
                wrong[name] = words_of(refusal, desk.visit.language)
    return wanted, wrong


def amount(text: str, currency: str) -> Money | None:
    if not text:
        return None
    given = forms.decimal(text)
    try:
        if given is None or given <= 0:
            raise BadMoney("a price is over zero")
        return Money(given, Currency(currency))
    except BadMoney:
        raise BadPrice(currency) from None


async def write(desk: Desk, wanted: Sequence[Wanted], floors: Sequence[Wanted]) -> None:
    async with desk.write() as tx:
        for variant, market, money in wanted:
            if money is None:
                await pricing.clear_price(tx, variant, market.code)
            else:
                await pricing.set_price(tx, variant, market.code, money, currency=market.currency)
        for variant, market, money in floors:
            await pricing.set_floor(tx, variant, market.code, money, currency=market.currency)


async def prices_view(
    db: Db,
    desk: Desk,
    product: Product,
    cost: str,
    typed: Mapping[str, str],
    wrong: Mapping[str, str],
    asked: Sequence[str] = (),
) -> PricesView:
    known = await pricing.prices_everywhere(db, [one.id for one in product.variants])
    floors = await pricing.floors_everywhere(db, [one.id for one in product.variants])
    rows: dict[VariantId, list[PriceCell]] = {one.id: [] for one in product.variants}
    own = await selling.priced_in(db, list(rows)) | await selling.sold_in(db, desk)
    shown, others = selling.split(desk, {*own, *asked, *(name.rsplit("-", 1)[-1] for name in typed)})
    for market in shown:
        whole = await offers.for_pages(db, list(rows), market, desk.scene.carriers.values())
        for variant, cells in rows.items():
            base = base_of(cost, home_currency(desk.shop), known[variant])
            name, low = (field(kind, variant, market.code) for kind in (PRICE, FLOOR))
            floor = floors[variant].get(market.code)
            now = known[variant].get(market.code)
            value = typed.get(name, str(now.amount.amount) if now else "")
            hint = await suggested(db, base, market)
            made = cell(market, value, hint, whole.get(variant), wrong.get(name, ""))
            kept = typed.get(low, str(floor.amount.amount) if floor else "")
            cells.append(replace(made, floor=kept, floor_wrong=wrong.get(low, "")))
    return PricesView(
        product,
        [PriceRow(one.id, one.sku, one.label(desk.visit.language), rows[one.id]) for one in product.variants],
        cost,
        home_currency(desk.shop),
        others=[
            (one.code, name, plain(f"{name} {one.code} {one.currency}"))
            for one in others
            for name in (one.names.text(desk.visit.language),)
        ],
        asked=[one.code for one in shown if one.code not in own],
    )


def base_of(cost: str, currency: str, known: Mapping[Country, Price]) -> Money | None:
    """What suggestions start from: the price at home that was typed, else any price there is."""
    given = forms.decimal(cost) if cost else None
    if given is not None and given > 0:
        try:
            return Money(given, Currency(currency))
        except BadMoney:
            return None
    return next((price.amount for _, price in sorted(known.items())), None)


async def suggested(db: Db, base: Money | None, market: Market) -> Money | None:
    if base is None:
        return None
    try:
        return await rates.suggest(db, base, market, day(db.now))
    except NoRate:
        return None


def cell(
    market: Market, value: str, hint: Money | None, found: offers.Whole | NotSoldHere | None, wrong: str
) -> PriceCell:
    if isinstance(found, offers.Whole):
        door = None if found.offer.due_at_door.is_zero else found.offer.due_at_door
        return PriceCell(market.code, market.currency, value, hint, found.offer.total, door, "", wrong)
    why = found.reason if found is not None else "not_listed"
    return PriceCell(market.code, market.currency, value, hint, None, None, why, wrong)


HANDLERS = (show, save)
