# SPDX-License-Identifier: Apache-2.0
"""The doors to the house. What is wrong is said on the page; what is unknown looks like what is wrong."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode, urlsplit

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie

from silkcast.faces.asking import SESSION, actor_of, count, known_user, page
from silkcast.faces.house import House
from silkcast.faces.live.moderating import kept_shows
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop.basket import Receiver
from silkcast.faces.shop.views import CodeView, LogInView, RegisterView, YouView
from silkcast.faces.throttling import ENTER, LETTER
from silkcast.faces.visit import Visit
from silkcast.ground.places import Country
from silkcast.ground.refusals import Conflict, Invalid, Refusal, TooMany
from silkcast.who.identity import one_tap
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import Session, User
from silkcast.who.sellers import service as sellers

from .fields import DEMO, register_fields

DAY = 24 * 3600


def local(path: str) -> str:
    """Where to go on: only within this site."""
    parts = urlsplit(path)
    if not path.startswith("/") or path.startswith(("//", "/\\")) or parts.scheme or parts.netloc:
        return "/"
    return path if all(letter >= " " and letter != "\\" for letter in path) else "/"


async def said_in(request: Request[Any, Any, Any]) -> dict[str, str]:
    form = await request.form()
    return {name: value.strip() for name, value in form.multi_items() if isinstance(value, str)}


def let_in(house: House, session: Session, path: str) -> Response[str]:
    """The cookie, and on to where they wanted to go."""
    cookie = Cookie(
        SESSION,
        value=session.token,
        path="/",
        max_age=house.site.session_days * DAY,
        httponly=True,
        samesite="lax",
        secure=house.site.is_secure,
    )
    return Response("", status_code=303, headers={"location": local(path)}, cookies=[cookie])


def log_in_view(house: House, by: str, next: str, contact: str = "", problem: str = "") -> LogInView:
    query = urlencode({"next": local(next)})
    is_code = by == "code"
    return LogInView(
        action="/log-in/code" if is_code else "/log-in",
        next=local(next),
        by="code" if is_code else "password",
        contact=contact,
        problem=problem,
        other=f"/log-in?{query}" if is_code else f"/log-in?by=code&{query}",
        register=f"/register?{query}",
        known=DEMO if house.site.is_demo else (),
    )


@get("/log-in", name="account.log_in")
async def log_in(house: House, visit: Visit, next: str = "/", by: str = "password") -> Response[str]:
    return page("account/log_in.html", log_in_view(house, by, next), visit)


@post("/log-in")
async def try_log_in(request: Request[Any, Any, Any], house: House, visit: Visit) -> Response[str]:
    count(request, ENTER)
    said = await said_in(request)
    async with house.database.write() as tx:
        came = await checked(identity.login(tx, said.get("contact", ""), said.get("password", "")))
    if isinstance(came, Session):
        return let_in(house, came, said.get("next", "/"))
    problem = words_of(came, visit.language)
    view = log_in_view(house, "password", said.get("next", "/"), said.get("contact", ""), problem)
    return page("account/log_in.html", view, visit, status=422)


async def checked(trying: Any) -> Any:
    """What came of a try: a refusal that was raised is answered like one that was returned."""
    try:
        return await trying
    except (Invalid, TooMany, Conflict) as refusal:
        return refusal


@post("/log-in/code")
async def ask_code(request: Request[Any, Any, Any], house: House, visit: Visit) -> Response[str]:
    """Send a code. Whether somebody has this contact is not told."""
    count(request, LETTER)
    said = await said_in(request)
    contact, next = said.get("contact", ""), said.get("next", "/")
    async with house.database.write() as tx:
        came = await checked(identity.ask_for_code(tx, contact))
    if isinstance(came, Refusal):
        view = log_in_view(house, "code", next, contact, words_of(came, visit.language))
        return page("account/log_in.html", view, visit, status=422)
    return to_code(contact, next)


def to_code(contact: str, next: str) -> Response[str]:
    query = urlencode({"contact": contact, "next": local(next)})
    return Response("", status_code=303, headers={"location": f"/code?{query}"})


def code_view(contact: str, next: str, wrong: str = "") -> CodeView:
    query = urlencode({"contact": contact, "next": local(next)})
    return CodeView(
        action=f"/code?{query}",
        sent_to=contact,
        back=f"/log-in?by=code&{urlencode({'next': local(next)})}",
        again=f"/code/again?{query}",
        wrong=wrong,
        next=local(next),
    )


@get("/code", name="account.code")
async def code(visit: Visit, contact: str = "", next: str = "/") -> Response[str]:
    return page("account/code.html", code_view(contact, next), visit)


@post("/code")
async def try_code(
    request: Request[Any, Any, Any], house: House, visit: Visit, contact: str = "", next: str = "/"
) -> Response[str]:
    count(request, ENTER)
    said = await said_in(request)
    async with house.database.write() as tx:
        came = await checked(identity.login_with_code(tx, contact, said.get("code", "")))
    if isinstance(came, Session):
        return let_in(house, came, next)
    view = code_view(contact, next, words_of(came, visit.language))
    return page("account/code.html", view, visit, status=422)


@post("/code/again")
async def code_again(
    request: Request[Any, Any, Any], house: House, visit: Visit, contact: str = "", next: str = "/"
) -> Response[str]:
    count(request, LETTER)
    async with house.database.write() as tx:
        came = await checked(identity.ask_for_code(tx, contact))
    if isinstance(came, Refusal):
        view = code_view(contact, next, words_of(came, visit.language))
        return page("account/code.html", view, visit, status=422)
    return to_code(contact, next)


@get("/register", name="account.register")
async def register(visit: Visit, next: str = "/") -> Response[str]:
    view = RegisterView("/register", register_fields(visit, {}, None), local(next), "", log_in_path(next))
    return page("account/register.html", view, visit)


def log_in_path(next: str) -> str:
    return f"/log-in?{urlencode({'next': local(next)})}"


@post("/register")
async def try_register(request: Request[Any, Any, Any], house: House, visit: Visit) -> Response[str]:
    count(request, LETTER)
    said = await said_in(request)
    next = local(said.get("next", "/"))
    try:
        async with house.database.write() as tx:
            made = await identity.register(
                tx,
                contact=said.get("contact", ""),
                password=said.get("password", ""),
                name=said.get("name", ""),
                language=visit.language,
            )
    except (Invalid, Conflict, TooMany) as refusal:
        fields = register_fields(visit, said, refusal)
        problem = "" if any(field.wrong for field in fields) else words_of(refusal, visit.language)
        view = RegisterView("/register", fields, next, problem, log_in_path(next))
        return page("account/register.html", view, visit, status=422)
    return to_code(made.contact, next)


@post("/log-out")
async def log_out(request: Request[Any, Any, Any], house: House) -> Response[str]:
    if token := request.cookies.get(SESSION):
        async with house.database.write() as tx:
            await identity.logout(tx, token)
    gone = Cookie(
        SESSION, value="", path="/", max_age=0, httponly=True, samesite="lax", secure=house.site.is_secure
    )
    return Response("", status_code=303, headers={"location": "/"}, cookies=[gone])


@get("/you", name="account.you")
async def you(house: House, user: User | None, visit: Visit) -> Response[str]:
    person = await known_user(user)
    async with house.database.read() as db:
        shops = await sellers.shops_of(db, person.id)
        kept = [(f"/moderate/{show.id}", show.titles) for show in await kept_shows(db, person)]
        taps = [(one.market, Receiver(one.address).line) for one in await one_tap.all_of_user(db, person.id)]
    view = YouView(person.name, person.contact, "/log-out", shops[0].name if shops else None, kept, taps)
    return page("account/you.html", view, visit)


@post("/you/one-tap/{market:str}/off")
async def one_tap_off(house: House, user: User | None, market: str) -> Response[str]:
    """One tap orders there no more, and the address is forgotten."""
    person = await known_user(user)
    async with house.database.write(actor_of(person)) as tx:
        await one_tap.switch_off(tx, person.id, Country(market))
    return Response("", status_code=303, headers={"location": "/you"})


HANDLERS = (
    log_in, try_log_in, ask_code, code, try_code, code_again, register, try_register, log_out, you,
    one_tap_off,
)  # fmt: skip
