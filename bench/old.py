# SPDX-License-Identifier: Apache-2.0
"""Old orders by the million, made of those that are there: each is copied to as many days before.

What names a row is renamed the same way in all its tables, so lines still belong to their orders. A UUID that
begins with its time is set back by a day a copy, and keeps its place in the index. Indexes and keys are
dropped for the while and made again, since filling random ones row by row would take hours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.floor import ask
from silkcast.plumbing.postgres import Postgres
from silkcast.plumbing.postgres.cluster import DATABASE


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    renamed: tuple[str, ...]
    """Columns that name this row, or the row of another table here."""
    settled: Mapping[str, str] = field(default_factory=dict)
    """{column: expression}: so that nobody has anything to do about the copy any more."""


ORDERS = Table(
    "orders.orders", ("id", "number", "key", "secret_hash", "hold", "quote"), {"state": "'delivered'"}
)
WHOLE = (
    ORDERS,
    Table("orders.lines", ("id", "order_id")),
    Table("stock.holds", ("id", "reference"), {"state": "'taken'", "ended_at": "until"}),
    Table("stock.hold_lines", ("hold",)),
)
"""Whole orders, with their lines and holds."""
CLAIMED = Table("orders.claimed", ("id",), {"state": "'whole'"})
TABLES = (CLAIMED, Table("deals.claims", ("number", "key", "order_id"), {"state": "'paid'"}))
"""Claimed orders, and the claims they came of: what a rush writes."""

_TIME = "('x' || left(replace({0}::text, '-', ''), 12))::bit(48)::bigint"
"""The milliseconds a UUID of version 7 begins with."""

_RENAMED = {
    "uuid": f"(lpad(to_hex({_TIME} - copy * {{1}}::bigint), 12, '0')"
    " || substr(replace({0}::text, '-', ''), 13))::uuid",
    "bytea": "sha256({0} || convert_to('{1} ' || copy, 'UTF8'))",
    "text": "{0} || '-{1}-' || copy",
    "character varying": "{0} || '-{1}-' || copy",
    "bigint": "{0} + copy * 10000000::bigint",
}
"""By type: {0} is the column, {1} the milliseconds from copy to copy, others each time copies are made."""


def grow(
    server: Postgres,
    orders: int,
    tables: tuple[Table, ...] = TABLES,
    first: str = CLAIMED.name,
    database: str = DATABASE,
) -> int:
    """Copies until `first` has so many rows; how many it has then."""
    there = int(ask(server, f"SELECT count(*) FROM {first}", database))
    assert there, "there is no order to copy"
    copies = max(0, -(-orders // there) - 1)
    spread = f"max({_TIME.format('id')}) - min({_TIME.format('id')})"
    apart = 86_400_000 + int(ask(server, f"SELECT {spread} FROM {first}", database))
    names = ", ".join(f"'{table.name}'::regclass" for table in tables)
    drop, make = _keys(server, names, database)
    statements = ["SET maintenance_work_mem = '1GB'", *drop]
    statements += [_copy(server, table, copies, apart, database) for table in tables]
    ask(server, ";\n".join([*statements, *make]), database)
    for table in tables:
        ask(server, f"VACUUM (FREEZE, ANALYZE) {table.name}", database)
    ask(server, "CHECKPOINT", database)
    return int(ask(server, f"SELECT count(*) FROM {first}", database))


def _keys(server: Postgres, names: str, database: str) -> tuple[list[str], list[str]]:
    """How to drop the tables' keys and indexes, and how to make them again; foreign keys first and last."""
    asked = f"""
    SELECT format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname) || E'\\t' ||
           format('ALTER TABLE %s ADD CONSTRAINT %I %s%s', conrelid::regclass, conname,
                  replace(pg_get_constraintdef(oid), ' NOT VALID', ''),
                  CASE contype WHEN 'f' THEN ' NOT VALID' ELSE '' END)
             AS drop_and_make,
           CASE contype WHEN 'f' THEN 0 ELSE 1 END AS turn
    FROM pg_constraint
    WHERE contype IN ('p', 'u', 'f') AND (conrelid IN ({names}) OR confrelid IN ({names}))
    UNION ALL
    SELECT format('DROP INDEX %s', indexrelid::regclass) || E'\\t' || pg_get_indexdef(indexrelid), 2
    FROM pg_index
    WHERE indrelid IN ({names}) AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
    ORDER BY turn"""
    ordered = f"SELECT drop_and_make FROM ({asked}) each"
    found = [line.split("\t") for line in ask(server, ordered, database).splitlines()]
    return [drop for drop, _ in found], [make for _, make in reversed(found)]


def _copy(server: Postgres, table: Table, copies: int, apart: int, database: str) -> str:
    asked = f"""
    SELECT attname, format_type(atttypid, NULL) FROM pg_attribute
    WHERE attrelid = '{table.name}'::regclass AND attnum > 0 AND NOT attisdropped
      AND attidentity = '' AND attgenerated = ''"""
    columns, values = [], []
    for line in ask(server, asked, database).splitlines():
        column, kind = line.split("|")
        columns.append(f'"{column}"')
        renamed = _RENAMED[kind].format(f'"{column}"', apart) if column in table.renamed else f'"{column}"'
        values.append(table.settled.get(column, renamed))
    return (
        f"INSERT INTO {table.name} ({', '.join(columns)}) SELECT {', '.join(values)}"
        f" FROM {table.name}, generate_series(1, {copies}) copy"
    )
