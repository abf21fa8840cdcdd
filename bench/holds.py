# SPDX-License-Identifier: Apache-2.0
"""Holds a second, each in a durable transaction of its own: one product that all want, and many products.

The floor is pgbench from the same PostgreSQL, fsync on: the same connections, one conditional update and one
insert a transaction, and nothing of ours.
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import tempfile
import time
from datetime import timedelta
from pathlib import Path

from bench.row import Row
from silkcast.goods.stock import service as stock
from silkcast.ground.ids import VariantId, WarehouseId, new_uuid
from silkcast.main import metadata
from silkcast.plumbing.db import Database
from silkcast.plumbing.db.history import upgrade
from silkcast.plumbing.postgres import Postgres, find_binaries
from silkcast.plumbing.vault import Vault

AT_ONCE = 16
SECONDS = 6
HERE = WarehouseId(new_uuid())
PLAIN = """\\set one random(1, 400)
BEGIN;
UPDATE bench_levels SET held = held + 1 WHERE id = :one AND on_hand - held >= 1;
INSERT INTO bench_holds (level, until) VALUES (:one, now() + interval '10 minutes');
COMMIT;
"""


async def held(database: Database, variants: list[VariantId]) -> float:
    """Transactions a second while `AT_ONCE` buyers hold one unit after the other."""
    done = 0
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
    return done / SECONDS


async def ours(server: Postgres) -> tuple[float, float]:
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


def plain(server: Postgres, folder: Path) -> float:
    """pgbench's transactions a second."""
    programs = find_binaries()
    url = server.url()
    tables = (
        "CREATE TABLE bench_levels (id int PRIMARY KEY, on_hand int, held int);"
        "CREATE TABLE bench_holds (id bigserial PRIMARY KEY, level int, until timestamptz);"
        "INSERT INTO bench_levels SELECT n, 1000000, 0 FROM generate_series(1, 400) n"
    )
    subprocess.run([programs.program("psql"), "-q", "-c", tables, url], check=True)
    script = folder / "hold.sql"
    script.write_text(PLAIN)
    asked = ["-n", "-c", str(AT_ONCE), "-j", "2", "-T", str(SECONDS), "-f", str(script), url]
    said = subprocess.run(
        [programs.program("pgbench"), *asked],
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
            many, one = asyncio.run(ours(server))
            floor = plain(server, Path(made))
        finally:
            server.stop()
    return [
        Row(f"stock holds, 400 products, {AT_ONCE} buyers at once", many, "/s"),
        Row(f"stock holds, one product, {AT_ONCE} buyers at once", one, "/s"),
        Row("pgbench, update and insert, the same connections", floor, "/s", is_floor=True),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row.line())
