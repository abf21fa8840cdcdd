# SPDX-License-Identifier: Apache-2.0
"""A durable house as a process that can be killed and started again, and what must be true of its deals."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import text

from bench.checker import Asked, Lane, Violation, check
from bench.rush_house import Shop, Targets, open_deal, open_shop
from bench.start import environ, first_page, free_port
from silkcast.flows.claiming import key_of, mark_of
from silkcast.ground.ids import DealId, VariantId
from silkcast.money.ledger import service as ledger
from silkcast.plumbing.db import Database, Tx
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.postgres.traces import read_pid_file
from silkcast.plumbing.vault import vault_at
from silkcast.stage.deals import service as deals

Made = TypeVar("Made")
SERVE = (sys.executable, "-m", "silkcast", "serve")
HASTY = (sys.executable, "-m", "tests.faults.hasty")
QUEUE = 2_000
SUMS = text("""
    SELECT lane.taken, lane.units, lane.claims,
        (SELECT coalesce(sum(claim.units), 0) FROM deals.claims AS claim
            WHERE claim.lane = lane.id AND outcome = 'granted') AS granted,
        (SELECT count(*) FROM deals.claims AS claim WHERE claim.lane = lane.id) AS rows,
        (SELECT count(*) FROM deals.claims AS claim
            JOIN orders.claimed AS placed ON placed.id = claim.order_id
            WHERE claim.lane = lane.id AND placed.state = 'open') AS orders,
        (SELECT coalesce(sum(units), 0) FROM stock.hold_lines WHERE hold = lane.hold) AS in_hold
    FROM deals.lanes AS lane WHERE lane.id = :lane
""")


@dataclass(frozen=True, slots=True)
class Sums:
    """What the tables say of a lane, each from another table."""

    taken: int
    units: int
    claims: int
    granted: int
    rows: int
    orders: int
    in_hold: int


@dataclass(slots=True)
class House:
    folder: Path
    port: int
    shop: Shop | None = None
    child: subprocess.Popen[bytes] | None = None
    used: int = field(default=0)

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, command: Sequence[str] = SERVE) -> None:
        """Serves and answers."""
        env = {**environ(self.folder, self.port), "SILKCAST_DEALS__QUEUE": str(QUEUE)}
        self.child = subprocess.Popen(
            command, env=env, stdout=subprocess.DEVNULL, stderr=(self.folder.parent / "log").open("ab")
        )
        end = time.monotonic() + 60
        while not first_page(self.port):
            assert self.child.poll() is None, (self.folder.parent / "log").read_text()[-800:]
            assert time.monotonic() < end, "the house did not answer within a minute"
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        assert self.child is not None
        os.kill(self.child.pid, number)

    def kill(self) -> None:
        assert self.child is not None
        self.child.kill()
        self.child.wait(30)

    def stop(self) -> None:
        if self.child is None or self.child.poll() is not None:
            return
        self.child.send_signal(signal.SIGINT)
        try:
            self.child.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()

    def write(self, deed: Callable[[Tx], Awaitable[Made]]) -> Made:
        """A deed in a transaction, from outside of the house's process."""
        server = Postgres(self.folder / "postgres")
        server.join()
        return asyncio.run(_write(server.url(), self.folder, deed))

    def kill_postgres(self) -> None:
        """The postmaster is gone at once, with all its kin."""
        found = read_pid_file(self.folder / "postgres" / "cluster")
        assert found is not None
        os.kill(found.pid, signal.SIGKILL)

    def deal(self, units: int) -> Targets:
        shop = self.shop
        assert shop is not None
        fresh = shop.variants[self.used : self.used + 1]
        self.used += 1
        return self.write(lambda tx: open_deal(tx, shop, fresh, units))


@contextmanager
def open_house() -> Iterator[House]:
    with tempfile.TemporaryDirectory(prefix="silkcast-faults-") as made:
        Path(made).chmod(0o755)
        house = House(Path(made) / "house", free_port())
        try:
            house.start()
            house.shop = house.write(lambda tx: open_shop(tx, 10))
            yield house
        finally:
            house.stop()


async def _write(url: str, folder: Path, deed: Callable[[Tx], Awaitable[Made]]) -> Made:
    database = Database(url, vault_at(folder / "vault.keys"), pool_size=1)
    try:
        async with database.write() as tx:
            return await deed(tx)
    finally:
        await database.close()


def sums(house: House, targets: Targets) -> Sums:
    async def ask(tx: Tx) -> Sums:
        lane = await _lane(tx, targets)
        row = (await tx.session.execute(SUMS, {"lane": lane.id})).one()
        assert await ledger.check(tx) == ()
        return Sums(*map(int, row))

    return house.write(ask)


async def _lane(tx: Tx, targets: Targets) -> Any:
    deal, variant = targets[0]
    lane = (await deals.the_deal(tx, DealId(UUID(deal)))).lane(VariantId(UUID(variant)))
    assert lane is not None
    return lane


def adds_up(house: House, targets: Targets) -> Sums:
    """The sums, after they were held against each other: nothing expired or was given back yet."""
    found = sums(house, targets)
    assert found.granted == found.taken == found.orders, found
    assert found.rows == found.claims, "numbers without a gap"
    assert found.in_hold == found.units, "what is granted and what is left lie in the lane's hold"
    return found


def record(house: House, targets: Targets, history: Sequence[Asked]) -> dict[tuple[str, str], dict[str, Any]]:
    """What the database kept of each claim, under the names the buyers know."""

    async def ask(tx: Tx) -> Any:
        lane = (await _lane(tx, targets)).id
        kept = text("SELECT key, buyer, number, outcome FROM deals.claims WHERE lane = :lane")
        return (await tx.session.execute(kept, {"lane": lane})).all()

    names = {}
    for one in history:
        buyer = mark_of(one.buyer)
        names[key_of(DealId(UUID(one.deal)), buyer, one.key), buyer] = (one.buyer, one.key)
    kept: dict[tuple[str, str], dict[str, Any]] = {}
    for key, buyer, number, outcome in house.write(ask):
        name = names.get((key, buyer), ("nobody", str(key)))
        kept[name] = {"outcome": outcome, "number": number}
    return kept


def judged(house: House, targets: Targets, history: Sequence[Asked], units: int) -> Violation | None:
    """The checker's word on the history, beside the record of the database."""
    kept = record(house, targets, history)
    lane = Lane(units, limit=1, waitlist=True, record=kept, numbers_given=len(kept))
    return check(history, {targets[0]: lane}, QUEUE)
