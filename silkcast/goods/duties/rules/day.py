# SPDX-License-Identifier: Apache-2.0
"""A rule set on one day: what is in force, with every amount in minor units of the rules' currency."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import Any

from silkcast.goods.duties.values import (
    VALUE_NAMES,
    Bound,
    Charge,
    Combined,
    Component,
    Exact,
    Fixed,
    Limit,
    Mode,
    Per,
    Rate,
    Row,
    RuleSet,
    Threshold,
    When,
)

from .exact import slim


@dataclass(frozen=True, slots=True)
class DayRow:
    row: Row
    when: When
    charge: Charge
    has_rate: bool
    excess: Exact


@dataclass(frozen=True, slots=True)
class DayComponent:
    component: Component
    rows: tuple[DayRow, ...]
    rounding: tuple[Mode, int]
    base_rounding: tuple[Mode, int] | None


@dataclass(frozen=True, slots=True)
class Day:
    """`lacks` is a currency that a row or limit in force needs and that has no rate."""

    rates: Mapping[str, Fraction]
    lacks: str | None
    rounding: tuple[Mode, int]
    components: tuple[DayComponent, ...]
    limits: tuple[tuple[Limit, When], ...]
    plans: dict[Any, Any] = field(default_factory=dict)
    """By what a shipment is and which way it goes: see `plan`. Filled as shipments come."""


@lru_cache(maxsize=1024)
def on_day(rules: RuleSet, on: date) -> Day:
    """Worked out once for a rule set and a day; rule sets are known by identity."""
    rates = {rules.currency: Fraction(1)} | {
        row.source: row.rate
        for row in rules.exchange
        if row.target == rules.currency and row.span.holds(on) and row.source != rules.currency
    }
    rows = [row for part in rules.components for row in part.rows if row.span.holds(on)]
    limits = [limit for limit in rules.limits if limit.span.holds(on)]
    needed = [code for row in rows for code in (*_needs(row.when), *_charged_in(row.charge))]
    needed += [code for limit in limits for code in _needs(limit.when)]
    lacks = next((code for code in needed if code not in rates), None)
    scale = 10**rules.decimals
    default = (rules.rounding.mode, int(rules.rounding.step * scale))
    if lacks is not None:
        return Day(rates, lacks, default, (), ())
    scaled = {code: rate * scale for code, rate in rates.items()}
    money = frozenset(VALUE_NAMES) | {f"quota.{quota.name}" for quota in rules.quotas if quota.is_money}
    turn = _Turn(scaled, rules.currency, money)
    return Day(
        rates,
        None,
        default,
        tuple(turn.component(part, on, default, scale) for part in rules.components),
        tuple((limit, turn.when(limit.when)) for limit in limits),
    )


def _needs(when: When) -> Iterator[str]:
    for threshold in when.measured:
        if threshold.currency is not None:
            yield threshold.currency
    if when.not_all is not None:
        yield from _needs(when.not_all)


def _charged_in(charge: Charge) -> Iterator[str]:
    match charge:
        case Combined(_, of):
            for part in of:
                yield from _charged_in(part)
        case Fixed(_, currency) | Per(_, _, currency) if currency is not None:
            yield currency
        case _:
            pass


def has_rate(charge: Charge) -> bool:
    if isinstance(charge, Combined):
        return any(has_rate(part) for part in charge.of)
    return isinstance(charge, Rate)


@dataclass(frozen=True, slots=True)
class _Turn:
    """Turns amounts of any currency into minor units of the rules'."""

    scaled: Mapping[str, Fraction]
    own: str
    money: frozenset[str]

    def amount(self, amount: Exact, currency: str | None) -> Exact:
        return slim(amount * self.scaled[currency or self.own])

    def when(self, when: When) -> When:
        return replace(
            when,
            measured=tuple(self.threshold(one) for one in when.measured),
            not_all=None if when.not_all is None else self.when(when.not_all),
        )

    def threshold(self, one: Threshold) -> Threshold:
        if one.of not in self.money:
            return one
        bounds = tuple(Bound(bound.how, self.amount(bound.amount, one.currency)) for bound in one.bounds)
        return replace(one, bounds=bounds, currency=None)

    def charge(self, charge: Charge) -> Charge:
        match charge:
            case Combined(how, of):
                return Combined(how, tuple(self.charge(part) for part in of))
            case Fixed(amount, currency):
                return Fixed(self.amount(amount, currency))
            case Per(each, amount, currency):
                return Per(each, self.amount(amount, currency))
            case Rate():
                return Rate(slim(charge.factor))

    def row(self, row: Row) -> DayRow:
        when = self.when(row.when)
        excess: Exact = sum(
            (
                bound.amount
                for one in when.measured
                if one.excess
                for bound in one.bounds
                if bound.how == "over"
            ),
            0,
        )
        return DayRow(row, when, self.charge(row.charge), has_rate(row.charge), slim(excess))

    def component(self, part: Component, on: date, default: tuple[Mode, int], scale: int) -> DayComponent:
        own, base = part.rounding, part.base_rounding
        return DayComponent(
            part,
            tuple(self.row(row) for row in part.rows if row.span.holds(on)),
            default if own is None else (own.mode, int(own.step * scale)),
            None if base is None else (base.mode, int(base.step * scale)),
        )
