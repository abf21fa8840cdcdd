# SPDX-License-Identifier: Apache-2.0
"""Carrying: a room's claims are decided by the one process that owns the room; the others carry theirs to it.

They go in lots: what gathers while `MOST_ON_THE_WAY` are on their way goes with the next. If the owner dies,
the next owner is asked: who was answered already gets the same answer, by the key.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

import structlog

from silkcast.ground.ids import ShowId
from silkcast.plumbing.wire import Owners
from silkcast.stage.deals.committer import Committer, Tell, settle
from silkcast.stage.deals.errors import Busy
from silkcast.stage.deals.lots import Given, given_in, pack_given, pack_wants, wants_in
from silkcast.stage.deals.values import Answer, LaneId, Want

log = structlog.get_logger()
VERB = "claims"
MOST_CARRIED, MOST_A_LOT = 4_000, 1_000
MOST_ON_THE_WAY = 2
"""Lots of a room. One is decided while another arrives; more would be smaller, and each has its own cost."""


class Carrier:
    """Hands claims to the committer here, or to that of the room's owner."""

    def __init__(
        self, committer: Committer, owners: Owners, learn: Callable[[set[LaneId]], Awaitable[None]]
    ) -> None:
        self._committer = committer
        self._owners = owners
        self._learn = learn
        self._carried: dict[str, _Carried] = {}
        self._carriers: set[asyncio.Task[None]] = set()
        owners.verb(VERB, self._for_others)

    def put(self, room: str, want: Want, tell: Tell) -> None:
        """Hand in a claim, or `Busy`: then nothing was kept."""
        if self._owners.holds(room):
            self._committer.put(want, tell)
            return
        carried = self._carried.get(room)
        if carried is None:
            carried = self._carried[room] = _Carried()
        if len(carried.waiting) >= MOST_CARRIED:
            raise Busy(1, place=len(carried.waiting) + 1)
        carried.waiting.append((want, tell))
        if carried.carriers < MOST_ON_THE_WAY and not carried.is_called:
            carried.is_called = True
            task = asyncio.create_task(self._carry(room, carried))
            self._carriers.add(task)
            task.add_done_callback(self._carriers.discard)

    async def ask(self, show: ShowId, want: Want) -> Answer | None:
        """Hand in a claim and wait for its answer; None where nobody knows: ask again with the key."""
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self.put(str(show), want, partial(settle, answer))
        return await answer

    async def _carry(self, room: str, carried: _Carried) -> None:
        """Lot after lot, until nothing waits."""
        carried.is_called = False  # those of the same moment wait by now
        carried.carriers += 1
        try:
            while carried.waiting:
                lot = [carried.waiting.popleft() for _ in range(min(len(carried.waiting), MOST_A_LOT))]
                given: Sequence[Given] = [None] * len(lot)
                try:
                    given = await self._told_by_owner(room, [want for want, _ in lot])
                finally:
                    for (_, tell), one in zip(lot, given, strict=True):
                        tell(one)
        finally:
            carried.carriers -= 1
            if not carried.carriers and not carried.is_called:
                self._carried.pop(room, None)
                for _, tell in carried.waiting:
                    tell(None)

    async def _told_by_owner(self, room: str, wants: Sequence[Want]) -> Sequence[Given]:
        try:
            given = given_in(await self._owners.call(room, VERB, pack_wants(wants)))
            if len(given) == len(wants):
                return given
            raise ValueError("an answer for each want")
        except Exception as fault:  # whatever it is, the buyers ask again with their keys
            log.warning("claims.not_carried", claims=len(wants), fault=type(fault).__name__)
            return [None] * len(wants)

    async def _for_others(self, room: str, octets: bytes) -> bytes:
        """What other processes hand in for a room that is ours."""
        wants = wants_in(octets)
        await self._learn({want.lane for want in wants})
        given: list[Given] = [None] * len(wants)
        left = len(wants)
        done = asyncio.get_running_loop().create_future()

        def tell(place: int, one: Given) -> None:
            nonlocal left
            given[place] = one
            left -= 1
            if not left and not done.done():
                done.set_result(None)

        for place, want in enumerate(wants):
            try:
                self._committer.put(want, partial(tell, place))
            except Busy as busy:
                tell(place, busy)
        if wants:
            await done
        return pack_given(given)


class _Carried:
    """What one room's owner has to be asked."""

    __slots__ = ("carriers", "is_called", "waiting")

    def __init__(self) -> None:
        self.waiting: deque[tuple[Want, Tell]] = deque()
        self.carriers = 0
        self.is_called = False
        """One more carrier is about to begin."""
