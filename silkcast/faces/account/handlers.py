# SPDX-License-Identifier: Apache-2.0
"""The doors to the house. What is wrong is said on the page; what is unknown looks like what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post

from silkcast.faces.asking import SESSION, actor_of, count, known_user, page
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.views import RegisterView
from silkcast.faces.throttling import ENTER, LETTER
from silkcast.faces.visit import Visit
from silkcast.flows import erasing
from silkcast.flows.errors import StillSells
from silkcast.ground.places import Country
from silkcast.ground.refusals import Conflict, Invalid, TooMany
from silkcast.watch.audit import service as audit
from silkcast.who.identity import one_tap
from silkcast.who.identity import service as identity
from silkcast.who.identity.errors import AlreadyRegistered
from silkcast.who.identity.values import Session, User

from .entering import log_in_view
from .fields import register_fields
from .knocking import checked, gone, knock_cookie, let_in, local, on_to, said_in, texting_of
from .you import you_page


@post("/log-in")
async def try_log_in(request: Request[Any, Any, Any], house: House, visit: Visit) -> Response[str]:
    count(request, ENTER)
    said = await said_in(request)
    contact, next = said.get("contact", ""), said.get("next", "/")
    async with house.database.write() as tx:
        came = await checked(identity.login(tx, contact, said.get("password", ""), country=visit.market))
    if isinstance(came, Session):
        return let_in(house, came, next)
    view = log_in_view(house, visit, "password", next, contact, words_of(came, visit.language))
    return page("account/log_in.html", view, visit, status=422)


@get("/register", name="account.register")
async def register(visit: Visit, next: str = "/") -> Response[str]:
    fields = register_fields(visit, {}, None)
    view = RegisterView("/register", fields, local(next), "", log_in_path(next))
    return page("account/register.html", view, visit)


def log_in_path(next: str) -> str:
    return f"/log-in?{urlencode({'next': local(next)})}"


async def _begin(house: House, visit: Visit, said: Mapping[str, str]) -> str:
    """The contact that a code is on its way to."""
    contact, texting = said.get("contact", ""), texting_of(house)
    try:
        async with house.database.write() as tx:
            made = await identity.register(
                tx,
                contact=contact,
                password=said.get("password", ""),
                name=said.get("name", ""),
                language=visit.language,
                country=visit.market,
                texting=texting,
            )
        return made.contact
    except AlreadyRegistered:
        async with house.database.write() as tx:
            return await identity.ask_for_code(
                tx,
                contact,
                purpose="confirm",
                language=visit.language,
                country=visit.market,
                texting=texting,
            )


@post("/register")
async def try_register(request: Request[Any, Any, Any], house: House, visit: Visit) -> Response[str]:
    """Begin an account with a password. Whether the contact has one already is told to who reads its letters
    alone: they get a code all the same, and come in."""
    count(request, LETTER)
    said = await said_in(request)
    next = local(said.get("next", "/"))
    try:
        reached = await _begin(house, visit, said)
    except (Invalid, Conflict, TooMany) as refusal:
        fields = register_fields(visit, said, refusal)
        problem = "" if any(field.wrong for field in fields) else words_of(refusal, visit.language)
        view = RegisterView("/register", fields, next, problem, log_in_path(next))
        return page("account/register.html", view, visit, status=422)
    return on_to("/code", knock_cookie(house, reached, "confirm"), next=next)


@post("/log-out")
async def log_out(request: Request[Any, Any, Any], house: House) -> Response[str]:
    if token := request.cookies.get(SESSION):
        async with house.database.write() as tx:
            await identity.logout(tx, token)
    return on_to("/", gone(house, SESSION))


@get("/you", name="account.you")
async def you(house: House, user: User | None, visit: Visit) -> Response[str]:
    return await you_page(house, await known_user(user), visit)


@post("/you/one-tap/{market:str}/off")
async def one_tap_off(house: House, user: User | None, market: str) -> Response[str]:
    """One tap orders there no more, and the address is forgotten."""
    person = await known_user(user)
    async with house.database.write(actor_of(person)) as tx:
        await one_tap.switch_off(tx, person.id, Country(market))
    return on_to("/you")


@post("/you/close")
async def close(
    request: Request[Any, Any, Any], house: House, user: User | None, visit: Visit
) -> Response[str]:
    """Forget this person for good, if they tick that they mean it."""
    person, said = await known_user(user), await said_in(request)
    if said.get("means") != "yes":
        return on_to("/you#close")
    try:
        async with house.database.write(actor_of(person)) as tx:
            await erasing.erase_person(tx, person.id)
            await audit.record(tx, "user.erased", "user", person.id)
    except StillSells as refusal:
        return await you_page(house, person, visit, words_of(refusal, visit.language), 409)
    return on_to("/", gone(house, SESSION))


HANDLERS = (try_log_in, register, try_register, log_out, you, one_tap_off, close)
