# SPDX-License-Identifier: Apache-2.0
"""Charges: one of a rate, an amount, or a sum, greatest or least of charges."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal, cast

from silkcast.goods.duties.values import Charge, Combined, Fixed, Per, Rate

from .shape import Place

KINDS = ("rate", "fixed", "per_unit", "per_kg", "per_code", "sum", "max", "min")


def read_charge(place: Place, *, in_sum: bool = False) -> tuple[Charge, bool]:
    """The charge, and whether a rate stands in it."""
    keys = place.keys((), (*KINDS, "divisor", "inside", "currency"))
    kinds = [kind for kind in KINDS if kind in keys]
    if len(kinds) != 1:
        place.wrong(f"a charge is one of {', '.join(KINDS)}")
    kind = kinds[0]
    allowed = {"rate": ("divisor", "inside"), "sum": (), "max": (), "min": ()}.get(kind, ("currency",))
    place.keys((kind,), allowed)
    if kind == "rate":
        return _rate(place), True
    if kind in ("sum", "max", "min"):
        parts = [read_charge(one, in_sum=in_sum or kind == "sum") for one in keys[kind].items()]
        if not parts:
            keys[kind].wrong("of no charges")
        how = cast(Literal["sum", "max", "min"], kind)
        return Combined(how, tuple(part for part, _ in parts)), any(rated for _, rated in parts)
    currency = keys["currency"].currency() if "currency" in keys else None
    if kind == "fixed":
        return Fixed(keys[kind].exact(signed=in_sum), currency), False
    each = cast(Literal["unit", "kg", "code"], kind.removeprefix("per_"))
    return Per(each, keys[kind].exact(), currency), False


def _rate(place: Place) -> Rate:
    keys = place.keys(("rate",), ("divisor", "inside"))
    divisor = keys["divisor"].exact() if "divisor" in keys else Fraction(1)
    if divisor == 0:
        keys["divisor"].wrong("a divisor is over zero")
    rate = Rate(keys["rate"].exact(), divisor, "inside" in keys and keys["inside"].truth())
    if rate.inside and rate.rate / rate.divisor >= 1:
        keys["rate"].wrong("a rate inside its own base is below 1")
    return rate
