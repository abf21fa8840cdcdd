# SPDX-License-Identifier: Apache-2.0
"""The rows kept for each market, the categories and their words: read once, when first asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from silkcast.plumbing import packs

from .reader import Category, Pack, read_categories, read_pack, read_words
from .rules import find
from .sieve import Denials, Keyword, Sieve
from .values import Evidence, Finding, Goods, Row

FILE = "barred.toml"
DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class Known:
    """All that is kept, ready to be asked."""

    rows: Mapping[str, tuple[Row, ...]]
    """By market: its own rows, then those it shares with others."""
    categories: Mapping[str, Category]
    sieve: Sieve


def known() -> Known:
    return _known(packs.folders())


@lru_cache(maxsize=8)
def _known(folders: tuple[Path, ...]) -> Known:
    found = categories()
    denials, keywords = words_of(found)
    files = [read_pack(path.read_bytes(), code, found) for code, path in packs.files(FILE).items()]
    return gather(files, found, denials, keywords)


def gather(
    files: list[Pack], found: Mapping[str, Category], denials: Mapping[str, Denials], keywords: list[Keyword]
) -> Known:
    rows: dict[str, tuple[Row, ...]] = {}
    for pack in sorted(files, key=lambda one: len(one.markets)):
        for market in pack.markets:
            rows[market] = rows.get(market, ()) + pack.rows
    every = [*keywords, *(word for pack in files for word in pack.keywords)]
    return Known(rows, found, Sieve(every, denials))


@lru_cache(maxsize=1)
def categories() -> Mapping[str, Category]:
    path = DATA / "categories.toml"
    return read_categories(path.read_bytes(), path.name)


def words_of(found: Mapping[str, Category]) -> tuple[dict[str, Denials], list[Keyword]]:
    """The words of every language there is a file of: one more language is one more file."""
    denials: dict[str, Denials] = {}
    keywords: list[Keyword] = []
    for path in sorted((DATA / "words").glob("*.toml")):
        denials[path.stem], more = read_words(path.read_bytes(), path.name, path.stem, found)
        keywords += more
    return denials, keywords


def languages() -> tuple[str, ...]:
    return tuple(sorted(path.stem for path in (DATA / "words").glob("*.toml")))


@lru_cache(maxsize=4096)
def _seen(goods: Goods, folders: tuple[Path, ...]) -> tuple[Evidence, ...]:
    """What a product is, whatever the market: by its words and by its code."""
    there = _known(folders)
    found = list(there.sieve.read(goods))
    for category in there.categories.values():
        for prefix in category.hs:
            if goods.hs_code.startswith(prefix):
                found.append(Evidence("category", prefix, category=category.code))
                break
    return tuple(found)


def seen(goods: Goods) -> tuple[Evidence, ...]:
    return _seen(goods, packs.folders())


def findings(goods: Goods, market: str) -> tuple[Finding, ...]:
    """Every row of a market that speaks for the goods, whatever its days."""
    return _findings(goods, market, packs.folders())


@lru_cache(maxsize=32_768)
def _findings(goods: Goods, market: str, folders: tuple[Path, ...]) -> tuple[Finding, ...]:
    evidence = _seen(goods, folders)
    classes = {one.category for one in evidence}
    made = []
    for row in _known(folders).rows.get(market, ()):
        name = f"{row.file}:{row.code}"
        match = row.match
        if not (match.hs or match.attributes or name in classes or classes.intersection(match.categories)):
            continue  # most rows speak of other goods
        own = [one for one in evidence if one.category == name]
        found = find(row, goods, evidence, own)
        if found is not None:
            made.append(found)
    return tuple(made)
