# SPDX-License-Identifier: Apache-2.0
"""Rounding and sharing in whole minor units. Nothing here is ever negative."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from silkcast.goods.duties.errors import BadShipment
from silkcast.goods.duties.values import Exact, Mode


def rounded(value: Exact, mode: Mode, step: int) -> int:
    """The multiple of `step` that a non-negative `value` rounds to."""
    unit: int = value.denominator * step
    whole, rest = divmod(int(value.numerator), unit)
    if rest and (
        mode == "up"
        or (mode != "down" and (2 * rest > unit or (2 * rest == unit and (mode == "half_up" or whole % 2))))
    ):
        whole += 1
    return whole * step


def slim(value: Exact) -> Exact:
    """A whole number as an int: the same number, several times faster."""
    return value.numerator if value.denominator == 1 else value


def minor(amount: Decimal, decimals: int, field: str) -> int:
    """The amount in whole minor units; refused if it is none, or negative."""
    numerator, denominator = amount.as_integer_ratio()
    scale: int = 10**decimals
    units, rest = divmod(numerator * scale, denominator)
    if rest or units < 0:
        raise BadShipment(field)
    return units


def shared(amount: int, weights: Sequence[Exact]) -> list[int]:
    """Cut each part down, then one unit each to the largest remainders, the earlier first."""
    whole = sum(weights)
    if whole == 0:
        return [amount] + [0] * (len(weights) - 1)
    parts = [divmod(amount * weight, whole) for weight in weights]
    result = [int(part) for part, _ in parts]
    left = amount - sum(result)
    if left:
        by_remainder = sorted(range(len(parts)), key=lambda index: -parts[index][1])
        for index in by_remainder[:left]:
            result[index] += 1
    return result


def shared_exactly(amount: Exact, weights: Sequence[int]) -> list[Exact]:
    whole = sum(weights)
    if whole == 0:
        return [amount] + [0] * (len(weights) - 1)
    return [Fraction(amount * weight, whole) for weight in weights]
