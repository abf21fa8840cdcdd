# SPDX-License-Identifier: Apache-2.0
"""Holds a second, each in a durable transaction of its own: one product that all want, and many products.

The floor is pgbench from the same PostgreSQL, fsync on: the same connections, one conditional update and one
insert a transaction, and nothing of ours. A hold of ours writes more: the hold, its lines, the movement, the
level and two events.
"""

from __future__ import annotations

import asyncio
import os
import random
import re
import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import asyncpg
import uvloop

from bench.row import Floor, Row
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import VariantId, WarehouseId, new_uuid
from silkcast.main import metadata
from silkcast.plumbing.db import Database
from silkcast.plumbing.db.history import upgrade
from silkcast.plumbing.postgres import Postgres, find_binaries
from silkcast.plumbing.vault import Vault

AT_ONCE = 16
_TAKE = "UPDATE bench_levels SET held = held + 1 WHERE id = $1 AND on_hand - held >= 1"
_NOTE = "INSERT INTO bench_holds (level, until) VALUES ($1, now() + interval '10 minutes')"
SECONDS = 6
HERE = WarehouseId(new_uuid())
PLAIN = """\\set one random(1, MANY)
BEGIN;
UPDATE bench_levels SET held = held + 1 WHERE id = :one AND on_hand - held >= 1;
INSERT INTO bench_holds (level, until) VALUES (:one, now() + interval '10 minutes');
COMMIT;
"""


@dataclass(frozen=True, slots=True)
class Held:
    """Transactions a second, and the milliseconds of our own processor time for one."""

    rate: float
    own_ms: float


async def held(database: Database, variants: list[VariantId]) -> Held:
    """While `AT_ONCE` buyers hold one unit after the other."""
    done, spent = 0, time.process_time()
    end = time.monotonic() + SECONDS

    async def buyer(number: int) -> None:
        nonlocal done
        turn = number
        while time.monotonic() < end:
            wanted = variants[turn % len(variants)]
            turn += AT_ONCE
            async with database.write() as tx:
                until = tx.now + timedelta(minutes=10)
                await stock.hold(tx, {wanted: 1}, until=until, reference=new_uuid())
            done += 1

    await asyncio.gather(*(buyer(number) for number in range(AT_ONCE)))
    return Held(done / SECONDS, 1000 * (time.process_time() - spent) / done)


async def ours(server: Postgres) -> tuple[Held, Held]:
    database = Database(server.url(), Vault({1: bytes(32)}), pool_size=AT_ONCE)
    try:
        async with database.engine.begin() as connection:
            await upgrade(connection, metadata())
        variants = [VariantId(new_uuid()) for _ in range(400)]
        async with database.write() as tx:
            for variant in variants:
                await stock.receive(tx, variant, HERE, 1_000_000)
        return await held(database, variants), await held(database, variants[:1])
    finally:
        await database.close()


async def bare(server: Postgres, products: int) -> Held:
    """The transaction of pgbench from Python with asyncpg alone, as many at once."""
    done, spent = 0, time.process_time()
    end = time.monotonic() + SECONDS

    async def buyer() -> None:
        nonlocal done
        connection = await asyncpg.connect(server.url())
        while time.monotonic() < end:
            one = random.randint(1, products)
            async with connection.transaction():
                await connection.execute(_TAKE, one)
                await connection.execute(_NOTE, one)
            done += 1
        await connection.close()

    await asyncio.gather(*(buyer() for _ in range(AT_ONCE)))
    return Held(done / SECONDS, 1000 * (time.process_time() - spent) / done)


def make_plain(server: Postgres) -> None:
    """The floor's tables."""
    tables = (
        "CREATE TABLE bench_levels (id int PRIMARY KEY, on_hand int, held int);"
        "CREATE TABLE bench_holds (id bigserial PRIMARY KEY, level int, until timestamptz);"
        "INSERT INTO bench_levels SELECT n, 1000000, 0 FROM generate_series(1, 400) n"
    )
    subprocess.run([find_binaries().program("psql"), "-q", "-c", tables, server.url()], check=True)


def plain(server: Postgres, folder: Path, products: int) -> float:
    """pgbench's transactions a second, on so many products."""
    script = folder / "hold.sql"
    script.write_text(PLAIN.replace("MANY", str(products)))
    asked = ["-n", "-c", str(AT_ONCE), "-j", "2", "-T", str(SECONDS), "-f", str(script), server.url()]
    said = subprocess.run(
        [find_binaries().program("pgbench"), *asked],
        check=True,
        capture_output=True,
        text=True,
        env=dict(os.environ),
    )
    found = re.search(r"tps = ([\d.]+)", said.stdout)
    assert found is not None, said.stdout
    return float(found.group(1))


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        Path(made).chmod(0o755)
        server = Postgres(Path(made) / "postgres")
        server.start()
        try:
            many, one = uvloop.run(ours(server))
            make_plain(server)
            asked = {"400 products": (many, 400), "one product": (one, 1)}
            found = []
            for name, (ours_, products) in asked.items():
                floor = plain(server, Path(made), products)
                found += told(name, ours_, floor, uvloop.run(bare(server, products)))
        finally:
            server.stop()
    return found


def told(name: str, found: Held, floor: float, least: Held) -> list[Row]:
    pgbench = "pgbench, one update and one insert, as many at once"
    return [
        Row(f"stock holds, {name}, {AT_ONCE} buyers at once", found.rate, "/s", Floor(pgbench, floor)),
        Row("  the same with asyncpg alone", least.rate, "/s", Floor(pgbench, floor)),
        Row("  processor time of ours, each", found.own_ms, "ms", Floor("asyncpg alone", least.own_ms)),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row.line())
