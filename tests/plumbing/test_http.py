# SPDX-License-Identifier: Apache-2.0
"""A client goes where it may, and nowhere else, whatever the name stands for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from silkcast.plumbing.http import Guarded, HttpSettings, NotReachable, make_client


@pytest.fixture
async def port() -> AsyncIterator[int]:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        host = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"host:"))
        writer.write(
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: %d\r\n\r\n" % len(host)
        )
        writer.write(host)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    yield server.sockets[0].getsockname()[1]
    server.close()


async def test_a_test_reaches_this_machine_by_name_and_follows_no_redirect(port: int) -> None:
    async with make_client(HttpSettings(reach="loopback")) as client:
        answer = await client.get(f"http://localhost:{port}/")
    assert answer.status_code == 302
    assert answer.text == f"Host: localhost:{port}", "the name stays, though the address is used"


async def test_a_sellers_address_does_not_reach_our_own_network(port: int) -> None:
    async with make_client(reach="public") as client:
        for host in (
            "127.0.0.1",
            "localhost",
            "[::1]",
            "[::ffff:127.0.0.1]",
            "0.0.0.0",
            "169.254.169.254",
            "10.0.0.1",
        ):
            with pytest.raises(NotReachable):
                await client.get(f"http://{host}:{port}/")


async def test_a_test_does_not_reach_the_world() -> None:
    async with make_client(HttpSettings(reach="loopback"), reach="public") as client:
        with pytest.raises(NotReachable):
            await client.get("http://192.0.2.1/")
    assert isinstance(client._transport, Guarded)


async def test_an_answer_that_does_not_come_is_given_up() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(5)
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    quick = HttpSettings(answer_timeout_seconds=0.05)
    async with make_client(quick) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    server.close()
