# SPDX-License-Identifier: Apache-2.0
"""Translating: lines of a chat in the reader's language, when the reader asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, Response, post
from litestar.datastructures import State

from silkcast.faces.asking import count
from silkcast.faces.house import House
from silkcast.faces.refusing import BadRequest
from silkcast.faces.throttling import TRANSLATE
from silkcast.faces.visit import Visit
from silkcast.flows.translating import Wanted
from silkcast.ground.ids import LineId, SellerId, ShowId
from silkcast.ground.refusals import NotFound
from silkcast.ground.scripts import is_foreign
from silkcast.stage.chat import service as chat
from silkcast.stage.chat.errors import NoSuchLine
from silkcast.stage.chat.values import Line
from silkcast.stage.rooms import service as rooms
from silkcast.who.sellers import service as sellers
from silkcast.who.translations.errors import NotTranslated
from silkcast.who.translations.values import Translated

from .reading import sent

MOST_LINES = 20
NOT_KEPT = {"cache-control": "private, no-store"}


@dataclass(frozen=True, slots=True)
class SomeLines:
    """Which lines of the room; one that cannot be had is left out of the answer."""

    lines: list[UUID]


def body_of(made: Translated) -> dict[str, str]:
    return {"text": made.text, "language": made.language, "from": made.source, "engine": made.engine}


@post("/live/{show:uuid}/chat/{line:uuid}/translation", status_code=200)
async def one_line(
    request: Request[Any, Any, State], house: House, visit: Visit, show: UUID, line: UUID
) -> Response[dict[str, str]]:
    """One line in the reader's language."""
    count(request, TRANSLATE)
    seller, found = await _lines(house, ShowId(show), [LineId(line)])
    if not found:
        raise NoSuchLine()
    said = found[0]
    if not is_foreign(said.text, said.language, visit.language):
        raise NotTranslated()
    made = await house.translating.one(_wanted(said), visit.language, seller=seller)
    return Response(body_of(made), headers=NOT_KEPT)


@post("/live/{show:uuid}/chat/translations", status_code=200)
async def many_lines(
    request: Request[Any, Any, State], house: House, visit: Visit, show: UUID
) -> Response[dict[str, Any]]:
    """Some lines at once, by their ids; those that are not to be had, or not foreign, are left out."""
    count(request, TRANSLATE)
    asked = (await sent(request, SomeLines)).lines
    if not 0 < len(asked) <= MOST_LINES:
        raise BadRequest()
    seller, found = await _lines(house, ShowId(show), [LineId(id) for id in asked])
    foreign = [line for line in found if is_foreign(line.text, line.language, visit.language)]
    made = await house.translating.many([_wanted(line) for line in foreign], visit.language, seller=seller)
    there = {str(line.id): body_of(one) for line, one in zip(foreign, made, strict=True) if one}
    return Response({"lines": there}, headers=NOT_KEPT)


def _wanted(line: Line) -> Wanted:
    return Wanted(line.text, line.language)


async def _lines(house: House, show: ShowId, ids: Sequence[LineId]) -> tuple[SellerId, list[Line]]:
    """The show's seller, and those of these lines that everybody in its room may read now."""
    async with house.database.read() as db:
        found = await rooms.the_show(db, show)
        if not (await sellers.seller(db, found.seller)).is_active:
            raise NotFound
        lines = await chat.lines(db, ids)
    there = [lines[id] for id in dict.fromkeys(ids) if id in lines]
    return found.seller, [
        line for line in there if line.show == show and line.state == "shown" and line.kind != "system"
    ]


ROUTES = (one_line, many_lines)
