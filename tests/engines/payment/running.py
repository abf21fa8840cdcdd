# SPDX-License-Identifier: Apache-2.0
"""Counterparts as programs of their own, and an ear for what they tell."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field


@dataclass
class Ear:
    """A small server that keeps every webhook, and answers with the statuses it was told to."""

    heard: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    """Statuses for the next ones; 200 when there is none left."""
    url: str = ""

    async def wait_for(self, count: int, seconds: int = 20) -> list[tuple[dict[str, str], bytes]]:
        async with asyncio.timeout(seconds):
            while len(self.heard) < count:
                await asyncio.sleep(0.02)
        return self.heard

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        pairs = [line.partition(":") for line in head[1:] if line]
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        status = self.answers.pop(0) if self.answers else 200
        self.heard.append((headers, body))
        writer.write(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()


@asynccontextmanager
async def listening() -> AsyncIterator[Ear]:
    ear = Ear()
    server = await asyncio.start_server(ear._answer, "127.0.0.1", 0)
    ear.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    async with server:
        yield ear


@asynccontextmanager
async def program(*arguments: str, ready: str) -> AsyncIterator[str]:
    """A Python program, up when it has printed a line with `ready` in it; that line."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-u", *arguments, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    assert process.stdout is not None
    said = []
    try:
        async with asyncio.timeout(60):
            while True:
                line = (await process.stdout.readline()).decode()
                assert line, f"it ended: {said}"
                said.append(line)
                if ready in line:
                    break
        reading = asyncio.create_task(process.stdout.read())
        yield line.strip()
    finally:
        if process.returncode is None:
            process.terminate()
        await process.wait()
    assert "Traceback" not in (await reading).decode()
