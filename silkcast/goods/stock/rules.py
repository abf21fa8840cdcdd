# SPDX-License-Identifier: Apache-2.0
"""What stock decides without asking anybody."""

from __future__ import annotations

from collections.abc import Mapping

from silkcast.ground.ids import VariantId

from .errors import BadUnits, NothingWanted

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
