# SPDX-License-Identifier: Apache-2.0
"""Rule sets: the law of one market as the format writes it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import combinations
from typing import cast, get_args

from silkcast.goods.duties.values import (
    VALUE_NAMES,
    Basis,
    Collector,
    Component,
    Exchange,
    Kind,
    Limit,
    Mark,
    Mode,
    Quota,
    Rounding,
    Row,
    RuleSet,
    Span,
)

from .charges import read_charge
from .conditions import Words, read_when
from .shape import Place

NAME = re.compile(r"[^.\s][^.\n]*\Z")
DIGITS = re.compile(r"[0-9]+\Z")
MARKS: tuple[Mark, ...] = get_args(Mark)
DATES = ("valid_to", "src")


@dataclass
class _Reading:
    """What has been read of a rule set that later parts refer to."""

    decimals: int
    words: Words
    components: dict[str, Kind] = field(default_factory=dict)

    def bases(self) -> set[str]:
        names = {*VALUE_NAMES, "freight.charged", "insurance.charged"}
        for name in self.components:
            names |= {name, f"{name}.full", f"{name}.charged"}
        return names


def read_rules(place: Place, extra: Collection[str] = ()) -> RuleSet:
    """A rule set; `extra` are keys that the document around it may add and reads itself."""
    keys = place.keys(
        ("name", "valid_from", "currency", "decimals", "value_basis", "components"),
        ("valid_to", "rounding", "exchange", "quotas", "limits", *extra),
    )
    name = keys["name"].text()
    span = read_span(keys)
    currency = keys["currency"].currency()
    decimals = keys["decimals"].whole(0, 4)
    basis = cast(Basis, keys["value_basis"].one_of(get_args(Basis)))
    unit = Rounding("half_up", Fraction(1, 10**decimals))
    rounding = _rounding(keys["rounding"], decimals) if "rounding" in keys else unit
    quotas = _quotas(keys["quotas"]) if "quotas" in keys else ()
    reading = _Reading(decimals, Words({quota.name: quota.is_money for quota in quotas}))
    exchange = _exchange(keys["exchange"]) if "exchange" in keys else ()
    limits = tuple(_limit(one, reading) for one in keys["limits"].items()) if "limits" in keys else ()
    components = tuple(_component(one, reading) for one in keys["components"].items())
    return RuleSet(name, span, currency, decimals, basis, rounding, components, exchange, quotas, limits)


def read_span(keys: Mapping[str, Place]) -> Span:
    first = keys["valid_from"].day()
    last = keys["valid_to"].day() if "valid_to" in keys else None
    if last is not None and last < first:
        keys["valid_to"].wrong("lies before valid_from")
    return Span(first, last)


def _mark(keys: Mapping[str, Place]) -> Mark:
    return cast(Mark, keys["mark"].one_of(MARKS))


def _src(keys: Mapping[str, Place]) -> tuple[str, ...]:
    return keys["src"].texts() if "src" in keys else ()


def _rounding(place: Place, decimals: int) -> Rounding:
    keys = place.keys(("mode", "step"))
    step = keys["step"].exact()
    if step <= 0 or (step * 10**decimals).denominator != 1:
        keys["step"].wrong("a step is a multiple of the minor unit, over zero")
    return Rounding(cast(Mode, keys["mode"].one_of(get_args(Mode))), step)


def _exchange(place: Place) -> tuple[Exchange, ...]:
    rows = []
    for one in place.items():
        keys = one.keys(("from", "to", "rate", "valid_from", "mark"), DATES)
        source, target, rate = keys["from"].currency(), keys["to"].currency(), keys["rate"].exact()
        if rate <= 0:
            keys["rate"].wrong("a rate of exchange is over zero")
        if source == target:
            one.wrong("a currency has no rate to itself")
        rows.append(Exchange(source, target, rate, read_span(keys), _mark(keys), _src(keys)))
    for one_row, other in combinations(rows, 2):
        same = (one_row.source, one_row.target) == (other.source, other.target)
        if same and one_row.span.meets(other.span):
            place.wrong(f"two rates from {one_row.source} to {one_row.target} are in force together")
    return tuple(rows)


def _quotas(place: Place) -> tuple[Quota, ...]:
    quotas: dict[str, Quota] = {}
    for one in place.items():
        keys = one.keys(("name", "counts"))
        name = keys["name"].matching(NAME, "a name without a full stop")
        if name in quotas:
            one.wrong(f"a second quota {name!r}")
        quotas[name] = Quota(name, keys["counts"].one_of((*VALUE_NAMES, "units", "shipments")))
    return tuple(quotas.values())


def _limit(place: Place, reading: _Reading) -> Limit:
    keys = place.keys(("code", "valid_from", "mark"), ("when", *DATES))
    when = read_when(keys.get("when"), reading.words)
    return Limit(keys["code"].text(), read_span(keys), when, _mark(keys), _src(keys))


def _component(place: Place, reading: _Reading) -> Component:
    keys = place.keys(("name", "kind", "rows"), ("rounding", "base_rounding"))
    name = keys["name"].matching(NAME, "a name without a full stop")
    if name in VALUE_NAMES or name in reading.components:
        keys["name"].wrong(f"the name {name!r} is taken")
    kind = cast(Kind, keys["kind"].one_of(get_args(Kind)))
    rows = tuple(_row(one, kind, reading) for one in keys["rows"].items())
    reading.components[name] = kind
    return Component(
        name,
        kind,
        rows,
        _rounding(keys["rounding"], reading.decimals) if "rounding" in keys else None,
        _rounding(keys["base_rounding"], reading.decimals) if "base_rounding" in keys else None,
    )


def _row(place: Place, kind: Kind, reading: _Reading) -> Row:
    keys = place.keys(
        ("valid_from", "charge", "mark"), ("name", "when", "lines", "base", "share", "collected_by", *DATES)
    )
    charge, with_rate = read_charge(keys["charge"])
    when = read_when(keys.get("when"), reading.words, in_row=True)
    base = _base(place, keys, with_rate, reading)
    if any(one.excess for one in when.measured) and not base:
        keys["when"].wrong("part: excess lowers a base, and this row has none")
    hs, not_hs = _lines(keys["lines"]) if "lines" in keys else (None, ())
    share = keys["share"].exact() if "share" in keys else Fraction(1)
    if share > 1:
        keys["share"].wrong("a share is at most 1")
    return Row(
        span=read_span(keys),
        charge=charge,
        mark=_mark(keys),
        name=keys["name"].text() if "name" in keys else "",
        when=when,
        hs=hs,
        not_hs=not_hs,
        base=base,
        share=share,
        collected_by=_collector(place, keys, kind),
        src=_src(keys),
    )


def _base(place: Place, keys: Mapping[str, Place], with_rate: bool, reading: _Reading) -> tuple[str, ...]:
    if "base" not in keys:
        if with_rate:
            place.wrong("a charge with a rate needs a base")
        return ()
    if not with_rate:
        keys["base"].wrong("a base is only for charges with a rate")
    known = reading.bases()
    names = []
    for one in keys["base"].items():
        name = one.text()
        if name not in known:
            one.wrong(f"{name!r} is no value and no component above")
        names.append(name)
    if not names:
        keys["base"].wrong("a base names at least one amount")
    return tuple(names)


def _collector(place: Place, keys: Mapping[str, Place], kind: Kind) -> Collector | None:
    if kind == "notional":
        if "collected_by" in keys:
            keys["collected_by"].wrong("a notional component is collected by nobody")
        return None
    if "collected_by" not in keys:
        place.wrong("the key 'collected_by' is missing")
    return cast(Collector, keys["collected_by"].one_of(get_args(Collector)))


def _lines(place: Place) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    keys = place.keys((), ("hs", "not_hs"))

    def beginnings(key: str) -> tuple[str, ...]:
        return tuple(one.matching(DIGITS, "digits of a code") for one in keys[key].items())

    return (
        beginnings("hs") if "hs" in keys else None,
        beginnings("not_hs") if "not_hs" in keys else (),
    )
