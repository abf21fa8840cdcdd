# SPDX-License-Identifier: Apache-2.0
"""Heads that are kept: whatever is sent, it is read as if no head had ever been kept."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
import uvicorn
from hypothesis import given
from hypothesis import strategies as st
from uvicorn.server import ServerState

from silkcast.faces.swift import Connection, Route, swift_protocol
from silkcast.faces.swift.heads import MOST_KEPT, Head, Heads, cut
from silkcast.faces.swift.protocol import SwiftProtocol


class Wire(asyncio.Transport):
    """A connection to nowhere, that remembers what was written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 7), "sockname": ("127.0.0.1", 80)})
        self.written = b""
        self.is_shut = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return self.is_shut

    def close(self) -> None:
        self.is_shut = True

    def pause_reading(self) -> None: ...

    def resume_reading(self) -> None: ...


Said = tuple[bytes, str, bytes, tuple[tuple[bytes, bytes], ...], str, bytes]


@dataclass
class Server:
    """One that keeps heads or does not, what its handler heard, and how often a head was known."""

    keeps: bool
    answers: bool = True
    heard: list[Said] = field(default_factory=list)
    known: int = 0

    def __post_init__(self) -> None:
        self.config = uvicorn.Config(_nobody, log_config=None, lifespan="off", forwarded_allow_ips="*")
        self.config.load()
        route = Route(b"POST", "/claims", "", self._hear, most_body=100, keeps_heads=self.keeps)
        self._kind = swift_protocol((route,))
        self._state = ServerState()

    def _hear(self, one: Connection) -> None:
        self.known += bool(one.head.kept)
        one.head.kept = True
        fields = tuple(sorted(one.headers.items()))
        self.heard.append((one.head.method, one.head.path, one.head.query, fields, one.peer, one.body))
        if self.answers:
            one.answer(200, ())

    def open(self) -> SwiftProtocol:
        opened = self._kind(config=self.config, server_state=self._state, app_state={})
        opened.connection_made(Wire())
        return opened


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    """The application behind, which gets whatever waits behind another request."""
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


async def sent(server: Server, pieces: Sequence[bytes]) -> bytes:
    """What one connection is answered."""
    one = server.open()
    wire = one.transport
    assert isinstance(wire, Wire)
    for piece in pieces:
        if not wire.is_shut:
            one.data_received(piece)
            await asyncio.sleep(0)
            await asyncio.sleep(0)
    one.connection_lost(None)
    await asyncio.sleep(0)
    return wire.written


def request(*lines: bytes, body: bytes = b"{}", length: int | None = None) -> bytes:
    size = b"content-length: %d" % (len(body) if length is None else length)
    return b"\r\n".join((b"POST /claims?a=b HTTP/1.1", b"host: x", *lines, size, b"", b"")) + body


async def test_a_head_is_read_once_for_all_who_send_it() -> None:
    server = Server(keeps=True)
    for name in (b"ann", b"ben", b"cid"):
        await sent(
            server, [request(b"x-forwarded-for: 203.0.113.%d" % len(server.heard), b"Cookie: who=" + name)]
        )
    assert server.known == 2
    assert [dict(one[3])[b"cookie"] for one in server.heard] == [b"who=ann", b"who=ben", b"who=cid"]
    assert [one[4] for one in server.heard] == ["203.0.113.0", "203.0.113.1", "203.0.113.2"]


@pytest.mark.parametrize(
    "lines",
    [
        (b"x: 1",),
        (b"cookie:a=1",),
        (b"cookie: a=1", b"cookie: b=2"),
        (b"cookie: a=1", b"expect: 100-continue"),
        (b"cookie: a=1", b"connection: close"),
        (b"cookie: a=1", b"x: " + b"y" * 5_000),
    ],
)
async def test_what_is_not_plain_is_not_kept(lines: tuple[bytes, ...]) -> None:
    server = Server(keeps=True)
    for _ in range(3):
        await sent(server, [request(*lines)])
    assert server.known == 0


PLAIN_ONE = request(b"cookie: a=1")
OTHER = request(b"cookie: a=1", b"x: another")
BEFORE = b"POST /claims?a=b HTTP/1.1\r\nhost: x\r\nx: "


