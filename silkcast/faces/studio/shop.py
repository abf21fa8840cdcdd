# SPDX-License-Identifier: Apache-2.0
"""Shop: opening one, and what it says of itself to buyers and to customs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from litestar import Request, Response, get, post

from silkcast.faces.asking import NoShopYet, actor_of, house_of, known_user, page, shop_of
from silkcast.faces.format import Format
from silkcast.faces.refusal_words import words_of
from silkcast.faces.visit import Visit
from silkcast.flows import answering as obliged
from silkcast.ground.places import COUNTRIES
from silkcast.ground.refusals import Conflict, Invalid, Refusal
from silkcast.who.identity.values import User
from silkcast.who.sellers import answering
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Answerable, Seller

from . import forms
from .answering_views import Answering
from .desk import Desk, see
from .pictures import address_of, kept
from .views import ShopForm


def countries(visit: Visit) -> list[tuple[str, str]]:
    named = [(code, Format.of(visit).country(code)) for code in COUNTRIES]
    return sorted(named, key=lambda one: one[1])


@get("/open", name="studio.open")
async def ask(request: Request[Any, Any, Any], user: User | None, visit: Visit) -> Response[Any]:
    """The first thing somebody without a shop sees."""
    person = await known_user(user)
    try:
        await shop_of(request)
    except NoShopYet:
        given = {"country": "CN", "contact": person.name}
        return page("studio/open.html", ShopForm(None, given, countries(visit)), visit)
    return see("/studio")


@post("/open")
async def open_shop(request: Request[Any, Any, Any], user: User | None, visit: Visit) -> Response[Any]:
    person = await known_user(user)
    form = forms.texts(await forms.form_of(request))
    try:
        async with house_of(request).database.write(actor_of(person)) as tx:
            shop = await sellers.open_shop(tx, person.id, forms.new_seller(form, None))
            if shop.return_address.street:
                await sellers.add_warehouse(tx, shop.id, shop.city, shop.return_address)
    except (Invalid, Conflict) as refusal:
        view = ShopForm(None, form, countries(visit), words_of(refusal, visit.language), field_of(refusal))
        return page("studio/open.html", view, visit, status=422)
    return see("/studio")


def field_of(refusal: Refusal) -> str:
    """Which field it is about, where the refusal says so."""
    return str(refusal.facts().get("field", "slug" if refusal.code.endswith("slug_taken") else ""))


@get("/settings", name="studio.settings")
async def show(desk: Desk, saved: str = "") -> Response[str]:
    view = ShopForm(desk.shop, given_of(desk.shop), countries(desk.visit), saved=bool(saved))
    view = replace(view, avatar=avatar_of(desk.shop), answering=await answering_of(desk, {}))
    return await desk.page("settings", view)


async def answering_of(desk: Desk, typed: Mapping[str, str]) -> tuple[Answering, ...]:
    """The maker, and one for each area of law that wants a responsible person."""
    async with desk.read() as db:
        known = await answering.answerable(db, desk.shop.id)
        areas = obliged.areas(db.now.date())
    made = []
    for area in (answering.MAKER, *areas):
        who = known.get(area) or Answerable(area, "", "", "")
        prefix = f"answerable-{area or 'maker'}"
        made.append(
            Answering(
                area,
                prefix,
                typed.get(f"{prefix}-name", who.name),
                typed.get(f"{prefix}-address", who.address),
                typed.get(f"{prefix}-email", who.email),
                is_missing=area not in known,
            )
        )
    return tuple(made)


@post("/settings/answering")
async def save_answering(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    """Who made the goods, and who answers for them where a law asks that."""
    said = forms.texts(await forms.form_of(request))
    try:
        async with desk.write() as tx:
            for area in (answering.MAKER, *obliged.areas(tx.now.date())):
                prefix = f"answerable-{area or 'maker'}"
                fields = (said.get(f"{prefix}-{name}", "").strip() for name in ("name", "address", "email"))
                await answering.name(tx, desk.shop.id, Answerable(area, *fields))
    except Invalid as refusal:
        view = ShopForm(
            desk.shop,
            given_of(desk.shop),
            countries(desk.visit),
            words_of(refusal, desk.visit.language),
            field_of(refusal),
            avatar=avatar_of(desk.shop),
            answering=await answering_of(desk, said),
        )
        return await desk.page("settings", view, status=422)
    return see("/studio/settings?saved=1#answering")


def avatar_of(shop: Seller) -> Any:
    return address_of(shop.avatar, 160) if shop.avatar else None


@post("/settings")
async def save(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    form = await forms.form_of(request)
    said = forms.texts(form)
    try:
        picture = await kept(desk.scene.files, form.get("avatar"))
        avatar = picture.file if picture else desk.shop.avatar
        async with desk.write() as tx:
            await sellers.revise(tx, desk.shop.id, forms.new_seller(said, avatar))
    except (Invalid, Conflict) as refusal:
        problem = words_of(refusal, desk.visit.language)
        view = ShopForm(desk.shop, said, countries(desk.visit), problem, field_of(refusal))
        return await desk.page("settings", view, status=422)
    return see("/studio/settings?saved=1")


def given_of(shop: Seller) -> dict[str, str]:
    """The shop as the form has it."""
    back = shop.return_address
    named = {f"name-{code}": text for code, text in forms.by_language(shop.name).items()}
    told = {f"story-{code}": text for code, text in forms.by_language(shop.story).items()}
    return {
        **named,
        **told,
        "slug": shop.slug,
        "city": shop.city,
        "country": shop.country,
        "legal_name": shop.legal_name,
        "contact": back.name,
        "street": back.street,
        "postcode": back.postcode,
        "region": back.region,
        "district": back.district,
        "phone": back.phone,
        "trade_code": shop.customs.trade_code,
        "uscc": shop.customs.uscc,
        "ebc_name": shop.customs.ebc_name,
    }


HANDLERS = (show, save, save_answering)
OPENING = (ask, open_shop)
"""Asked before there is a shop, so without the desk."""
