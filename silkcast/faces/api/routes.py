# SPDX-License-Identifier: Apache-2.0
from functools import lru_cache
from typing import Any

import msgspec
from litestar import Response, Router, get
from litestar.di import Provide
from litestar.exceptions import ValidationException

from silkcast.faces.asking import page
from silkcast.faces.visit import Visit
from silkcast.goods.catalog.errors import ProductChanged

from . import admission, chat, deals, goods, hooks, markets, orders, pictures, shows, window
from .access import caller_of, guard_public, guard_token
from .answering import refuse_fields, refuse_version
from .document import make_document
from .reading import read_document

REFUSING: Any = {ValidationException: refuse_fields, ProductChanged: refuse_version}

API = Router(
    path="/api/v1",
    exception_handlers=REFUSING,
    route_handlers=[
        Router(
            path="/",
            guards=[guard_token],
            dependencies={"caller": Provide(caller_of, sync_to_thread=False)},
            route_handlers=[
                *goods.HANDLERS,
                *pictures.HANDLERS,
                *admission.HANDLERS,
                *orders.HANDLERS,
                *shows.HANDLERS,
                *chat.HANDLERS,
                *deals.HANDLERS,
                *hooks.HANDLERS,
                *markets.HANDLERS,
            ],
        ),
        Router(path="/", guards=[guard_public], route_handlers=window.HANDLERS),
    ],
)


@lru_cache(maxsize=1)
def document() -> dict[str, Any]:
    return make_document(API)


@get("/api/openapi.json", include_in_schema=False)
async def openapi() -> Response[bytes]:
    """The document, OpenAPI 3.1."""
    return Response(
        msgspec.json.encode(document()),
        media_type="application/vnd.oai.openapi+json;version=3.1",
        headers={"cache-control": "public, max-age=300", "access-control-allow-origin": "*"},
    )


@get("/api/docs", include_in_schema=False)
async def docs(visit: Visit) -> Response[str]:
    """The document to be read, in our own look and from nobody else's host."""
    return page("api/docs.html", read_document(document()), visit)


ROUTES = (API, openapi, docs)
