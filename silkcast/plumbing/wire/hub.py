# SPDX-License-Identifier: Apache-2.0
"""The hub: topics, their rings, their readers, and the tick that sends one frame to all."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from silkcast.ground.ids import new_number

_encoder = msgspec.json.Encoder(decimal_format="string")
Frame = bytes
"""Octets of an SSE stream, ready to be sent: one or more events, or a comment that keeps proxies awake."""

KEEP_AWAKE: Frame = b": awake\n\n"


@dataclass(slots=True, eq=False)
class _Reader:
    """One connection: frames that wait for it, at most `room` of them."""

    room: int
    frames: deque[Frame] = field(default_factory=deque)
    waiting: asyncio.Future[None] | None = None
    is_behind: bool = False

    def give(self, frame: Frame) -> None:
        if self.is_behind:
            return
        if len(self.frames) >= self.room:
            self.frames.clear()
            self.is_behind = True
        else:
            self.frames.append(frame)
        self.wake()

    def wake(self) -> None:
        if self.waiting is not None and not self.waiting.done():
            self.waiting.set_result(None)

    async def wait(self) -> None:
        """Until there is something to send. A bare future: this runs for every frame of every viewer."""
        if not self.frames and not self.is_behind:
            self.waiting = asyncio.get_running_loop().create_future()
            await self.waiting


@dataclass(slots=True, eq=False)
class _Topic:
    era: str
    seq: int = 0
    sent: int = 0
    ring: deque[tuple[int, bytes]] = field(default_factory=deque)
    gathered: list[bytes] = field(default_factory=list)
    latest: dict[str, int] = field(default_factory=dict)
    readers: set[_Reader] = field(default_factory=set)


class Hub:
    """In this process. Numbers belong to one life of a topic: its `era` goes with each id, so that a browser
    that comes back after a restart refetches instead of trusting numbers that began anew."""

    def __init__(
        self,
        *,
        tick_seconds: float = 0.15,
        ring_events: int = 512,
        buffer_frames: int = 64,
        keep_awake_seconds: float = 15.0,
        idle_topic_seconds: float = 300.0,
    ) -> None:
        self._tick = tick_seconds
        self._ring = ring_events
        self._buffer = buffer_frames
        self._awake = keep_awake_seconds
        self._idle = idle_topic_seconds
        self._topics: dict[str, _Topic] = {}
        self._due: set[str] = set()
        self._ticking: asyncio.TimerHandle | None = None
        self._forgetting: dict[str, asyncio.TimerHandle] = {}
        self._awakening: asyncio.TimerHandle | None = None
        self._is_closed = False
        self.refetches = 0
        """How many readers were told to fetch anew because they were too slow or too late."""

    def publish(self, topic: str, kind: str, body: Mapping[str, Any], *, replaces: bool = False) -> int:
        """Number an event and send it with the next tick. With `replaces`, a later event of the same kind
        within the tick takes its place: for counts, where only the last one matters."""
        found = self._topic(topic)
        found.seq += 1
        event = b"id: %s-%d\nevent: %s\ndata: %s\n\n" % (
            found.era.encode(),
            found.seq,
            kind.encode(),
            _encoder.encode(body),
        )
        if replaces and (place := found.latest.get(kind)) is not None:
            found.gathered[place] = b""
        if replaces:
            found.latest[kind] = len(found.gathered)
        found.gathered.append(event)
        found.ring.append((found.seq, event))
        while len(found.ring) > self._ring:
            found.ring.popleft()
        self._due.add(topic)
        if self._ticking is None:
            self._ticking = asyncio.get_running_loop().call_later(self._tick, self._send)
        return found.seq

    async def subscribe(self, topic: str, after: str | int | None = None) -> AsyncIterator[Frame]:
        """Frames from now on, first what was missed since `after` (a `Last-Event-ID`, or the id of the
        snapshot the page was drawn from; a bare number counts in the topic's present life). None: from now.
        Ends when the hub closes."""
        found = self._topic(topic)
        reader = _Reader(self._buffer)
        missed = self._missed(found, after)
        self._cancel_forgetting(topic)
        found.readers.add(reader)
        if self._awakening is None:
            self._awakening = asyncio.get_running_loop().call_later(self._awake, self._keep_awake)
        try:
            yield missed if missed is not None else self._snapshot(found)
            while not self._is_closed or reader.frames:
                await reader.wait()
                while reader.frames:
                    yield reader.frames.popleft()
                if reader.is_behind:
                    reader.is_behind = False
                    yield self._snapshot(found)
        finally:
            found.readers.discard(reader)
            if not found.readers:
                self._forget_later(topic)

    def count(self, topic: str) -> int:
        """How many are reading this topic now."""
        found = self._topics.get(topic)
        return len(found.readers) if found else 0

    def counts(self) -> dict[str, int]:
        """Readers of each topic that has some."""
        return {name: len(topic.readers) for name, topic in self._topics.items() if topic.readers}

    def position(self, topic: str) -> str:
        """The id of the last event: a page drawn now subscribes after it and misses nothing. Take it before
        reading the state the page is drawn from."""
        found = self._topic(topic)
        return f"{found.era}-{found.seq}"

    async def close(self) -> None:
        """Send what is gathered and let every reader go."""
        self._send()
        self._is_closed = True
        for handle in (*self._forgetting.values(), self._awakening):
            if handle is not None:
                handle.cancel()
        for topic in self._topics.values():
            for reader in topic.readers:
                reader.wake()

    def _topic(self, name: str) -> _Topic:
        found = self._topics.get(name)
        if found is None:
            found = self._topics[name] = _Topic(new_number(6))
            self._forget_later(name)
        return found

    def _send(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
        for name in self._due:
            topic = self._topics[name]
            frame = b"".join(topic.gathered)
            topic.gathered.clear()
            topic.latest.clear()
            topic.sent = topic.seq
            for reader in topic.readers:
                reader.give(frame)
        self._due.clear()

    def _keep_awake(self) -> None:
        """One timer for all: readers that have nothing waiting get a comment, so that no proxy hangs up."""
        readers = [reader for topic in self._topics.values() for reader in topic.readers]
        for reader in readers:
            if not reader.frames:
                reader.give(KEEP_AWAKE)
        again = asyncio.get_running_loop().call_later(self._awake, self._keep_awake) if readers else None
        self._awakening = again

    def _missed(self, topic: _Topic, after: str | int | None) -> Frame | None:
        """What a reader that saw `after` has not seen of what was sent; None if that cannot be told."""
        if after is None:
            return KEEP_AWAKE
        era, _, number = after.rpartition("-") if isinstance(after, str) else (topic.era, "", str(after))
        if era != topic.era or not number.isdecimal() or int(number) > topic.seq:
            return None
        seen = int(number)
        first_held = topic.ring[0][0] if topic.ring else topic.seq + 1
        if seen + 1 < first_held:
            return None
        # what is still gathered goes out with the tick, to this reader too
        sent = b"".join(event for seq, event in topic.ring if seen < seq <= topic.sent)
        return sent or KEEP_AWAKE

    def _snapshot(self, topic: _Topic) -> Frame:
        self.refetches += 1
        body = _encoder.encode({"seq": topic.sent})
        return b"id: %s-%d\nevent: snapshot\ndata: %s\n\n" % (topic.era.encode(), topic.sent, body)

    def _forget_later(self, name: str) -> None:
        """A topic nobody reads is forgotten after a while; its numbers end with it, so readers refetch."""
        with suppress(RuntimeError):  # no loop is running: a hub made in plain code
            self._cancel_forgetting(name)
            loop = asyncio.get_running_loop()
            self._forgetting[name] = loop.call_later(self._idle, self._forget, name)

    def _cancel_forgetting(self, name: str) -> None:
        handle = self._forgetting.pop(name, None)
        if handle is not None:
            handle.cancel()

    def _forget(self, name: str) -> None:
        self._forgetting.pop(name, None)
        topic = self._topics.get(name)
        if topic is not None and not topic.readers and name not in self._due:
            del self._topics[name]
