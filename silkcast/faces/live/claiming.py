# SPDX-License-Identifier: Apache-2.0
"""Claiming: `POST /deals/{deal}/claims`, the address a whole room hits within a second.

What a claim needs is known beforehand or found out once for all; the rest is a parse, a queue, and an answer
after the commit. Nothing here waits but for the committer: there is no task and no future a claim.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import structlog
from litestar.types import Receive, Scope, Send

from silkcast.faces.asking import MOST_ACCEPTED, SESSION, VISITOR, cookies_in, liked_language, liked_market
from silkcast.faces.crossing import is_crossing
from silkcast.faces.house import House
from silkcast.faces.swift import Connection
from silkcast.faces.throttling import CLAIM
from silkcast.flows.claiming import Seat, mark_of, want_of
from silkcast.ground.ids import TermsId, UserId
from silkcast.ground.language import Language
from silkcast.ground.refusals import Invalid, NotKnown, Refusal
from silkcast.stage.deals.errors import Busy, NoSuchDeal
from silkcast.stage.deals.lots import Given
from silkcast.stage.deals.values import MOST_UNITS_AT_ONCE
from silkcast.who.closings import service as closings
from silkcast.who.identity import service as identity
from silkcast.who.markets import service as markets

from .answering import CLOSED, JSON, PROBLEM, CrossSite, Reply, always, answer, refuse, said, shut

log = structlog.get_logger()
MOST_BODY = 2048
PREFIX = "/deals/"
SUFFIX = "/claims"


class NoBuyer(NotKnown):
    code = "deals.no_buyer"


class BadClaim(Invalid):
    code = "deals.bad_claim"


class Asked(msgspec.Struct, frozen=True):
    """What the room sends."""

    variant: str
    key: str
    units: int = 1


class WayIn(NamedTuple):
    """What a claim's address and headers say, but for who claims."""

    deal: str
    is_crossing: bool
    accepted: str
    """The browser's languages."""


class Way(NamedTuple):
    """Where a claim queues, on which terms, and their market."""

    seat: Seat
    terms: TermsId
    market: str


WayKey = tuple[str, str, int, str, str, str]
"""Deal, variant and units as asked for; the market and language chosen, and the languages of the browser."""
Buyer = tuple[UUID, UserId | None]
"""Who claims, as a digest; and the account if it is one."""
_decode = msgspec.json.Decoder(Asked).decode


def deal_in(path: str) -> str | None:
    """The deal of `/deals/{deal}/claims`, if it is such a path."""
    deal = path[len(PREFIX) : -len(SUFFIX)]
    if len(deal) != 36 or not (path.startswith(PREFIX) and path.endswith(SUFFIX)):
        return None
    return deal


def way_in_by(deal: str, headers: Mapping[bytes, bytes]) -> WayIn:
    accepted = headers.get(b"accept-language", b"")[:MOST_ACCEPTED].decode("latin-1")
    return WayIn(deal, is_crossing("POST", headers), accepted)


