# SPDX-License-Identifier: Apache-2.0
"""A small HTTP application: a table of routes, JSON in and out, a bearer secret, no framework."""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

MOST = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: what was named in the path, the query, the headers in small letters, the body."""

    named: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        try:
            given = json.loads(self.body or b"{}")
        except ValueError:
            raise Fault(400, "body", "not JSON") from None
        if not isinstance(given, dict):
            raise Fault(400, "body", "not an object")
        return given


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    media_type: str = "application/json"


@dataclass(eq=False)
class Fault(Exception):
    """An answer that is none: status, the field at fault, and why."""

    status: int
    field: str
    why: str


Handler = Callable[[Asked], Awaitable[Answer]]


def answer(content: object, status: int = 200) -> Answer:
    return Answer(status, json.dumps(content, ensure_ascii=False).encode())


@dataclass
class App:
    """An ASGI application. Every route but /health asks for the secret."""

    secret: str
    routes: list[tuple[str, re.Pattern[str], Handler]] = field(default_factory=list)
    schemes: tuple[str, ...] = ("Bearer",)
    """What the secret may be introduced by."""

    def add(self, method: str, path: str, handler: Handler) -> None:
        pattern = re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", path))
        self.routes.append((method, pattern, handler))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            given = await self._answer(scope, receive)
        except Fault as fault:
            given = answer({"field": fault.field, "why": fault.why}, fault.status)
        headers = [(b"content-type", given.media_type.encode())]
        await send({"type": "http.response.start", "status": given.status, "headers": headers})
        await send({"type": "http.response.body", "body": given.body})

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if scope["path"] == "/health":
            return answer({"status": "ok"})
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme not in self.schemes or not hmac.compare_digest(given.encode(), self.secret.encode()):
            raise Fault(401, "authorization", "wrong secret")
        fitting = [(method, found, handler) for method, pattern, handler in self.routes
                   if (found := pattern.fullmatch(scope["path"]))]  # fmt: skip
        for method, found, handler in fitting:
            if method == scope["method"]:
                query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
                return await handler(Asked(found.groupdict(), query, headers, await _body(receive)))
        raise Fault(405 if fitting else 404, "path", "no such thing")


async def _body(receive: Receive) -> bytes:
    chunks = bytearray()
    while True:
        message = await receive()
        chunks += message.get("body", b"")
        if len(chunks) > MOST:
            raise Fault(413, "body", "too large")
        if not message.get("more_body"):
            return bytes(chunks)
