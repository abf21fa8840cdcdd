# SPDX-License-Identifier: Apache-2.0
"""Fitting: from the body's measurements to a size. The body comes first; a size is only a name for a span."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from .values import Body, SizeFit, SizeRow, SizeTable

NONE = SizeFit("none")


def size_for(measure: Mapping[Body, Decimal], table: SizeTable) -> SizeFit:
    """The size that every part fits, within the tolerance; else the two neighbours it lies between, the
    larger of which covers the body; else none. Parts the table does not measure are left out."""
    parts = {part: value for part, value in measure.items() if part in table.rows[0].body}
    if not parts:
        return NONE
    fitting = [
        row for row in table.rows if all(_off(row, part, it) <= table.tolerance for part, it in parts.items())
    ]
    if fitting:
        best = min(fitting, key=lambda row: sum(_off(row, part, it) for part, it in parts.items()))
        return SizeFit("fits", (best.size,))
    places = [_places(value, part, table) for part, value in parts.items()]
    if not all(places):
        return NONE
    low, high = min(map(min, places)), max(map(max, places))
    if high - low > 1:
        return NONE
    return SizeFit("between", (table.rows[low].size, table.rows[high].size))


def _off(row: SizeRow, part: Body, value: Decimal) -> Decimal:
    """How far outside of the row's span a measurement lies."""
    low, high = row.body[part]
    return max(low - value, value - high, Decimal(0))


def _places(value: Decimal, part: Body, table: SizeTable) -> list[int]:
    """The row whose span holds it, else the two rows it lies between; none outside of the table."""
    holding = [place for place, row in enumerate(table.rows) if _off(row, part, value) == 0]
    if holding:
        return holding[:1]
    first, last = table.rows[0], table.rows[-1]
    if value < first.body[part][0] or value > last.body[part][1]:
        edge = first if value < first.body[part][0] else last
        return [table.rows.index(edge)] if _off(edge, part, value) <= table.tolerance else []
    above = next(place for place, row in enumerate(table.rows) if row.body[part][0] > value)
    return [above - 1, above]


def same_body(size: str, own: SizeTable, other: SizeTable) -> SizeFit:
    """What somebody who wears this size in one system wears in another, by the middle of the body it is
    for."""
    row = next((row for row in own.rows if row.size == size), None)
    if row is None:
        return NONE
    return size_for({part: (low + high) / 2 for part, (low, high) in row.body.items()}, other)
