# SPDX-License-Identifier: Apache-2.0
"""The hub: takes numbered batches and pours them to the readers of this process, in slices.

Here it is alone: it numbers every event itself. `sharing.SharedHub` is one of several that agree.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any

import msgspec

from silkcast.ground.ids import new_number
from silkcast.plumbing.wire.readers import Frame, Queue, Reader
from silkcast.plumbing.wire.topics import Batch, Numbering, Told, Topic

_encoder = msgspec.json.Encoder(decimal_format="string")

Hearer = Callable[[str, str, Mapping[str, Any]], None]
KEEP_AWAKE: Frame = b": awake\n\n"
SLICE = 250
"""How many readers are written to before others have their turn: about 2 ms."""


class Hub:
    """Numbers belong to one life of a topic: its `era` goes with each id, so that a browser that comes back
    after a restart refetches instead of trusting numbers that began anew."""

    def __init__(
        self,
        *,
        tick_seconds: float = 0.15,
        ring_events: int = 512,
        buffer_frames: int = 64,
        keep_awake_seconds: float = 15.0,
        idle_topic_seconds: float = 300.0,
    ) -> None:
        self.tick_seconds = tick_seconds
        self._ring = ring_events
        self._buffer = buffer_frames
        self.keep_awake_seconds = keep_awake_seconds
        self._idle = idle_topic_seconds
        self._topics: dict[str, Topic] = {}
        self._numberings: dict[str, Numbering] = {}
        self._hearers: dict[str, Hearer] = {}
        self._due: dict[str, None] = {}
        self._ticking: asyncio.TimerHandle | None = None
        self._ticked_at = 0.0
        self._forgetting: dict[str, asyncio.TimerHandle] = {}
        self._awakening: asyncio.TimerHandle | None = None
        self._is_closed = False
        self.refetches = 0
        """How many readers were told to fetch anew because they were too slow or too late."""

    # --- what is told ---

    def publish(self, topic: str, kind: str, body: Mapping[str, Any], *, replaces: bool = False) -> None:
        """Tell everybody who reads this topic, with the next tick. With `replaces`, a later event of the same
        kind within the tick takes its place: for counts, where only the last one matters."""
        self._tell(Told(topic, kind, _encoder.encode(body), replaces))

    def when_told(self, kind: str, does: Hearer) -> None:
        """Events of this kind are for the owner alone: instead of being numbered they are given to `does`
        there, with their topic and body."""
        self._hearers[kind] = does

    def owns(self, topic: str) -> bool:
        """Are events of this topic numbered here now?"""
        return True

    def _tell(self, told: Told) -> None:
        self._number(told)

    def _number(self, told: Told) -> None:
        if (does := self._hearers.get(told.kind)) is not None:
            does(told.topic, told.kind, msgspec.json.decode(told.body))
            return
        self._numbering(told.topic).add(told)
        self._due[told.topic] = None
        if self._ticking is None:
            loop = asyncio.get_running_loop()
            # a tick after the last one; after a pause soon, but not before what comes with it is here too
            pause = max(self._ticked_at + self.tick_seconds - loop.time(), self.tick_seconds / 5)
            self._ticking = loop.call_later(pause, self._tick)

    def _numbering(self, name: str) -> Numbering:
        found = self._numberings.get(name)
        if found is None:
            term, era = self._new_life(name)
            found = self._numberings[name] = Numbering(name, self._origin(), term, era)
            self._spread(found.gathered())
        return found

    def _origin(self) -> str:
        return ""

    def _new_life(self, name: str) -> tuple[int, str]:
        return 1, new_number(6)

    def _tick(self) -> None:
        if self._ticking is not None:
            self._ticking.cancel()
            self._ticking = None
            self._ticked_at = asyncio.get_running_loop().time()
        due, self._due = self._due, {}
        for name in due:
            if (numbering := self._numberings.get(name)) is not None:
                self._spread(numbering.gathered())

    def _spread(self, batch: Batch) -> None:
        """To every hub there is: here, to this one."""
        self.take(batch)

    # --- what is heard ---

    def take(self, batch: Batch, *, is_whole: bool = False) -> None:
        """A batch from the topic's owner. `is_whole`: all that it still holds, asked for by us."""
        topic = self._topics.get(batch.topic)
        if topic is None:
            topic = self._made(batch.topic)
        if batch.term < topic.term:
            return
        topic.heard_at = asyncio.get_running_loop().time()
        if batch.term > topic.term or (is_whole and batch.before > topic.sent):
            self._begin_life(topic, batch)
        if batch.before > topic.sent:
            self._mend(topic)
            return
        if batch.seq <= topic.sent:
            return
        frame = topic.keep(batch, self._ring)
        topic.pending.append(frame)
        if not topic.is_pouring:
            self._pour(topic)

    def _begin_life(self, topic: Topic, batch: Batch) -> None:
        was_known = topic.is_known
        topic.begin_life(batch)
        if was_known:
            for reader in topic.readers:
                reader.start_anew()
            return
        topic.keep(batch, self._ring)  # what the owner still holds: for those who come back here
        topic.poured = topic.sent
        waiting, topic.waiting = topic.waiting, []
        for reader, after in waiting:
            self._welcome(topic, reader, after)
        for known in topic.awaited:
            if not known.done():
                known.set_result(None)
        topic.awaited.clear()

    def _mend(self, topic: Topic) -> None:
        """Something between what we have and what came was lost. Alone, that cannot be."""
        raise AssertionError("a batch out of order")

    def _pour(self, topic: Topic) -> None:
        """Give what is pending to all who read now, a slice at a time: twenty thousand writes take long, and
        pages are asked for meanwhile. What comes during it is poured after it, as one frame."""
        frame = b"".join(topic.pending)
        topic.pending.clear()
        topic.poured = topic.sent
        if not frame:
            return
        topic.is_quiet = False
        if len(topic.readers) <= SLICE:
            _give(topic.readers, frame)
            return
        topic.is_pouring = True
        self._pour_slice(topic, frame, list(topic.readers), 0)

    def _pour_slice(self, topic: Topic, frame: Frame, readers: list[Reader], start: int) -> None:
        end = start + SLICE
        _give(readers[start:end], frame)
        if end < len(readers):
            asyncio.get_running_loop().call_soon(self._pour_slice, topic, frame, readers, end)
            return
        topic.is_pouring = False
        if topic.pending:
            self._pour(topic)

    # --- who reads ---

    def attach(self, name: str, reader: Reader, after: str | int | None = None) -> None:
        """Frames from now on, first what was missed since `after` (a `Last-Event-ID`, or the id of the
        snapshot the page was drawn from; a bare number counts in the topic's present life), or from now."""
        topic = self._made(name)
        self._cancel_forgetting(name)
        reader.refetch = topic.refetch
        if topic.is_known:
            self._welcome(topic, reader, after)
        else:
            topic.waiting.append((reader, after))
            self._ask(topic)
        if self._awakening is None:
            self._awakening = asyncio.get_running_loop().call_later(self.keep_awake_seconds, self._keep_awake)

    def detach(self, name: str, reader: Reader) -> None:
        """It reads no more."""
        topic = self._topics.get(name)
        if topic is None:
            return
        topic.readers.pop(reader, None)
        topic.waiting = [one for one in topic.waiting if one[0] is not reader]
        reader.is_full = True  # a slice that is under way passes it over
        reader.refetch = None
        if not topic.readers and not topic.waiting:
            self._forget_later(name)

    async def subscribe(self, name: str, after: str | int | None = None) -> AsyncIterator[Frame]:
        """`attach` for code that takes frames one by one. Ends when the hub closes."""
        reader = Queue(self._buffer)
        self.attach(name, reader, after)
        try:
            while not self._is_closed or len(reader):
                await reader.wait()
                while len(reader):
                    yield reader.take()
        finally:
            self.detach(name, reader)

    def count(self, name: str) -> int:
        """How many are reading this topic here now."""
        found = self._topics.get(name)
        return len(found.readers) + len(found.waiting) if found else 0

    def counts(self) -> dict[str, int]:
        """Readers of each topic that has some."""
        return {name: count for name in self._topics if (count := self.count(name))}

    async def position(self, name: str) -> str:
        """The id of the last event that came here: a page drawn now subscribes after it and misses nothing.
        Take it before reading the state the page is drawn from."""
        topic = self._made(name)
        if not topic.is_known:
            known = asyncio.get_running_loop().create_future()
            topic.awaited.append(known)
            self._ask(topic)
            await known
        return topic.place

    async def close(self) -> None:
        """Send what is gathered and let every reader go."""
        self._tick()
        self._is_closed = True
        for handle in (*self._forgetting.values(), self._awakening):
            if handle is not None:
                handle.cancel()
        for topic in self._topics.values():
            for reader in list(topic.readers):
                reader.give_up()

    def _made(self, name: str) -> Topic:
        found = self._topics.get(name)
        if found is None:
            made = found = self._topics[name] = Topic(name)
            made.refetch = lambda: self._snapshot(made)
            self._forget_later(name)
        return found

    def _ask(self, topic: Topic) -> None:
        """Where do its numbers stand? Alone, we begin them."""
        self._numbering(topic.name)

    def _welcome(self, topic: Topic, reader: Reader, after: str | int | None) -> None:
        missed = topic.missed(after)
        topic.readers[reader] = None
        if missed is None:
            reader.start_anew()
        else:
            # what is not poured yet goes to this reader with the others
            reader.give(b"".join(missed) or KEEP_AWAKE)

    def _snapshot(self, topic: Topic) -> Frame:
        self.refetches += 1
        body = _encoder.encode({"seq": topic.poured})
        return b"id: %b-%d\nevent: snapshot\ndata: %b\n\n" % (topic.era.encode(), topic.poured, body)

    def _keep_awake(self) -> None:
        """One timer for all: streams on which nothing came get a comment, so that no proxy hangs up; who has
        taken nothing for the whole time is let go, and comes back if it lives."""
        read = [topic for topic in self._topics.values() if topic.readers]
        for topic in read:
            stuck = [reader for reader in topic.readers if reader.is_full and reader.was_full]
            for reader in topic.readers:
                reader.was_full = reader.is_full
            for reader in stuck:
                reader.give_up()
            if topic.is_quiet and not topic.is_pouring:
                topic.is_pouring = True
                self._pour_slice(topic, KEEP_AWAKE, list(topic.readers), 0)
            topic.is_quiet = True
        again = (
            asyncio.get_running_loop().call_later(self.keep_awake_seconds, self._keep_awake) if read else None
        )
        self._awakening = again

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
        if topic is not None and not topic.readers and not topic.waiting and name not in self._due:
            del self._topics[name]
            self._numberings.pop(name, None)


def _give(readers: Iterable[Reader], frame: Frame) -> None:
    for reader in readers:
        if reader.is_full:
            reader.is_behind = True
        else:
            reader.write(frame)
