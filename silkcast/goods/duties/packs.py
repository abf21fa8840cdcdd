# SPDX-License-Identifier: Apache-2.0
"""The rules kept for each market: one file a market among its packs.

A pack whose file begins `shared:` is no market: others say `shares:` and add their rows to it. A file that
changes is read again. One with a fault is refused whole: the rules read before stay in force, and where there
were none the market has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TypeAlias

import structlog

from silkcast.plumbing import packs

from .errors import BrokenRules, NoSuchRules
from .reader.document import load
from .reader.kept import check_kept, check_versions
from .reader.rule_sets import DIGITS, read_rules
from .reader.shape import Place
from .sharing import joined
from .values import RuleSet

FILE = "duties.yaml"
SHARED = re.compile(rb"^shared:", re.MULTILINE)
ALL_GOODS = tuple("0123456789")
LOOK_EVERY = 5.0
"""Seconds after which a file is looked at again, whether it changed."""

Stamp: TypeAlias = tuple[tuple[str, int, int], ...]
log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Kept:
    sets: tuple[RuleSet, ...]
    stamp: Stamp
    looked: float


@dataclass(frozen=True, slots=True)
class _Listed:
    markets: Mapping[str, Path]
    shared: Mapping[str, Path]
    looked: float


_kept: dict[tuple[str, tuple[Path, ...]], _Kept] = {}
_listed: dict[tuple[Path, ...], _Listed] = {}


def markets() -> tuple[str, ...]:
    return tuple(_files().markets)


def rule_sets(market: str) -> tuple[RuleSet, ...]:
    key = market, packs.folders()
    kept = _kept.get(key)
    if kept is None or monotonic() - kept.looked > LOOK_EVERY:
        kept = _kept[key] = _look(market, kept)
    if not kept.sets:
        raise NoSuchRules(market)
    return kept.sets


def _look(market: str, kept: _Kept | None) -> _Kept:
    files = _files()
    path = files.markets.get(market)
    if path is None:
        raise NoSuchRules(market)
    stamp = _stamp((path, *files.shared.values()))
    if kept is not None and stamp == kept.stamp:
        return replace(kept, looked=monotonic())
    sets = kept.sets if kept is not None else ()
    try:
        sets = read_pack(path.read_bytes(), market)
        if kept is not None:
            log.info("duties.rules_read", market=market, sets=len(sets))
    except (BrokenRules, OSError) as broken:
        log.error("duties.rules_refused", market=market, reason=str(broken), old_stay=bool(sets))
    return _Kept(sets, stamp, monotonic())


def _files() -> _Listed:
    """Which packs hold rules, and which of them are markets."""
    folders = packs.folders()
    listed = _listed.get(folders)
    if listed is None or monotonic() - listed.looked > LOOK_EVERY:
        found = packs.files(FILE)
        shared = {code: path for code, path in found.items() if SHARED.search(path.read_bytes())}
        own = {code: path for code, path in found.items() if code not in shared}
        listed = _listed[folders] = _Listed(own, shared, monotonic())
    return listed


def _stamp(paths: Iterable[Path]) -> Stamp:
    found = []
    for path in paths:
        try:
            status = path.stat()
        except OSError:
            continue
        found.append((str(path), status.st_mtime_ns, status.st_size))
    return tuple(found)


def market_of(text: str | bytes) -> str:
    """The market a file of rules says it is for."""
    place = Place.of(load(text))
    value = place.value.get("market") if isinstance(place.value, dict) else None
    return Place(value, "market", place).country()


def put(text: str | bytes, market: str, folder: Path) -> Path:
    """Written beside the file there was, then put in its place: nobody reads half of it."""
    path = folder / market.lower() / FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_bytes(text if isinstance(text, bytes) else text.encode())
    fresh.replace(path)
    return path


def read_pack(text: str | bytes, market: str) -> tuple[RuleSet, ...]:
    """The rule sets of one market with the beginnings of codes they cover and the texts of their sources."""
    keys = _whole(Place.of(load(text))).keys(("market", "edition", "covers", "sources", "rule_sets"))
    if keys["market"].country() != market:
        keys["market"].wrong(f"this file is kept for {market}")
    keys["edition"].text()
    covers = _covers(keys["covers"])
    places = keys["sources"].keys((), keys["sources"].value)
    sources = {name: one.text() for name, one in places.items()}
    found = []
    for place in keys["rule_sets"].items():
        rules = read_rules(place)
        check_kept(place, rules, sources)
        found.append(replace(rules, covers=covers, sources=sources))
    if not found:
        keys["rule_sets"].wrong("no rules")
    check_versions(keys["rule_sets"], found)
    return tuple(found)


def _whole(place: Place) -> Place:
    """The document itself, or joined to what it shares."""
    if not isinstance(place.value, dict) or "shares" not in place.value:
        return place
    shares = place.keys(("shares",), place.value)["shares"]
    name = shares.text()
    path = packs.files(FILE).get(name.upper())
    if path is None:
        shares.wrong(f"nothing is shared under {name!r}")
    return Place(joined(place, Place.of(load(path.read_bytes()))), "joined")


def _covers(place: Place) -> tuple[str, ...]:
    """`all`: which goods a rate is known for, the rows say themselves."""
    if place.value == "all":
        return ALL_GOODS
    return tuple(one.matching(DIGITS, "digits of a code") for one in place.items())
