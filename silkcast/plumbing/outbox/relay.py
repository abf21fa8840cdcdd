# SPDX-License-Identifier: Apache-2.0
"""The relay: brings each event to each reaction, in a transaction of its own."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
import structlog

from silkcast.plumbing.db import AWAY, Database, Tx
from silkcast.plumbing.outbox import store
from silkcast.plumbing.outbox.reaction import Reaction
from silkcast.plumbing.pauses import pause_after

log = structlog.get_logger(__name__)


class Relay:
    """Runs beside the site until cancelled. Any number of relays may run on one database."""

    def __init__(
        self,
        database: Database,
        reactions: Iterable[Reaction],
        *,
        poll: timedelta = timedelta(seconds=1),
        most_attempts: int = 8,
        batch: int = 200,
        at_once: int = 4,
    ) -> None:
        self._database = database
        self._reactions = {reaction.name: reaction for reaction in reactions}
        self._by_event: dict[str, list[str]] = defaultdict(list)
        for reaction in self._reactions.values():
            self._by_event[reaction.event.name].append(reaction.name)
        self._poll = poll
        self._most = most_attempts
        self._batch = batch
        self._slots = asyncio.Semaphore(at_once)
        self._wake = asyncio.Event()
        database.after_commit(self._woken)

    async def run(self) -> None:
        """Deliver for ever; woken by commits of this process that announce, else about every second."""
        while True:
            self._wake.clear()
            try:
                found = await self.deliver_due()
            except AWAY as fault:
                log.warning("relay.database_away", error=type(fault).__name__)
                found = 0
            if found:
                continue
            try:
                async with asyncio.timeout(self._poll.total_seconds()):
                    await self._wake.wait()
            except TimeoutError:
                continue

    async def deliver_due(self) -> int:
        """One round: fan out what is new, run what is due. How many reactions were tried."""
        async with self._database.write() as tx:
            await store.fan_out(tx, self._by_event, limit=self._batch)
        async with self._database.read() as db:
            due = await store.due(db, self._reactions, limit=self._batch)
        if due:
            async with asyncio.TaskGroup() as group:
                for event_id, reaction in due:
                    group.create_task(self._deliver(event_id, self._reactions[reaction]))
        return len(due)

    async def deliver_all(self) -> int:
        """Rounds until nothing is due, for tests and for seeding. How many reactions were tried."""
        tried = 0
        while found := await self.deliver_due():
            tried += found
        return tried

    async def _deliver(self, event_id: UUID, reaction: Reaction) -> None:
        async with self._slots:
            try:
                async with self._database.write() as tx:
                    await self._react(tx, event_id, reaction)
            except Exception as failure:
                # whatever a reaction raises is its own; the next one must still run
                await self._failed(event_id, reaction, failure)

    async def _react(self, tx: Tx, event_id: UUID, reaction: Reaction) -> None:
        found = await store.lock(tx, event_id, reaction.name)
        if found is None:
            return
        event: Any = msgspec.convert(found.body, reaction.event, strict=False, str_keys=True)
        with structlog.contextvars.bound_contextvars(event_id=str(event_id), reaction=reaction.name):
            await reaction.run(tx, event)
        await store.mark_done(tx, event_id, reaction.name)

    async def _failed(self, event_id: UUID, reaction: Reaction, failure: Exception) -> None:
        async with self._database.write() as tx:
            attempts = await store.attempts(tx, event_id, reaction.name) + 1
            state = await store.mark_failed(
                tx,
                event_id,
                reaction.name,
                error=type(failure).__name__,
                pause=pause_after(attempts),
                most=self._most,
            )
        log.warning(
            "relay.reaction_failed",
            event_id=str(event_id),
            reaction=reaction.name,
            attempts=attempts,
            state=state,
            exc_info=failure,
        )

    def wake(self) -> None:
        """Look now: another process announced something."""
        self._wake.set()

    def _woken(self, tx: Tx) -> None:
        if tx.announced:
            self.wake()
