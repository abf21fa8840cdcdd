# SPDX-License-Identifier: Apache-2.0
"""Conditions: `when` and its thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from silkcast.goods.duties.values import VALUE_NAMES, Bound, Channel, Edge, Incoterm, Threshold, When

from .shape import Place

FIELDS = ("origin", "region", "channel", "incoterm", "scheme")
BOUNDS: tuple[Edge, ...] = get_args(Edge)
COUNTS = ("units", "codes", "weight_kg")


@dataclass(frozen=True, slots=True)
class Words:
    """The quotas a threshold may measure, and whether each counts money."""

    quotas: Mapping[str, bool]

    def is_money(self, of: str) -> bool | None:
        """None if there is no such measure."""
        if of in VALUE_NAMES:
            return True
        if of in COUNTS:
            return False
        return self.quotas.get(of.removeprefix("quota.")) if of.startswith("quota.") else None


def read_when(place: Place | None, words: Words, *, in_row: bool = False) -> When:
    """What must hold; `part: excess` may stand only directly in a row."""
    if place is None:
        return When()
    keys = place.keys((), (*FIELDS, "proof", "measured", "not"))
    return When(
        words=tuple((field, frozenset(_words(keys[field], field))) for field in FIELDS if field in keys),
        proof=frozenset(keys["proof"].texts()) if "proof" in keys else None,
        measured=tuple(_threshold(one, words, in_row) for one in keys["measured"].items())
        if "measured" in keys
        else (),
        not_all=read_when(keys["not"], words) if "not" in keys else None,
    )


def _words(place: Place, field: str) -> list[str]:
    if field == "origin":
        return [one.country() for one in place.items()]
    if field in ("channel", "incoterm"):
        known = get_args(Channel if field == "channel" else Incoterm)
        return [one.one_of(known) for one in place.items()]
    return list(place.texts())


def _threshold(place: Place, words: Words, in_row: bool) -> Threshold:
    keys = place.keys(("of",), (*BOUNDS, "currency", "part"))
    of = keys["of"].text()
    money = words.is_money(of)
    if money is None:
        keys["of"].wrong(f"{of!r} cannot be measured")
    bounds = tuple(Bound(how, keys[how].exact()) for how in BOUNDS if how in keys)
    if not 1 <= len(bounds) <= 2:
        place.wrong("a threshold has one bound or two")
    if "currency" in keys and not money:
        keys["currency"].wrong(f"{of!r} is no amount of money")
    excess = "part" in keys and keys["part"].one_of(("whole", "excess")) == "excess"
    if excess and not (in_row and money and "over" in keys):
        keys["part"].wrong("excess stands with over, on an amount, directly in a row's measured")
    return Threshold(of, bounds, keys["currency"].currency() if "currency" in keys else None, excess)
