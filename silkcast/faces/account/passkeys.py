# SPDX-License-Identifier: Apache-2.0
"""Passkeys: what the page's script asks and brings, and the forms beside each in the list on /you.

A challenge belongs to the browser that asked, known by its cookie. Everything else works without script.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, Response, post
from litestar.datastructures import Cookie
from litestar.enums import MediaType

from silkcast.faces.asking import VISITOR, actor_of, count, known_user, visitor_of
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.refusing import status_of
from silkcast.faces.throttling import ENTER, PASSKEY
from silkcast.faces.visit import Visit
from silkcast.ground.ids import PasskeyId
from silkcast.ground.refusals import Invalid, Refusal
from silkcast.watch.audit import service as audit
from silkcast.who.identity import passkeys
from silkcast.who.identity.errors import BadName, LastWay, NoPasskeysHere, PasskeyCopied
from silkcast.who.identity.values import RelyingParty, Session, User

from .entering import note_entered
from .knocking import KNOCK, gone, local, on_to, said_in, session_cookie, texting_of
from .you import party_of, you_page

MOST_BODY = 65_536


class BadAnswer(Invalid):
    """What the browser brought cannot be read."""

    code = "identity.bad_answer"


class Asked(msgspec.Struct, frozen=True):
    """What a browser's script brings."""

    credential: dict[str, Any]
    name: str = ""
    next: str = "/"


def _party(house: House) -> RelyingParty:
    found = party_of(house)
    if found is None:
        raise NoPasskeysHere()
    return found


async def _brought(request: Request[Any, Any, Any]) -> Asked:
    body = await request.body()
    if len(body) > MOST_BODY:
        raise BadAnswer()
    try:
        return msgspec.json.decode(body, type=Asked)
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise BadAnswer() from None


def _told(body: Mapping[str, Any], *cookies: Cookie | None) -> Response[Any]:
    return Response(
        body,
        status_code=200,
        media_type=MediaType.JSON,
        headers={"cache-control": "no-store"},
        cookies=[one for one in cookies if one is not None],
    )


@post("/passkeys/ask")
async def ask(request: Request[Any, Any, Any], house: House) -> Response[Any]:
    """What a passkey has to sign to come in."""
    count(request, PASSKEY)
    party = _party(house)
    browser, cookie = visitor_of(request)
    async with house.database.write() as tx:
        options = await passkeys.ask_to_sign(tx, party, browser)
    return _told(options, cookie)


@post("/passkeys")
async def come_in(request: Request[Any, Any, Any], house: House) -> Response[Any]:
    """Log in with what a passkey signed."""
    count(request, ENTER)
    party, brought = _party(house), await _brought(request)
    async with house.database.write() as tx:
        came = await passkeys.log_in(tx, party, request.cookies.get(VISITOR, ""), brought.credential)
        if isinstance(came, PasskeyCopied):
            await audit.record(tx, "passkey.copied", "house", "passkeys")
    if not isinstance(came, Session):
        raise came  # after the commit: its challenge is spent
    await note_entered(house, came, "passkey")
    told = {"href": local(brought.next)}
    return _told(told, session_cookie(house, came), gone(house, KNOCK))


@post("/you/passkeys/ask")
async def ask_to_make(request: Request[Any, Any, Any], house: House, user: User | None) -> Response[Any]:
    """What a new passkey is made from."""
    count(request, PASSKEY)
    person, party = await known_user(user), _party(house)
    browser, cookie = visitor_of(request)
    async with house.database.write(actor_of(person)) as tx:
        options = await passkeys.ask_to_make(tx, party, person, browser)
    return _told(options, cookie)


@post("/you/passkeys")
async def add(request: Request[Any, Any, Any], house: House, user: User | None) -> Response[Any]:
    """Keep the passkey that the browser made."""
    count(request, ENTER)
    person, party = await known_user(user), _party(house)
    brought = await _brought(request)
    browser = request.cookies.get(VISITOR, "")
    async with house.database.write(actor_of(person)) as tx:
        made = await passkeys.add(tx, party, person.id, browser, brought.credential, name=brought.name)
        await audit.record(tx, "passkey.added", "user", person.id, passkey=str(made.id))
    return _told({"href": "/you#passkeys"})


@post("/you/passkeys/{passkey:uuid}/name")
async def rename(
    request: Request[Any, Any, Any], house: House, user: User | None, visit: Visit, passkey: UUID
) -> Response[str]:
    person, said = await known_user(user), await said_in(request)
    try:
        async with house.database.write(actor_of(person)) as tx:
            await passkeys.rename(tx, person.id, PasskeyId(passkey), said.get("name", ""))
    except BadName as refusal:
        return await _again(house, person, visit, refusal)
    return on_to("/you#passkeys")


@post("/you/passkeys/{passkey:uuid}/remove")
async def remove(house: House, user: User | None, visit: Visit, passkey: UUID) -> Response[str]:
    person = await known_user(user)
    try:
        async with house.database.write(actor_of(person)) as tx:
            await passkeys.remove(tx, person.id, PasskeyId(passkey), texting_of(house))
            await audit.record(tx, "passkey.removed", "user", person.id, passkey=str(passkey))
    except LastWay as refusal:
        return await _again(house, person, visit, refusal)
    return on_to("/you#passkeys")


async def _again(house: House, person: User, visit: Visit, refusal: Refusal) -> Response[str]:
    problem = words_of(refusal, visit.language)
    return await you_page(house, person, visit, problem, status_of(refusal))


HANDLERS = (ask, come_in, ask_to_make, add, rename, remove)
