# SPDX-License-Identifier: Apache-2.0
"""Presence: who is in a room now, by market, and the likes that gathered since they were last written."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from uuid import UUID

import structlog

from silkcast.ground.ids import ShowId
from silkcast.plumbing.db import Database
from silkcast.plumbing.wire import Hub
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import NoSuchShow

log = structlog.get_logger()
MOST_LIKES_AT_ONCE = 20
MOST_KNOWN = 10_000


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
    """Counts in this process. Every second what changed is told to the room, and likes are written."""

    def __init__(self, database: Database, hub: Hub, *, every_seconds: float = 1.0) -> None:
        self._database = database
        self._hub = hub
        self._every = every_seconds
        self._here: defaultdict[UUID, Counter[str]] = defaultdict(Counter)
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
        return sum(self._here[show].values()) if show in self._here else 0

    def by_market(self, show: UUID) -> dict[str, int]:
        return {market: count for market, count in self._here.get(show, Counter()).most_common() if count > 0}

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._every)
            try:
                await self.tick()
            except Exception:
                log.exception("presence.tick_failed")

    async def tick(self) -> None:
        liked, self._likes = self._likes, Counter()
        for show in list(self._here):
            viewers = self.viewers(show)
            if viewers != self._told.get(show) or liked[show]:
                await self._tell(show, viewers, liked.pop(show, 0))
            if not self.viewers(show):  # asked anew: somebody may have come in while the room was told
                self._here.pop(show, None)
                self._told.pop(show, None)
        for show, count in liked.items():
            if count:
                await self._tell(show, 0, count)

    async def _tell(self, show: UUID, viewers: int, likes: int) -> None:
        async with self._database.write() as tx:
            total = await rooms.count(tx, ShowId(show), likes=likes, viewers=viewers)
        self._told[show] = viewers
        self._hub.publish(topic(show), "viewers", {"viewers": viewers}, replaces=True)
        self._hub.publish(host_topic(show), "viewers", {"by_market": self.by_market(show)}, replaces=True)
        if likes:
            self._hub.publish(topic(show), "likes", {"likes": total}, replaces=True)
