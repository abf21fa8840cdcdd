# SPDX-License-Identifier: Apache-2.0
"""A shop counter for the crowd to run against: it sells its units in the order it hears.

It keeps what it answered under each key, and can misbehave where a test wants it: answer in chunks, close
after each answer, hang up on every tenth request, or say nothing.
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

STATUS = {"granted": 201, "waiting": 202, "sold_out": 409, "over_limit": 409, "busy": 503}


@dataclass
class Counter:
    units: int = 10**9
    limit: int | None = None
    is_chunked: bool = False
    closes: bool = False
    hangs_up_every: int = 0
    """Acts on every n-th claim and hangs up instead of answering."""
    is_mute: bool = False
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    """{key: answer}"""
    heard: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)
    """(path, visitor, body) of each request"""
    held: dict[tuple[str, str], int] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    origin: str = ""
    peers: set[str] = field(default_factory=set)

    def claim(self, path: str, visitor: str, body: dict[str, Any]) -> dict[str, Any]:
        self.heard.append((path, visitor, body))
        key, lane, units = body["key"], path + body["variant"], body["units"]
        if key in self.answers:
            return self.answers[key]
        number = self.numbers[lane] = self.numbers.get(lane, 0) + 1
        left, had = self.left.get(lane, self.units), self.held.get((lane, visitor), 0)
        if self.limit is not None and had + units > self.limit:
            answer: dict[str, Any] = {"outcome": "over_limit", "number": number}
        elif left < units:
            answer = {"outcome": "sold_out", "number": number}
        else:
            self.left[lane], self.held[lane, visitor] = left - units, had + units
            answer = {"outcome": "granted", "claim": f"c-{key}", "number": number, "left": left - units}
        self.answers[key] = answer
        return answer


class Ear(asyncio.Protocol):
    """One connection. Requests are small enough to come whole, which is checked."""

    def __init__(self, counter: Counter) -> None:
        self.counter = counter

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.counter.peers.add(transport.get_extra_info("peername")[0])

    def data_received(self, data: bytes) -> None:
        head, _, body = data.partition(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n")[0].decode().split(" ")
        headers = dict(line.decode().split(": ", 1) for line in head.split(b"\r\n")[1:])
        if method == "GET":
            self.counter.heard.append((path, headers.get("cookie", ""), {}))
            self.say(200, b"<!doctype html>" + b"x" * 40_000)
            return
        assert len(body) == int(headers["content-length"]), data
        assert headers["origin"] == self.counter.origin == f"http://{headers['host']}"
        visitor = headers["cookie"].removeprefix("visitor=")
        answer = self.counter.claim(path, visitor, json.loads(body))
        every = self.counter.hangs_up_every
        if every and len(self.counter.heard) % every == 0:
            self.transport.abort()
        elif not self.counter.is_mute:
            self.say(STATUS[answer["outcome"]], json.dumps(answer).encode())

    def say(self, status: int, body: bytes) -> None:
        head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\ncontent-type: application/json\r\n"
        if self.counter.closes:
            head += "connection: close\r\n"
        if self.counter.is_chunked:
            parts = [body[i : i + 7_001] for i in range(0, len(body), 7_001)]
            body = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"
            head += "transfer-encoding: chunked\r\n\r\n"
        else:
            head += f"content-length: {len(body)}\r\n\r\n"
        self.transport.write(head.encode() + body)
        if self.counter.closes:
            self.transport.close()


@contextmanager
def serving(counter: Counter) -> Iterator[Counter]:
    """The counter open on a free port, in a thread of its own."""
    loop = asyncio.new_event_loop()
    is_open = threading.Event()

    async def serve() -> None:
        server = await loop.create_server(lambda: Ear(counter), "127.0.0.1", 0, backlog=4096)
        counter.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        is_open.set()

    opening = loop.create_task(serve())
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    assert is_open.wait(10), opening
    try:
        yield counter
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
