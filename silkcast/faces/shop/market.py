# SPDX-License-Identifier: Apache-2.0
"""Where to, in which language, by which light: the chooser that every page leads to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, get_args

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.params import QueryParameter, URLEncodedBody

from silkcast.faces.asking import THEMES, YEAR, page
from silkcast.faces.finding import plain
from silkcast.faces.house import House
from silkcast.faces.shop.local import local
from silkcast.faces.shop.views import MarketChoice, MarketGroup, MarketView
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.faces.words.marking import N_
from silkcast.plumbing import tongues
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market, Region

Form = URLEncodedBody[dict[str, str]]


REGIONS: dict[Region, str] = {
    "europe": N_("Europe"),
    "americas": N_("Americas"),
    "asia": N_("Asia"),
    "middle_east": N_("Middle East"),
    "africa": N_("Africa"),
    "oceania": N_("Oceania"),
}
assert set(REGIONS) == set(get_args(Region))


def choice(one: Market, visit: Visit) -> MarketChoice:
    name, own = one.names.text(visit.language), one.names.text(one.default_language)
    finds = dict.fromkeys((name, own, one.names.text("en"), one.code, one.currency))
    return MarketChoice(
        code=one.code,
        name=name,
        own_name=own,
        own_language=one.default_language,
        currency=one.currency,
        is_chosen=one.code == visit.market,
        finds=plain(" ".join(finds)),
    )


def groups(visit: Visit, find: str) -> Sequence[MarketGroup]:
    """The markets by region. The region of the chosen one is open, and all when something is looked for."""
    _ = catalog(visit.language).gettext
    wanted = plain(find).split()
    found: dict[Region, list[MarketChoice]] = {region: [] for region in REGIONS}
    for one in markets.markets(visit.today):
        made = choice(one, visit)
        if made.is_chosen or all(word in made.finds for word in wanted):
            found[one.region].append(made)
    return [
        MarketGroup(
            name=_(REGIONS[region]),
            markets=sorted(some, key=lambda one: plain(one.name)),
            is_open=bool(wanted) or any(one.is_chosen for one in some),
        )
        for region, some in found.items()
        if some
    ]


@get("/market")
async def market(
    request: Request[Any, Any, State],
    visit: Visit,
    back: str = "/",
    find: Annotated[str, QueryParameter(max_length=60)] = "",
) -> Response[str]:
    """Where to, in which language, by which light."""
    view = MarketView(groups(visit, find), local(back), find)
    return page("shop/market.html", view, visit, fragment="x-fragment" in request.headers, is_listed=False)


@post("/market")
async def choose(house: House, visit: Visit, data: Form) -> Response[str]:
    """Remembered in cookies. Back to where the reader came from, on this site only."""
    allowed: dict[str, set[str]] = {
        "market": {one.code for one in markets.markets(visit.today)},
        "language": set(tongues.spoken()),
        "theme": set(THEMES),
    }
    cookies = [
        Cookie(
            name, value=data[name], max_age=YEAR, httponly=True, samesite="lax", secure=house.site.is_secure
        )
        for name, values in allowed.items()
        if data.get(name) in values
    ]
    headers = {"location": local(data.get("next", "/"))}
    return Response("", status_code=303, headers=headers, cookies=cookies)


ROUTES = (market, choose)
