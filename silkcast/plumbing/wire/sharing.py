# SPDX-License-Identifier: Apache-2.0
"""Sharing: a hub that is one of several. The owner of a room numbers its events and sends every tick to all.

What is told elsewhere goes to the owner first. A hub that misses a batch asks the owner for it; if that holds
it no longer, or the owner is a new one, its readers get a `snapshot`.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any

import msgspec
import structlog

from silkcast.ground.ids import new_number
from silkcast.plumbing.wire.bus import Bus, End
from silkcast.plumbing.wire.hub import Hub
from silkcast.plumbing.wire.owning import Leases, NoOwner
from silkcast.plumbing.wire.topics import Batch, Numbering, Told, Topic

log = structlog.get_logger(__name__)

LOOK_SECONDS = 0.25
TOUCH_BEATS = 240
"""After so many looks, a minute, an owner hears from those who read its room that it is needed."""
MOST_UNTOLD = 2_000
MOST_AT_ONCE = 500
RECENT_SECONDS = 10.0


class Missing(msgspec.Struct, array_like=True, frozen=True):
    """Where somebody stands who asks the owner for the rest."""

    topic: str
    era: str
    sent: int


class Letter(msgspec.Struct, array_like=True, frozen=True):
    """What another process has to tell; the same number again is the same letter again."""

    sender: str
    number: int
    is_short: bool
    """Some of it was lost on the way: whoever reads must fetch anew."""
    told: list[Told]


class Untold:
    """What this process has to tell of a room that another owns."""

    __slots__ = ("events", "is_short", "sending")

    def __init__(self) -> None:
        self.events: deque[Told] = deque()
        self.is_short = False
        self.sending: asyncio.Task[None] | None = None


def room_of(topic: str) -> str:
    """`show:…` and `host:…` are of one room."""
    return topic.partition(":")[2] or topic


_encode = msgspec.msgpack.Encoder().encode
_batch = msgspec.msgpack.Decoder(Batch).decode
_missing = msgspec.msgpack.Decoder(Missing).decode
_letter = msgspec.msgpack.Decoder(Letter).decode


class SharedHub(Hub):
    """`start` before use, `close` after it, both while bus and owners are open."""

    def __init__(self, bus: Bus, owners: Leases, **options: Any) -> None:
        super().__init__(**options)
        self._bus = bus
        self._owners = owners
        self._untold: dict[str, Untold] = {}
        self._written = 0
        self._touch_beats = TOUCH_BEATS
        self._letters: dict[tuple[str, str], int] = {}
        self._lives: dict[str, int] = {}
        self._told_at: dict[str, float] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._ends: list[End] = []

    async def start(self) -> None:
        self._owners.verb("tell", self._take_letter)
        self._owners.verb("since", self._since)
        self._owners.when_lost(self._lost)
        self._bus.when_back(self._say_where_all_stand)
        self._ends.append(await self._bus.subscribe("wire.*", self._hear))
        self._begin(self._watch())

    async def close(self) -> None:
        await super().close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for end in self._ends:
            await end()

    async def position(self, name: str) -> str:
        """Where it cannot be learnt in time, a place that leads to a snapshot."""
        try:
            async with asyncio.timeout(2):
                return await super().position(name)
        except TimeoutError:
            return "-0"

    # --- told ---

    def owns(self, topic: str) -> bool:
        room = room_of(topic)
        return room not in self._untold and self._owners.holds(room)

    def _tell(self, told: Told) -> None:
        room = room_of(told.topic)
        untold = self._untold.get(room)
        if untold is None and self._owners.holds(room):
            self._number(told)
            return
        if untold is None:
            untold = self._untold[room] = Untold()
        untold.events.append(told)
        if len(untold.events) > MOST_UNTOLD:
            untold.events.popleft()
            untold.is_short = True
        if untold.sending is None:
            untold.sending = self._begin(self._send(room, untold))

    async def _send(self, room: str, untold: Untold) -> None:
        """To the owner, in order, again until it says that it has it."""
        while untold.events:
            events = [untold.events.popleft() for _ in range(min(len(untold.events), MOST_AT_ONCE))]
            self._written += 1
            is_short, untold.is_short = untold.is_short, False
            letter = _encode(Letter(self._owners.me, self._written, is_short, events))
            while True:
                try:
                    await self._owners.call(room, "tell", letter)
                    break
                except NoOwner:
                    log.warning("wire.room_without_owner", room=room, waiting=len(untold.events))
                    await asyncio.sleep(LOOK_SECONDS)
        del self._untold[room]

    async def _take_letter(self, room: str, octets: bytes) -> bytes:
        letter = _letter(octets)
        if self._letters.get((room, letter.sender), 0) >= letter.number:
            return b""
        self._letters[room, letter.sender] = letter.number
        if letter.is_short:
            for name in {told.topic for told in letter.told}:
                self._begin_anew(name)
        for told in letter.told:
            self._number(told)
        return b""

    def _begin_anew(self, name: str) -> None:
        self._numberings.pop(name, None)
        self._numbering(name)

    def _new_life(self, name: str) -> tuple[int, str]:
        self._lives[name] = self._lives.get(name, 0) + 1
        return (self._owners.term(room_of(name)) << 16) + self._lives[name], new_number(6)

    def _origin(self) -> str:
        return self._owners.me

    def _spread(self, batch: Batch) -> None:
        if not self._bus.publish(f"wire.{batch.topic}", _encode(batch)):
            log.warning("wire.not_spread", topic=batch.topic, seq=batch.seq)
        self._told_at[batch.topic] = asyncio.get_running_loop().time()
        self.take(batch)

    def _lost(self, room: str) -> None:
        for name in [name for name in self._numberings if room_of(name) == room]:
            del self._numberings[name]
            self._due.pop(name, None)

    # --- heard ---

    def _hear(self, subject: str, octets: bytes) -> None:
        batch = _batch(octets)
        topic = self._topics.get(batch.topic)
        # a topic nobody asked for here is learnt from its owner when somebody does, with what it still holds
        if batch.origin != self._owners.me and topic is not None and topic.is_known:
            self.take(batch)

    def _mend(self, topic: Topic) -> None:
        self._ask(topic)

    def _ask(self, topic: Topic) -> None:
        if not topic.is_asking:
            topic.is_asking = True
            self._begin(self._learn(topic))

    async def _learn(self, topic: Topic) -> None:
        """From the owner, who may be ourselves from now on."""
        try:
            while self._topics.get(topic.name) is topic:
                try:
                    missing = _encode(Missing(topic.name, topic.era, topic.sent))
                    said = await self._owners.call(room_of(topic.name), "since", missing)
                except NoOwner:
                    log.warning("wire.room_without_owner", room=room_of(topic.name))
                    await asyncio.sleep(LOOK_SECONDS)
                else:
                    self.take(_batch(said), is_whole=True)
                    return
        finally:
            topic.is_asking = False

    async def _since(self, room: str, octets: bytes) -> bytes:
        asked = _missing(octets)
        numbering = self._numbering(asked.topic)
        topic = self._made(asked.topic)
        holds = asked.era == topic.era and topic.begins <= asked.sent <= topic.sent
        before = asked.sent if holds else topic.begins
        events = tuple(event for event in topic.ring if event[0] > before)
        return _encode(
            Batch(asked.topic, self._origin(), numbering.term, numbering.era, before, topic.sent, events)
        )

    async def _watch(self) -> None:
        """Rooms whose owner fell silent get another; who missed the last of a topic hears of it."""
        beat = 0
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            beat += 1
            is_time_to_touch = beat % self._touch_beats == 0
            for topic in list(self._topics.values()):
                if not topic.readers or not topic.is_known:
                    continue
                if is_time_to_touch or not self._has_owner(topic):
                    self._ask(topic)
            if beat % 4 == 0:
                self._say_where_all_stand()

    def _has_owner(self, topic: Topic) -> bool:
        if topic.origin == self._owners.me:
            return self._owners.holds(room_of(topic.name))
        return self._owners.is_alive(topic.origin)

    def _say_where_all_stand(self) -> None:
        now = asyncio.get_running_loop().time()
        for name, numbering in self._numberings.items():
            topic = self._topics.get(name)
            if topic is not None and now - self._told_at.get(name, 0.0) < RECENT_SECONDS:
                stands = _standing(numbering, topic)
                self._bus.publish(f"wire.{name}", _encode(stands))

    def _forget(self, name: str) -> None:
        """The owner keeps the number, since others may read; what it holds of the past goes."""
        if name not in self._numberings:
            super()._forget(name)
            return
        self._forgetting.pop(name, None)
        topic = self._topics[name]
        if asyncio.get_running_loop().time() - self._told_at.get(name, 0.0) < self._idle:
            self._forget_later(name)
        else:
            topic.ring.clear()
            topic.begins = topic.sent

    def _begin(self, work: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            log.error("wire.task_failed", exc_info=fault)


def _standing(numbering: Numbering, topic: Topic) -> Batch:
    """No events: where the numbers stand."""
    return Batch(topic.name, numbering.origin, numbering.term, numbering.era, topic.sent, topic.sent, ())
