# SPDX-License-Identifier: Apache-2.0
"""The atlas: every market as its files say, read whole and kept until whole anew. One process, one atlas."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from silkcast.plumbing import packs

from . import calendar, numbers, reader, sizes
from .errors import BrokenMarket
from .rules import preferred
from .tables import line_of
from .values import Market, SizeTable

MOST_KEPT = 4096
Stamps = tuple[tuple[Path, int, int], ...]


@dataclass(slots=True)
class Atlas:
    """What the files said when they were read, and the answers that were found in them since."""

    folders: tuple[Path, ...]
    stamps: Stamps
    editions: Mapping[str, tuple[Market, ...]]
    sizes: Mapping[str, tuple[SizeTable, ...]]
    days: dict[date, tuple[Market, ...]] = field(default_factory=dict)
    worked: dict[date, Mapping[str, calendar.Workdays]] = field(default_factory=dict)
    guesses: dict[tuple[str, str, date], Market] = field(default_factory=dict)

    def on(self, day: date) -> tuple[Market, ...]:
        found = self.days.get(day)
        if found is None:
            found = tuple(one for editions in self.editions.values() for one in editions if one.holds(day))
            if len(self.days) >= MOST_KEPT:
                self.days.clear()
            self.days[day] = found
        return found

    def calendars(self, day: date) -> Mapping[str, calendar.Workdays]:
        found = self.worked.get(day)
        if found is None:
            known = self.on(day)
            found = {one.code: calendar.Workdays(one.time_zone, one.calendar) for one in known}
            if len(self.worked) >= MOST_KEPT:
                self.worked.clear()
            self.worked[day] = found
        return found

    def guess(self, accept_language: str, hint: str, day: date) -> Market:
        known = self.on(day)
        for market in known:
            if market.code == hint:
                return market
        key = (accept_language, hint, day)
        found = self.guesses.get(key)
        if found is None:
            found = preferred(accept_language, known)
            if len(self.guesses) >= MOST_KEPT:
                self.guesses.clear()
            self.guesses[key] = found
        return found


_atlas: Atlas | None = None


def kept() -> Atlas:
    """What was read, for the folders that packs are in now."""
    global _atlas
    if _atlas is None or _atlas.folders != packs.folders():
        _atlas = _read()
    return _atlas


def read_again() -> bool:
    global _atlas
    if _atlas is not None and _atlas.folders == packs.folders() and _atlas.stamps == _stamps():
        return False
    _atlas = _read()
    return True


def _stamps() -> Stamps:
    found = []
    for name in (reader.FILE, sizes.FILE):
        for path in packs.files(name).values():
            told = path.stat()
            found.append((path, told.st_mtime_ns, told.st_size))
    return tuple(found)


def _read() -> Atlas:
    folders, stamps = packs.folders(), _stamps()
    tables = sizes.read_all()
    editions: dict[str, tuple[Market, ...]] = {}
    for market in reader.read_all():
        editions[market.code] = (*editions.get(market.code, ()), market)
    for code, told in editions.items():
        for market in told:
            _check_names(code, market, tables)
    return Atlas(folders, stamps, editions, tables)


def _check_names(code: str, market: Market, tables: Mapping[str, object]) -> None:
    """Names of things outside of the file: size systems of other packs."""
    for system in market.sizes:
        if system.upper() not in tables:
            path = packs.files(reader.FILE)[code]
            line = line_of(path.read_text(encoding="utf-8"), ("edition", 0, "sizes"))
            raise BrokenMarket(f"{path.parent.name}/{path.name}", f"no pack {system!r} has sizes", line)


def strangers() -> list[str]:
    """What only the large libraries know: places without holidays, numbers without a check. For a test and
    for the doctor; reading them takes longer than a start may."""
    found = []
    for code, told in kept().editions.items():
        for market in told:
            place, part = market.calendar.place, market.calendar.part
            if place and not calendar.knows(place, part):
                found.append(f"{code}: no holidays of {place} {part}".rstrip())
            found += [
                f"{code}: no check {one.check}"
                for one in market.recipient
                if one.check and not numbers.knows(one.check)
            ]
    return found
