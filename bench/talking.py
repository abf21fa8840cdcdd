# SPDX-License-Identifier: Apache-2.0
"""A crowd that talks in one room over HTTP, and viewers who listen: for the bench and the test of spam."""

from __future__ import annotations

import asyncio
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

AT_ONCE = 160
HONEST = 1_500
SPAMMERS = 20
KEPT = 50
WORDS = (
    "the glaze lid cup blue white how when does ship size small large nice warm hand fire kiln tea".split()
)
SPAM = ("cheaper at bad-shop.com", "best price best price", "this is a scam", "call 138 0013 8000", "+1")


@dataclass(frozen=True, slots=True)
class Answer:
    seconds: float
    """From when the line was due to when its answer had come."""
    status: int
    body: dict[str, Any]


@dataclass(slots=True)
class Viewer:
    """What a page has on the screen, by the protocol: the last lines by number, hidden ones in place."""

    heard: list[str] = field(default_factory=list)
    """Ids of new lines in the order in which they came."""
    lines: dict[str, dict[str, Any]] = field(default_factory=dict)
    gaps: int = 0

    def hear(self, kind: str, body: dict[str, Any]) -> None:
        match kind:
            case "chat":
                self.heard.append(body["id"])
                self.lines[body["id"]] = body
            case "fold" if body["id"] in self.lines:
                self.lines[body["id"]]["voices"] = body["voices"]
            case "hide" if body["id"] in self.lines:
                before = self.lines[body["id"]]
                kept = {name: before[name] for name in ("id", "number", "kind")}
                self.lines[body["id"]] = {**kept, "hidden": True}
            case "snapshot":
                self.gaps += 1

    @property
    def picture(self) -> list[dict[str, Any]]:
        return sorted(self.lines.values(), key=lambda line: line["number"])[-KEPT:]


@asynccontextmanager
async def watching(port: int, show: str, count: int) -> AsyncIterator[list[Viewer]]:
    """Viewers who listen while the block runs."""
    viewers = [Viewer() for _ in range(count)]
    ready = [asyncio.Event() for _ in viewers]
    tasks = [
        asyncio.create_task(_listen(port, show, viewer, heard))
        for viewer, heard in zip(viewers, ready, strict=True)
    ]
    try:
        await asyncio.gather(*(one.wait() for one in ready))
        yield viewers
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _listen(port: int, show: str, viewer: Viewer, ready: asyncio.Event) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    try:
        writer.write(f"GET /live/{show}/events HTTP/1.1\r\nHost: shop.test\r\n\r\n".encode())
        kind = ""
        while line := await reader.readline():
            if line.startswith(b"event: "):
                kind = line[7:].strip().decode()
            elif line.startswith(b"data: "):
                viewer.hear(kind, json.loads(line[6:]))
            elif line.startswith(b": "):
                ready.set()
    finally:
        writer.close()


def line_of(number: int, chance: random.Random) -> tuple[str, str]:
    """(visitor, text): three in ten from a few who spam, the others each something of their own."""
    if chance.random() < 0.3:
        return f"spammer-{chance.randrange(SPAMMERS):03}-{'x' * 12}", chance.choice(SPAM)
    said = " ".join(chance.choices(WORDS, k=5))
    return f"honest-{number % HONEST:05}-{'x' * 12}", f"{said} {number}"


async def talk(port: int, show: str, *, a_second: int, seconds: float, first: int = 0) -> list[Answer]:
    """Lines at a steady pace, whether or not the answers keep up with it; `first` makes them other lines."""
    free: asyncio.Queue[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = asyncio.Queue()
    for _ in range(AT_ONCE):
        free.put_nowait(await asyncio.open_connection("127.0.0.1", port))
    chance = random.Random(7 + first)
    began = time.monotonic() + 0.05
    asking = []
    for number in range(int(a_second * seconds)):
        due = began + number / a_second
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        asking.append(asyncio.create_task(_say(free, show, *line_of(first + number, chance), due)))
    answers = await asyncio.gather(*asking)
    while not free.empty():
        free.get_nowait()[1].close()
    return answers


async def _say(free: asyncio.Queue[Any], show: str, visitor: str, text: str, due: float) -> Answer:
    reader, writer = await free.get()
    body = json.dumps({"text": text}).encode()
    writer.write(
        f"POST /live/{show}/chat HTTP/1.1\r\nHost: shop.test\r\nSec-Fetch-Site: same-origin\r\n"
        f"Cookie: visitor={visitor}; market=FR; language=en\r\nAccept: application/json\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        + body
    )
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1])
        for line in head.lower().split(b"\r\n")
        if line.startswith(b"content-length:")
    )
    said = await reader.readexactly(length)
    free.put_nowait((reader, writer))
    return Answer(time.monotonic() - due, int(head.split()[1]), json.loads(said))


async def snapshot(port: int, show: str) -> list[dict[str, Any]]:
    """The chat as the house has it now."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    writer.write(f"GET /live/{show}/state HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\n\r\n".encode())
    whole = await reader.read()
    writer.close()
    found: list[dict[str, Any]] = json.loads(whole.split(b"\r\n\r\n", 1)[1])["chat"]
    return found


def outcomes(answers: list[Answer]) -> Counter[str]:
    """How many lines became what: shown, folded, or the code of the refusal. Held ones look shown."""
    return Counter(answer.body.get("state") or answer.body.get("code", "?") for answer in answers)


def percentile(answers: list[Answer], share: float) -> float:
    times = sorted(answer.seconds for answer in answers)
    return times[min(len(times) - 1, int(len(times) * share))]