class Claims:
    """The hot path of claims."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._counter = house.counter
        self._shut = house.shut
        self._users: OrderedDict[str, tuple[float, UserId | None]] = OrderedDict()
        self._busy: set[asyncio.Task[None]] = set()
        self._ways: dict[WayKey, Way] = {}
        self._ways_are: tuple[date, int] | None = None

    def ask(self, way_in: WayIn, cookie: bytes, body: bytes, address: str, reply: Reply) -> None:
        """Take a claim; `reply` is called when it is committed, or at once if it is refused."""
        try:
            self._ask(way_in, cookie, body, address, reply)
        except Refusal as refusal:
            refuse(refusal, reply)

    def _ask(self, way_in: WayIn, cookie: bytes, body: bytes, address: str, reply: Reply) -> None:
        deal, is_crossing, accepted = way_in
        if is_crossing:
            raise CrossSite
        house = self._house
        now = house.database.clock.now()
        house.throttle.count(CLAIM, address, now, is_behind_proxy=house.site.is_behind_proxy)
        asked = read(body)
        cookies = cookies_in(cookie)
        market, language = cookies.get("market", "")[:16], cookies.get("language", "")[:16]
        buyer = self._buyer_known(cookies)
        today = now.date()
        way = self._way((deal, asked.variant, asked.units, market, language, accepted), today)
        if way is not None and buyer is not None:
            self._queue(way, asked, buyer, reply)
            return
        found = whereabouts(market, language, accepted, today)
        self._later(self._ask_slowly(deal, asked, cookies, *found, reply))

    def _way(self, asked: WayKey, today: date) -> Way | None:
        """Where a claim queues, on which terms: the same for all who ask the same from the same place."""
        if self._ways_are != (today, self._counter.version):
            self._ways.clear()
            self._ways_are = (today, self._counter.version)
        found = self._ways.get(asked)
        if found is not None:
            return found
        deal, variant, units, *chosen = asked
        market, language = whereabouts(*chosen, today)
        seat = self._counter.seat_known(deal, variant)
        if seat is None:
            return None
        terms = self._counter.terms_known((seat.deal, seat.variant, market, language, units), today)
        if terms is None:
            return None
        if len(self._ways) >= MOST_WAYS:
            self._ways.clear()
        found = self._ways[asked] = Way(seat, terms, market)
        return found

    async def _ask_slowly(
        self, deal: str, asked: Asked, cookies: Mapping[str, str], market: str, language: str, reply: Reply
    ) -> None:
        """The first of its kind: look up what the others will find."""
        try:
            buyer = self._buyer_known(cookies) or await self._buyer(cookies)
            seat = await self._counter.seat(*ids_of(deal, asked.variant))
            today = self._house.database.clock.now().date()
            key = (seat.deal, seat.variant, market, language, asked.units)
            terms = await self._counter.terms(key, markets.market(market, today))
            self._queue(Way(seat, terms, market), asked, buyer, reply)
        except Refusal as refusal:
            refuse(refusal, reply)
        except Exception:
            log.exception("claims.failed")
            reply(500, PROBLEM, b'{"type":"about:blank","status":500,"code":"request.failed"}')

    def _queue(self, way: Way, asked: Asked, buyer: Buyer, reply: Reply) -> None:
        seat, terms, market = way
        mark, user = buyer
        want = want_of(seat, asked.key, mark, asked.units, terms, market, user)
        self._counter.put(seat.room, want, partial(self._told, market, reply))

    def _told(self, market: str, reply: Reply, given: Given) -> None:
        if isinstance(given, Busy):
            refuse(given, reply)
        elif given is not None and given.outcome == "closed":
            reply(*self._closed(market))
        else:
            reply(*said(given))

    def _closed(self, market: str) -> tuple[int, bytes, bytes]:
        """Since when and why, where it is known here: the database may know it a moment earlier. It is asked
        all the same: who claimed before under the same key is told what they were told then."""
        found = self._shut.of(market)
        return shut(closings.refusal(found)) if found else (409, JSON, CLOSED)

    def _buyer_known(self, cookies: Mapping[str, str]) -> Buyer | None:
        """Who claims, if it can be told without asking the database."""
        token = cookies.get(SESSION)
        if token:
            kept = self._users.get(token)
            if kept is None or kept[0] < asyncio.get_running_loop().time():
                return None
            if kept[1] is not None:
                return kept[1], kept[1]
        visitor = cookies.get(VISITOR, "")
        if not (20 <= len(visitor) <= 64 and visitor.isascii()):
            raise NoBuyer
        return mark_of(visitor), None

    async def _buyer(self, cookies: Mapping[str, str]) -> Buyer:
        token = cookies.get(SESSION, "")
        async with self._house.database.read() as db:
            user = await identity.session(db, token)
        until = asyncio.get_running_loop().time() + KNOWN_SECONDS
        self._users[token] = (until, user.id if user else None)
        while len(self._users) > MOST_USERS:
            self._users.popitem(last=False)
        found = self._buyer_known(cookies)
        assert found is not None, "asked just now"
        return found

    def _later(self, work: Any) -> None:
        task = asyncio.create_task(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    def swiftly(self, connection: Connection) -> None:
        """The same on a connection of our own server."""
        reply = partial(answer, connection)
        way_in = connection.head.kept
        if way_in is None:
            deal = deal_in(connection.head.path)
            if deal is None:
                refuse(NoSuchDeal(), reply)
                return
            way_in = connection.head.kept = way_in_by(deal, connection.headers)
        self.ask(way_in, connection.cookie or b"", connection.body, connection.peer, reply)
        connection.forget()

    async def __call__(self, deal: str, scope: Scope, receive: Receive, send: Send) -> None:
        """The same over plain ASGI, for servers that know no shortcut."""
        body = b""
        while len(body) <= MOST_BODY:
            message = await receive()
            if message["type"] != "http.request":
                return
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        given: asyncio.Future[tuple[int, bytes, bytes]] = asyncio.get_running_loop().create_future()

        def reply(*said: Any) -> None:
            if not given.done():
                given.set_result(said)

        client = scope.get("client")
        asked = dict(scope["headers"])
        way_in = way_in_by(deal, asked)
        self.ask(way_in, asked.get(b"cookie", b""), body, client[0] if client else "", reply)
        status, kind, octets = await given
        headers = [(b"content-type", kind), *always(status), (b"content-length", b"%d" % len(octets))]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": octets, "more_body": False})


KNOWN_SECONDS = 30.0
MOST_USERS = 50_000
MOST_WAYS = 50_000


def ids_of(deal: str, variant: str) -> tuple[UUID, UUID]:
    """Both ids, or the refusal of what is none."""
    try:
        found = UUID(deal)
    except ValueError:
        raise NoSuchDeal from None
    try:
        return found, UUID(variant)
    except ValueError:
        raise BadClaim from None


def read(body: bytes) -> Asked:
    """What was asked, or `BadClaim`."""
    if len(body) > MOST_BODY:
        raise BadClaim
    try:
        asked = _decode(body)
    except (msgspec.MsgspecError, ValueError):
        raise BadClaim from None
    if not (16 <= len(asked.key) <= 64 and asked.key.isascii() and 0 < asked.units <= MOST_UNITS_AT_ONCE):
        raise BadClaim
    return asked


@lru_cache(maxsize=4096)
def whereabouts(market: str, language: str, accepted: str, today: date) -> tuple[str, Language]:
    """Market and language by what was chosen, else by what the browser likes."""
    found = liked_market(market, accepted, today)
    return found.code, liked_language(language, accepted, found)
