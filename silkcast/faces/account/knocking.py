# SPDX-License-Identifier: Apache-2.0
"""Knocking: what a browser that asked for a code keeps of it, sealed in a cookie, so that no address of ours
ever has somebody's number in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from litestar import Request, Response
from litestar.datastructures import Cookie

from silkcast.faces.asking import SESSION, house_of
from silkcast.faces.house import House
from silkcast.ground.refusals import Conflict, Invalid, NotAllowed, TooMany
from silkcast.plumbing.vault import BadSeal
from silkcast.who.identity.values import Purpose, Session, Texting
from silkcast.who.markets import service as markets

KNOCK = "knock"
KNOCK_SECONDS = 30 * 60
DAY = 24 * 3600
_CONTEXT = "account.knock"


@dataclass(frozen=True, slots=True)
class Knock:
    """Whose code this browser waits for, and what for; the proof once the code was right."""

    contact: str
    purpose: Purpose
    until: int
    proof: str = ""

    def __repr__(self) -> str:
        return "Knock(…)"


def knock_of(request: Request[Any, Any, Any]) -> Knock | None:
    """What this browser waits for; nothing where it asked for no code, or long ago."""
    house = house_of(request)
    try:
        plain = house.database.vault.open_bytes(request.cookies.get(KNOCK, ""), _CONTEXT)
        found = msgspec.json.decode(plain, type=Knock)
    except (BadSeal, msgspec.DecodeError):
        return None
    return found if found.until > house.database.clock.now().timestamp() else None


def knock_cookie(house: House, contact: str, purpose: Purpose, proof: str = "") -> Cookie:
    until = house.database.clock.now() + timedelta(seconds=KNOCK_SECONDS)
    knock = Knock(contact, purpose, int(until.timestamp()), proof)
    sealed = house.database.vault.seal(msgspec.json.encode(knock), _CONTEXT)
    return _cookie(house, KNOCK, sealed, KNOCK_SECONDS)


def _cookie(house: House, name: str, value: str, seconds: int) -> Cookie:
    return Cookie(
        name,
        value=value,
        path="/",
        max_age=seconds,
        httponly=True,
        samesite="lax",
        secure=house.site.is_secure,
    )


def session_cookie(house: House, session: Session) -> Cookie:
    return _cookie(house, SESSION, session.token, house.site.session_days * DAY)


def gone(house: House, name: str) -> Cookie:
    return _cookie(house, name, "", 0)


def local(path: str) -> str:
    """Where to go on: only within this site."""
    parts = urlsplit(path)
    if not path.startswith("/") or path.startswith(("//", "/\\")) or parts.scheme or parts.netloc:
        return "/"
    return path if all(letter >= " " and letter != "\\" for letter in path) else "/"


def on_to(path: str, *cookies: Cookie, **query: str) -> Response[str]:
    """A page to go on with."""
    asked = f"?{urlencode(query)}" if query else ""
    return Response("", status_code=303, headers={"location": path + asked}, cookies=list(cookies))


def let_in(house: House, session: Session, path: str) -> Response[str]:
    """The cookie, and on to where they wanted to go. What the browser waited for is over."""
    return on_to(local(path), session_cookie(house, session), gone(house, KNOCK))


async def said_in(request: Request[Any, Any, Any]) -> dict[str, str]:
    form = await request.form()
    return {name: value.strip() for name, value in form.multi_items() if isinstance(value, str)}


async def checked(trying: Any) -> Any:
    """What came of a try: a refusal that was raised is answered like one that was returned."""
    try:
        return await trying
    except (Invalid, TooMany, Conflict, NotAllowed) as refusal:
        return refusal


def texting_of(house: House) -> Texting:
    """Whose numbers get codes by text: of the markets that are sold to, unless settings say otherwise."""
    today = house.database.clock.now().date()
    return house.codes.texting(market.code for market in markets.markets(today))
