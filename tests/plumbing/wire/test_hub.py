# SPDX-License-Identifier: Apache-2.0
"""Numbered, coalesced, bounded: a slow reader never holds up another, and a gap is never papered over."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import aclosing

from silkcast.plumbing.wire import Frame, Hub

QUICK = 0.01


async def take(frames: AsyncIterator[Frame], seconds: float = 2) -> bytes:
    async with asyncio.timeout(seconds):
        return await anext(frames)


def numbers(frame: bytes) -> list[int]:
    return [int(found) for found in re.findall(rb"^id: \w+-(\d+)$", frame, re.M)]


async def test_what_gathers_within_a_tick_is_one_frame_and_the_same_octets_for_all() -> None:
    hub = Hub(tick_seconds=QUICK)
    readers = [hub.subscribe("room:1") for _ in range(3)]
    for reader in readers:
        await take(reader)
    assert hub.count("room:1") == 3
    hub.publish("room:1", "chat", {"line": 1})
    hub.publish("room:1", "stock", {"left": 4})
    hub.publish("room:2", "chat", {"line": 9})
    frames = [await take(reader) for reader in readers]
    assert numbers(frames[0]) == [1, 2]
    assert b'event: stock\ndata: {"left":4}\n\n' in frames[0]
    assert all(frame is frames[0] for frame in frames)
    for reader in readers:
        await reader.aclose()  # type: ignore[attr-defined]
    assert hub.count("room:1") == 0


async def test_of_counts_only_the_last_of_a_tick_is_sent() -> None:
    hub = Hub(tick_seconds=QUICK)
    async with aclosing(hub.subscribe("room:1")) as reader:  # type: ignore[type-var]
        await take(reader)
        for viewers in range(50):
            hub.publish("room:1", "viewers", {"n": viewers}, replaces=True)
        hub.publish("room:1", "chat", {"line": 1})
        frame = await take(reader)
    assert frame.count(b"event: viewers") == 1
    assert b'{"n":49}' in frame
    assert b"event: chat" in frame


async def test_a_reader_that_comes_back_gets_what_it_missed() -> None:
    hub = Hub(tick_seconds=QUICK)
    start = await hub.position("room:1")
    for line in range(5):
        hub.publish("room:1", "chat", {"line": line})
    await asyncio.sleep(QUICK * 5)
    async with aclosing(hub.subscribe("room:1", start)) as reader:  # type: ignore[type-var]
        assert numbers(await take(reader)) == [1, 2, 3, 4, 5]
    async with aclosing(hub.subscribe("room:1", start.replace("-0", "-3"))) as reader:  # type: ignore[type-var]
        assert numbers(await take(reader)) == [4, 5]
    async with aclosing(hub.subscribe("room:1", 4)) as reader:  # type: ignore[type-var]
        assert numbers(await take(reader)) == [5]


async def test_what_the_ring_no_longer_holds_or_never_knew_is_a_snapshot() -> None:
    hub = Hub(tick_seconds=QUICK, ring_events=3)
    start = await hub.position("room:1")
    for line in range(10):
        hub.publish("room:1", "chat", {"line": line})
    await asyncio.sleep(QUICK * 5)
    for after in (
        start,
        "ANOTHER-9",
        (await hub.position("room:1")).replace("-10", "-11"),
        "nonsense",
        "",
        "x-١",
    ):
        async with aclosing(hub.subscribe("room:1", after)) as reader:  # type: ignore[type-var]
            frame = await take(reader)
        assert b'event: snapshot\ndata: {"seq":10}' in frame, after
        assert numbers(frame) == [10]
    assert hub.refetches == 6


async def test_a_reader_that_does_not_keep_up_is_told_to_fetch_anew_and_holds_up_nobody() -> None:
    hub = Hub(tick_seconds=QUICK, buffer_frames=3)
    slow, quick = hub.subscribe("room:1"), hub.subscribe("room:1")
    await take(slow)
    await take(quick)
    seen: list[int] = []
    for line in range(10):
        hub.publish("room:1", "chat", {"line": line})
        seen += numbers(await take(quick))
    assert seen == list(range(1, 11))
    frame = await take(slow)
    assert b"event: snapshot" in frame
    assert numbers(frame) == [10]
    hub.publish("room:1", "chat", {"line": 11})
    assert numbers(await take(slow)) == [11], "and then it goes on"
    await hub.close()


async def test_a_quiet_stream_is_kept_awake_and_ends_when_the_hub_closes() -> None:
    hub = Hub(tick_seconds=QUICK, keep_awake_seconds=0.02)
    frames: list[bytes] = []

    async def read() -> None:
        async for frame in hub.subscribe("room:1"):
            frames.append(frame)

    reading = asyncio.create_task(read())
    await asyncio.sleep(0.1)
    hub.publish("room:1", "ended", {})
    await hub.close()
    async with asyncio.timeout(1):
        await reading
    assert frames.count(b": awake\n\n") >= 2
    assert hub.counts() == {}


async def test_a_topic_nobody_reads_is_forgotten_and_its_numbers_with_it() -> None:
    hub = Hub(tick_seconds=QUICK, idle_topic_seconds=0.05)
    old = await hub.position("room:1")
    hub.publish("room:1", "chat", {"line": 1})
    await asyncio.sleep(0.2)
    hub.publish("room:1", "chat", {"line": 2})
    async with aclosing(hub.subscribe("room:1", old)) as reader:  # type: ignore[type-var]
        assert b"event: snapshot" in await take(reader)
