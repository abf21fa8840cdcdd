# SPDX-License-Identifier: Apache-2.0
"""Both makes of the bus keep one promise; what is away is refused clearly, and nobody's token is told."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from silkcast.plumbing.settings import Secret
from silkcast.plumbing.wire import Bus, BusAway, InProcess, NobodyAnswers
from silkcast.plumbing.wire.bus import MOST_OCTETS, matches
from silkcast.plumbing.wire.nats import NoWire, joined
from silkcast.plumbing.wire.server import NatsServer
from tests.plumbing.wire.build import until


@pytest.fixture(params=["in process", "nats"])
async def buses(request: pytest.FixtureRequest) -> AsyncIterator[tuple[Bus, Bus]]:
    """Two ends of one bus."""
    if request.param == "in process":
        bus = InProcess()
        yield bus, bus
        return
    server: NatsServer = request.getfixturevalue("nats_server")
    async with AsyncExitStack() as stack:
        ends = [await joined(server.url) for _ in range(2)]
        for end in ends:
            stack.push_async_callback(end.close)
        yield ends[0], ends[1]


async def test_what_is_published_is_heard_in_order_by_all_who_subscribe(buses: tuple[Bus, Bus]) -> None:
    one, other = buses
    heard: list[tuple[str, bytes]] = []
    end = await other.subscribe("wire.*", lambda subject, octets: heard.append((subject, octets)))
    await asyncio.sleep(0.05)
    for number in range(200):
        assert one.publish("wire.a", b"%d" % number)
    one.publish("wire.a.b", b"another")
    await until(lambda: len(heard) == 200)
    assert heard == [("wire.a", b"%d" % number) for number in range(200)]
    await end()
    await asyncio.sleep(0.05)
    one.publish("wire.a", b"too late")
    await asyncio.sleep(0.05)
    assert len(heard) == 200


async def test_a_request_is_answered_or_refused(buses: tuple[Bus, Bus]) -> None:
    one, other = buses

    async def double(subject: str, octets: bytes) -> bytes:
        if octets == b"slow":
            await asyncio.sleep(2)
        return octets * 2

    await other.answer("room.*.double", double)
    await asyncio.sleep(0.05)
    slow = asyncio.create_task(one.request("room.7.double", b"slow", 0.2))
    assert await one.request("room.7.double", b"ab", 1) == b"abab"
    with pytest.raises(NobodyAnswers):
        await slow
    with pytest.raises(NobodyAnswers):
        await one.request("room.7.halve", b"ab", 1)


async def test_an_answerer_that_falls_is_no_answer(nats_server: NatsServer) -> None:
    bus = await joined(nats_server.url)

    async def fall(subject: str, octets: bytes) -> bytes:
        raise ValueError("a fault of the answerer's")

    await bus.answer("fall", fall)
    with pytest.raises(NobodyAnswers):
        await bus.request("fall", b"", 1)
    await bus.close()


async def test_a_bus_that_is_away_says_so_at_once_and_comes_back_by_itself(nats_server: NatsServer) -> None:
    bus = await joined(nats_server.url)
    heard: list[bytes] = []
    back = asyncio.Event()
    bus.when_back(back.set)
    await bus.subscribe("news", lambda subject, octets: heard.append(octets))
    assert nats_server.pid is not None
    os.kill(nats_server.pid, signal.SIGKILL)
    await until(lambda: not bus.is_here)
    assert not bus.publish("news", b"lost")
    with pytest.raises(BusAway):
        await bus.request("room.7.who", b"", 5)
    keeping = asyncio.create_task(nats_server.keep(every_seconds=0.05))
    async with asyncio.timeout(5):
        await back.wait()
    assert bus.publish("news", b"again")
    await until(lambda: heard == [b"again"])
    keeping.cancel()
    await bus.close()
    assert not bus.publish("news", b"closed")


async def test_what_is_too_long_is_refused(nats_server: NatsServer) -> None:
    bus = await joined(nats_server.url)
    assert not bus.publish("news", b"x" * (MOST_OCTETS + 1))
    await bus.close()


async def test_a_wire_that_does_not_take_us_in_is_named_without_its_token(nats_server: NatsServer) -> None:
    wrong = Secret(nats_server.url.reveal().replace("nats://", "nats://not-the-"))
    for url in (wrong, Secret("nats://secret@127.0.0.1:1"), Secret("http://secret@host")):
        with pytest.raises(NoWire) as refused:
            await joined(url, patience_seconds=1)
        assert "secret" not in str(refused.value)
        assert "not-the" not in str(refused.value)


def test_the_token_lies_where_only_its_owner_reads_it(nats_server: NatsServer, tmp_path: object) -> None:
    assert (nats_server._folder / "nats.conf").stat().st_mode & 0o077 == 0
    assert nats_server.pid is not None
    with open(f"/proc/{nats_server.pid}/cmdline") as line:
        assert nats_server._token not in line.read()


@pytest.mark.parametrize(
    ("pattern", "subject", "does"),
    [
        ("room.*.who", "room.7.who", True),
        ("room.>", "room.7.who", True),
        ("room.>", "room", False),
        ("room.*", "room.7.who", False),
        ("wire.show:7", "wire.show:7", True),
        ("wire.show:7", "wire.show:8", False),
    ],
)
def test_subjects_match_word_by_word(pattern: str, subject: str, does: bool) -> None:
    assert matches(pattern, subject) is does
