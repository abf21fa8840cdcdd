# SPDX-License-Identifier: Apache-2.0
"""Topics: what one process knows of a topic, and the numbering of its events in the process that owns it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec

from silkcast.plumbing.wire.readers import Frame, Reader


class Batch(msgspec.Struct, array_like=True, frozen=True):
    """Events of one tick, numbered; they follow on `before`. Without events: where the numbers stand."""

    topic: str
    origin: str
    term: int
    """Grows with each owner and each life: an older one is not listened to any more."""
    era: str
    before: int
    seq: int
    events: tuple[tuple[int, bytes], ...]


class Told(msgspec.Struct, array_like=True, frozen=True):
    """An event that has no number yet."""

    topic: str
    kind: str
    body: bytes
    replaces: bool = False


class Numbering:
    """The owner's side: numbers events and gathers those of a tick."""

    __slots__ = ("_gathered", "_latest", "_prefix", "_sent", "_topic", "era", "origin", "seq", "term")

    def __init__(self, topic: str, origin: str, term: int, era: str) -> None:
        self._topic = topic
        self.origin = origin
        self.term = term
        self.era = era
        self._prefix = f"id: {era}-".encode()
        self.seq = 0
        self._sent = 0
        self._gathered: list[tuple[int, bytes]] = []
        self._latest: dict[str, int] = {}

    def add(self, told: Told) -> None:
        self.seq += 1
        octets = b"%b%d\nevent: %b\ndata: %b\n\n" % (
            self._prefix,
            self.seq,
            told.kind.encode(),
            told.body,
        )
        if told.replaces:
            place = self._latest.get(told.kind)
            if place is not None:
                self._gathered[place] = (self._gathered[place][0], b"")
            self._latest[told.kind] = len(self._gathered)
        self._gathered.append((self.seq, octets))

    def gathered(self) -> Batch:
        """What gathered since the last time; maybe nothing."""
        events = tuple(event for event in self._gathered if event[1])
        batch = Batch(self._topic, self.origin, self.term, self.era, self._sent, self.seq, events)
        self._sent = self.seq
        self._gathered.clear()
        self._latest.clear()
        return batch


@dataclass(slots=True, eq=False)
class Topic:
    """One process's picture of a topic: what was sent, the ring of the last of it, and who reads here.

    `term` 0 means: nobody has told us yet where its numbers stand; who comes meanwhile waits.
    """

    name: str
    term: int = 0
    era: str = ""
    origin: str = ""
    sent: int = 0
    """The last number that came here."""
    poured: int = 0
    """The last number that went, or is going, to the readers here."""
    begins: int = 0
    """What followed on this number is in the ring."""
    ring: deque[tuple[int, bytes]] = field(default_factory=deque)
    pending: list[bytes] = field(default_factory=list)
    readers: dict[Reader, None] = field(default_factory=dict)
    waiting: list[tuple[Reader, str | int | None]] = field(default_factory=list)
    refetch: Callable[[], Frame] | None = None
    """Makes the snapshot event of now."""
    awaited: list[asyncio.Future[None]] = field(default_factory=list)
    is_pouring: bool = False
    is_asking: bool = False
    is_quiet: bool = True
    heard_at: float = 0.0

    @property
    def is_known(self) -> bool:
        return self.term > 0

    @property
    def place(self) -> str:
        return f"{self.era}-{self.sent}"

    def begin_life(self, batch: Batch) -> None:
        """Other numbers from here on: what is held of the old ones is worth nothing."""
        self.term, self.era, self.origin = batch.term, batch.era, batch.origin
        self.sent = self.poured = self.begins = batch.before
        self.ring.clear()
        self.pending.clear()

    def keep(self, batch: Batch, most: int) -> Frame:
        """Take in what follows on `sent`; the frame for those who read here."""
        fresh = [event for event in batch.events if event[0] > self.sent]
        self.ring.extend(fresh)
        while len(self.ring) > most:
            self.begins = self.ring.popleft()[0]
        self.sent = batch.seq
        return b"".join(octets for _, octets in fresh)

    def missed(self, after: str | int | None) -> list[bytes] | None:
        """What was poured and somebody who saw `after` has not seen; None: it cannot be told."""
        if after is None:
            return []
        era, _, number = after.rpartition("-") if isinstance(after, str) else (self.era, "", str(after))
        if era != self.era or not (number.isascii() and number.isdecimal()):
            return None
        seen = int(number)
        if seen > self.sent or seen < self.begins:
            return None
        return [octets for seq, octets in self.ring if seen < seq <= self.poured]
