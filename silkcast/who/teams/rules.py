# SPDX-License-Identifier: Apache-2.0
"""How far is too far."""

from __future__ import annotations

from silkcast.ground.money import Money

from .errors import BadLimits, BadText, BeyondLimits
from .values import Limits

LONGEST_WHY = 300
LONGEST_TEXT = 600
MOST_UP = 1000


def check_limits(limits: Limits) -> None:
    """Downwards at most all of it, upwards at most elevenfold."""
    for field, most in (
        ("price_down", 99),
        ("price_up", MOST_UP),
        ("floor_down", 99),
        ("floor_up", MOST_UP),
        ("deal_most", 95),
    ):
        value = getattr(limits, field)
        if isinstance(value, bool) or not 0 <= value <= most:
            raise BadLimits(field)


def check_amount(what: str, amount: Money, base: Money, down: int, up: int) -> None:
    """Within so many percent of the base; ends belong to it, rounded to what can be paid, never outwards."""
    least = -(-base.minor * (100 - down) // 100)
    most = base.minor * (100 + up) // 100
    if amount.currency != base.currency or not least <= amount.minor <= most:
        ends = (Money.from_minor(end, base.currency).amount for end in (least, most))
        raise BeyondLimits(what, *(f"{end} {base.currency}" for end in ends))


def check_discount(percent: int, limits: Limits) -> None:
    if isinstance(percent, bool) or not 0 <= percent <= limits.deal_most:
        raise BeyondLimits("deal_discount", "0", str(limits.deal_most))


def line(words: str, field: str, longest: int, *, may_be_empty: bool = False) -> str:
    """Words on one line, or `BadText`."""
    kept = " ".join("".join(sign for sign in words if sign.isprintable() or sign.isspace()).split())
    if len(kept) > longest or not (kept or may_be_empty):
        raise BadText(field)
    return kept
