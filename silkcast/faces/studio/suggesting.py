# SPDX-License-Identifier: Apache-2.0
"""Suggesting: the languages a seller left empty, filled by machine.

Nothing is saved here: the form comes back with what is suggested marked, and the seller saves it or not.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, post

from silkcast.faces.refusal_words import words_of
from silkcast.faces.throttling import TRANSLATE
from silkcast.flows.translating import Wanted
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product
from silkcast.ground.ids import ProductId
from silkcast.ground.language import ENGLISH
from silkcast.ground.refusals import Refusal
from silkcast.plumbing import tongues
from silkcast.who.translations.errors import NotTranslated

from . import forms
from .desk import Desk, uuid_in
from .products import drafted

FIELDS = ("name", "description", "material")


@dataclass(frozen=True, slots=True)
class Suggested:
    """What is suggested, by the names of the fields, and why the rest is not."""

    texts: Mapping[str, str]
    refusal: Refusal | None = None


@post("/products/new/suggest", status_code=200)
async def for_new(request: Request[Any, Any, Any], desk: Desk) -> Response[str]:
    return await answer(request, desk, None)


@post("/products/{id:str}/suggest", status_code=200)
async def for_product(request: Request[Any, Any, Any], desk: Desk, id: str) -> Response[str]:
    async with desk.read() as db:
        product = await catalog.product(db, ProductId(uuid_in(id)), seller=desk.shop.id)
    return await answer(request, desk, product)


async def answer(request: Request[Any, Any, Any], desk: Desk, before: Product | None) -> Response[str]:
    form = forms.texts(await forms.form_of(request))
    made = await suggested(desk, form)
    view = drafted(desk, {**form, **made.texts}, before)
    problem = words_of(made.refusal, desk.visit.language) if made.refusal else ""
    view = replace(view, suggested=frozenset(made.texts), problem=problem)
    return await desk.page("product", view, status=200 if made.texts or not problem else 422)


async def suggested(desk: Desk, form: Mapping[str, str]) -> Suggested:
    """For each empty language: what the machine makes of the English, or of the first language there is."""
    empty: dict[str, list[tuple[str, Wanted]]] = {}
    spoken = tongues.spoken()
    for field in FIELDS:
        said = {one: form.get(f"{field}-{one}", "") for one in spoken}
        source = next((one for one in (ENGLISH, *spoken) if said[one]), None)
        if source is None:
            continue
        for language in spoken:
            if not said[language]:
                wanted = (f"{field}-{language}", Wanted(said[source], source))
                empty.setdefault(language, []).append(wanted)
    try:
        desk.house.throttle.count_for(TRANSLATE, str(desk.shop.id), desk.house.database.clock.now())
    except Refusal as refusal:
        return Suggested({}, refusal)
    found = await asyncio.gather(*(_into(desk, language, wanted) for language, wanted in empty.items()))
    texts = {name: text for one in found for name, text in one.texts.items()}
    return Suggested(texts, next((one.refusal for one in found if one.refusal), None))


async def _into(desk: Desk, language: str, wanted: list[tuple[str, Wanted]]) -> Suggested:
    try:
        made = await desk.house.translating.many([one for _, one in wanted], language, seller=desk.shop.id)
    except Refusal as refusal:
        return Suggested({}, refusal)
    texts = {name: one.text for (name, _), one in zip(wanted, made, strict=True) if one is not None}
    return Suggested(texts, None if len(texts) == len(wanted) else NotTranslated())


HANDLERS = (for_new, for_product)
