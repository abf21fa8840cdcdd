# SPDX-License-Identifier: Apache-2.0
"""The rules kept for each market: one file a market among its packs, read once, when first asked for.

A pack whose file begins `shared:` is no market: others say `shares:` and add their rows to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from silkcast.plumbing import packs

from .errors import NoSuchRules
from .reader.document import load
from .reader.rule_sets import DIGITS, read_rules
from .reader.shape import Place
from .sharing import joined
from .values import RuleSet

FILE = "duties.yaml"
SHARED = re.compile(rb"^shared:", re.MULTILINE)
ALL_GOODS = tuple("0123456789")


def markets() -> tuple[str, ...]:
    return tuple(_markets(packs.folders()))


@lru_cache(maxsize=128)
def _markets(folders: tuple[Path, ...]) -> Mapping[str, Path]:
    return {code: path for code, path in packs.files(FILE).items() if not SHARED.search(path.read_bytes())}


def rule_sets(market: str) -> tuple[RuleSet, ...]:
    return _read(market, packs.folders())


@lru_cache(maxsize=128)
def _read(market: str, folders: tuple[Path, ...]) -> tuple[RuleSet, ...]:
    path = _markets(folders).get(market)
    if path is None:
        raise NoSuchRules(market)
    return read_pack(path.read_bytes(), market)


def read_pack(text: str | bytes, market: str) -> tuple[RuleSet, ...]:
    """The rule sets of one market with the beginnings of codes they cover and the texts of their sources."""
    keys = _whole(Place(load(text), market)).keys(("market", "edition", "covers", "sources", "rule_sets"))
    if keys["market"].country() != market:
        keys["market"].wrong(f"this file is kept for {market}")
    keys["edition"].text()
    covers = _covers(keys["covers"])
    places = keys["sources"].keys((), keys["sources"].value)
    sources = {name: one.text() for name, one in places.items()}
    found = []
    for place in keys["rule_sets"].items():
        rules = read_rules(place)
        _cited(place, rules, sources)
        found.append(replace(rules, covers=covers, sources=sources))
    for one_set, other in combinations(found, 2):
        if one_set.span.meets(other.span):
            keys["rule_sets"].wrong("two rule sets speak for one day")
    return tuple(found)


def _whole(place: Place) -> Place:
    """The document itself, or joined to what it shares."""
    if not isinstance(place.value, dict) or "shares" not in place.value:
        return place
    name = place.keys(("shares",), place.value)["shares"].text()
    path = packs.files(FILE).get(name.upper())
    if path is None:
        place.wrong(f"nothing is shared under {name!r}")
    return Place(joined(place, Place(load(path.read_bytes()), name.upper())), place.path)


def _covers(place: Place) -> tuple[str, ...]:
    """`all`: which goods a rate is known for, the rows say themselves."""
    if place.value == "all":
        return ALL_GOODS
    return tuple(one.matching(DIGITS, "digits of a code") for one in place.items())


def _cited(place: Place, rules: RuleSet, sources: Mapping[str, str]) -> None:
    cited = [(part.name, row.src) for part in rules.components for row in part.rows]
    cited += [(limit.code, limit.src) for limit in rules.limits]
    cited += [(f"{row.source} to {row.target}", row.src) for row in rules.exchange]
    for name, keys in cited:
        for key in keys:
            if key not in sources:
                place.wrong(f"{name}: the source {key!r} is not among the sources")
