# SPDX-License-Identifier: Apache-2.0
"""What rules that are kept must hold beyond the format: sources, currencies, no day twice, none left out.

A case may say what it likes; by the rules that are kept, people are charged.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise
from typing import NoReturn

from silkcast.goods.duties.values import Charge, Combined, Fixed, Mark, Per, Row, RuleSet, Span, When
from silkcast.ground.money import BadMoney, minor_units

from .shape import Place

NOT_LAW: tuple[Mark, ...] = ("example",)


@dataclass(frozen=True, slots=True)
class _Cited:
    """A row of any list: where it stands, what it needs."""

    place: Place
    name: str
    mark: Mark
    src: tuple[str, ...]
    currencies: tuple[str, ...]


def check_kept(place: Place, rules: RuleSet, sources: Collection[str]) -> None:
    """Of one rule set. Raises `BrokenRules` with the place of the first fault."""
    if rules.decimals > _known(rules.currency, place.at("currency")):
        place.at("decimals").wrong(f"{rules.currency} has no such minor unit")
    for one in _rows(place, rules):
        for currency in one.currencies:
            _known(currency, one.place)
        if one.mark in NOT_LAW:
            one.place.wrong(f"{one.name}: an example is no law")
        if one.mark == "verified" and not one.src:
            one.place.wrong(f"{one.name}: verified, and no source is named")
        for key in one.src:
            if key not in sources:
                one.place.wrong(f"{one.name}: the source {key!r} is not among the sources")
    for index, part in enumerate(rules.components):
        _check_dates(place.at("components", index, "rows"), part.rows)
    _check_rates(place.at("exchange"), rules)


def check_versions(place: Place, found: Sequence[RuleSet]) -> None:
    """Rule sets of one market follow each other day by day."""
    for one, other in combinations(range(len(found)), 2):
        if found[one].span.meets(found[other].span):
            place.at(other).wrong("two rule sets speak for one day")
    ordered = sorted(range(len(found)), key=lambda index: found[index].span.first)
    for one, other in pairwise(ordered):
        _check_gap(place.at(other), "rules", found[one].span, found[other].span)


def _rows(place: Place, rules: RuleSet) -> Iterator[_Cited]:
    for at, part in enumerate(rules.components):
        for index, row in enumerate(part.rows):
            needs = (*_named(row.when), *_charged(row.charge))
            where = place.at("components", at, "rows", index)
            yield _Cited(where, row.name or part.name, row.mark, row.src, needs)
    for index, limit in enumerate(rules.limits):
        needs = tuple(_named(limit.when))
        yield _Cited(place.at("limits", index), limit.code, limit.mark, limit.src, needs)
    for index, rate in enumerate(rules.exchange):
        name = f"{rate.source} to {rate.target}"
        where = place.at("exchange", index)
        yield _Cited(where, name, rate.mark, rate.src, (rate.source, rate.target))


def _named(when: When) -> Iterator[str]:
    yield from (one.currency for one in when.measured if one.currency is not None)
    if when.not_all is not None:
        yield from _named(when.not_all)


def _charged(charge: Charge) -> Iterator[str]:
    match charge:
        case Combined(_, of):
            for part in of:
                yield from _charged(part)
        case Fixed(_, currency) | Per(_, _, currency) if currency is not None:
            yield currency
        case _:
            pass


def _known(currency: str, place: Place) -> int:
    try:
        return minor_units(currency)
    except BadMoney:
        place.wrong(f"there is no currency {currency}")


def _check_dates(place: Place, rows: Sequence[Row]) -> None:
    """Rows of one name and condition are versions of one law: no day twice, none left out."""
    versions: dict[tuple[str, When], list[int]] = {}
    for index, row in enumerate(rows):
        versions.setdefault((row.name, row.when), []).append(index)
    for alike in versions.values():
        for one, other in combinations(alike, 2):
            if rows[one].span.meets(rows[other].span) and _share_goods(rows[one], rows[other]):
                _twice(place.at(other), rows[one], rows[other])
        same: dict[object, list[int]] = {}
        for index in alike:
            same.setdefault((rows[index].hs, rows[index].not_hs), []).append(index)
        for chain in same.values():
            ordered = sorted(chain, key=lambda index: rows[index].span.first)
            for one, other in pairwise(ordered):
                _check_gap(place.at(other), rows[other].name, rows[one].span, rows[other].span)


def _twice(place: Place, one: Row, other: Row) -> NoReturn:
    first = max(one.span.first, other.span.first)
    ends = [span.last for span in (one.span, other.span) if span.last is not None]
    until = min(ends) if ends else "…"
    place.wrong(
        f"{other.name or 'this row'}: in force twice from {first} to {until}, and both would be charged"
    )


def _share_goods(one: Row, other: Row) -> bool:
    """Whether some code may be taken by both: one beginning lies in the other and is not left out."""
    left_out = (*one.not_hs, *other.not_hs)
    for mine in one.hs if one.hs is not None else ("",):
        for yours in other.hs if other.hs is not None else ("",):
            longer, shorter = (mine, yours) if len(mine) > len(yours) else (yours, mine)
            if longer.startswith(shorter) and not longer.startswith(left_out):
                return True
    return False


def _check_rates(place: Place, rules: RuleSet) -> None:
    pairs: dict[tuple[str, str], list[int]] = {}
    for index, row in enumerate(rules.exchange):
        pairs.setdefault((row.source, row.target), []).append(index)
    for (source, target), found in pairs.items():
        ordered: Iterable[int] = sorted(found, key=lambda index: rules.exchange[index].span.first)
        for one, other in pairwise(ordered):
            spans = rules.exchange[one].span, rules.exchange[other].span
            _check_gap(place.at(other), f"{source} to {target}", *spans)


def _check_gap(place: Place, name: str, earlier: Span, later: Span) -> None:
    if earlier.last is None or earlier.last == date.max:
        return
    missing = earlier.last + timedelta(days=1)
    if later.first > missing:
        place.wrong(f"{name}: a gap, nothing speaks for {missing} to {later.first - timedelta(days=1)}")
