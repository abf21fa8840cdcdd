# SPDX-License-Identifier: Apache-2.0
"""Pages: the hottest ones, round the framework. Strangers of one market and language get one page.

A page is drawn once a while for each kind of stranger, however many ask meanwhile, and anew once a commit of
this process made it wrong; whoever is logged in, and whatever is refused, goes to the framework.
"""

from __future__ import annotations

import asyncio
import gzip
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

from litestar.enums import ScopeType
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from silkcast.faces.asking import (
    MOST_ACCEPTED,
    SESSION,
    THEMES,
    as_visit,
    cookies_in,
    liked_language,
    liked_market,
)
from silkcast.faces.guarding import page_headers
from silkcast.faces.house import House
from silkcast.faces.live.guests import Guests
from silkcast.faces.live.outdating import Outdating
from silkcast.faces.live.presence import Presence
from silkcast.faces.live.room import room_page
from silkcast.faces.render import render
from silkcast.faces.shop.meta import product_meta
from silkcast.faces.shop.window import product_view
from silkcast.faces.visit import Theme
from silkcast.ground.language import Language
from silkcast.ground.refusals import Refusal
from silkcast.plumbing.db import Tx
from silkcast.who.markets import service as markets

MOST_PAGES = 2_000
KEPT = (b"cache-control", b"private, no-cache")
VARIES = (b"vary", b"cookie, accept-language, accept-encoding, save-data")


class Key(NamedTuple):
    path: str
    market: str
    language: str
    theme: Theme
    saves_data: bool


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as it goes out, plain and packed, and until when it is fresh (by the process's own clock)."""

    until: float
    variants: frozenset[str]
    """Whose stock it tells."""
    plain: bytes
    packed: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    packed_headers: tuple[tuple[bytes, bytes], ...]


class Pages:
    def __init__(self, app: ASGIApp, house: House, presence: Presence) -> None:
        self._courtesy = house.counter.committer.courtesy
        self._app = Guests(app, self._courtesy)
        self._house = house
        self._presence = presence
        self._headers = page_headers(house)
        self._drawn: dict[Key, Drawn] = {}
        self._drawing: dict[Key, asyncio.Task[Drawn | None]] = {}
        self._outdating = Outdating()
        house.database.after_commit(self._committed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        key, takes_packed = self._key(scope)
        drawn = await self._fresh(key) if key is not None else None
        if drawn is None:
            await self._app(scope, receive, send)
            return
        headers = drawn.packed_headers if takes_packed else drawn.headers
        await send({"type": "http.response.start", "status": 200, "headers": list(headers)})
        body = drawn.packed if takes_packed else drawn.plain
        await send({"type": "http.response.body", "body": body, "more_body": False})

    def _key(self, scope: HTTPScope) -> tuple[Key | None, bool]:
        """For whom the page is to be drawn; none for those who are somebody, and what is no such page."""
        if scope["type"] != ScopeType.HTTP or scope["method"] != "GET":
            return None, False
        if scope["query_string"] or not is_hot(scope["path"]):
            return None, False
        cookies = accepted = packing = b""
        saves = False
        for name, value in scope["headers"]:
            if name == b"cookie":
                cookies = value
            elif name == b"accept-language":
                accepted = value
            elif name == b"accept-encoding":
                packing = value
            elif name == b"save-data":
                saves = value.lower() == b"on"
        chosen = cookies_in(cookies)
        if SESSION in chosen:
            return None, False
        day = self._house.database.clock.now().date().toordinal()
        market, language = stranger(
            chosen.get("market", "")[:16],
            chosen.get("language", "")[:16],
            accepted[:MOST_ACCEPTED].decode("latin-1"),
            day,
        )
        theme: Theme = next((known for known in THEMES if known == chosen.get("theme")), "auto")
        return Key(scope["path"], market, language, theme, saves), b"gzip" in packing

    async def _fresh(self, key: Key) -> Drawn | None:
        kept = self._drawn.get(key)
        if kept is not None and kept.until > time.monotonic():
            return kept
        drawing = self._drawing.get(key)
        if drawing is None:
            drawing = asyncio.create_task(self._draw(key))
            self._drawing[key] = drawing
            drawing.add_done_callback(lambda ended: self._ended(key, ended))
        return await asyncio.shield(drawing)

    def _ended(self, key: Key, drawing: asyncio.Task[Drawn | None]) -> None:
        if self._drawing.get(key) is drawing:
            del self._drawing[key]

    def _committed(self, tx: Tx) -> None:
        """Who asks from now on gets nothing that was drawn, or begun to be drawn, before."""
        if self._outdating.all_pages(tx.announced):
            self._drawn.clear()
            self._drawing.clear()
        elif changed := self._outdating.variants(tx.announced):
            self._drawing.clear()
            for key in [key for key, drawn in self._drawn.items() if not drawn.variants.isdisjoint(changed)]:
                del self._drawn[key]

    async def _draw(self, key: Key) -> Drawn | None:
        own = asyncio.current_task()
        try:
            with self._courtesy.guest():
                html, variants = await self._page(key)
        except Refusal:
            self._drawn.pop(key, None)
            return None
        plain = html.encode()
        packed = gzip.compress(plain, 5)
        common = (*self._headers, KEPT, VARIES)
        drawn = Drawn(
            time.monotonic() + self._house.site.room_seconds,
            frozenset(variants),
            plain,
            packed,
            (*common, (b"content-length", b"%d" % len(plain))),
            (*common, (b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(packed))),
        )
        if self._drawing.get(key) is not own:
            return drawn  # outdated while it was drawn: only for those who asked before
        self._drawn.pop(key, None)
        self._drawn[key] = drawn
        while len(self._drawn) > MOST_PAGES:
            del self._drawn[next(iter(self._drawn))]
        return drawn

    async def _page(self, key: Key) -> tuple[str, Iterable[str]]:
        """The page, and the variants whose stock it tells."""
        house = self._house
        now = house.database.clock.now()
        market = markets.market(key.market, now.date())
        visit = as_visit(
            now.date(),
            market,
            Language(key.language),
            theme=key.theme,
            path=key.path,
            saves_data=key.saves_data,
        )
        parts = [unquote(part) for part in key.path.split("/")[1:]]
        async with house.database.read() as db:
            if parts[0] == "room":
                room, meta = await room_page(db, house, self._presence, visit, parts[1])
                variants = [one for card in room.shelf for one in card.variants]
                return render("room/room.html", room, visit, meta=meta), variants
            product, path = await product_view(db, house, visit, parts[1], parts[2], None)
        about = product_meta(product, visit, house.site.address, path)
        return render("shop/product.html", product, visit, meta=about), (one.id for one in product.variants)


def is_hot(path: str) -> bool:
    """`/room/{slug}` and `/shop/{slug}/{product}`."""
    if path.startswith("/room/"):
        return path.count("/") == 2 and len(path) > 6
    return path.startswith("/shop/") and path.count("/") == 3 and not path.endswith("/")


@lru_cache(maxsize=4096)
def stranger(market: str, language: str, accepted: str, day: int) -> tuple[str, str]:
    """Market and language of a stranger, by what was chosen, else by what the browser likes."""
    found = liked_market(market, accepted, date.fromordinal(day))
    return found.code, liked_language(language, accepted, found)
