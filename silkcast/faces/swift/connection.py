# SPDX-License-Identifier: Apache-2.0
"""A hot request as its handler sees it: read it, then answer it or take its connection over."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Iterable, MutableSet
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Protocol

from .heads import COOKIE, FORWARDED, NONE, Fields, Head

Headers = Iterable[tuple[bytes, bytes]]

STATUS_LINES = {status.value: f"HTTP/1.1 {status} {status.phrase}\r\n".encode() for status in HTTPStatus}
KERNEL_BUFFER = 32 * 1024
"""Asked of the kernel for each stream; it takes twice that. Its own choice may grow to megabytes."""
WAITING_OCTETS = 32 * 1024
"""How much may wait in this process for one stream."""


def head(status: int, headers: Headers, *, closes: bool) -> bytes:
    """The octets before the body."""
    lines = [STATUS_LINES[status]]
    for name, value in headers:
        lines += (name, b": ", value, b"\r\n")
    lines.append(b"connection: close\r\n\r\n" if closes else b"\r\n")
    return b"".join(lines)


Begun = tuple[bytes, bytes]
"""A head but for its length: where the connection stays open, and where it closes."""


@lru_cache(maxsize=256)
def begun(status: int, headers: tuple[tuple[bytes, bytes], ...]) -> Begun:
    stays, closes = (head(status, headers, closes=closes).removesuffix(b"\r\n") for closes in (False, True))
    return stays, closes


NOTHING = Head(None, b"", "", b"", NONE)


class Asking(Protocol):
    """The protocol that read a request, as the request knows it."""

    transport: asyncio.Transport

    def peer_of(self, forwarded: bytes | None) -> str: ...

    def answered(self) -> None: ...

    def taken(self, stream: Stream) -> None: ...


class Connection:
    """One hot request. `answer` once, or `take_over`; both may come later, from any task of this loop.

    Thousands wait for their commit at once: what a handler has read is forgotten when it returns.
    """

    __slots__ = (
        "_protocol", "body", "cookie", "forwarded", "head", "is_gone", "keep_alive", "on_gone",
        "response_complete", "transport",
    )  # fmt: skip

    def __init__(
        self,
        protocol: Asking,
        head: Head,
        cookie: bytes | None,
        forwarded: bytes | None,
        body: bytes,
        keep_alive: bool,
    ) -> None:
        self._protocol = protocol
        self.head = head
        self.cookie = cookie
        self.forwarded = forwarded
        """What a proxy says of who asks, where it is listened to."""
        self.body = body
        self.keep_alive = keep_alive
        self.transport = protocol.transport
        self.response_complete = False
        self.is_gone = False
        self.on_gone: Callable[[], None] | None = None

    @property
    def headers(self) -> Fields:
        """All of them."""
        fields = dict(self.head.fields)
        for name, value in ((COOKIE, self.cookie), (FORWARDED, self.forwarded)):
            if value is not None:
                fields[name] = value
        return fields

    @property
    def peer(self) -> str:
        """Who asked, by the proxy's word where there is one that is trusted."""
        return self._protocol.peer_of(self.forwarded)

    def forget(self) -> None:
        """Only the answer is still of interest."""
        self.head, self.cookie, self.forwarded, self.body = NOTHING, None, None, b""

    def answer(self, status: int, headers: Headers, body: bytes = b"") -> None:
        """The whole answer. Nothing happens where nobody waits for it any more."""
        self.answer_with(begun(status, tuple(headers)), body)

    def answer_with(self, begun: Begun, body: bytes) -> None:
        """The same with a head that was begun before, for thousands of answers."""
        if self.is_gone or self.response_complete:
            return
        self.response_complete = True
        if self.keep_alive:
            self.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (begun[0], len(body), body))
        else:
            self.transport.write(b"%bcontent-length: %d\r\n\r\n%b" % (begun[1], len(body), body))
            self.transport.close()
        self._protocol.answered()

    def take_over(self) -> Stream | None:
        """The connection alone, for as long as it lasts; write the `head` yourself. None: it is gone."""
        if self.is_gone or self.response_complete or self.transport.is_closing():
            return None
        self.response_complete = True
        stream = Stream(self.transport)
        self._protocol.taken(stream)
        self.forget()
        return stream

    def gone(self) -> None:
        """The browser hung up before it was answered."""
        self.is_gone = True
        if self.on_gone is not None and not self.response_complete:
            self.on_gone()


class Listener(Protocol):
    """Who writes to a stream."""

    def fill(self) -> None:
        """More waits than may: write no more for now."""

    def drain(self) -> None:
        """Everything is written."""

    def gone(self) -> None:
        """There is nobody there any more."""


class Stream(asyncio.Protocol):
    """A connection that only we write to. Small: there are as many as viewers."""

    __slots__ = ("_among", "listener", "transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self._among: MutableSet[Any] | None = None
        self.listener: Listener | None = None

    def bind(self, among: MutableSet[Any]) -> None:
        """Take the place of the protocol that read the request; `among` are those told of a shutdown."""
        self._among = among
        among.add(self)
        self.transport.set_write_buffer_limits(high=WAITING_OCTETS, low=0)
        bound = self.transport.get_extra_info("socket")
        if bound is not None and bound.family in (socket.AF_INET, socket.AF_INET6):
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, KERNEL_BUFFER)
        self.transport.set_protocol(self)

    def write(self, octets: bytes) -> None:
        self.transport.write(octets)

    def close(self) -> None:
        """Once what waits is written."""
        self.transport.close()

    def abort(self) -> None:
        """At once: whoever reads nothing would keep us waiting."""
        self.transport.abort()

    def shutdown(self) -> None:
        """The server stops. Who does not read is not waited for."""
        if self.transport.get_write_buffer_size():
            self.abort()
        else:
            self.close()

    def data_received(self, data: bytes) -> None:
        """A stream has nothing to be told; what comes is let go."""

    def eof_received(self) -> bool:
        return False

    def pause_writing(self) -> None:
        if self.listener is not None:
            self.listener.fill()

    def resume_writing(self) -> None:
        if self.listener is not None:
            self.listener.drain()

    def connection_lost(self, exc: Exception | None) -> None:
        if self._among is not None:
            self._among.discard(self)
        listener, self.listener = self.listener, None
        if listener is not None:
            listener.gone()
