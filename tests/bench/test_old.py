# SPDX-License-Identifier: Apache-2.0
"""Copies of orders are orders: whole, of other days, and the tables are as they were."""

from __future__ import annotations

from bench.floor import ask
from bench.old import ORDERS, WHOLE, grow
from silkcast.ground.clock import SetClock
from silkcast.ground.ids import HoldId, new_uuid
from silkcast.plumbing.db import Database
from silkcast.plumbing.postgres import Postgres
from silkcast.trade.orders import service as orders
from tests.conftest import VAULT, clone
from tests.trade.orders.build import line, new_order

RULES = """
SELECT 'constraint' || conname || replace(pg_get_constraintdef(oid), ' NOT VALID', '') FROM pg_constraint
WHERE conrelid::regclass::text ~ '^(orders|stock)' UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname IN ('orders', 'stock') ORDER BY 1"""


async def test_old_orders_are_whole_and_the_tables_keep_their_rules(
    postgres: Postgres, clock: SetClock
) -> None:
    name = await clone(postgres)
    database = Database(postgres.url(name), VAULT, clock=clock, pool_size=1)
    async with database.write() as tx:
        for n in range(3):
            new = new_order(hold=HoldId(new_uuid()), lines=(line(10 + n, units=1), line(20, units=1)))
            await orders.place(tx, new, key=f"key-{n}")
    await database.close()
    rules = ask(postgres, RULES, name)

    assert grow(postgres, 90, WHOLE, ORDERS.name, database=name) == 90
    assert grow(postgres, 180, WHOLE, ORDERS.name, database=name) == 180  # copies of copies are orders, too

    assert "ix_orders_seller" in rules
    assert "fk_" in rules
    assert ask(postgres, RULES, name) == rules
    count = "SELECT count(*), count(DISTINCT o.number), count(DISTINCT l.id), count(DISTINCT o.hold)"
    joined = f"{count} FROM orders.orders o JOIN orders.lines l ON l.order_id = o.id"
    assert ask(postgres, joined, name) == "360|180|360|180"
    assert ask(postgres, "SELECT state, count(*) FROM orders.orders GROUP BY 1 ORDER BY 1", name) == (
        "delivered|177\nheld|3"
    )
    youngest = "SELECT array_agg(state ORDER BY id DESC) FROM orders.orders"
    assert ask(postgres, youngest, name).startswith("{held,held,held,delivered")
