# SPDX-License-Identifier: Apache-2.0
"""The protocol: uvicorn's, with a table of hot routes, looked up when a request's head is complete."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

import structlog
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from silkcast.faces.swift.connection import Connection, Headers, Stream
from silkcast.faces.swift.heads import COOKIE, FORWARDED, Cut, Head, Heads, cut

log = structlog.get_logger(__name__)

MOST_HEAD = 64 * 1024
EXPECT = b"expect"
CLOSES = ((b"content-type", b"text/plain; charset=utf-8"),)


@dataclass(frozen=True, slots=True)
class Route:
    """`GET /live/…/events`: what the path begins and ends with. The handler answers every request it gets."""

    method: bytes
    prefix: str
    suffix: str
    handler: Callable[[Connection], None]
    most_body: int = 16 * 1024
    keeps_heads: bool = False
    """Thousands ask it the same way within a minute (see `heads`)."""


Routes = Iterable[Route]


class SwiftProtocol(HttpToolsProtocol):
    """One connection. A hot request stands where uvicorn keeps its request and response, so that what comes
    behind it on the same connection waits for its turn."""

    routes: tuple[Route, ...] = ()
    heads: Heads
    """Heads of hot requests that were read before, on whatever connection."""
    begins: tuple[bytes, ...] = ()
    """What requests begin with whose heads are kept."""
    cycle: Any
    """uvicorn's request and response, or ours, or none of them."""
    parser: Any

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._hot: Connection | None = None
        self._route: Route | None = None
        self._octets = 0
        self._is_in_head = False
        self._is_between = True
        """The parser has read all of the last request and nothing of the next."""
        self._cut: Cut | None = None
        """What is being read, if its head may be kept."""
        self._fields: dict[bytes, bytes] = {}
        self._twice: list[tuple[bytes, bytes]] = []
        """Headers of a name that came again later."""
        self._may_stay: bool | None = None
        """Whether they speak HTTP/1.1; asked once a connection."""
        self._is_taken = False
        self._rests_since: float | None = None

    # A connection that rests too long is closed. One timer a connection looks now and then; to make and
    # unmake one for each answer is a tenth of a rush.

    def _unset_keepalive_if_required(self) -> None:
        self._rests_since = None

    def _rest(self) -> None:
        self._rests_since = self.loop.time()
        if self.timeout_keep_alive_task is None:
            self._look_again(self.timeout_keep_alive)

    def _look_again(self, seconds: float) -> None:
        self.timeout_keep_alive_task = self.loop.call_later(seconds, self.timeout_keep_alive_handler)

    def timeout_keep_alive_handler(self) -> None:
        self.timeout_keep_alive_task = None
        if self._rests_since is None:
            return
        left = self._rests_since + self.timeout_keep_alive - self.loop.time()
        if left > 0.01:
            self._look_again(left)
        else:
            super().timeout_keep_alive_handler()

    def _end_looking(self) -> None:
        if self.timeout_keep_alive_task is not None:
            self.timeout_keep_alive_task.cancel()
            self.timeout_keep_alive_task = None

    def on_response_complete(self) -> None:
        """As uvicorn's, but for the timer."""
        self.server_state.total_requests += 1
        if self.transport.is_closing():
            return
        self.flow.resume_reading()
        if self.pipeline:
            self._unset_keepalive_if_required()
            self._start_asgi_task(*self.pipeline.pop())
        else:
            self._rest()

    def on_message_begin(self) -> None:
        self._is_in_head = True
        self._is_between = False
        self._octets = 0
        self.url = b""
        self._fields = {}

    def on_header(self, name: bytes, value: bytes) -> None:
        if not self._is_in_head:
            return  # behind a body in chunks: no proxy looked at it, so it says nothing of who asks
        name, fields = name.lower(), self._fields
        if name in fields:
            self._twice.append((name, fields[name]))
        fields[name] = value

    def data_received(self, data: bytes) -> None:
        found = None
        if self._is_between and self.cycle is None and data.startswith(self.begins):
            found = cut(data, is_behind_proxy=self.config.proxy_headers)
            if found is not None and self._is_known(found):
                return
        self._cut = found
        super().data_received(data)
        if self._is_in_head and not self._is_taken:
            self._octets += len(data)
            if self._octets > MOST_HEAD:
                self._is_in_head = False
                self.send_400_response("The head of the request is too long.")

    def _is_known(self, found: Cut) -> bool:
        """A whole request with a head that was read before is handled at once."""
        octets, cookie, forwarded, body = found
        head = self.heads.find(octets)
        if head is None or len(body) != head.octets_of_body:
            return False
        self._rests_since = None
        self._route = head.route
        self.cycle = self._hot = hot = Connection(self, head, cookie, forwarded, body, True)
        self._handle(hot)
        return True

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        found, self._cut = self._cut, None  # of what begins with the data; what comes behind has none
        if self._is_taken:
            return
        octets, _, query = self.url.partition(b"?")
        path = octets.decode("latin-1")
        method, fields = self.parser.get_method(), self._fields
        route = self._hot_route(method, path)
        if route is None or EXPECT in fields:
            self._go_on()
            return
        if self._may_stay is None:
            self._may_stay = self.parser.get_http_version() == "1.1"
        stays = self._may_stay and self.parser.should_keep_alive()
        self._route = route
        self._octets = 0
        is_twice = bool(self._twice)
        if is_twice:
            _join(fields, self._twice)
            self._twice = []
        cookie = fields.pop(COOKIE, None)
        forwarded = fields.pop(FORWARDED, None) if self.config.proxy_headers else None
        head = Head(route, method, path, query, fields)
        if found is not None and stays and not is_twice and found[1:3] == (cookie, forwarded):
            self.heads.keep(found, head)
        self.cycle = self._hot = Connection(self, head, cookie, forwarded, b"", stays)

    def _hot_route(self, method: bytes, path: str) -> Route | None:
        """None for what is not hot, and for what is not first in line or wants more than an answer."""
        if self.cycle is not None and not self.cycle.response_complete:
            return None
        for route in self.routes:
            if method == route.method and path.startswith(route.prefix) and path.endswith(route.suffix):
                return None if self.parser.should_upgrade() else route
        return None

    def _go_on(self) -> None:
        """The usual way: uvicorn's scope round what was read, then its request and response."""
        url, headers, self._twice = self.url, (*self._twice, *self._fields.items()), []
        super().on_message_begin()
        self.url = url
        for name, value in headers:
            super().on_header(name, value)
        super().on_headers_complete()

    def peer_of(self, forwarded: bytes | None) -> str:
        """Who asked, by the proxy's word where there is one that is trusted."""
        host = self.client[0] if self.client else ""
        if not forwarded:
            return host
        trusted = getattr(self.app, "trusted_hosts", None)
        if trusted is not None and host in trusted:
            host = trusted.get_trusted_client_address(forwarded.decode("latin-1"))[0] or host
        return host

    def on_body(self, body: bytes) -> None:
        hot, current = self._hot, self.cycle
        if current is None:  # answered or taken over already
            return
        if hot is None or current is not hot:
            super().on_body(body)
            return
        self._octets += len(body)
        assert self._route is not None
        if self._octets > self._route.most_body:
            hot.keep_alive = False
            hot.answer(413, CLOSES)
            return
        hot.body = hot.body + body if hot.body else body

    def on_message_complete(self) -> None:
        self._is_between = True
        hot, current = self._hot, self.cycle
        if current is None:
            return
        if hot is None or current is not hot:
            super().on_message_complete()
            return
        self._handle(hot)

    def _handle(self, hot: Connection) -> None:
        assert self._route is not None
        try:
            self._route.handler(hot)
        except Exception:
            log.exception("swift.failed", path=self._route.prefix)
            hot.keep_alive = False
            hot.answer(500, CLOSES)

    def answered(self) -> None:
        if self.cycle is self._hot:
            self.cycle = None
        self._hot = None
        self.on_response_complete()

    def taken(self, stream: Stream) -> None:
        """Nothing of this protocol stays, so that a viewer costs little."""
        self._is_taken = True
        self._end_looking()
        self.flow.resume_reading()
        self.connections.discard(self)
        stream.bind(cast(Any, self.connections))
        self.pipeline.clear()
        self.cycle = self._hot = self._route = None
        self.parser = None

    def _should_upgrade(self) -> bool:
        return not self._is_taken and super()._should_upgrade()

    def send_400_response(self, msg: str) -> None:
        if not self._is_taken:
            super().send_400_response(msg)

    def connection_lost(self, exc: Exception | None) -> None:
        hot, self._hot = self._hot, None
        if hot is not None:
            self.cycle = None
            hot.gone()
        self._end_looking()
        super().connection_lost(exc)


def _join(fields: dict[bytes, bytes], earlier: Headers) -> None:
    """A proxy may add a field of its own to one that was there."""
    said = [value for name, value in earlier if name == FORWARDED]
    if said:
        fields[FORWARDED] = b", ".join((*said, fields[FORWARDED]))


def swift_protocol(routes: Routes) -> type[SwiftProtocol]:
    """The protocol class for uvicorn's `http=`, with this table."""
    table = tuple(routes)
    begins = tuple(b"%b %b" % (route.method, route.prefix.encode()) for route in table if route.keeps_heads)
    return type("SwiftProtocol", (SwiftProtocol,), {"routes": table, "begins": begins, "heads": Heads()})
