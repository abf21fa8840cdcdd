# SPDX-License-Identifier: Apache-2.0
"""Market files: TOML, one table `[[edition]]` for each span of days.

`shares = "eu"` takes what the `[[shared]]` tables of another pack say: a market's own words count first,
tables are laid over each other, lists of notices and schemes are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from silkcast.ground.places import COUNTRIES, Country
from silkcast.plumbing import packs

from . import editions
from .errors import BrokenMarket
from .tables import Fault, Table, line_of, read
from .values import Market

FILE = "market.toml"
_JOINED = ("notices", "schemes")
_DATES = ("valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Shared:
    """What a union says from one day to another."""

    path: Path
    text: str
    spans: tuple[tuple[date, date, Mapping[str, Any]], ...]


def read_all() -> tuple[Market, ...]:
    """All editions of all markets, in the order of their codes and days. Not kept: the door keeps them."""
    found = packs.files(FILE)
    return tuple(market for code, path in found.items() for market in read_file(path, code))


def read_file(path: Path, code: str | None = None) -> tuple[Market, ...]:
    """The editions of one file; none of a union's. `BrokenMarket` says the line."""
    code = code or path.parent.name.upper()
    text = _text(path)
    return read(path, lambda table: _markets(code, path, text, table), text)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        raise BrokenMarket(f"{path.parent.name}/{path.name}", str(fault)) from None


def _markets(code: str, path: Path, text: str, table: Table) -> tuple[Market, ...]:
    if table.has("shared"):
        _spans(table)
        table.done()
        return ()
    if code not in COUNTRIES:
        raise Fault((), f"{code} is no country of ISO 3166-1")
    union = table.text("shares", "")
    told = table.tables("edition")
    if not told:
        raise Fault((), "edition is missing")
    table.done()
    if not union:
        made = [(one.keys, editions.market(Country(code), one, ())) for one in told]
    else:
        shared = _shared(union, table)
        made = [part for one in told for part in _laid_over(Country(code), one, shared, union)]
    return _in_order(made)


def _shared(union: str, table: Table) -> Shared:
    for folder in reversed(packs.folders()):
        path = folder / union.lower() / FILE
        if path.exists():
            return _read_shared(path, path.stat().st_mtime_ns)
    raise table.fault(f"there is no pack {union!r} to share with", "shares")


@lru_cache(maxsize=16)
def _read_shared(path: Path, changed_at: int) -> Shared:
    text = _text(path)
    return Shared(path, text, read(path, _spans, text))


def _spans(table: Table) -> tuple[tuple[date, date, Mapping[str, Any]], ...]:
    spans: list[tuple[date, date, Mapping[str, Any]]] = []
    for index, said in enumerate(table.tables("shared")):
        begins, ends = said.day("valid_from"), said.day_or_none("valid_to") or date.max
        if spans and spans[-1][1] == date.max:
            raise Fault(("shared", index, "valid_from"), _misfit(begins, date.max))
        if spans and begins != spans[-1][1] + timedelta(days=1):
            raise Fault(("shared", index, "valid_from"), _misfit(begins, spans[-1][1]))
        spans.append((begins, ends, {key: said.raw(key) for key in said.left()}))
    return tuple(spans)


def _laid_over(
    code: Country, own: Table, shared: Shared, union: str
) -> list[tuple[tuple[str | int, ...], Market]]:
    """An edition for each span of the union that it touches."""
    said = {key: own.raw(key) for key in own.left()}
    begins, ends = own.day("valid_from"), own.day_or_none("valid_to")
    made = []
    for index, (since, until, words) in enumerate(shared.spans):
        first, last = max(begins, since), min(ends or date.max, until)
        if first > last:
            continue
        whole = _laid(words, said) | {"valid_from": first}
        whole |= {} if last == date.max else {"valid_to": last}
        try:
            made.append((own.keys, editions.market(code, Table(whole, own.keys), (union.upper(),))))
        except Fault as fault:
            _, _, *rest = fault.keys
            if not rest or rest[0] in said:
                raise
            name = f"{shared.path.parent.name}/{FILE}"
            line = line_of(shared.text, ("shared", index, *rest))
            raise BrokenMarket(name, fault.reason, line) from None
    if not made or made[0][1].valid_from != begins:
        raise own.fault(f"{union} says nothing from {begins} on", "valid_from")
    return made


def _laid(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(below)
    for key, value in above.items():
        under = whole.get(key)
        if isinstance(under, Mapping) and isinstance(value, Mapping) and not key.endswith("fact"):
            whole[key] = _laid(under, value)
        elif key in _JOINED and isinstance(under, list) and isinstance(value, list):
            whole[key] = [*under, *value]
        else:
            whole[key] = value
    return whole


def _in_order(made: list[tuple[tuple[str | int, ...], Market]]) -> tuple[Market, ...]:
    """The editions by their days, one after the other without overlap or gap."""
    for keys, market in made:
        if market.valid_to is not None and market.valid_to < market.valid_from:
            raise Fault((*keys, "valid_to"), "an edition ends after it begins")
    made = sorted(made, key=lambda one: one[1].valid_from)
    for (_, before), (keys, after) in pairwise(made):
        last = before.valid_to or date.max
        if last == date.max or after.valid_from != last + timedelta(days=1):
            raise Fault((*keys, "valid_from"), _misfit(after.valid_from, last))
    return tuple(market for _, market in made)


def _misfit(begins: date, last: date) -> str:
    if begins <= last:
        return "two editions hold on one day"
    return f"a gap between editions: none holds on {last + timedelta(days=1)}"
