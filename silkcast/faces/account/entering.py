# SPDX-License-Identifier: Apache-2.0
"""Entering: one field, one code, and in. Whoever is new is asked for a name after the code.

A number that has an account and one that has none are answered alike, until the code was right.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post

from silkcast.faces.asking import count, page
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.views import CodeView, LogInView, WelcomeView
from silkcast.faces.throttling import ENTER, LETTER
from silkcast.faces.visit import Visit
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Actor
from silkcast.watch.audit import service as audit
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import Newcomer, Session
from silkcast.who.markets import service as markets

from .fields import DEMO
from .knocking import Knock, checked, knock_cookie, knock_of, let_in, local, on_to, said_in, texting_of
from .you import party_of


def prefix_of(visit: Visit) -> str:
    """What numbers of this market begin with abroad."""
    return next((one.phone_prefix for one in markets.markets(visit.today) if one.code == visit.market), "")


def log_in_view(
    house: House, visit: Visit, by: str, next: str, contact: str = "", problem: str = ""
) -> LogInView:
    query = urlencode({"next": local(next)})
    is_code = by != "password"
    return LogInView(
        action="/log-in/code" if is_code else "/log-in",
        next=local(next),
        by="code" if is_code else "password",
        contact=contact,
        problem=problem,
        other=f"/log-in?by=password&{query}" if is_code else f"/log-in?{query}",
        register=f"/register?{query}",
        known=DEMO if house.site.is_demo else (),
        prefix=prefix_of(visit),
        takes_passkeys=party_of(house) is not None,
    )


@get("/log-in", name="account.log_in")
async def log_in(house: House, visit: Visit, next: str = "/", by: str = "code") -> Response[str]:
    return page("account/log_in.html", log_in_view(house, visit, by, next), visit)


@post("/log-in/code")
async def ask_code(request: Request[Any, Any, Any], house: House, visit: Visit) -> Response[str]:
    """Send a code. Whether somebody has this contact is not told."""
    count(request, LETTER)
    said = await said_in(request)
    contact, next = said.get("contact", ""), local(said.get("next", "/"))
    async with house.database.write() as tx:
        came = await checked(_ask(tx, house, visit, contact))
    if isinstance(came, Refusal):
        view = log_in_view(house, visit, "code", next, contact, words_of(came, visit.language))
        return page("account/log_in.html", view, visit, status=422)
    return on_to("/code", knock_cookie(house, came, "login"), next=next)


async def _ask(tx: Any, house: House, visit: Visit, contact: str, purpose: Any = "login") -> str:
    return await identity.ask_for_code(
        tx,
        contact,
        purpose=purpose,
        language=visit.language,
        country=visit.market,
        texting=texting_of(house),
    )


async def _code_page(
    house: House, visit: Visit, knock: Knock, next: str, wrong: str = "", status: int = 200
) -> Response[str]:
    query = urlencode({"next": local(next)})
    async with house.database.read() as db:
        wait = await identity.code_wait(db, knock.contact)
    view = CodeView(
        action=f"/code?{query}",
        sent_to=knock.contact,
        back=f"/log-in?{query}",
        again=f"/code/again?{query}",
        again_seconds=wait,
        wrong=wrong,
        next=local(next),
    )
    return page("account/code.html", view, visit, status=status)


@get("/code", name="account.code")
async def code(request: Request[Any, Any, Any], house: House, visit: Visit, next: str = "/") -> Response[str]:
    knock = knock_of(request)
    if knock is None:
        return on_to("/log-in", next=local(next))
    return await _code_page(house, visit, knock, next)


@post("/code")
async def try_code(
    request: Request[Any, Any, Any], house: House, visit: Visit, next: str = "/"
) -> Response[str]:
    count(request, ENTER)
    knock = knock_of(request)
    if knock is None:
        return on_to("/log-in", next=local(next))
    said = await said_in(request)
    async with house.database.write() as tx:
        came = await checked(
            identity.login_with_code(tx, knock.contact, said.get("code", ""), purpose=knock.purpose)
        )
    if isinstance(came, Session):
        await note_entered(house, came, "code")
        return let_in(house, came, next)
    if isinstance(came, Newcomer):
        proven = knock_cookie(house, knock.contact, knock.purpose, came.proof)
        return on_to("/welcome", proven, next=local(next))
    return await _code_page(house, visit, knock, next, words_of(came, visit.language), 422)


async def note_entered(house: House, session: Session, by: str) -> None:
    """Write down who came in, and how."""
    person = session.user
    async with house.database.write(Actor("user", person.id, person.name)) as tx:
        await audit.record(tx, "user.logged_in", "user", person.id, by=by)


@post("/code/again")
async def code_again(
    request: Request[Any, Any, Any], house: House, visit: Visit, next: str = "/"
) -> Response[str]:
    count(request, LETTER)
    knock = knock_of(request)
    if knock is None:
        return on_to("/log-in", next=local(next))
    async with house.database.write() as tx:
        came = await checked(_ask(tx, house, visit, knock.contact, knock.purpose))
    if isinstance(came, Refusal):
        return await _code_page(house, visit, knock, next, words_of(came, visit.language), 422)
    return on_to("/code", knock_cookie(house, came, knock.purpose), next=local(next))


@get("/welcome", name="account.welcome")
async def welcome(request: Request[Any, Any, Any], visit: Visit, next: str = "/") -> Response[str]:
    knock = knock_of(request)
    if knock is None or not knock.proof:
        return on_to("/log-in", next=local(next))
    return _welcome_page(visit, knock, next, {})


def _welcome_page(
    visit: Visit, knock: Knock, next: str, said: dict[str, str], came: Refusal | None = None
) -> Response[str]:
    problem = words_of(came, visit.language) if came else ""
    is_name = came is not None and came.code == "identity.bad_name"
    view = WelcomeView(
        action=f"/welcome?{urlencode({'next': local(next)})}",
        contact=knock.contact,
        name=said.get("name", ""),
        wrong=problem if is_name else "",
        problem="" if is_name else problem,
    )
    return page("account/welcome.html", view, visit, status=422 if came else 200)


@post("/welcome")
async def open_account(
    request: Request[Any, Any, Any], house: House, visit: Visit, next: str = "/"
) -> Response[str]:
    count(request, ENTER)
    knock = knock_of(request)
    if knock is None or not knock.proof:
        return on_to("/log-in", next=local(next))
    said = await said_in(request)
    agrees = said.get("agrees") == "yes"
    async with house.database.write() as tx:
        came = await checked(
            identity.welcome(
                tx, knock.proof, name=said.get("name", ""), agrees=agrees, language=visit.language
            )
        )
    if isinstance(came, Session):
        await note_entered(house, came, "code")
        return let_in(house, came, next)
    return _welcome_page(visit, knock, next, said, came)


HANDLERS = (log_in, ask_code, code, try_code, code_again, welcome, open_account)
