# SPDX-License-Identifier: Apache-2.0
"""The whole house's glossary, which holds in every shop. Every change is in the audit log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post

from silkcast.faces.asking import actor_of
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.terms import glossary_file, glossary_view, sent_terms, typed
from silkcast.faces.visit import Visit
from silkcast.ground.ids import TermId
from silkcast.ground.refusals import Refusal
from silkcast.watch.audit import service as audit
from silkcast.who.identity.values import User
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import BadTerm, TooManyTerms

from .side import desk_page, seen_to

PATH = "/desk/glossary"


@get("/glossary")
async def show_glossary(
    house: House, visit: Visit, operator: User, q: str = "", after: str = "", saved: str = ""
) -> Response[str]:
    async with house.database.read() as db:
        view = await glossary_view(db, visit, None, action=PATH, q=q, after=after, saved=bool(saved))
    return await desk_page(house, visit, operator, "glossary.html", view)


@get("/glossary.csv")
async def glossary_sheet(house: House, operator: User) -> Response[bytes]:
    async with house.database.read() as db:
        return await glossary_file(db, None)


@post("/glossary")
async def add_term(
    request: Request[Any, Any, Any], house: House, visit: Visit, operator: User
) -> Response[Any]:
    form = {name: str(value) for name, value in (await request.form()).items()}
    try:
        term = typed(form)
        async with house.database.write(actor_of(operator)) as tx:
            await translations.add_terms(tx, None, [term])
            await audit.record(
                tx, "glossary.added", "glossary", "house", word=term.word[:80], target=term.target[:12]
            )
    except (BadTerm, TooManyTerms) as refusal:
        return await _again(house, visit, operator, refusal, form)
    return seen_to(f"{PATH}?saved=1")


@post("/glossary/import")
async def bring_terms(
    request: Request[Any, Any, Any], house: House, visit: Visit, operator: User
) -> Response[Any]:
    try:
        terms = await sent_terms((await request.form()).get("file"))
        async with house.database.write(actor_of(operator)) as tx:
            count = await translations.add_terms(tx, None, terms)
            await audit.record(tx, "glossary.imported", "glossary", "house", words=count)
    except (BadTerm, TooManyTerms) as refusal:
        return await _again(house, visit, operator, refusal, {})
    return seen_to(f"{PATH}?saved=1")


@post("/glossary/{term:uuid}/remove")
async def remove_term(house: House, operator: User, term: UUID) -> Response[None]:
    async with house.database.write(actor_of(operator)) as tx:
        await translations.remove_term(tx, None, TermId(term))
        await audit.record(tx, "glossary.removed", "glossary", "house", term=str(term))
    return seen_to(PATH)


async def _again(
    house: House, visit: Visit, operator: User, refusal: Refusal, given: dict[str, str]
) -> Response[str]:
    problem = words_of(refusal, visit.language)
    async with house.database.read() as db:
        view = await glossary_view(db, visit, None, action=PATH, problem=problem, given=given)
    return await desk_page(house, visit, operator, "glossary.html", view, status=422)
