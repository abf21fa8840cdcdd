# SPDX-License-Identifier: Apache-2.0
"""Presence: who is in a room now, by market, and the likes that gathered since they were last written."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec
import structlog

from silkcast.ground.ids import ShowId
from silkcast.plumbing.db import Database
from silkcast.plumbing.wire import Alone, Bus, Hub, InProcess, Owners
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import NoSuchShow

log = structlog.get_logger()
MOST_LIKES_AT_ONCE = 20
MOST_KNOWN = 10_000
SILENT_TICKS = 3.5
"""Of a process not heard for so long, nobody counts any more."""


def topic(show: UUID) -> str:
    """What everybody in a room hears."""
    return f"show:{show}"


def host_topic(show: UUID) -> str:
    """What only the host hears: orders, takings, where viewers are."""
    return f"host:{show}"


def keeper_topic(show: UUID) -> str:
    """What the host and those who keep order in the chat hear: held lines, bans."""
    return f"keepers:{show}"


class Presence:
    """Counts in this process, and hears what others count. Every second what changed is told to the room by
    the process that owns it; each writes the likes it gathered."""

    def __init__(
        self,
        database: Database,
        hub: Hub,
        *,
        bus: Bus | None = None,
        owners: Owners | None = None,
        every_seconds: float = 1.0,
    ) -> None:
        self._database = database
        self._hub = hub
        self._bus = bus or InProcess()
        self._owners = owners or Alone()
        self._every = every_seconds
        self._here: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
        self._elsewhere: dict[str, tuple[float, dict[UUID, Counter[str]]]] = {}
        self._likes: Counter[UUID] = Counter()
        self._told: dict[UUID, int] = {}
        self._known: set[UUID] = set()
        self._asking: dict[UUID, asyncio.Task[bool]] = {}

    def has_met(self, show: UUID) -> bool:
        """Whether it is known without asking that there is such a show."""
        return show in self._known

    async def knows(self, show: UUID) -> bool:
        """Whether there is such a show: for one that somebody made up nothing is kept. Asked once a show,
        however many want to know at once."""
        if show in self._known:
            return True
        asking = self._asking.get(show)
        if asking is None:
            asking = self._asking[show] = asyncio.create_task(self._ask(show))
            asking.add_done_callback(lambda _: self._asking.pop(show, None))
        return await asyncio.shield(asking)

    async def _ask(self, show: UUID) -> bool:
        try:
            async with self._database.read() as db:
                await rooms.the_show(db, ShowId(show))
        except NoSuchShow:
            return False
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known.add(show)
        return True

    def arrive(self, show: UUID, market: str) -> None:
        """Somebody of this market watches, until `leave` says so."""
        self._here[show][market] += 1

    def leave(self, show: UUID, market: str) -> None:
        self._here[show][market] -= 1

    def like(self, show: UUID, count: int) -> None:
        self._likes[show] += max(0, min(count, MOST_LIKES_AT_ONCE))

    def viewers(self, show: UUID) -> int:
        return sum(counts[show].total() for counts in self._everywhere() if show in counts)

    def by_market(self, show: UUID) -> dict[str, int]:
        """Viewers by where they buy, most first."""
        total: Counter[str] = Counter()
        for counts in self._everywhere():
            total.update(counts.get(show, Counter()))
        return {market: count for market, count in total.most_common() if count > 0}

    def _everywhere(self) -> Iterator[Mapping[UUID, Counter[str]]]:
        yield self._here
        yield from (counts for _, counts in self._elsewhere.values())

    async def run(self) -> None:
        """Until cancelled."""
        end = await self._bus.subscribe("presence.*", self._hear)
        try:
            while True:
                await asyncio.sleep(self._every)
                try:
                    await self.tick()
                except Exception:
                    log.exception("presence.tick_failed")
        finally:
            await end()

    async def tick(self) -> None:
        self._share()
        liked, self._likes = self._likes, Counter()
        everywhere = {show for counts in self._everywhere() for show in counts}
        for show in everywhere | self._told.keys() | liked.keys():
            viewers, likes = self.viewers(show), liked[show]
            is_ours = self._owners.holds(str(show))
            if likes or (is_ours and viewers != self._told.get(show, 0)):
                await self._tell(show, viewers, likes, is_ours=is_ours)
            if not viewers or not is_ours:
                self._told.pop(show, None)
            if show in self._here and not self._here[show].total():
                del self._here[show]

    async def _tell(self, show: UUID, viewers: int, likes: int, *, is_ours: bool) -> None:
        async with self._database.write() as tx:
            total = await rooms.count(tx, ShowId(show), likes=likes, viewers=viewers)
        if is_ours:
            self._told[show] = viewers
            self._hub.publish(topic(show), "viewers", {"viewers": viewers}, replaces=True)
            self._hub.publish(host_topic(show), "viewers", {"by_market": self.by_market(show)}, replaces=True)
        if likes:
            self._hub.publish(topic(show), "likes", {"likes": total}, replaces=True)

    def _share(self) -> None:
        """Tell the others who is here; forget what those said who say nothing any more."""
        if not self._bus.is_shared:
            return
        here = {str(show): dict(counts) for show, counts in self._here.items()}
        self._bus.publish(f"presence.{self._owners.me}", msgspec.msgpack.encode(here))
        oldest = asyncio.get_running_loop().time() - SILENT_TICKS * self._every
        self._elsewhere = {who: said for who, said in self._elsewhere.items() if said[0] > oldest}

    def _hear(self, subject: str, octets: bytes) -> None:
        who = subject.rpartition(".")[2]
        if who == self._owners.me:
            return
        told = msgspec.msgpack.decode(octets, type=dict[str, dict[str, int]])
        counts = {UUID(show): Counter(markets) for show, markets in told.items()}
        self._elsewhere[who] = (asyncio.get_running_loop().time(), counts)
