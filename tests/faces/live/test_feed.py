# SPDX-License-Identifier: Apache-2.0
"""The room's stream on a real server: a viewer on a connection of its own."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest

from silkcast.faces.cli.serve import Server, make_server
from silkcast.faces.house import SiteSettings
from silkcast.faces.live.presence import topic
from silkcast.faces.swift.connection import WAITING_OCTETS
from silkcast.ground.ids import new_uuid
from tests.faces.build import Town
from tests.faces.running import free_port


@pytest.fixture
async def server(town: Town) -> AsyncIterator[Server]:
    town.running.house.hub.tick_seconds = 0.01
    made = make_server(town.running.app, SiteSettings(port=free_port()), town.running.swift)
    serving = asyncio.create_task(made.serve())
    await made.answers.wait()
    yield made
    made.should_exit = True
    await serving


async def watch(server: Server, show: object, *headers: str) -> tuple[asyncio.StreamReader, Any]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.config.port, limit=2**22)
    lines = [f"GET /live/{show}/events HTTP/1.1", "host: x", *headers, "", ""]
    writer.write("\r\n".join(lines).encode())
    return reader, writer


async def head(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(5):
        return await reader.readuntil(b"\r\n\r\n")


async def events(reader: asyncio.StreamReader, wanted: int) -> list[bytes]:
    found: list[bytes] = []
    async with asyncio.timeout(5):
        while len(found) < wanted:
            one = await reader.readuntil(b"\n\n")
            if not one.startswith(b":"):
                found.append(one)
    return found


def number(event: bytes) -> int:
    found = re.match(rb"id: \w+-(\d+)\n", event)
    assert found is not None, event
    return int(found[1])


async def test_a_viewer_hears_the_room_and_is_counted(town: Town, server: Server) -> None:
    hub, presence = town.running.house.hub, town.running.presence
    reader, writer = await watch(server, town.show.id, "cookie: market=SA")
    answered = await head(reader)
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    for line in (
        b"content-type: text/event-stream",
        b"x-content-type-options: nosniff",
        b"connection: close",
    ):
        assert line in answered
    assert presence.by_market(town.show.id) == {"SA": 1}
    for line in range(3):
        hub.publish(topic(town.show.id), "chat", {"line": line})
    assert [number(event) for event in await events(reader, 3)] == [1, 2, 3]
    writer.close()
    async with asyncio.timeout(5):
        while presence.viewers(town.show.id) or hub.counts():
            await asyncio.sleep(0.01)


async def test_who_comes_back_gets_what_was_missed(town: Town, server: Server) -> None:
    hub = town.running.house.hub
    start = await hub.position(topic(town.show.id))
    for line in range(5):
        hub.publish(topic(town.show.id), "chat", {"line": line})
    await asyncio.sleep(0.1)
    reader, _ = await watch(server, town.show.id, f"last-event-id: {start[:-2]}-3")
    await head(reader)
    assert [number(event) for event in await events(reader, 2)] == [4, 5]
    reader, _ = await watch(server, town.show.id, "last-event-id: ANOTHER-3")
    await head(reader)
    assert b"event: snapshot" in (await events(reader, 1))[0]


async def test_a_show_somebody_made_up_is_404_and_the_connection_stays(town: Town, server: Server) -> None:
    reader, writer = await watch(server, new_uuid())
    assert b" 404 " in await head(reader)
    writer.write(f"GET /live/{town.show.id}/events HTTP/1.1\r\nhost: x\r\n\r\n".encode())
    assert b" 200 " in await head(reader)


async def test_a_viewer_that_reads_nothing_costs_little_and_gets_a_snapshot_when_it_reads(
    town: Town, server: Server
) -> None:
    hub, name = town.running.house.hub, topic(town.show.id)
    deaf, kept = await watch(server, town.show.id)
    await head(deaf)
    kept.transport.pause_reading()
    quick, also_kept = await watch(server, town.show.id)
    await head(quick)
    for line in range(1500):
        hub.publish(name, "chat", {"line": line, "text": "x" * 5000})
        if line % 50 == 49:
            assert [number(event) for event in await events(quick, 50)] == list(range(line - 48, line + 2))
    waiting = [one.transport.get_write_buffer_size() for one in server.server_state.connections]
    # 7 MB were told; of that one frame beyond the bound may wait
    assert sum(waiting) < WAITING_OCTETS + 60 * 5100
    kept.transport.resume_reading()
    heard = [number(event) for event in await events(deaf, 1)]
    while b"event: snapshot" not in (event := (await events(deaf, 1))[0]):
        assert number(event) == heard[-1] + 1, "nothing is left out before the snapshot"
        heard.append(number(event))
    assert number(event) == 1500
    hub.publish(name, "chat", {"line": "after"})
    assert number((await events(deaf, 1))[0]) == 1501
    also_kept.close()


async def test_a_viewer_that_reads_nothing_for_long_is_let_go(town: Town, server: Server) -> None:
    hub, name = town.running.house.hub, topic(town.show.id)
    hub.keep_awake_seconds = 0.2
    deaf, kept = await watch(server, town.show.id)
    await head(deaf)
    kept.transport.pause_reading()
    async with asyncio.timeout(10):
        while hub.count(name):
            hub.publish(name, "chat", {"text": "x" * 50_000})
            await asyncio.sleep(0.01)


async def test_streams_end_with_the_server(town: Town, server: Server) -> None:
    reader, _ = await watch(server, town.show.id)
    await head(reader)
    server.should_exit = True
    async with asyncio.timeout(3):
        assert (await reader.read()).startswith(b": awake")
    assert town.running.presence.viewers(town.show.id) == 0
