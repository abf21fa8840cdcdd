# SPDX-License-Identifier: Apache-2.0
"""Terms: the page of a glossary, a shop's in the studio or the house's at the desk, and its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from litestar import Response
from litestar.datastructures import UploadFile

from silkcast.faces.format import Format
from silkcast.faces.spreadsheet import as_csv
from silkcast.faces.visit import Visit
from silkcast.ground.ids import SellerId
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Db
from silkcast.plumbing.db.paging import BadCursor
from silkcast.who.translations import service as translations
from silkcast.who.translations.errors import BadTerm
from silkcast.who.translations.values import NewTerm, Term

HEAD = ("source", "target", "word", "meaning")
MOST_OCTETS = 1_000_000


@dataclass(frozen=True, slots=True)
class GlossaryView:
    """parts/glossary.html: the words, those of the house beside a shop's, and a form for one more."""

    action: str
    terms: Sequence[Term]
    q: str
    next: str
    languages: Sequence[tuple[str, str]]
    house: Sequence[Term]
    saved: bool = False
    problem: str = ""
    given: Mapping[str, str] = field(default_factory=dict)


async def glossary_view(
    db: Db,
    visit: Visit,
    seller: SellerId | None,
    *,
    action: str,
    q: str = "",
    after: str = "",
    saved: bool = False,
    problem: str = "",
    given: Mapping[str, str] | None = None,
) -> GlossaryView:
    text = q.strip()[:80]
    try:
        found = await translations.glossary(db, seller, text=text, after=after or None)
    except BadCursor:
        found = await translations.glossary(db, seller, text=text)
    house = await translations.terms(db, None) if seller is not None else ()
    f = Format.of(visit)
    languages = [(str(one), f.language_name(one)) for one in tongues.spoken()]
    return GlossaryView(
        action, found.items, q, found.next or "", languages, house, saved, problem, given or {}
    )


def typed(form: Mapping[str, str]) -> NewTerm:
    return NewTerm(*(form.get(name, "") for name in HEAD))


async def glossary_file(db: Db, seller: SellerId | None) -> Response[bytes]:
    found = await translations.terms(db, seller)
    return as_csv("glossary", HEAD, [(one.source, one.target, one.word, one.meaning) for one in found])


async def sent_terms(upload: Any) -> list[NewTerm]:
    """What a form's file has in it."""
    return read(await upload.read(MOST_OCTETS + 1) if isinstance(upload, UploadFile) else b"")


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
