# SPDX-License-Identifier: Apache-2.0
"""The rules kept for each market: one file a market among its packs, read once, when first asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from itertools import combinations
from pathlib import Path

from silkcast.plumbing import packs

from .errors import NoSuchRules
from .reader.document import load
from .reader.rule_sets import DIGITS, read_rules
from .reader.shape import Place
from .values import Component, RuleSet

FILE = "duties.yaml"


def markets() -> tuple[str, ...]:
    return tuple(packs.files(FILE))


def rule_sets(market: str) -> tuple[RuleSet, ...]:
    return _read(market, packs.folders())


@lru_cache(maxsize=128)
def _read(market: str, folders: tuple[Path, ...]) -> tuple[RuleSet, ...]:
    path = packs.files(FILE).get(market)
    if path is None:
        raise NoSuchRules(market)
    return read_pack(path.read_bytes(), market)


def read_pack(text: str | bytes, market: str) -> tuple[RuleSet, ...]:
    """The rule sets of one market with the beginnings of codes they cover and the texts of their sources."""
    keys = Place.of(load(text)).keys(("market", "edition", "covers", "sources", "rule_sets"))
    if keys["market"].country() != market:
        keys["market"].wrong(f"this file is kept for {market}")
    keys["edition"].text()
    covers = tuple(one.matching(DIGITS, "digits of a code") for one in keys["covers"].items())
    places = keys["sources"].keys((), keys["sources"].value)
    sources = {name: one.text() for name, one in places.items()}
    found = []
    for place in keys["rule_sets"].items():
        rules = read_rules(place)
        for part in rules.components:
            _cited(place, part, sources)
        found.append(replace(rules, covers=covers, sources=sources))
    for one_set, other in combinations(found, 2):
        if one_set.span.meets(other.span):
            keys["rule_sets"].wrong("two rule sets speak for one day")
    return tuple(found)


def _cited(place: Place, part: Component, sources: dict[str, str]) -> None:
    for row in part.rows:
        for key in row.src:
            if key not in sources:
                place.wrong(f"{part.name}: the source {key!r} is not among the sources")
