# SPDX-License-Identifier: Apache-2.0
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import Cookie, State
from litestar.params import URLEncodedBody

from silkcast.faces.asking import THEMES, YEAR, page
from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.shop.local import local
from silkcast.faces.shop.views import MarketView
from silkcast.faces.visit import Visit
from silkcast.plumbing import tongues
from silkcast.who.markets import service as markets

Form = URLEncodedBody[dict[str, str]]


@get("/market")
async def market(request: Request[Any, Any, State], visit: Visit, back: str = "/") -> Response[str]:
    """Where to, in which language, by which light."""
    f = Format.of(visit)
    view = MarketView(
        markets=[
            (one.code, f.country(one.code), one.currency, one.code == visit.market)
            for one in markets.markets(visit.today)
        ],
        back=local(back),
    )
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
