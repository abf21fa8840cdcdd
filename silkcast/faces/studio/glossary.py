# SPDX-License-Identifier: Apache-2.0
"""Glossary: how a shop's own words are put in other languages, by hand or as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect

from silkcast.faces.format import Format
from silkcast.faces.refusal_words import words_of
from silkcast.faces.spreadsheet import as_csv
from silkcast.ground.ids import TermId
from silkcast.ground.language import SPOKEN
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db.paging import BadCursor
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import BadTerm, TooManyTerms
from silkcast.who.translations.values import NewTerm

from . import forms
from .desk import Desk, see, uuid_in
from .glossary_views import GlossaryView

HEAD = ("source", "target", "word", "meaning")
MOST_OCTETS = 1_000_000


@get("/glossary", name="studio.glossary")
async def show(desk: Desk, q: str = "", after: str = "", saved: str = "") -> Response[str]:
    return await desk.page("glossary", await view_of(desk, q=q, after=after, saved=bool(saved)))


async def view_of(
    desk: Desk,
    *,
    q: str = "",
    after: str = "",
    saved: bool = False,
    problem: str = "",
    given: Mapping[str, str] | None = None,
) -> GlossaryView:
    async with desk.read() as db:
        try:
            found = await translations.glossary(db, desk.shop.id, text=q.strip()[:80], after=after or None)
        except BadCursor:
            found = await translations.glossary(db, desk.shop.id, text=q.strip()[:80])
        house = await translations.terms(db, None)
    f = Format.of(desk.visit)
    languages = [(one, f.language_name(one)) for one in SPOKEN]
    return GlossaryView(found.items, q, found.next or "", languages, house, saved, problem, given or {})


@post("/glossary")
async def add(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    form = forms.texts(await forms.form_of(request))
    term = NewTerm(*(form.get(name, "") for name in HEAD))
    try:
        async with desk.write() as tx:
            await translations.add_terms(tx, desk.shop.id, [term])
    except (BadTerm, TooManyTerms) as refusal:
        return await again(desk, refusal, form)
    return see("/studio/glossary?saved=1")


async def again(desk: Desk, refusal: Refusal, given: Mapping[str, str] | None = None) -> Response[str]:
    view = await view_of(desk, problem=words_of(refusal, desk.visit.language), given=given)
    return await desk.page("glossary", view, status=422)


@post("/glossary/{id:str}/remove")
async def remove(desk: Desk, id: str) -> Redirect:
    async with desk.write() as tx:
        await translations.remove_term(tx, desk.shop.id, TermId(uuid_in(id)))
    return see("/studio/glossary")


@get("/glossary.csv", name="studio.glossary.csv")
async def export(desk: Desk) -> Response[bytes]:
    async with desk.read() as db:
        found = await translations.terms(db, desk.shop.id)
    return as_csv("glossary", HEAD, [(one.source, one.target, one.word, one.meaning) for one in found])


@post("/glossary/import")
async def bring(request: Request[Any, Any, Any], desk: Desk) -> Response[Any]:
    """A file as `export` writes it: all of its words, or none and which line is wrong."""
    upload = (await forms.form_of(request)).get("file")
    try:
        terms = read(await upload.read(MOST_OCTETS + 1) if isinstance(upload, UploadFile) else b"")
        async with desk.write() as tx:
            await translations.add_terms(tx, desk.shop.id, terms)
    except (BadTerm, TooManyTerms) as refusal:
        return await again(desk, refusal)
    return see("/studio/glossary?saved=1")


def read(octets: bytes) -> list[NewTerm]:
    """The terms of a file with a line of names first. Marks before signs are taken off again."""
    if not octets or len(octets) > MOST_OCTETS:
        raise BadTerm("file", 0)
    try:
        rows = list(csv.reader(io.StringIO(octets.decode("utf-8-sig"))))
    except (UnicodeDecodeError, csv.Error) as fault:
        raise BadTerm("file", 0) from fault
    names = [name.strip().lower() for name in rows[0]] if rows else []
    if not set(HEAD) <= set(names):
        raise BadTerm("file", 1)
    places = [names.index(name) for name in HEAD]
    terms = []
    for number, row in enumerate(rows[1:], start=1):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) <= max(places):
            raise BadTerm("file", number)
        terms.append(NewTerm(*(plain(row[place]) for place in places)))
    return terms


def plain(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "@", "-") else cell


HANDLERS = (show, add, remove, export, bring)
