# SPDX-License-Identifier: Apache-2.0
"""Answering a claim: what it is told, in octets, as thousands need it within a second."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import msgspec

from silkcast.faces.refusing import problem, status_of
from silkcast.faces.swift import Begun, Connection, begun
from silkcast.ground.refusals import Refusal
from silkcast.stage.deals.errors import Busy
from silkcast.stage.deals.values import Answer
from silkcast.who.closings.errors import MarketIsClosed

Reply = Callable[[int, bytes, bytes], None]
"""Status, content type, body. Called once."""
JSON = b"application/json"
PROBLEM = b"application/problem+json"
STATUS = {
    "granted": 201,
    "waiting": 202,
    "sold_out": 409,
    "over_limit": 409,
    "not_running": 409,
    "key_reused": 409,
    "closed": 409,
}
CLOSED = b'{"outcome":"closed","code":"markets.closed"}'


class CrossSite(Refusal):
    code = "request.cross_site"


def said(answer: Answer | None) -> tuple[int, bytes, bytes]:
    """An answer as it goes out."""
    if answer is None:
        return (
            503,
            PROBLEM,
            b'{"type":"about:blank","status":503,"code":"deals.not_known_yet","retry_after":1}',
        )
    status = STATUS[answer.outcome]
    if answer.outcome == "granted" and answer.until is not None:
        name = b"%d-%d" % (answer.lane, answer.number)
        # Told again, nobody knows any more what was left then; what is left now would be another answer.
        left = b"" if answer.is_again else b'"left":%d,' % answer.left
        body = b'{"outcome":"granted","claim":"%b","number":%d,%b"until":"%b","href":"/claims/%b"}' % (
            name,
            answer.number,
            left,
            moment(answer.until),
            name,
        )
    elif answer.outcome == "waiting":
        name = b"%d-%d" % (answer.lane, answer.number)
        body = b'{"outcome":"waiting","claim":"%b","number":%d,"place":%d}' % (
            name,
            answer.number,
            answer.place,
        )
    elif answer.outcome == "closed":
        body = CLOSED
    elif answer.number:
        body = b'{"outcome":"%b","number":%d}' % (answer.outcome.encode(), answer.number)
    else:
        body = b'{"outcome":"%b"}' % answer.outcome.encode()
    return status, JSON, body


def shut(refusal: MarketIsClosed) -> tuple[int, bytes, bytes]:
    """A closed market, as an outcome like any other."""
    body = {"outcome": "closed", "code": refusal.code, **refusal.facts()}
    return 409, JSON, msgspec.json.encode(body)


def told(answer: Answer | None) -> dict[str, Any]:
    """The same as values, for answers that carry more."""
    found: dict[str, Any] = msgspec.json.decode(said(answer)[2])
    return found


@lru_cache(maxsize=256)
def moment(until: datetime) -> bytes:
    return until.isoformat().replace("+00:00", "Z").encode()


def refuse(refusal: Refusal, reply: Reply) -> None:
    if isinstance(refusal, Busy):
        reply(
            503,
            JSON,
            b'{"outcome":"busy","place":%d,"retry_after":%d}' % (refusal.place, refusal.retry_seconds),
        )
        return
    if isinstance(refusal, MarketIsClosed):
        reply(*shut(refusal))
        return
    if isinstance(refusal, CrossSite):
        reply(403, PROBLEM, b'{"type":"about:blank","status":403,"code":"request.cross_site"}')
        return
    status = status_of(refusal)
    reply(status, PROBLEM, msgspec.json.encode(problem(refusal, title=refusal.code)))


def answer(connection: Connection, status: int, kind: bytes, body: bytes) -> None:
    connection.answer_with(begun_by(status, kind), body)


@cache
def begun_by(status: int, kind: bytes) -> Begun:
    """One for each kind of answer."""
    return begun(status, ((b"content-type", kind), *always(status)))


def always(status: int) -> tuple[tuple[bytes, bytes], ...]:
    """Headers that every answer carries."""
    if status == 503:
        return (NO_STORE, NOSNIFF, (b"retry-after", b"1"))
    return (NO_STORE, NOSNIFF)


NO_STORE = (b"cache-control", b"no-store")
NOSNIFF = (b"x-content-type-options", b"nosniff")
