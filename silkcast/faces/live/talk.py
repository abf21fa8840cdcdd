# SPDX-License-Identifier: Apache-2.0
"""Talk: what guests' pages say in a room, round the framework; in a rush this is asked for most.

Whoever is logged in, forms without script and what comes from elsewhere go to the framework, and get the same
answers there.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import msgspec
import structlog
from litestar.types import HTTPScope, Receive, Scope, Send

from silkcast.faces.asking import MOST_ACCEPTED, SESSION, VISITOR, YEAR, cookies_in
from silkcast.faces.crossing import is_crossing
from silkcast.faces.guarding import NOSNIFF
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.refusing import BadRequest, headers_of, problem, status_of
from silkcast.faces.throttling import CHAT
from silkcast.flows.claiming import mark_of
from silkcast.ground.ids import ShowId, new_secret
from silkcast.ground.refusals import Refusal
from silkcast.stage.chat.values import Author, Line, Saying
from silkcast.stage.rooms.errors import NoSuchShow
from silkcast.who.identity.values import User
from silkcast.who.markets import service as markets

from .answering import told
from .pages import stranger
from .presence import Presence
from .telling import line_body

log = structlog.get_logger()
MOST_OCTETS = 4_096
MOST_TEXT = 200
ROUTE = "/live/{show:uuid}/chat"
_encode = msgspec.json.Encoder(decimal_format="string").encode


@dataclass(frozen=True, slots=True)
class Said:
    """What a viewer says, and the name they go by."""

    text: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What is answered to a program or a page's script."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str]


def author_of(user: User | None, given: str, key: str) -> Author:
    """Who speaks: the person, or a guest by the name they gave, or by one for their browser."""
    if user is not None:
        return Author("viewer", str(user.id), user.name, user.id)
    written = "".join(letter for letter in given if letter.isprintable())
    name = " ".join(written.split())[:24] or f"Guest {sum(key.encode()) % 900 + 100}"
    return Author("viewer", key, name)


def taken(line: Line) -> Answered:
    """A held line looks shown to who said it; a folded one names the line that counts it."""
    state = "folded" if line.state == "folded" else "shown"
    body = {**line_body(line), "state": state, "into": str(line.into) if line.into else None}
    return Answered(201, body, {})


def refused(refusal: Refusal, language: str) -> Answered:
    """A problem document, with words for the person in their page's language."""
    body = problem(refusal, title=words_of(refusal, "en"))
    return Answered(status_of(refusal), {**body, "words": words_of(refusal, language)}, headers_of(refusal))


async def speak(house: House, show: ShowId, saying: Saying, visitor: str) -> Answered:
    """Say a line; what it orders is claimed at the same moment, whatever becomes of the line."""
    ordering = asyncio.ensure_future(_order(house, show, saying, visitor))
    try:
        answered = taken(await house.gatherer.say(show, saying))
    except Refusal as refusal:
        answered = refused(refusal, saying.language)
    ordered = await ordering
    return answered if ordered is None else replace(answered, body={**answered.body, **ordered})


async def _order(house: House, show: ShowId, saying: Saying, visitor: str) -> dict[str, Any] | None:
    """What came of it as pages and apps get it; None where it was no order."""
    user = saying.author.user
    market = markets.market(saying.market, house.database.clock.now().date())
    try:
        found = await house.commenting.order(
            show,
            saying.text[:MOST_TEXT],
            market=market,
            language=saying.language,
            buyer=user or mark_of(visitor),
            user=user,
        )
    except Refusal as refusal:  # the deal has no price for there, say
        return {"claims": [], "claim_refused": refusal.code}
    except Exception as fault:
        log.error("comment.not_read", exc_info=fault)
        return None
    if found is None:
        return None
    claims = [{"variant": str(variant), **told(answer)} for variant, answer in found.answers]
    return {
        "deal": str(found.deal),
        "claims": claims,
        "which": [str(variant) for variant in found.which],
        "given_up": list(found.given_up),
    }


