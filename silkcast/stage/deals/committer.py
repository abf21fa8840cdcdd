# SPDX-License-Identifier: Apache-2.0
"""The committer: one transaction for all who queued while the last one was being committed.

There is no timer. A claim alone is committed at once; under a rush the batches grow by themselves, and the
cost of a commit is shared by hundreds. Answers are given after the commit, never before. One process serves
a room's claims; a second one would be kept right by the locks of the lanes, and would gain nothing.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import structlog

from silkcast.ground.ids import DealId
from silkcast.plumbing.db import Database, DatabaseAway

from . import service
from .courtesy import Courtesy
from .errors import Busy
from .known import Known, claim_at_once
from .lots import Given
from .values import Answer, LaneId, Want

log = structlog.get_logger()
LOOK_AGAIN_SECONDS = 1.0
TOLD_AT_ONCE = 16
FEW = 16
"""So many claims keep nobody waiting."""

Tell = Callable[[Given], None]
"""Called once with what was given; with None where the batch failed and nobody knows: ask again with the
key."""


class Claimed(Protocol):
    """Told after each commit, with the lanes that changed and what is left in them."""

    def __call__(self, left: Mapping[LaneId, int], granted: int) -> None: ...


@dataclass(frozen=True, slots=True)
class CommitterSettings:
    """How many may stand in the queue, and how many go into one transaction."""

    queue: int = 4000
    batch: int = 1000


class Committer:
    """A queue, and the one task that empties it."""

    def __init__(self, database: Database, settings: CommitterSettings | None = None) -> None:
        self._database = database
        self._settings = settings or CommitterSettings()
        self.claimed: Claimed | None = None
        self.courtesy = Courtesy()
        self._known = Known()
        self._most = self._settings.batch
        """How many the next batch may have."""
        self._last = 0
        """How many the last batch had."""
        self._queue: deque[tuple[Want, Tell]] = deque()
        self._awake = asyncio.Event()
        self._unsure: set[LaneId] = set()
        """Lanes of a batch of which nobody knows whether it was committed."""
        self.batches = 0
        self.claims = 0

    def put(self, want: Want, tell: Tell) -> None:
        """Queue a claim, or `Busy`: then nothing was kept."""
        if len(self._queue) >= self._settings.queue:
            raise Busy(1, place=len(self._queue) + 1)
        self._queue.append((want, tell))
        if not self._awake.is_set():
            self._awake.set()

    async def ask(self, want: Want) -> Answer | None:
        """Queue a claim and wait for its answer."""
        answer: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self.put(want, partial(settle, answer))
        return await answer

    @property
    def waiting(self) -> int:
        return len(self._queue)

    async def run(self) -> None:
        """Until cancelled. Who still waits then is told that nobody knows."""
        try:
            while True:
                await (self._look_again() if self._unsure else self._awake.wait())
                while self._queue:
                    if len(self._queue) > FEW:
                        await self.courtesy.let_pass()
                    self._last = self._next()
                    await self._commit([self._queue.popleft() for _ in range(self._last)])
                self._awake.clear()
        finally:
            while self._queue:
                _tell(self._queue.popleft()[1], None)

    def _next(self) -> int:
        """How many go next: half of those about, who are in the queue or were answered just now. While one
        half is written the other is told and heard; all at once, each would wait for the other."""
        about = len(self._queue) + self._last
        return min(len(self._queue), self._most, max(FEW, -(-about // 2)))

    async def _look_again(self) -> None:
        """The room hears what a lost batch left in its lanes when the database answers again, though nobody
        should claim any more."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_SECONDS):
                await self._awake.wait()
        lanes, self._unsure = self._unsure, set()
        try:
            async with self._database.read() as db:
                left = await service.left_in(db, lanes)
        except Exception as fault:
            log.warning("deals.not_looked_again", fault=type(fault).__name__)
            self._unsure |= lanes
            return
        self._tell_room(left, 0)

    async def _commit(self, batch: Sequence[tuple[Want, Tell]]) -> None:
        try:
            answers = await self._answers([want for want, _ in batch])
        except BaseException:
            for _, tell in batch:
                _tell(tell, None)
            raise
        self.batches += 1
        self.claims += len(batch)
        self._tell_all([tell for _, tell in batch], answers, 0)
        left: dict[LaneId, int] = {}
        granted = 0
        for (want, _), answer in zip(batch, answers, strict=True):
            if answer is None:
                self._unsure.add(want.lane)
            elif answer.number:
                left[answer.lane] = answer.left
                granted += answer.outcome == "granted" and not answer.is_again
        # few lanes are written quickly: there the batches are short, so that those who come last wait less
        self._most = self._settings.batch if len(left) > FEW else -(-self._settings.batch // 2)
        if left:
            self._tell_room(left, granted)

    def _tell_all(self, tells: Sequence[Tell], answers: Sequence[Answer | None], start: int) -> None:
        """A few at a time: meanwhile the next batch is on its way to the database."""
        stop = start + TOLD_AT_ONCE
        for tell, answer in zip(tells[start:stop], answers[start:stop], strict=True):
            _tell(tell, answer)
        if stop < len(tells):
            asyncio.get_running_loop().call_soon(self._tell_all, tells, answers, stop)

    def _tell_room(self, left: Mapping[LaneId, int], granted: int) -> None:
        if self.claimed is None:
            return
        try:
            self.claimed(left, granted)
        except Exception:
            log.exception("deals.room_not_told")

    async def _answers(self, wants: Sequence[Want]) -> Sequence[Answer | None]:
        """The batch's answers, deal by deal."""
        if len({self._known.deal_of(lane) for lane in {want.lane for want in wants}}) == 1:
            return await self._answers_of_deal(wants)
        parts: dict[DealId | None, list[int]] = {}
        for place, want in enumerate(wants):
            parts.setdefault(self._known.deal_of(want.lane), []).append(place)
        answers: list[Answer | None] = [None] * len(wants)
        for places in parts.values():
            told = await self._answers_of_deal([wants[place] for place in places])
            for place, answer in zip(places, told, strict=True):
                answers[place] = answer
        return answers

    async def _answers_of_deal(self, wants: Sequence[Want]) -> Sequence[Answer | None]:
        """In one call, if the deal is as the last batch left it; else under the locks of its lanes."""
        try:
            answers = await claim_at_once(self._database, wants, self._known)
        except Exception as fault:
            answers = None
            log.info("deals.not_at_once", claims=len(wants), fault=type(fault).__name__)
        return await self._under_locks(wants) if answers is None else answers

    async def _under_locks(self, wants: Sequence[Want], tries: int = 2) -> list[Answer | None]:
        """If the batch cannot be written, each half is tried alone: one bad claim among a thousand fails by
        itself."""
        try:
            async with self._database.write() as tx:
                return list(await service.claim_many(tx, wants, self._known))
        except Exception as fault:
            log.warning("deals.batch_failed", claims=len(wants), fault=type(fault).__name__, tries=tries)
            if tries > 1 and _may_pass(fault):
                await asyncio.sleep(0.02)
                return await self._under_locks(wants, tries - 1)
            if len(wants) == 1 or _is_away(fault):
                return [None] * len(wants)
        half = len(wants) // 2
        return [*await self._under_locks(wants[:half], 1), *await self._under_locks(wants[half:], 1)]


def settle(answer: asyncio.Future[Answer | None], given: Given) -> None:
    """What was given, for somebody who waits for it."""
    if answer.done():
        return
    if isinstance(given, Busy):
        answer.set_exception(given)
    else:
        answer.set_result(given)


def _tell(tell: Tell, answer: Answer | None) -> None:
    """One who cannot be told keeps nobody else from an answer."""
    try:
        tell(answer)
    except Exception:
        log.exception("deals.buyer_not_told")


def _cause(fault: Exception) -> str:
    """The server's own code of what went wrong; empty where it did not say."""
    original = getattr(fault, "orig", None) or fault  # what goes wrong while connecting comes as it is
    return str(getattr(original, "sqlstate", "") or "")


def _may_pass(fault: Exception) -> bool:
    """A deadlock, a lock that took too long, a server that restarts: worth another try."""
    return _cause(fault)[:2] in ("40", "55", "57") or _is_away(fault)


def _is_away(fault: Exception) -> bool:
    """The database does not answer: halves would fare no better."""
    return (
        isinstance(fault, DatabaseAway | OSError | TimeoutError)
        or getattr(fault, "connection_invalidated", False) is True
        or _cause(fault)[:3] in ("080", "57P")
    )
