# SPDX-License-Identifier: Apache-2.0
"""Shutting: which markets are closed, kept in the memory of every process that sells.

Whoever closes or opens a market tells the others over the wire; who did not hear it looks once a second. It
keeps pages right and refuses most at the door, at the cost of a look into a mapping that is nearly always
empty. What counts is the gate in the database (`who/closings`): this here may be a moment late.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.wire import Bus
from silkcast.who.closings import service as closings
from silkcast.who.closings.events import MarketClosed, MarketReopened
from silkcast.who.closings.values import Closure

log = structlog.get_logger()
SUBJECT = "markets.shut"
LOOK_SECONDS = 1.0


class Shut:
    """The closed markets, as this process knows them."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._asked = asyncio.Event()
        self.known: dict[str, Closure] = {}
        """By market; also those still to come. Empty nearly always, and then nothing else is asked."""
        self.changed: list[Callable[[], None]] = []
        """Called when other closures are known than before."""
        database.after_commit(self._committed)

    def of(self, market: str) -> Closure | None:
        """The closure in force in a market now."""
        found = self.known.get(market)
        return found if found is not None and found.holds(self._database.clock.now()) else None

    def check(self, market: str) -> None:
        """`MarketIsClosed`, as far as it is known here."""
        if self.known and (found := self.of(market)) is not None:
            raise closings.refusal(found)

    async def look(self) -> None:
        """Read them anew."""
        async with self._database.read() as db:
            found = {str(one.market): one for one in await closings.all_open(db)}
        if found != self.known:
            self.known = found
            for tell in self.changed:
                tell()

    async def run(self) -> None:
        """Until cancelled."""
        end = await self._bus.subscribe(SUBJECT, lambda subject, octets: self._asked.set())
        try:
            while True:
                self._asked.clear()
                try:
                    await self.look()
                except Exception as fault:  # what is known stays; the gate in the database decides
                    log.warning("markets.not_looked", fault=type(fault).__name__)
                try:
                    async with asyncio.timeout(LOOK_SECONDS):
                        await self._asked.wait()
                except TimeoutError:
                    continue
        finally:
            await end()

    def _committed(self, tx: Tx) -> None:
        if any(isinstance(event, MarketClosed | MarketReopened) for event in tx.announced):
            self._asked.set()
            self._bus.publish(SUBJECT, b"")
