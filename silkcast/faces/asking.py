# SPDX-License-Identifier: Apache-2.0
"""Asking: who asks, in which market and language. What handlers get handed in by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.enums import MediaType

from silkcast.faces.house import House
from silkcast.faces.render import render
from silkcast.faces.throttling import Deed
from silkcast.faces.visit import Theme, Visit
from silkcast.ground.clock import Clock
from silkcast.ground.ids import new_secret
from silkcast.ground.language import Language
from silkcast.ground.refusals import NotAllowed, NotFound, NotKnown
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Actor
from silkcast.who.identity import managing
from silkcast.who.identity import service as identity
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller

SESSION = "session"
VISITOR = "visitor"
THEMES: tuple[Theme, ...] = ("auto", "light", "dark")
YEAR = 365 * 24 * 3600
MOST_ACCEPTED = 200


def house_of(request: Request[Any, Any, Any]) -> House:
    found: House = request.app.state.house
    return found


async def user_of(request: Request[Any, Any, Any]) -> User | None:
    """Who is logged in, if anybody. Asked once a request."""
    if "user" not in request.state:
        token = request.cookies.get(SESSION)
        known: User | None = None
        if token:
            async with house_of(request).database.read() as db:
                known = await identity.session(db, token)
        request.state.user = known  # only now: dependencies are worked out side by side
    found: User | None = request.state.user
    return found


def cookies_in(header: bytes) -> Mapping[str, str]:
    """Cookies where there is no request of the framework. Ours are plain words, so nothing is unquoted."""
    found = {}
    for cookie in header.decode("latin-1").split(";"):
        name, _, value = cookie.strip().partition("=")
        found[name] = value
    return found


def market_of(request: Request[Any, Any, Any], clock: Clock) -> Market:
    """The market asked for in the address, else the one chosen, else a shared link's, else guessed from the
    browser's language."""
    asked = request.query_params.get("market") or request.cookies.get("market") or shared_for(request)[0]
    return liked_market(asked[:16], accepted_by(request), clock.now().date())


@lru_cache(maxsize=4096)
def liked_market(chosen: str, accepted: str, on: date) -> Market:
    """The market of this code, else the one the browser's languages point to."""
    for market in markets.markets(on):
        if market.code == chosen:
            return market
    return markets.guess(accepted, on=on)


def language_of(request: Request[Any, Any, Any], market: Market) -> Language:
    """The language asked for in the address, else the one chosen, else a shared link's, else the one the
    browser likes best."""
    asked = request.query_params.get("language") or request.cookies.get("language") or shared_for(request)[1]
    return liked_language(asked, accepted_by(request), market)


def shared_for(request: Request[Any, Any, Any]) -> tuple[str, str]:
    """The market and language of a shared link, `?for=SA.ar`. The program that draws a chat's preview chose
    nothing, so it shows these; whoever chose for themselves keeps that."""
    market, _, language = request.query_params.get("for", "")[:24].partition(".")
    return market, language


def accepted_by(request: Request[Any, Any, Any]) -> str:
    """The browser's languages. What is longer than any browser's list would only fill the memory."""
    return request.headers.get("accept-language", "")[:MOST_ACCEPTED]


def liked_language(chosen: str, accepted: str, market: Market) -> Language:
    """This language if every page is written in it, else the browser's best of those, else the market's."""
    if tongues.is_spoken(chosen):
        return Language(chosen)
    return tongues.best(accepted) or markets.page_language(market)


async def visit_of(request: Request[Any, Any, Any]) -> Visit:
    """Who looks at the page; asks the database only for those who are logged in."""
    user = await user_of(request)
    if user is not None:
        async with house_of(request).database.read() as db:
            request.state.is_seller = bool(await sellers.shops_of(db, user.id))
    return visit_now(request)


def visit_now(request: Request[Any, Any, Any]) -> Visit:
    """The same from what is known by now, where nothing can be asked any more."""
    clock = house_of(request).database.clock
    user: User | None = request.state.get("user")
    market = market_of(request, clock)
    language = language_of(request, market)
    theme = request.cookies.get("theme", "auto")
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    visit = as_visit(
        clock.now().date(),
        market,
        language,
        theme=next((known for known in THEMES if known == theme), "auto"),
        path=path,
        saves_data=request.headers.get("save-data", "").lower() == "on",
    )
    return replace(
        visit,
        shared_for=f"{market.code}.{language}" if "for" in request.query_params else "",
        user_name=user.name if user else None,
        is_seller=bool(request.state.get("is_seller")),
        is_operator=bool(user and user.is_operator),
    )


def as_visit(
    today: date, market: Market, language: Language, *, theme: Theme, path: str, saves_data: bool
) -> Visit:
    """A stranger's look at a page."""
    return Visit(
        language=language,
        market=market.code,
        market_name=market.names.text(language),
        currency=market.currency,
        today=today,
        timezone=market.time_zone,
        digits=market.digits,
        theme=theme,
        path=path,
        saves_data=saves_data,
    )


def actor_of(user: User | None) -> Actor:
    return Actor("user", user.id, user.name) if user else Actor("guest")


async def known_user(user: User | None) -> User:
    """A person who is logged in, or `NotKnown`."""
    if user is None:
        raise NotKnown()
    return user


async def operator_of(user: User | None) -> User:
    """An operator. Others learn nothing: there is no such page."""
    if user is None:
        raise NotKnown()
    if not user.is_operator:
        raise NotFound()
    return user


async def member_of(request: Request[Any, Any, Any], user: User | None) -> User:
    """An operator, or somebody who manages a market. Others learn nothing: there is no such page."""
    if user is None:
        raise NotKnown()
    if not user.is_operator:
        async with house_of(request).database.read() as db:
            if not await managing.markets_of(db, user.id):
                raise NotFound()
    return user


async def shop_of(request: Request[Any, Any, Any]) -> Seller:
    """The shop of the person who is logged in: the one in the cookie, else their first."""
    user = await known_user(await user_of(request))
    async with house_of(request).database.read() as db:
        shops = await sellers.shops_of(db, user.id)
    if not shops:
        raise NoShopYet()
    chosen = request.cookies.get("shop")
    return next((shop for shop in shops if str(shop.id) == chosen), shops[0])


class NoShopYet(NotAllowed):
    code = "studio.no_shop_yet"


def visitor_of(request: Request[Any, Any, Any]) -> tuple[str, Cookie | None]:
    """A stable key of this browser for chat and likes, and the cookie to set if it is new."""
    key = request.cookies.get(VISITOR, "")
    if 20 <= len(key) <= 64 and key.isascii():
        return key, None
    key = new_secret(18)
    secure = house_of(request).site.is_secure
    return key, Cookie(VISITOR, value=key, max_age=YEAR, httponly=True, samesite="lax", secure=secure)


def count(request: Request[Any, Any, Any], deed: Deed) -> None:
    """Count what this address does, or refuse it."""
    house = house_of(request)
    address = request.client.host if request.client else ""
    now = house.database.clock.now()
    house.throttle.count(deed, address, now, is_behind_proxy=house.site.is_behind_proxy)


def page(template: str, view: object, visit: Visit, *, status: int = 200, **more: Any) -> Response[str]:
    """A rendered page. Pages of a person are never kept by anybody in between."""
    return Response(
        render(template, view, visit, **more),
        status_code=status,
        media_type=MediaType.HTML,
        headers={"cache-control": "private, no-store", "vary": "cookie, accept-language"},
    )


DEPENDENCIES = {
    "house": Provide(house_of, sync_to_thread=False),
    "user": Provide(user_of),
    "visit": Provide(visit_of),
}
"""Handed to every handler that names them."""
