# SPDX-License-Identifier: Apache-2.0
"""Rates as tariffs write them, turned into charges: `8.00 %`, `37.2¢/kg + 8%`, `9 % MIN 0.35 EUR / kg`.

What is not wholly understood gives no charge at all.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any, Literal

from silkcast.goods.duties.values import Charge, Combined, Per, Rate

NUMBER = r"([0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
PERCENT = re.compile(rf"{NUMBER} ?%")
CENTS = re.compile(rf"{NUMBER} ?¢ ?(?:/ ?)?(kg|each|no\.)")
DOLLARS = re.compile(rf"\$ ?{NUMBER} ?(?:/ ?)?(kg|each|no\.|t)")
MONEY = re.compile(rf"{NUMBER} ?([A-Z]{{3}}) ?(?:/ ?)?(100 ?kg|1000 ?kg|kg|DTN|KGM|TNE|NAR|item|p/st)")
LIMITS = re.compile(r"\b(MIN|MAX)\b")
KILOGRAMS = {"kg": 1, "KGM": 1, "100kg": 100, "DTN": 100, "1000kg": 1000, "TNE": 1000, "t": 1000}
FREE = frozenset({"free", "0"})


def read(text: str) -> Charge | None:
    """The charge a rate means; None if any of it is not understood."""
    plain = " ".join(text.replace("\u00a0", " ").split())
    if plain.lower() in FREE:
        return Rate(Fraction(0))
    first, *limits = LIMITS.split(plain)
    charge = _sum(first)
    for how, part in zip(limits[::2], limits[1::2], strict=True):
        # A sum behind a limit could be part of the limit or stand beside it: not for us to say.
        bound = None if "+" in part else _part(part.strip())
        if charge is None or bound is None:
            return None
        charge = Combined("max" if how == "MIN" else "min", (charge, bound))
    return charge


def _sum(text: str) -> Charge | None:
    parts = [_part(part.strip()) for part in text.split("+")]
    known = tuple(part for part in parts if part is not None)
    if len(known) != len(parts):
        return None
    return known[0] if len(known) == 1 else Combined("sum", known)


def _part(text: str) -> Charge | None:
    if found := PERCENT.fullmatch(text):
        return Rate(_exact(found[1]) / 100)
    if found := CENTS.fullmatch(text):
        return _per(_exact(found[1]) / 100, found[2], "USD")
    if found := DOLLARS.fullmatch(text):
        return _per(_exact(found[1]), found[2], "USD")
    if found := MONEY.fullmatch(text):
        return _per(_exact(found[1]), found[3].replace(" ", ""), found[2])
    return None


def _per(amount: Fraction, unit: str, currency: str) -> Charge:
    each: Literal["unit", "kg"] = "kg" if unit in KILOGRAMS else "unit"
    return Per(each, amount / KILOGRAMS.get(unit, 1), currency)


def _exact(written: str) -> Fraction:
    return Fraction(written.replace(",", ""))


def as_written(charge: Charge, currency: str) -> dict[str, Any]:
    """The charge in the words of a file of rules whose money is `currency`."""
    if isinstance(charge, Rate):
        return {"rate": decimal(charge.rate)}
    if isinstance(charge, Combined):
        return {charge.how: [as_written(one, currency) for one in charge.of]}
    if isinstance(charge, Per):
        other = {} if charge.currency in (None, currency) else {"currency": charge.currency}
        return {f"per_{charge.each}": decimal(charge.amount), **other}
    return {"fixed": decimal(charge.amount)}


def decimal(exact: Fraction | int) -> str:
    """Exact, without an exponent. All that is read is a decimal, so it ends."""
    parts = Fraction(exact)
    written = format(Decimal(parts.numerator) / Decimal(parts.denominator), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def told(charge: Charge) -> str:
    """The charge for people."""
    if isinstance(charge, Rate):
        return f"{decimal(Fraction(charge.rate) / charge.divisor * 100)} %"
    if isinstance(charge, Combined):
        joint = {"sum": " + ", "max": " or at least ", "min": " or at most "}[charge.how]
        return "(" + joint.join(told(one) for one in charge.of) + ")"
    money = f" {charge.currency}" if charge.currency else ""
    each = f" a {charge.each}" if isinstance(charge, Per) else ""
    return f"{decimal(charge.amount)}{money}{each}"
