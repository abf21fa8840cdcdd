# SPDX-License-Identifier: Apache-2.0
"""Glossary: how a shop's own words are put in other languages, by hand or as a file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from silkcast.faces.refusal_words import words_of
from silkcast.faces.terms import glossary_file, glossary_view, sent_terms, typed
from silkcast.ground.ids import TermId
from silkcast.ground.refusals import Refusal
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import BadTerm, TooManyTerms

from . import forms
from .desk import Desk, see, uuid_in

PATH = "/studio/glossary"


@get("/glossary", name="studio.glossary")
async def show(desk: Desk, q: str = "", after: str = "", saved: str = "") -> Response[str]:
    async with desk.read() as db:
        view = await glossary_view(
            db, desk.visit, desk.shop.id, action=PATH, q=q, after=after, saved=bool(saved)
        )
    return await desk.page("glossary", view)


@post("/glossary")
async def add(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    try:
        async with desk.write() as tx:
            await translations.add_terms(tx, desk.shop.id, [typed(form)])
    except (BadTerm, TooManyTerms) as refusal:
        return await again(desk, refusal, form)
    return see(f"{PATH}?saved=1")


async def again(desk: Desk, refusal: Refusal, given: Mapping[str, str] | None = None) -> Response[str]:
    problem = words_of(refusal, desk.visit.language)
    async with desk.read() as db:
        view = await glossary_view(db, desk.visit, desk.shop.id, action=PATH, problem=problem, given=given)
    return await desk.page("glossary", view, status=422)


@post("/glossary/{id:str}/remove")
async def remove(desk: Desk, id: str) -> Redirect:
    async with desk.write() as tx:
        await translations.remove_term(tx, desk.shop.id, TermId(uuid_in(id)))
    return see(PATH)


@get("/glossary.csv", name="studio.glossary.csv")
async def export(desk: Desk) -> Response[bytes]:
    async with desk.read() as db:
        return await glossary_file(db, desk.shop.id)


@post("/glossary/import")
async def bring(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    """A file as `export` writes it: all of its words, or none and which line is wrong."""
    upload = (await forms.form_of(request)).get("file")
    try:
        terms = await sent_terms(upload)
        async with desk.write() as tx:
            await translations.add_terms(tx, desk.shop.id, terms)
    except (BadTerm, TooManyTerms) as refusal:
        return await again(desk, refusal)
    return see(f"{PATH}?saved=1")


HANDLERS = (show, add, remove, export, bring)