@pytest.mark.parametrize(
    "pieces",
    [
        [request(b"cookie:  a=1")],
        [request(b"cookie: a=1 ")],
        [request(b"cookie: a\x00b")],
        [request(b"cookie: a\rb")],
        [request(b"cookie: b=2", b"cookie: b=2"), request(b"cookie: c=3", b"cookie: b=2")],
        [request(b"cookie: a=1", body=b"{} ", length=2)],
        [request(b"cookie: a=1", body=b"{", length=2), b"}"],
        [BEFORE, PLAIN_ONE],
        [PLAIN_ONE, OTHER[:3], OTHER[3:]],
        [BEFORE + b"\r\n", PLAIN_ONE],
        [request(b"cookie: a=1", body=b"") + PLAIN_ONE, request(b"cookie: a=1", body=b"")],
        [request(b"cookie: a=1", body=b"", length=len(PLAIN_ONE)), PLAIN_ONE],
    ],
)
@pytest.mark.parametrize("answers", [True, False])
async def test_what_only_looks_like_a_known_head(pieces: list[bytes], answers: bool) -> None:
    keeps, reads = (Server(keeps=keeps, answers=answers) for keeps in (True, False))
    for sends in ([PLAIN_ONE], [PLAIN_ONE], pieces, pieces, [PLAIN_ONE, PLAIN_ONE]):
        assert await sent(keeps, sends) == await sent(reads, sends)
        assert keeps.heard == reads.heard
    assert (keeps.known >= 2, reads.known) == (True, 0)


ROUTE = Route(b"POST", "/", "", lambda _: None)


async def test_too_many_are_forgotten() -> None:
    heads = Heads()
    octets = [request(b"cookie: a=1", b"n: %d" % number) for number in range(MOST_KEPT + 1)]
    for one in octets:
        found = cut(one, is_behind_proxy=False)
        assert found is not None
        heads.keep(found, Head(ROUTE, b"POST", "/", b"", {b"content-length": b"2"}))
    kept = [heads.find(found[0]) for one in octets if (found := cut(one, is_behind_proxy=False))]
    assert sum(one is not None for one in kept) == 1


USUAL = b"cookie", b"Cookie", b"COOKIE", b"x-forwarded-for", b"X-Forwarded-For", b"a", b"connection"
ODD = b"transfer-encoding", b"expect", b"upgrade", b" cookie", b"x\r\ncookie", b"\r\ncookie"
NAMES = st.sampled_from((*USUAL, *ODD))
COOKIES = (
    b"a=1",
    b"b=2",
    b"b=2; c=3",
    b"",
    b" a=1",
    b"a=1 ",
    b"\ta",
    b"a\x00",
    b"a\rb",
    b"a\nb",
    b"\xe9",
    b"\x7f",
)
OTHERS = b"203.0.113.9", b"198.51.100.7, 10.0.0.1", b"close", b"chunked", b"keep-alive", b"websocket", b"1"
VALUES = st.sampled_from((*COOKIES, *OTHERS))
COLONS = st.sampled_from([b": ", b": ", b": ", b":", b":  "])
LINES = st.lists(st.builds(lambda *parts: b"".join(parts), NAMES, COLONS, VALUES), max_size=4)
PLAIN = st.sampled_from(
    [[b"cookie: " + who, *more] for who in (b"a=1", b"b=2", b"\xe9") for more in ((), (b"n: 1",), (b"N: 1",))]
)
BODIES = st.sampled_from([b"{}", b"{}", b"", b"[]", b"\r\n\r\n", b"cookie: a=9\r\n\r\n", b"x" * 101])
REQUESTS = st.builds(
    lambda lines, body, more: request(*lines, body=body, length=max(0, len(body) + more)),
    st.one_of(PLAIN, PLAIN, LINES),
    BODIES,
    st.sampled_from([0, 0, 0, 0, 1, -1]),
)


@st.composite
def connections(draw: st.DrawFn) -> list[list[bytes]]:
    """What some connections send, each in pieces: one request each, or as they happen to be cut."""
    made = []
    for requests in draw(st.lists(st.lists(REQUESTS, min_size=1, max_size=4), min_size=1, max_size=4)):
        if draw(st.booleans()):
            made.append(requests)
            continue
        octets = b"".join(requests)
        cuts = sorted(draw(st.lists(st.integers(0, len(octets)), max_size=3)))
        made.append([octets[a:b] for a, b in zip((0, *cuts), (*cuts, len(octets)), strict=True) if a < b])
    return made


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


@given(connections())
def test_everything_is_read_as_without_kept_heads(
    loop: asyncio.AbstractEventLoop, sent_by: list[list[bytes]]
) -> None:
    async def both() -> None:
        keeps, reads = Server(keeps=True), Server(keeps=False)
        for pieces in sent_by * 2:
            assert await sent(keeps, pieces) == await sent(reads, pieces)
            assert keeps.heard == reads.heard

    loop.run_until_complete(both())
