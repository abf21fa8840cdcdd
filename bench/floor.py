# SPDX-License-Identifier: Apache-2.0
"""The floor of a flash sale: what PostgreSQL alone does with one transaction a buyer, durable.

Five statements by 32 clients, prepared, from pgbench: take one unit of the stock row if there is one, insert
an order, its line and an outbox row, commit. Beside the house's own database on the house's own server, so
that both meet the same disk in the same minute.

    floor(server, skus=1)        transactions a second where all want one thing
    floor(server, skus=1_000)    where each wants another
    standing(server, skus)       the same, to be looked at in turn with something else
"""

from __future__ import annotations

import re
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bench.row import Row
from silkcast.plumbing.postgres import Postgres, find_binaries

CLIENTS = 32
SECONDS = 8
NAME = "bench_floor"
TABLES = """
CREATE TABLE stock (sku int PRIMARY KEY, units bigint NOT NULL CHECK (units >= 0));
CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, buyer uuid NOT NULL,
    total numeric NOT NULL, currency char(3) NOT NULL, state text NOT NULL, placed_at timestamptz NOT NULL);
CREATE TABLE lines (order_id bigint NOT NULL REFERENCES orders, position int NOT NULL, sku int NOT NULL,
    units int NOT NULL, unit_price numeric NOT NULL, PRIMARY KEY (order_id, position));
CREATE TABLE outbox (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind text NOT NULL,
    payload jsonb NOT NULL, at timestamptz NOT NULL);
INSERT INTO stock SELECT sku, 1000000000 FROM generate_series(1, {skus}) sku;
"""
BUYER = """\\set sku random(1, {skus})
BEGIN;
UPDATE stock SET units = units - 1 WHERE sku = :sku AND units >= 1;
INSERT INTO orders (buyer, total, currency, state, placed_at)
    VALUES (gen_random_uuid(), 24.00, 'EUR', 'held', now()) RETURNING id \\gset
INSERT INTO lines (order_id, position, sku, units, unit_price) VALUES (:id, 1, :sku, 1, 24.00);
INSERT INTO outbox (kind, payload, at)
    VALUES ('orders.placed.v1', jsonb_build_object('order', :id::bigint, 'sku', :sku::int), now());
COMMIT;
"""
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")
_RATE = re.compile(r"tps = ([\d.]+)")


class NotDurable(Exception):
    """A floor of a server that may lose orders says nothing."""


def ask(server: Postgres, statement: str, database: str = "postgres") -> str:
    """One statement through psql, and what it printed."""
    command = [find_binaries().program("psql"), "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1"]
    said = subprocess.run(
        [*command, "-c", statement, server.url(database)], check=False, capture_output=True, text=True
    )
    if said.returncode:
        raise RuntimeError(said.stderr.strip())
    return said.stdout.strip()


def floor(server: Postgres, skus: int, seconds: int = SECONDS) -> float:
    """Transactions a second over `skus` stock rows."""
    with standing(server, skus) as look:
        return look(seconds)


@contextmanager
def standing(server: Postgres, skus: int) -> Iterator[Callable[[int], float]]:
    """The floor over `skus` stock rows, to be looked at as often as one likes: transactions a second in so
    many seconds. The database it is measured in is gone afterwards."""
    for setting in DURABLE:
        if ask(server, f"SHOW {setting}") != "on":
            raise NotDurable(f"{setting} is off")
    ask(server, f"DROP DATABASE IF EXISTS {NAME}")
    ask(server, f"CREATE DATABASE {NAME}")
    try:
        ask(server, TABLES.format(skus=skus), NAME)
        yield partial(pgbench, server, BUYER.format(skus=skus))
        sold = ask(server, "SELECT sum(1000000000 - units) FROM stock", NAME)
        assert sold == ask(server, "SELECT count(*) FROM outbox JOIN lines ON id = order_id", NAME)
    finally:
        ask(server, f"DROP DATABASE {NAME} WITH (FORCE)")


def pgbench(server: Postgres, script: str, seconds: int) -> float:
    with tempfile.TemporaryDirectory(prefix="silkcast-floor-") as folder:
        file = Path(folder) / "buyer.sql"
        file.write_text(script)
        how = ["-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(seconds), "-f", str(file)]
        command = [find_binaries().program("pgbench"), *how, server.url(NAME)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    found = _RATE.search(said.stdout)
    assert found is not None, said.stdout + said.stderr
    return float(found[1])


def rows() -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="silkcast-bench-") as made:
        Path(made).chmod(0o755)
        server = Postgres(Path(made) / "postgres")
        server.start()
        try:
            one, many = floor(server, 1), floor(server, 1_000)
        finally:
            server.stop()
    return [
        Row(f"pgbench, five statements a buyer, {CLIENTS} clients, one row", one, "/s"),
        Row("  over 1,000 rows", many, "/s"),
    ]


if __name__ == "__main__":
    for row in rows():
        print(row.line())
