# SPDX-License-Identifier: Apache-2.0
"""What has long been done is forgotten; what waits or failed is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from sqlalchemy import text

from silkcast.ground.clock import SetClock
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.jobs.ticker import Ticker
from silkcast.plumbing.outbox import Event, Reaction
from silkcast.plumbing.outbox.relay import Relay
from silkcast.plumbing.upkeep import TICKS


@dataclass(frozen=True, slots=True)
class BellRung(Event):
    name: ClassVar[str] = "test.upkeep.v1"
    is_broken: bool


async def listen(tx: Tx, event: BellRung) -> None:
    if event.is_broken:
        raise ValueError


async def test_only_what_is_done_is_forgotten(database: Database, clock: SetClock) -> None:
    async with database.write() as tx:
        tx.announce(BellRung(False))
        tx.announce(BellRung(True))
        tx.enqueue("test.polish", {})
    await Relay(database, [Reaction("test.listen", BellRung, listen)], most_attempts=1).deliver_all()
    ticker = Ticker(database, TICKS)
    assert await ticker.run_due() == len(TICKS)
    clock.advance(timedelta(days=40))
    assert await ticker.run_due() == len(TICKS)
    async with database.read() as db:
        kept = await db.session.execute(text("SELECT body->>'is_broken' FROM outbox.event"))
        assert list(kept.scalars()) == ["true"]
        assert (await db.session.execute(text("SELECT count(*) FROM jobs.queue"))).scalar_one() == 1
        errors = (await db.session.execute(text("SELECT error FROM jobs.tick"))).scalars()
        assert set(errors) == {""}
