# SPDX-License-Identifier: Apache-2.0
"""What stock decides without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping

from silkcast.ground.ids import VariantId

from .errors import BadUnits, NothingWanted
from .values import Hold, HoldLine

MOST_UNITS = 1_000_000
"""At once. A typing slip is likelier than a million of one thing."""


def check_units(units: int) -> int:
    """A whole number over zero, and not absurdly many."""
    if isinstance(units, bool) or not 0 < units <= MOST_UNITS:
        raise BadUnits(units)
    return units


def check_change(units: int) -> int:
    """A correction: more or fewer, but not none."""
    check_units(abs(units))
    return units


def check_want(want: Mapping[VariantId, int]) -> dict[VariantId, int]:
    """What is wanted, in the one order that everybody locks in."""
    if not want:
        raise NothingWanted
    return {variant: check_units(want[variant]) for variant in sorted(want)}


def lines_of(hold: Hold, want: Mapping[VariantId, int]) -> tuple[HoldLine, ...] | None:
    """So many units of a hold, warehouse by warehouse, the fullest first; None if it has too few."""
    found: list[HoldLine] = []
    for variant, units in want.items():
        left = units
        for line in sorted(hold.lines, key=lambda line: (-line.units, line.warehouse)):
            if line.variant == variant and left:
                taken = min(left, line.units)
                found.append(HoldLine(variant, line.warehouse, taken))
                left -= taken
        if left:
            return None
    return tuple(found)
