# SPDX-License-Identifier: Apache-2.0
"""Size tables: `sizes.toml` of a pack. A market names the packs whose sizes its people know."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import get_args

from silkcast.plumbing import packs

from .editions import fact
from .tables import Table, read
from .values import Body, SizeRow, SizeTable

FILE = "sizes.toml"
KINDS = ("women", "men", "shoes")


def read_all() -> dict[str, tuple[SizeTable, ...]]:
    """The tables of every system, by the code of its pack."""
    return {code: read_file(path, code) for code, path in packs.files(FILE).items()}


def read_file(path: Path, code: str) -> tuple[SizeTable, ...]:
    return read(path, lambda table: _tables(code, table))


def _tables(code: str, document: Table) -> tuple[SizeTable, ...]:
    made = []
    for one in document.tables("table"):
        rows = one.tables("rows")
        table = SizeTable(
            system=code,
            kind=one.one_of("kind", KINDS),
            tolerance=one.decimal("tolerance"),
            rows=tuple(_row(row) for row in rows),
            fact=fact(one),
        )
        one.done()
        if not table.rows or table.tolerance < 0:
            raise one.fault("a table has rows, and a tolerance of zero or more", "tolerance")
        _rising(table, rows)
        made.append(table)
    document.done()
    return tuple(made)


def _row(table: Table) -> SizeRow:
    size = table.text("size")
    body: dict[Body, tuple[Decimal, Decimal]] = {}
    for part in get_args(Body):
        if table.has(part):
            body[part] = _span(table, part)
    table.done()
    if not body:
        raise table.fault("a size has measurements of the body", "size")
    return SizeRow(size, body)


def _span(table: Table, part: str) -> tuple[Decimal, Decimal]:
    with table.reading(part):
        low, high = (Decimal(one) for one in table.texts(part))
    if not 0 < low <= high:
        raise table.fault(f"{part} goes from the lesser to the greater", part)
    return low, high


def _rising(table: SizeTable, rows: list[Table]) -> None:
    """A larger size is for a larger body, and every row measures the same parts."""
    for (before, after), told in zip(pairwise(table.rows), rows[1:], strict=True):
        if before.body.keys() != after.body.keys():
            raise told.fault("every size of a table measures the same parts", "size")
        for part, (low, high) in after.body.items():
            if low <= before.body[part][0] or high <= before.body[part][1]:
                raise told.fault(f"{part} of size {after.size} is not over that of the size before", part)
