# SPDX-License-Identifier: Apache-2.0
"""Owning: each room belongs to one process, which numbers its events and decides its sales.

The first process that wants a room takes a lease on it: an advisory lock in PostgreSQL, held by a session of
its own that ends with the process. Nobody else can have it then. Who owns it answers `room.<room>.<verb>` on
the bus; processes that live say so twice a second. When an owner falls silent, whoever wants the room next
takes it, with a higher term.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

import structlog

from silkcast.ground.ids import new_number
from silkcast.plumbing.wire.bus import Bus, BusAway, End, NobodyAnswers
from silkcast.plumbing.wire.session import Session, SessionLost

log = structlog.get_logger(__name__)

ME = "me"
BEAT, LEFT, FREED = "owners.beat", "owners.left", "owners.freed"
_GOOD, _NOT_MINE = b"+", b"-"

Verb = Callable[[str, bytes], Awaitable[bytes]]
"""What the owner of a room does when asked: (room, octets) to octets."""


class NoOwner(Exception):
    """The room has no owner that answers, and we cannot be it now."""


class Owners(Protocol):
    me: str

    def holds(self, room: str) -> bool:
        """Is it ours now?"""

    def term(self, room: str) -> int:
        """Grows with every change of the owner; of a room that is ours."""

    def is_alive(self, process: str) -> bool:
        """Was it heard lately?"""

    async def owner(self, room: str) -> str:
        """`ME`, or the process that owns the room; one without an owner becomes ours. Raises NoOwner."""

    def verb(self, name: str, does: Verb) -> None:
        """What is done here for a room that is ours, whoever asks."""

    async def call(self, room: str, verb: str, octets: bytes, *, timeout_seconds: float = 3.0) -> bytes:
        """Have the owner do it, wherever it is. When it dies meanwhile the next owner is asked again, so a
        verb may run twice. Raises NoOwner."""

    def when_lost(self, call: Callable[[str], None]) -> None:
        """Call with each room that is no longer ours."""


class Alone:
    """One process: everything is its own."""

    def __init__(self) -> None:
        self.me = ME
        self._verbs: dict[str, Verb] = {}

    def holds(self, room: str) -> bool:
        return True

    def term(self, room: str) -> int:
        return 1

    def is_alive(self, process: str) -> bool:
        return True

    async def owner(self, room: str) -> str:
        return ME

    def verb(self, name: str, does: Verb) -> None:
        self._verbs[name] = does

    async def call(self, room: str, verb: str, octets: bytes, *, timeout_seconds: float = 3.0) -> bytes:
        return await self._verbs[verb](room, octets)

    def when_lost(self, call: Callable[[str], None]) -> None:
        """They never are."""


class Leases:
    """One of several processes on one database and one bus."""

    def __init__(
        self,
        bus: Bus,
        open_session: Callable[[], Awaitable[Session]],
        *,
        beat_seconds: float = 0.5,
        patience_seconds: float = 1.5,
        most_seconds: float = 5.0,
        idle_seconds: float = 300.0,
    ) -> None:
        self.me = f"{os.getpid()}-{new_number(6)}"
        self._bus = bus
        self._open_session = open_session
        self._beat = beat_seconds
        self._patience = patience_seconds
        self._most = most_seconds
        self._idle = idle_seconds
        self._used_at: dict[str, float] = {}
        self._session: Session | None = None
        self._held: dict[str, tuple[int, End]] = {}
        self._known: dict[str, str] = {}
        self._heard: dict[str, float] = {}
        self._back_at = 0.0
        self._finding: dict[str, asyncio.Task[str]] = {}
        self._verbs: dict[str, Verb] = {}
        self._when_lost: list[Callable[[str], None]] = []
        self._ends: list[End] = []
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self) -> None:
        """Listen for the others, and say that we are here."""
        self._back_at = self._now()
        self._bus.when_back(self._bus_is_back)
        self._ends.append(await self._bus.subscribe(BEAT, self._hear))
        self._ends.append(await self._bus.subscribe(LEFT, self._hear_leaving))
        self._session = await self._open_session()
        self._ends.append(await self._bus.subscribe(FREED, self._hear_freed))
        works = (self._say_we_live(), self._keep_session(), self._free_idle())
        self._tasks = [asyncio.create_task(work) for work in works]

    async def close(self) -> None:
        """Give every room back, so that the next owner need not wait."""
        for task in (*self._tasks, *self._finding.values()):
            task.cancel()
        await asyncio.gather(*self._tasks, *self._finding.values(), return_exceptions=True)
        self._lose_all()
        if self._session is not None:
            await self._session.close()
        self._bus.publish(LEFT, self.me.encode())
        for end in self._ends:
            await end()

    def holds(self, room: str) -> bool:
        return room in self._held

    def term(self, room: str) -> int:
        return self._held[room][0]

    def is_alive(self, process: str) -> bool:
        if process == self.me or not self._bus.is_here:
            return True
        return self._now() - max(self._heard.get(process, 0.0), self._back_at) < self._patience

    def verb(self, name: str, does: Verb) -> None:
        self._verbs[name] = does

    def when_lost(self, call: Callable[[str], None]) -> None:
        self._when_lost.append(call)

    def touch(self, room: str) -> None:
        """It is needed: a room that nobody needs for some minutes is given back."""
        self._used_at[room] = self._now()

    async def owner(self, room: str) -> str:
        if room in self._held:
            self.touch(room)
            return ME
        known = self._known.get(room)
        if known is not None and known in self._heard and self.is_alive(known):
            return known
        finding = self._finding.get(room)
        if finding is None:
            finding = self._finding[room] = asyncio.create_task(self._find(room))
            finding.add_done_callback(lambda _: self._finding.pop(room, None))
        return await asyncio.shield(finding)

    async def call(self, room: str, verb: str, octets: bytes, *, timeout_seconds: float = 3.0) -> bytes:
        until = self._now() + timeout_seconds
        while True:
            who = await self.owner(room)
            if who == ME:
                return await self._verbs[verb](room, octets)
            try:
                said = await self._ask(who, f"room.{room}.{verb}", octets, until - self._now())
            except (NobodyAnswers, BusAway):
                said = _NOT_MINE
            if said[:1] == _GOOD:
                return said[1:]
            self._known.pop(room, None)
            if self._now() >= until:
                raise NoOwner(room)
            await asyncio.sleep(0.05)

    async def _ask(self, who: str, subject: str, octets: bytes, seconds: float) -> bytes:
        """Not longer than it lives whom we ask."""
        asking = asyncio.create_task(self._bus.request(subject, octets, max(seconds, 0.05)))
        try:
            while not (await asyncio.wait({asking}, timeout=self._beat))[0]:
                if not self.is_alive(who):
                    raise NobodyAnswers(subject)
            return asking.result()
        finally:
            asking.cancel()
            await asyncio.gather(asking, return_exceptions=True)

    async def _find(self, room: str) -> str:
        until = self._now() + self._most
        while True:
            try:
                who = (await self._bus.request(f"room.{room}.who", b"", 0.5)).decode()
            except (NobodyAnswers, BusAway):
                who = ""
            if who:
                self._known[room] = who
                self._heard[who] = self._now()
                return who
            if await self._take(room):
                return ME
            if self._now() > until:
                raise NoOwner(room)
            await asyncio.sleep(0.05)

    async def _take(self, room: str) -> bool:
        session = self._session
        if session is None:
            return False
        try:
            term = await session.take(room)
        except SessionLost:
            return False
        if term is None:
            return False
        end = await self._bus.answer(f"room.{room}.*", self._asked)
        if self._session is not session:  # lost meanwhile, and the lock with it
            await end()
            return False
        self._held[room] = (term, end)
        self.touch(room)
        log.info("room.owned", room=room, term=term)
        return True

    async def _asked(self, subject: str, octets: bytes) -> bytes:
        _, room, verb = subject.split(".")
        if verb == "who":
            return self.me.encode() if room in self._held else b""
        if room not in self._held:
            return _NOT_MINE
        self.touch(room)
        return _GOOD + await self._verbs[verb](room, octets)

    async def _say_we_live(self) -> None:
        while True:
            self._bus.publish(BEAT, self.me.encode())
            await asyncio.sleep(self._beat)

    async def _keep_session(self) -> None:
        """While the session lives the rooms are ours; the moment it may not, they are not."""
        while True:
            if self._session is None:
                try:
                    self._session = await self._open_session()
                except SessionLost:
                    await asyncio.sleep(0.2)
                    continue
            if not await self._session.lives(self._beat, self._patience):
                lost, self._session = self._session, None
                log.warning("rooms.lost", rooms=len(self._held))
                self._lose_all()
                await lost.close()

    async def _free_idle(self) -> None:
        """PostgreSQL has so many places for locks, and a crawler may look at every room there ever was."""
        while True:
            await asyncio.sleep(self._idle / 10)
            before = self._now() - self._idle
            for room in [room for room in self._held if self._used_at.get(room, 0.0) < before]:
                _, end = self._held.pop(room)
                self._used_at.pop(room, None)
                for tell in self._when_lost:
                    tell(room)
                await end()
                if self._session is not None:
                    with suppress(SessionLost):
                        await self._session.give_back(room)
                self._bus.publish(FREED, room.encode())
                log.info("room.freed", room=room)

    def _hear_freed(self, subject: str, octets: bytes) -> None:
        self._known.pop(octets.decode(), None)

    def _lose_all(self) -> None:
        held, self._held = self._held, {}
        self._used_at.clear()
        for room, (_, end) in held.items():
            self._tasks.append(asyncio.ensure_future(end()))
            for tell in self._when_lost:
                tell(room)
        self._tasks = [task for task in self._tasks if not task.done()]

    def _hear(self, subject: str, octets: bytes) -> None:
        self._heard[octets.decode()] = self._now()

    def _hear_leaving(self, subject: str, octets: bytes) -> None:
        self._heard[octets.decode()] = float("-inf")

    def _bus_is_back(self) -> None:
        self._back_at = self._now()

    def _now(self) -> float:
        return asyncio.get_running_loop().time()
