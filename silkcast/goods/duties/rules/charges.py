# SPDX-License-Identifier: Apache-2.0
"""Charges: what a row asks of its base and its lines, and how that lies on the lines."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from silkcast.goods.duties.values import AppliedRow, Charge, Combined, Exact, Fixed, Per, Rate

from .day import DayComponent, DayRow
from .exact import rounded, shared, shared_exactly
from .worth import Worth, holds


def apply(part: DayComponent, row: DayRow, taken: tuple[int, ...], worth: Worth) -> AppliedRow | None:
    """The row with its base and charge, or None if its condition does not hold."""
    if not holds(row.when, worth):
        return None
    base = _base(part, row, worth, taken) if row.has_rate else None
    charge = _charged(row.charge, 0 if base is None else base, worth, taken)
    if charge < 0:
        charge = 0
    return AppliedRow(row.row, taken, base, charge, charge if row.row.share == 1 else charge * row.row.share)


def _base(part: DayComponent, row: DayRow, worth: Worth, taken: tuple[int, ...]) -> Exact:
    """Sum, less the excess, then cut."""
    base: Exact = 0
    for name in row.row.base:
        if len(taken) == len(worth.line_totals):
            base += worth.totals[name]
        else:
            parts = worth.parts(name)
            for index in taken:
                base += parts[index]
    if row.excess:
        base = base - row.excess if base > row.excess else 0
    if part.base_rounding is not None:
        base = rounded(base, *part.base_rounding)
    return base


def _charged(charge: Charge, base: Exact, worth: Worth, taken: tuple[int, ...]) -> Exact:
    match charge:
        case Rate(factor):
            return base * factor
        case Fixed(amount):
            return amount
        case Per(each, amount):
            return amount * _counted(each, worth, taken)
        case Combined(how, of):
            each_charge = [_charged(one, base, worth, taken) for one in of]
            return (
                sum(each_charge) if how == "sum" else max(each_charge) if how == "max" else min(each_charge)
            )


def _counted(each: str, worth: Worth, taken: tuple[int, ...]) -> Exact:
    lines = [worth.shipment.lines[index] for index in taken]
    if each == "unit":
        return sum(line.quantity for line in lines)
    if each == "code":
        return len({line.hs[:6] for line in lines})
    return sum((Fraction(line.net_weight_kg) for line in lines), Fraction(0))


def on_lines(
    amount: int, charged: bool, rows: Sequence[AppliedRow], worth: Worth
) -> tuple[Sequence[Exact], Sequence[Exact], Sequence[Exact]]:
    """How a component lies on the lines: its amount, its exact sum, and what of it is charged."""
    full: list[Exact] = [0] * len(worth.line_totals)
    levied: list[Exact] = [0] * len(worth.line_totals)
    for row in rows:
        weights = [worth.line_totals[index] for index in row.lines]
        for index, part in zip(row.lines, shared_exactly(row.charge, weights), strict=True):
            full[index] += part
            levied[index] += part * row.row.share
    parts = shared(amount, levied)
    return parts, full, parts if charged else [0] * len(parts)
