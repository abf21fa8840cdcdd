# SPDX-License-Identifier: Apache-2.0
"""Rounding and sharing in whole minor units. Nothing here is ever negative, but charges inside a sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TypeAlias

from silkcast.goods.duties.errors import BadShipment
from silkcast.goods.duties.values import Exact, Mode

Ratio: TypeAlias = tuple[int, int]
"""What is above and below the line (never zero): not reduced, for that takes most of the time."""


def rounded(value: Exact, mode: Mode, step: int) -> int:
    """The multiple of `step` that a non-negative `value` rounds to."""
    return rounded_ratio(value.numerator, value.denominator, mode, step)


def rounded_ratio(above: int, below: int, mode: Mode, step: int) -> int:
    unit = below * step
    whole, rest = divmod(above, unit)
    if rest and (
        mode == "up"
        or (mode != "down" and (2 * rest > unit or (2 * rest == unit and (mode == "half_up" or whole % 2))))
    ):
        whole += 1
    return whole * step


def added(ratios: Iterable[Ratio]) -> Ratio:
    above, below = 0, 1
    for one, under in ratios:
        if under == below:
            above += one
        else:
            above, below = above * under + one * below, below * under
    return above, below


def ratio(value: Exact) -> Ratio:
    return value.numerator, value.denominator


def slim(value: Exact) -> Exact:
    """A whole number as an int: the same number, several times faster."""
    return value.numerator if value.denominator == 1 else value


def reduced(above: int, below: int) -> Exact:
    return above if below == 1 else slim(Fraction(above, below))


def minor(amount: Decimal, decimals: int, field: str) -> int:
    """The amount in whole minor units; refused if it is none, or negative."""
    try:
        numerator, denominator = amount.as_integer_ratio()
    except (ValueError, OverflowError):
        raise BadShipment(field) from None
    scale: int = 10**decimals
    units, rest = divmod(numerator * scale, denominator)
    if rest or units < 0:
        raise BadShipment(field)
    return units


def weight(amounts: Iterable[Decimal]) -> Ratio:
    """Kilograms in all. Summed as ratios: a sum of decimals is cut after 28 digits."""
    found = added(amount.as_integer_ratio() for amount in amounts)
    if found[0] < 0:
        raise BadShipment("net_weight_kg")
    return found


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
