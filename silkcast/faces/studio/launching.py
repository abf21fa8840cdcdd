# SPDX-License-Identifier: Apache-2.0
"""Launching: what the deal launcher shows, and what it was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from silkcast.faces.refusal_words import words_of
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.faces.words.marking import N_
from silkcast.flows import offers
from silkcast.flows.offers import Wanted
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product, Variant
from silkcast.goods.pricing import service as pricing
from silkcast.goods.pricing.values import Floor, Price
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import ProductId, VariantId
from silkcast.ground.money import BadMoney, Currency, Money
from silkcast.ground.places import Country
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Db
from silkcast.stage.deals.errors import BadDeal
from silkcast.stage.deals.values import NewDeal, NewLane
from silkcast.stage.rooms.values import Show
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from . import forms, selling
from .deal_views import DealPrice, DealRow, LauncherView
from .desk import Desk

USUAL_OFF = 20
TYPED = {"off": str(USUAL_OFF), "limit": "1", "countdown": "30", "length": "5", "pay": "5", "at": ""}
FIELDS = {
    "lanes": N_("Say how many units of which variant."),
    "units": N_("Give a whole number of units."),
    "prices": N_("Every price of a deal is under your own price of that market, and over zero."),
    "limit": N_("One person may have 1 to 10."),
    "countdown": N_("A countdown takes 10 to 300 seconds."),
    "length": N_("A deal takes 1 to 20 minutes."),
    "pay_within": N_("The time to pay is 1 to 30 minutes."),
    "code": N_("A code has 3 to 20 letters and figures."),
    "discount": N_("Give either a percentage or an amount in each market."),
    "percent": N_("A percentage is between 1 and 90."),
    "amounts": N_("Amounts are over zero."),
    "total": N_("Give a whole number of coupons."),
    "per_person": N_("One person may have 1 to 10, and no more than there are."),
    "ends_at": N_("It ends after it begins."),
}


async def product_of(db: Db, desk: Desk, id: UUID) -> Product:
    return await catalog.product(db, ProductId(id), seller=desk.shop.id)


def price_field(variant: VariantId, market: str) -> str:
    return f"price-{variant}-{market}"


def units_field(variant: VariantId) -> str:
    return f"units-{variant}"


def read(desk: Desk, show: Show, product: Product, said: Mapping[str, str], at: datetime | None) -> NewDeal:
    """The deal as typed, or `BadDeal`."""
    lanes = []
    for variant in product.variants:
        units = said.get(units_field(variant.id), "")
        if units in ("", "0"):
            continue
        prices = prices_in(desk, variant, said)
        lanes.append(NewLane(variant.id, product.id, forms.whole(units, -1), prices))
    return NewDeal(
        show.id,
        tuple(lanes),
        limit=forms.whole(said.get("limit", ""), 1),
        countdown=timedelta(seconds=forms.whole(said.get("countdown", ""), 30)),
        length=timedelta(minutes=forms.whole(said.get("length", ""), 5)),
        pay_within=timedelta(minutes=forms.whole(said.get("pay", ""), 5)),
        has_waitlist=bool(said.get("waitlist")),
        launch_at=at,
        may_go_below=bool(said.get("below")),
    )


def prices_in(desk: Desk, variant: Variant, said: Mapping[str, str]) -> dict[Country, Money]:
    found: dict[Country, Money] = {}
    for market in markets.markets(desk.visit.today):
        typed = said.get(price_field(variant.id, market.code), "")
        if not typed:
            continue
        money = money_in(typed, market.currency)
        if money is None:
            raise BadDeal("prices")
        found[market.code] = money
    return found


def money_in(text: str, currency: str) -> Money | None:
    given = forms.decimal(text)
    try:
        return Money(given, Currency(currency)) if given is not None else None
    except BadMoney:
        return None


def suggested(usual: Money, off: int) -> Money:
    """So many per cent under the own price, in whole minor units."""
    return Money.rounded(Fraction(usual.amount) * (100 - off) / 100, usual.currency)


async def view_of(
    db: Db, desk: Desk, show: Show, product: UUID, said: Mapping[str, str], *, problem: str = ""
) -> LauncherView:
    found = await product_of(db, desk, product)
    variants = [one.id for one in found.variants]
    usual = await pricing.prices_everywhere(db, variants)
    floors = await pricing.floors_everywhere(db, variants)
    levels = await stock.levels(db, variants)
    cells: dict[VariantId, list[DealPrice]] = {id: [] for id in variants}
    shown, _ = selling.split(desk, {str(code) for by_market in usual.values() for code in by_market})
    for market in shown:
        gathered = await offers.gather(db, dict.fromkeys(variants, 1), market)
        for id in variants:
            price = usual[id].get(market.code)
            if price is not None:
                floor = floors[id].get(market.code)
                cells[id].append(cell(db, desk, market, gathered[id], price, floor, said))
    is_filled = any(name.startswith("units-") for name in said)
    first = next((one.id for one in found.variants if levels[one.id].free > 0), None)
    rows = []
    for one in found.variants:
        free = max(0, levels[one.id].free)
        proposed = str(min(free, 200)) if one.id == first and not is_filled else ""
        rows.append(
            DealRow(
                str(one.id),
                one.label(desk.visit.language) or one.sku,
                free,
                said.get(units_field(one.id), proposed),
                cells[one.id],
            )
        )
    base = f"/studio/shows/{show.id}"
    return LauncherView(
        show=show,
        product=found,
        rows=rows,
        action=f"{base}/deals",
        refresh=f"{base}/deals/new?product={found.id}",
        back=f"{base}/live",
        typed={**TYPED, "waitlist": "" if is_filled else "yes", **said},
        markets=len({price.market for some in cells.values() for price in some}),
        problem=problem,
    )


def cell(
    db: Db,
    desk: Desk,
    market: Market,
    wanted: Wanted,
    usual: Price,
    floor: Floor | None,
    said: Mapping[str, str],
) -> DealPrice:
    name = price_field(wanted.variant.id, market.code)
    off = min(max(forms.whole(said.get("off", ""), USUAL_OFF), 1), 90)
    is_typed = name in said and not said.get("fresh")
    value = said[name] if is_typed else str(suggested(usual.amount, off).amount)
    money = money_in(value, market.currency) if value else None
    whole = total(db, desk, market, wanted, money)
    words = words_in(desk.visit.language)
    why = ""
    if value and (money is None or money.amount <= Decimal(0)):
        why = words_of(BadDeal("prices"), desk.visit.language)
    elif money is not None and money >= usual.amount:
        why = words.gettext("Not under your own price")
    elif money is not None and whole is None:
        why = words.gettext("Not sold here")
    before = total(db, desk, market, wanted, usual.amount)
    below = floor.amount if floor and money is not None and floor.is_over(money) else None
    return DealPrice(market.code, market.currency, name, value, usual.amount, whole, before, why, below)


def total(db: Db, desk: Desk, market: Market, wanted: Wanted, money: Money | None) -> Money | None:
    """What a buyer pays, all in; none where it is not sold."""
    if money is None or wanted.price is None:
        return None
    priced = replace(wanted, price=replace(wanted.price, amount=money))
    try:
        return offers.whole([priced], market, desk.scene.carriers.values(), at=db.now).offer.total
    except NotSoldHere:
        return None


def problem_of(refusal: Refusal, language: str) -> str:
    """What is wrong with a deal or coupon, field by field."""
    field = getattr(refusal, "field", "")
    if field in FIELDS:
        return words_in(language).gettext(FIELDS[field])
    return words_of(refusal, language)
