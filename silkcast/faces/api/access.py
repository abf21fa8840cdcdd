# SPDX-License-Identifier: Apache-2.0
"""Access: who calls, what they may, how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from silkcast.faces.house import House
from silkcast.ground.ids import SellerId, TokenId, UserId
from silkcast.ground.refusals import NotAllowed, NotKnown, TooMany
from silkcast.plumbing.db import Actor
from silkcast.who.identity import service as identity

PER_MINUTE = 600
PUBLIC_PER_MINUTE = 120
USED_EVERY = timedelta(minutes=1)


@dataclass(eq=False)
class BadToken(NotKnown):
    """No token, or one that is unknown, over or revoked: which of these is not told."""

    code: ClassVar[str] = "api.bad_token"


@dataclass(eq=False)
class ScopeMissing(NotAllowed):
    """The token is good, but not for this."""

    code: ClassVar[str] = "api.scope_missing"
    scope: str


@dataclass(eq=False)
class TooOften(TooMany):
    code: ClassVar[str] = "api.too_often"


@dataclass(frozen=True, slots=True)
class Caller:
    """A program with a token, and the shop it acts for."""

    token: TokenId
    user: UserId
    seller: SellerId
    scopes: frozenset[str]
    name: str

    @property
    def actor(self) -> Actor:
        return Actor("token", self.token, self.name)


@dataclass(slots=True)
class Rates:
    """How often each asker came this minute. Of this process only."""

    since: datetime | None = None
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, asker: str, now: datetime, most: int) -> None:
        if self.since is None or now - self.since >= timedelta(minutes=1):
            self.since, self.counts = now, {}
        self.counts[asker] = self.counts.get(asker, 0) + 1
        if self.counts[asker] > most:
            left = self.since + timedelta(minutes=1) - now
            raise TooOften(max(1, int(left.total_seconds())))


def needs(scope: str) -> dict[str, Any]:
    """What a handler says of the scope it needs: for the guard, and for the document."""
    return {"opt": {"scope": scope}, "security": [{"token": [scope]}]}


async def guard_token(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """A good token with the scope of the route, not too often."""
    scheme, _, secret = connection.headers.get("authorization", "").partition(" ")
    house: House = connection.app.state.house
    if scheme.lower() != "bearer" or not secret:
        raise BadToken()
    async with house.database.read() as db:
        found = await identity.token(db, secret.strip())
        now = db.now
    if found is None:
        raise BadToken()
    rates_of(connection.app.state).count(str(found.id), now, PER_MINUTE)
    wanted = handler.opt.get("scope")
    if wanted is not None and wanted not in found.scopes:
        raise ScopeMissing(wanted)
    if found.used_at is None or now - found.used_at >= USED_EVERY:
        async with house.database.write() as tx:
            await identity.note_token_used(tx, found.id)
    connection.state.caller = Caller(found.id, found.user, found.seller, found.scopes, found.name)


async def guard_public(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Anybody, not too often from one address."""
    house: House = connection.app.state.house
    address = connection.client.host if connection.client else "unknown"
    rates_of(connection.app.state).count(address, house.database.clock.now(), PUBLIC_PER_MINUTE)


def rates_of(state: Any) -> Rates:
    if "rates" not in state:
        state.rates = Rates()
    found: Rates = state.rates
    return found


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    found: Caller = request.state.caller
    return found


def secured(scopes: Mapping[str, str]) -> dict[str, Any]:
    """The security scheme as the document has it."""
    told = "\n".join(f"- `{scope}`: {words}" for scope, words in sorted(scopes.items()))
    return {
        "type": "http",
        "scheme": "bearer",
        "description": f"A token from Studio, Settings, Tokens. Scopes:\n\n{told}",
    }
