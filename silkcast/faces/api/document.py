# SPDX-License-Identifier: Apache-2.0
"""The document: OpenAPI 3.1, made of the handlers and the shapes, with what every operation may refuse."""

from collections.abc import Iterator, Mapping
from inspect import getdoc, isclass
from typing import Any

from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig

from silkcast.faces.asking import DEPENDENCIES

from .access import secured
from .examples import EXAMPLES
from .shapes import chat, deals, goods, hooks, markets, money, orders, shows, window

SCOPES: Mapping[str, str] = {
    "catalog:read": "read products, prices and stock",
    "catalog:write": "write products and prices",
    "stock:write": "receive and adjust stock",
    "orders:read": "read orders, labels and returns",
    "orders:write": "dispatch orders, answer returns",
    "chat:moderate": "keep order in the chat of shows, and nothing else",
    "shows:write": "plan and run shows, with their stream keys",
    "deals:write": "plan, launch and end flash deals, make coupons, read claims",
    "hooks:write": "read and write hooks",
    "markets:write": "close and open markets, as far as the account may",
    "ledger:read": "read balances and transfers",
    "customs:read": "read declarations and their messages",
}
ABOUT = """The JSON API of a Silkcast house.

Money is a decimal as text with its currency. Moments are UTC. Lists go by cursor: pass the `next` of one page
as `after` of the next. What creates takes an `Idempotency-Key`; the same request with the same key is
answered alike, with `Idempotency-Replayed: true`. Refusals are problem documents with a stable `code`.
Another shop's things are not found."""

PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457 problem details. `code` is stable; `title` is for people; `facts` are typed.",
    "required": ["type", "title", "status", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string"},
        "facts": {"type": "object"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "fault": {"type": "string"}},
            },
        },
        "instance": {"type": "string"},
    },
    "examples": [
        {
            "type": "/docs/refusals#stock.short",
            "title": "Sold out for now: 2 left.",
            "status": 409,
            "code": "stock.short",
            "facts": {"wanted": 3, "left": 2},
        }
    ],
}
FILES: Mapping[str, tuple[str, ...]] = {
    "addPicture": ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif"),
}
"""Operations whose body is a file and no document, and the kinds of file."""
REFUSALS = {
    "401": "No good token.",
    "403": "The token has not the scope.",
    "404": "There is none, or it is another shop's.",
    "409": "Not in the state things are in, or the idempotency key was used for something else.",
    "412": "The version is not the present one.",
    "422": "Something in it cannot be right; `faults` says which fields.",
    "429": "Too often: `Retry-After` says when to come back.",
    "503": "Somebody outside does not answer. Nothing is lost: ask again with the same key.",
}


def make_document(router: Router) -> dict[str, Any]:
    """The whole document, from an application that has these routes alone."""
    alone = Litestar(
        route_handlers=[router],
        dependencies=DEPENDENCIES,
        openapi_config=OpenAPIConfig(
            title="Silkcast", version="1", description=ABOUT, use_handler_docstrings=True
        ),
        logging_config=None,
    )
    document: dict[str, Any] = alone.openapi_schema.to_schema()
    components = document.setdefault("components", {})
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    schemas["Problem"] = PROBLEM
    for name, words in _docstrings():
        if name in schemas:
            schemas[name]["description"] = words
    for name, example in EXAMPLES.items():
        schemas[name]["examples"] = [example]
    components["securitySchemes"] = {"token": secured(SCOPES)}
    for operations in document["paths"].values():
        for method, operation in operations.items():
            _polish(method, operation)
    return document


def _docstrings() -> Iterator[tuple[str, str]]:
    """What each shape says of itself."""
    for module in (chat, deals, goods, hooks, markets, money, orders, shows, window):
        for name, found in vars(module).items():
            if isclass(found) and found.__module__ == module.__name__:
                yield name, getdoc(found) or ""


def _polish(method: str, operation: dict[str, Any]) -> None:
    responses: dict[str, Any] = operation["responses"]
    if kinds := FILES.get(operation["operationId"]):
        file = {"schema": {"type": "string", "format": "binary"}}
        operation["requestBody"] = {"required": True, "content": dict.fromkeys(kinds, file)}
    responses.pop("400", None)
    is_public = operation.get("security") == [{}]
    wanted = ["422", "429"] if is_public else ["401", "403", "422", "429"]
    names_things = any(parameter.get("in") == "path" for parameter in operation.get("parameters", ()))
    if is_public or names_things or "requestBody" in operation:
        wanted.append("404")
    if method in ("post", "put", "delete"):
        wanted += ["409", "503"]
    if any(parameter.get("name") == "If-Match" for parameter in operation.get("parameters", ())):
        wanted.append("412")
    if "parameters" not in operation and "requestBody" not in operation:
        wanted.remove("422")
    for status in sorted(wanted):
        responses[status] = {
            "description": REFUSALS[status],
            "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["summary"] = operation.get("description", "").split(". ")[0].split("\n")[0].rstrip(".")
