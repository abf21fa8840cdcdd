# SPDX-License-Identifier: Apache-2.0
"""Carrying: a room's claims are decided by the one process that owns the room; the others carry theirs to it.

What gathers while one lot is on its way goes with the next. If the owner dies, the next owner is asked: who
was answered already gets the same answer, by the key.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence

import msgspec
import structlog

from silkcast.ground.ids import ShowId
from silkcast.plumbing.wire import Owners
from silkcast.stage.deals.committer import Committer, Tell
from silkcast.stage.deals.errors import Busy
from silkcast.stage.deals.values import Answer, LaneId, Want

log = structlog.get_logger()
VERB = "claims"
MOST_CARRIED, MOST_A_LOT = 4_000, 400
_wants = msgspec.msgpack.Decoder(list[Want])
_answers = msgspec.msgpack.Decoder(list[Answer | None])


class Carrier:
    """Hands claims to the committer here, or to that of the room's owner."""

    def __init__(
        self, committer: Committer, owners: Owners, learn: Callable[[set[LaneId]], Awaitable[None]]
    ) -> None:
        self._committer = committer
        self._owners = owners
        self._learn = learn
        self._carried: dict[ShowId, deque[tuple[Want, Tell]]] = {}
        self._carriers: set[asyncio.Task[None]] = set()
        owners.verb(VERB, self._for_others)

    def put(self, show: ShowId, want: Want, tell: Tell) -> None:
        """Hand in a claim, or `Busy`: then nothing was kept."""
        if self._owners.holds(str(show)):
            self._committer.put(want, tell)
            return
        waiting = self._carried.get(show)
        if waiting is None:
            waiting = self._carried[show] = deque()
            task = asyncio.create_task(self._carry(show, waiting))
            self._carriers.add(task)
            task.add_done_callback(self._carriers.discard)
        if len(waiting) >= MOST_CARRIED:
            raise Busy(1, place=len(waiting) + 1)
        waiting.append((want, tell))

    async def ask(self, show: ShowId, want: Want) -> Answer | None:
        """Hand in a claim and wait for its answer; None where nobody knows: ask again with the key."""
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()

        def tell(given: Answer | None) -> None:
            if not answer.done():
                answer.set_result(given)

        self.put(show, want, tell)
        return await answer

    async def _carry(self, show: ShowId, waiting: deque[tuple[Want, Tell]]) -> None:
        await asyncio.sleep(0)  # those of the same moment go together
        try:
            while waiting:
                lot = [waiting.popleft() for _ in range(min(len(waiting), MOST_A_LOT))]
                answers = await self._told_by_owner(show, [want for want, _ in lot])
                for (_, tell), answer in zip(lot, answers, strict=True):
                    tell(answer)
        finally:
            self._carried.pop(show, None)
            for _, tell in waiting:
                tell(None)

    async def _told_by_owner(self, show: ShowId, wants: Sequence[Want]) -> list[Answer | None]:
        try:
            octets = await self._owners.call(str(show), VERB, msgspec.msgpack.encode(wants))
            return _answers.decode(octets)
        except Exception as fault:  # whatever it is, the buyers ask again with their keys
            log.warning("claims.not_carried", claims=len(wants), fault=type(fault).__name__)
            return [None] * len(wants)

    async def _for_others(self, room: str, octets: bytes) -> bytes:
        """What other processes hand in for a room that is ours."""
        wants = _wants.decode(octets)
        await self._learn({want.lane for want in wants})
        return msgspec.msgpack.encode(await asyncio.gather(*(self._ask_here(want) for want in wants)))

    async def _ask_here(self, want: Want) -> Answer | None:
        try:
            return await self._committer.ask(want)
        except Busy:
            return None
