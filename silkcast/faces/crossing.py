# SPDX-License-Identifier: Apache-2.0
"""Crossing: no other site may act for a person who is logged in here.

A request that changes something and carries cookies must come from our own pages. Browsers say so themselves
(`Sec-Fetch-Site`, else `Origin`), pages stay the same for everybody and can be cached, and a form works
without script. A request that says neither is refused. Programs use tokens, send no cookie, and pass.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

PROGRAMS = ("/api/", "/hooks/")
SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def is_crossing(method: str, headers: Mapping[bytes, bytes], path: str = "/") -> bool:
    """Whether this request changes something, for a person, and does not come from our own pages.

    Another site's form brings no cookie, since ours are Lax, and yet could log somebody in as somebody else:
    where the browser says that it comes from another site, that is enough. Programs' addresses are for them.
    """
    if method in SAFE:
        return False
    site = headers.get(b"sec-fetch-site")
    if b"cookie" not in headers:
        return site in (b"cross-site", b"same-site") and not path.startswith(PROGRAMS)
    if site is not None:
        return site != b"same-origin"
    origin = headers.get(b"origin")
    if origin is None or origin == b"null":
        return True
    return urlsplit(origin.decode("latin-1")).netloc.encode() != headers.get(b"host", b"")


class NoCrossing:
    """ASGI middleware: answers 403 `request.cross_site` to what `is_crossing`."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP and is_crossing(
            scope["method"], dict(scope["headers"]), scope["path"]
        ):
            await send(
                {
                    "type": "http.response.start",
                    "status": 403,
                    "headers": [(b"content-type", b"application/problem+json")],
                }
            )
            body = b'{"type":"about:blank","status":403,"code":"request.cross_site"}'
            await send({"type": "http.response.body", "body": body, "more_body": False})
            return
        if scope["type"] == ScopeType.WEBSOCKET and _socket_crosses(dict(scope["headers"])):
            await send({"type": "websocket.close", "code": 4403, "reason": "request.cross_site"})
            return
        await self.app(scope, receive, send)


def _socket_crosses(headers: dict[bytes, bytes]) -> bool:
    if b"cookie" not in headers:
        return False
    origin = headers.get(b"origin", b"").decode("latin-1")
    return urlsplit(origin).netloc.encode() != headers.get(b"host", b"")