def show_in(path: str) -> UUID | None:
    """The show of `/live/{show}/chat`, if it is such a path."""
    parts = path.split("/")
    if len(parts) != 4 or parts[1] != "live" or parts[3] != "chat":
        return None
    try:
        return UUID(parts[2])
    except ValueError:
        return None


class Talk:
    def __init__(self, house: House, presence: Presence) -> None:
        self._house = house
        self._presence = presence

    def takes(self, scope: HTTPScope) -> UUID | None:
        """The show that a guest's script speaks in, if the request is that."""
        if scope["method"] != "POST" or scope["query_string"]:
            return None
        headers = dict(scope["headers"])
        if b"json" not in headers.get(b"content-type", b""):
            return None
        if b"json" not in headers.get(b"accept", b"") or SESSION.encode() in headers.get(b"cookie", b""):
            return None
        if is_crossing("POST", headers, scope["path"]):
            return None
        return show_in(scope["path"])

    async def __call__(self, show: UUID, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        headers = dict(scope["headers"])
        cookies = cookies_in(headers.get(b"cookie", b""))
        accepted = headers.get(b"accept-language", b"")[:MOST_ACCEPTED].decode("latin-1")
        day = self._house.database.clock.now().date().toordinal()
        market, language = stranger(
            cookies.get("market", "")[:16], cookies.get("language", "")[:16], accepted, day
        )
        key = cookies.get(VISITOR, "")
        is_known = 20 <= len(key) <= 64 and key.isascii()
        if not is_known:
            key = new_secret(18)
        try:
            answered = await self._say(show, scope, receive, key, market, language)
        except Refusal as refusal:
            answered = refused(refusal, language)
        except Exception as fault:
            log.error("request.failed", route=ROUTE, method="POST", exc_info=fault)
            answered = Answered(500, {"type": "about:blank", "status": 500, "code": "request.failed"}, {})
        more = [(name.encode(), value.encode()) for name, value in answered.headers.items()]
        if not is_known:
            more.append((b"set-cookie", self._cookie(key)))
        await _answer(send, answered, more)
        self._house.metrics.answered("POST", ROUTE, answered.status, time.perf_counter() - began)

    async def _say(
        self, show: UUID, scope: Scope, receive: Receive, key: str, market: str, language: str
    ) -> Answered:
        client = scope.get("client")
        now = self._house.database.clock.now()
        is_behind_proxy = self._house.site.is_behind_proxy
        self._house.throttle.count(CHAT, client[0] if client else "", now, is_behind_proxy=is_behind_proxy)
        said = await _sent(receive)
        if not await self._presence.knows(show):
            raise NoSuchShow()
        saying = Saying(author_of(None, said.name, key), said.text, language, market)
        return await speak(self._house, ShowId(show), saying, key)

    def _cookie(self, key: str) -> bytes:
        secure = "; Secure" if self._house.site.is_secure else ""
        return f"{VISITOR}={key}; HttpOnly; Max-Age={YEAR}; Path=/; SameSite=lax{secure}".encode()


async def _sent(receive: Receive) -> Said:
    body = b""
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise BadRequest()
        body += message.get("body", b"")
        if len(body) > MOST_OCTETS:
            raise BadRequest()
        if not message.get("more_body", False):
            break
    try:
        return msgspec.json.decode(body, type=Said)
    except (msgspec.MsgspecError, ValueError) as fault:
        raise BadRequest from fault


async def _answer(send: Send, answered: Answered, more: list[tuple[bytes, bytes]]) -> None:
    body = _encode(answered.body)
    kind = b"application/json" if answered.status < 400 else b"application/problem+json"
    headers = [
        (b"content-type", kind),
        (b"content-length", b"%d" % len(body)),
        (b"cache-control", b"no-store"),
        NOSNIFF,
        *more,
    ]
    await send({"type": "http.response.start", "status": answered.status, "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})
