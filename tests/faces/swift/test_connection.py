# SPDX-License-Identifier: Apache-2.0
"""Hot addresses on a real server and real sockets: what comes before and behind them stays right."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from typing import Any
from unittest.mock import ANY

import pytest

from silkcast.faces.cli.serve import Server, make_server
from silkcast.faces.house import SiteSettings
from silkcast.faces.swift import Connection, Route
from tests.faces.running import free_port

SLOW: list[Connection] = []
HEARD: list[tuple[bytes, bytes]] = []
"""Headers, as the application behind heard them."""


async def plain(scope: Any, receive: Any, send: Any) -> None:
    """The application behind: says what it was asked, after a turn of the loop."""
    body, more = b"", True
    HEARD.extend(scope["headers"])
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    await asyncio.sleep(0.01)
    said = b"plain " + scope["path"].encode() + b" " + body
    length = (b"content-length", b"%d" % len(said))
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": said})


def echo(connection: Connection) -> None:
    connection.answer(201, [(b"x-peer", connection.peer.encode())], b"hot " + connection.body)


def later(connection: Connection) -> None:
    SLOW.append(connection)


def broken(connection: Connection) -> None:
    raise RuntimeError("a handler's own fault")


def stream(connection: Connection) -> None:
    taken = connection.take_over()
    assert taken is not None
    taken.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nhello")


ROUTES = (
    Route(b"POST", "/echo", "", echo, most_body=1000),
    Route(b"POST", "/later", "", later),
    Route(b"POST", "/broken", "", broken),
    Route(b"GET", "/stream", "", stream),
)

Opened = Callable[[], Any]


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    SLOW.clear()
    made = make_server(plain, SiteSettings(port=free_port(), is_behind_proxy=True), ROUTES)
    serving = asyncio.create_task(made.serve())
    await made.answers.wait()
    yield made
    made.should_exit = True
    await serving


@pytest.fixture
async def connect(server: Server) -> AsyncIterator[Opened]:
    async with AsyncExitStack() as stack:

        async def opened() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.config.port)
            stack.callback(writer.close)
            return reader, writer

        yield opened


def post(path: str, body: bytes = b"", *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "host: x", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes, bytes]:
    async with asyncio.timeout(5):
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"content-length: (\d+)", head)
        assert length is not None, head
        return int(head.split()[1]), head, await reader.readexactly(int(length[1]))


async def test_hot_and_plain_requests_share_a_connection(connect: Opened) -> None:
    reader, writer = await connect()
    for body in (b"one", b"two"):
        writer.write(post("/echo", body))
        assert await answer(reader) == (201, ANY, b"hot " + body)
        writer.write(post("/elsewhere", body))
        assert await answer(reader) == (200, ANY, b"plain /elsewhere " + body)


async def test_requests_sent_without_waiting_are_answered_in_their_order(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(post("/echo", b"1") + post("/a", b"2") + post("/echo", b"3") + post("/b", b"4"))
    bodies = [(await answer(reader))[2] for _ in range(4)]
    # the third came while the second was not answered: the application answers it
    assert bodies == [b"hot 1", b"plain /a 2", b"plain /echo 3", b"plain /b 4"]


async def test_what_comes_behind_a_slow_hot_request_waits_for_it(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(post("/later", b"x") + post("/a", b"2"))
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await reader.read(1)
    SLOW[0].answer(200, (), b"at last")
    SLOW[0].answer(200, (), b"never twice")
    assert (await answer(reader))[2] == b"at last"
    assert (await answer(reader))[2] == b"plain /a 2"


async def test_a_handler_hears_that_nobody_waits_any_more(connect: Opened) -> None:
    _, writer = await connect()
    writer.write(post("/later", b"x"))
    await until(lambda: bool(SLOW))
    gone = asyncio.Event()
    SLOW[0].on_gone = gone.set
    writer.close()
    async with asyncio.timeout(5):
        await gone.wait()
    SLOW[0].answer(200, (), b"into the void")
    assert SLOW[0].take_over() is None


async def test_a_body_in_pieces_and_in_chunks_is_whole(connect: Opened) -> None:
    reader, writer = await connect()
    request = post("/echo", b"in pieces")
    for octet in request:
        writer.write(bytes([octet]))
        await asyncio.sleep(0)
    assert (await answer(reader))[2] == b"hot in pieces"
    writer.write(
        b"POST /echo HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n"
        b"2\r\nin\r\n4\r\n two\r\n0\r\n\r\n"
    )
    assert (await answer(reader))[2] == b"hot in two"


async def test_too_much_is_refused(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(post("/echo", b"x" * 5000))
    assert (await answer(reader))[0] == 413
    assert await reader.read() == b"", "and the connection ends"

    reader, writer = await connect()
    writer.write(b"POST /echo HTTP/1.1\r\n" + b"x-long: " + b"y" * 100_000 + b"\r\n")
    assert (await answer(reader))[0] == 400

    reader, writer = await connect()
    writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\nrubbish\r\n\r\n")
    assert (await answer(reader))[0] == 400


async def test_a_handler_that_falls_answers_500_and_the_server_goes_on(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(post("/broken", b"x"))
    assert (await answer(reader))[0] == 500
    assert await reader.read() == b""
    reader, writer = await connect()
    writer.write(post("/echo", b"x"))
    assert (await answer(reader))[0] == 201


async def test_the_peer_is_whom_a_trusted_proxy_names(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(post("/echo", b"", "x-forwarded-for: 203.0.113.9, 10.0.0.1"))
    assert b"x-peer: 203.0.113.9\r\n" in (await answer(reader))[1]


@pytest.mark.parametrize("path", ["/echo", "/elsewhere"])
async def test_a_field_that_came_twice_is_read_whole(connect: Opened, path: str) -> None:
    """A proxy may add a field of its own to one that was there, and what the visitor wrote comes first."""
    HEARD.clear()
    reader, writer = await connect()
    writer.write(
        post(path, b"", "X-Forwarded-For: 198.51.100.7", "x-forwarded-for: 203.0.113.9", "a: 1", "a: 2")
    )
    head = (await answer(reader))[1]
    if path == "/echo":
        assert b"x-peer: 203.0.113.9\r\n" in head
    else:
        assert [value for name, value in HEARD if name == b"x-forwarded-for"] == [
            b"198.51.100.7",
            b"203.0.113.9",
        ]
        assert [value for name, value in HEARD if name == b"a"] == [b"1", b"2"]


@pytest.mark.parametrize("path", ["/echo", "/elsewhere"])
async def test_what_stands_behind_the_body_does_not_say_who_asks(connect: Opened, path: str) -> None:
    HEARD.clear()
    reader, writer = await connect()
    fields = "host: x", "x-forwarded-for: 203.0.113.9", "transfer-encoding: chunked"
    head = "\r\n".join((f"POST {path} HTTP/1.1", *fields, "", ""))
    writer.write(head.encode() + b"2\r\nin\r\n0\r\nx-forwarded-for: 198.51.100.7\r\n\r\n" + post(path))
    first, second = (await answer(reader))[1], (await answer(reader))[1]
    if path == "/echo":
        assert b"x-peer: 203.0.113.9\r\n" in first
        assert b"x-peer: 127.0.0.1\r\n" in second
    else:
        assert [value for name, value in HEARD if name == b"x-forwarded-for"] == [b"203.0.113.9"]


async def test_an_old_browser_gets_its_answer_and_the_end(connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(b"POST /echo HTTP/1.0\r\ncontent-length: 1\r\n\r\nx")
    status, head, body = await answer(reader)
    assert (status, body) == (201, b"hot x")
    assert b"connection: close\r\n" in head
    assert await reader.read() == b""


async def test_a_stream_hears_nothing_more_and_ends_with_the_server(server: Server, connect: Opened) -> None:
    reader, writer = await connect()
    writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n" + post("/echo", b"x") + b"rubbish\r\n\r\n")
    assert (await reader.readuntil(b"hello")).endswith(b"\r\n\r\nhello")
    writer.write(post("/echo", b"x"))
    await asyncio.sleep(0.05)
    assert len(server.server_state.connections) == 1
    server.should_exit = True
    async with asyncio.timeout(2):
        assert await reader.read() == b""
    assert not server.server_state.connections


@pytest.mark.parametrize("path", ["/echo", "/plain"])
async def test_a_connection_is_closed_once_it_rests_too_long(
    server: Server, connect: Opened, path: str
) -> None:
    server.config.timeout_keep_alive = 1
    reader, writer = await connect()
    loop = asyncio.get_running_loop()
    for _ in range(4):  # longer than one rest may be, all together
        writer.write(post(path))
        await answer(reader)
        rests_since = loop.time()
        await asyncio.sleep(0.4)
    async with asyncio.timeout(5):
        assert await reader.read() == b""
    assert loop.time() - rests_since >= 0.9
    await until(lambda: not server.server_state.connections)


async def test_a_slow_answer_is_no_rest(server: Server, connect: Opened) -> None:
    server.config.timeout_keep_alive = 1
    reader, writer = await connect()
    writer.write(post("/echo"))
    await answer(reader)
    writer.write(post("/later"))
    await until(lambda: bool(SLOW))
    await asyncio.sleep(1.3)
    SLOW[0].answer(200, (), b"here")
    assert (await answer(reader))[2] == b"here"


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not holds():
            await asyncio.sleep(0.01)
