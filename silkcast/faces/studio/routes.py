# SPDX-License-Identifier: Apache-2.0
"""Routes of the studio, in one router: whoever has no shop yet is led to opening one."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, Router
from litestar.di import Provide

from silkcast.faces.asking import NoShopYet

from . import (
    admission,
    chat,
    chat_orders,
    coupons,
    customs,
    deals,
    glossary,
    home,
    insight,
    live,
    money,
    orders,
    prices,
    products,
    returns,
    shop,
    shows,
    stock,
    suggesting,
    times,
    tokens,
)
from .desk import desk_of, see

NOUNS = (
    home,
    insight,
    products,
    suggesting,
    admission,
    prices,
    stock,
    orders,
    returns,
    customs,
    money,
    tokens,
    glossary,
    shop,
    times,
    shows,
    deals,
    chat_orders,
    coupons,
    live,
    chat,
)


def to_open(request: Request[Any, Any, Any], refusal: NoShopYet) -> Response[Any]:
    return see("/studio/open")


ROUTES = (
    Router(
        "/studio",
        route_handlers=[*shop.OPENING, *(handler for noun in NOUNS for handler in noun.HANDLERS)],
        dependencies={"desk": Provide(desk_of)},
        exception_handlers={NoShopYet: to_open},
    ),
)
