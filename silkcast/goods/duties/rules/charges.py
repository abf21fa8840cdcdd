# SPDX-License-Identifier: Apache-2.0
"""Charges made ready: what a row asks of its base and its lines, as a function of whole numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cmp_to_key
from typing import TypeAlias

from silkcast.goods.duties.values import Charge, Combined, Fixed, Line, Per, Rate

from .exact import Ratio, added, ratio, weight

Asks: TypeAlias = Callable[[int, int, Sequence[Line]], Ratio]
"""From a base, above and below its line, and the lines of a shipment."""


def ready(charge: Charge, taken: Sequence[int], codes: Sequence[str]) -> Asks:
    """The charge of a row that takes the lines of these places; amounts are in minor units already."""
    match charge:
        case Rate(rate):
            return _rate(ratio(rate))
        case Fixed(amount):
            return _always(ratio(amount))
        case Per("code", amount):
            kinds = len({codes[index][:6] for index in taken})
            return _always((amount.numerator * kinds, amount.denominator))
        case Per(each, amount):
            return _units(ratio(amount), taken) if each == "unit" else _weight(ratio(amount), taken)
        case Combined(how, of):
            return _combined(how, [ready(part, taken, codes) for part in of])


def _rate(rate: Ratio) -> Asks:
    above, below = rate
    return lambda base, under, lines: (base * above, under * below)


def _always(amount: Ratio) -> Asks:
    return lambda base, under, lines: amount


def _units(amount: Ratio, taken: Sequence[int]) -> Asks:
    above, below = amount
    return lambda base, under, lines: (above * sum([lines[index].quantity for index in taken]), below)


def _weight(amount: Ratio, taken: Sequence[int]) -> Asks:
    def asks(base: int, under: int, lines: Sequence[Line]) -> Ratio:
        above, below = weight([lines[index].net_weight_kg for index in taken])
        return amount[0] * above, amount[1] * below

    return asks


def _compare(one: Ratio, other: Ratio) -> int:
    return one[0] * other[1] - other[0] * one[1]


def _combined(how: str, parts: Sequence[Asks]) -> Asks:
    if how == "sum":
        return lambda base, under, lines: added([part(base, under, lines) for part in parts])
    pick = max if how == "max" else min
    size = cmp_to_key(_compare)
    return lambda base, under, lines: pick([part(base, under, lines) for part in parts], key=size)
