# SPDX-License-Identifier: Apache-2.0
"""As much of a web framework as the provider needs: requests read whole, answers sent whole."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from .book import Wrong

MOST_BYTES = 64 * 1024
Scope = Mapping[str, Any]
Receive = Callable[[], Awaitable[Mapping[str, Any]]]
Send = Callable[[Mapping[str, Any]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    found: Mapping[str, str]
    """What the path's pattern caught."""

    def json(self) -> dict[str, Any]:
        try:
            return msgspec.json.decode(self.body or b"{}", type=dict[str, Any])
        except msgspec.MsgspecError:
            raise Wrong(400, "body_not_json") from None

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(errors="replace")))


@dataclass(frozen=True, slots=True)
class Answer:
    status: int = 200
    body: bytes = b""
    type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lost: bool = False
    """The work is done but the answer breaks off on its way."""


Handler = Callable[[Request], Answer]


def json(value: Any, status: int = 200) -> Answer:
    return Answer(status, msgspec.json.encode(value))


class Site:
    """An ASGI application of (method, pattern, handler); a pattern's groups reach the handler by name."""

    def __init__(self, *routes: tuple[str, str, Handler]) -> None:
        self._routes = [(method, re.compile(pattern), handler) for method, pattern, handler in routes]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await _send(await self._answer(scope, receive), send)

    async def _answer(self, scope: Scope, receive: Receive) -> Answer:
        try:
            body = await _whole_body(receive)
            return self._handle(scope, body)
        except Wrong as wrong:
            return json({"error": {"code": wrong.code}}, wrong.status)

    def _handle(self, scope: Scope, body: bytes) -> Answer:
        for method, pattern, handler in self._routes:
            match = pattern.fullmatch(scope["path"])
            if match and method == scope["method"]:
                return handler(
                    Request(
                        method=method,
                        path=scope["path"],
                        query=dict(parse_qsl(scope["query_string"].decode())),
                        headers={name.decode(): value.decode("latin-1") for name, value in scope["headers"]},
                        body=body,
                        found=match.groupdict(),
                    )
                )
        raise Wrong(404, "path_unknown")


async def _whole_body(receive: Receive) -> bytes:
    body = b""
    while True:
        message = await receive()
        body += bytes(message.get("body", b""))
        if len(body) > MOST_BYTES:
            raise Wrong(413, "body_too_large")
        if not message.get("more_body"):
            return body


async def _send(answer: Answer, send: Send) -> None:
    headers = {
        "content-type": answer.type,
        "content-length": str(len(answer.body)),
        "cache-control": "no-store",
        **answer.headers,
    }
    encoded = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    if answer.is_lost:
        # Less than was promised, and then nothing: the server closes the connection.
        await send({"type": "http.response.body", "body": b"", "more_body": True})
        return
    await send({"type": "http.response.body", "body": answer.body})
