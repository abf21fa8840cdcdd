# SPDX-License-Identifier: Apache-2.0
"""Guarding: what every answer forbids a browser, and how long each took.

No script but our own files, no frame round our pages, nothing guessed about a file's kind. Forms lead to us
and to the payment providers the house works with, since a form may end in a redirect there. One page lets
a stranger's script in: the one that shows a provider's own card form, and it the provider's alone.
"""

from __future__ import annotations

import time
from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send

from silkcast.faces.house import House
from silkcast.trade.payments.port import Form

NOSNIFF = (b"x-content-type-options", b"nosniff")
REFERRER = (b"referrer-policy", b"strict-origin-when-cross-origin")
HTML = b"text/html; charset=utf-8"
PERMISSIONS = (b"permissions-policy", b"camera=(self), microphone=(self), geolocation=(), payment=()")
OPENER = (b"cross-origin-opener-policy", b"same-origin-allow-popups")


def content_policy(
    providers: Iterable[str] = (), *, framed_by: str = "'none'", form: Form | None = None
) -> bytes:
    """The Content-Security-Policy of a page. `providers`: origins of payment pages; `form`: the card form
    that stands in this page."""
    outside = _listed(providers)
    scripts, frames, asks = (form.scripts, form.frames, form.asks) if form else ((), (), ())
    return (
        f"default-src 'self'; script-src 'self'{_listed(scripts)}; style-src 'self';"
        " img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:;"
        f" connect-src 'self'{_listed(asks)}; font-src 'self';"
        f" frame-src 'self'{outside}{_listed(frames)}; form-action 'self'{outside};"
        f" frame-ancestors {framed_by}; base-uri 'none'; object-src 'none'"
    ).encode("ascii")


def _listed(origins: Iterable[str]) -> str:
    return "".join(f" {origin}" for origin in sorted(origins))


def page_headers(house: House) -> tuple[tuple[bytes, bytes], ...]:
    """What every page of a house is sent with."""
    policy = content_policy(house.scene.payment_pages)
    return (
        (b"content-type", HTML),
        (b"content-security-policy", policy),
        NOSNIFF,
        REFERRER,
        PERMISSIONS,
        OPENER,
    )


class Guard:
    """ASGI middleware round everything: adds what a handler did not set itself, and measures."""

    def __init__(self, app: ASGIApp, house: House) -> None:
        self._app = app
        self._metrics = house.metrics
        self._page = page_headers(house)[1:]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 0

        async def guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = self._with(list(message["headers"]))
            await send(message)

        await self._app(scope, receive, guarded)
        route = str(scope.get("path_template") or "other")
        self._metrics.answered(scope["method"], route, status, time.perf_counter() - began)

    def _with(self, headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        there = {name.lower(): value for name, value in headers}
        wanted = self._page if there.get(b"content-type", b"").startswith(b"text/html") else (NOSNIFF,)
        return [*headers, *(pair for pair in wanted if pair[0] not in there)]
