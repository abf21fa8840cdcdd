# SPDX-License-Identifier: Apache-2.0
"""Rules asked in another currency than their own: a law in US dollars, a buyer who pays in reais."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache

from .errors import BadShipment
from .rules.day import on_day
from .values import (
    Charge,
    Combined,
    Exchange,
    Fixed,
    Limit,
    Per,
    Rate,
    Rounding,
    Row,
    RuleSet,
    Span,
    Threshold,
    When,
)


def wanted(rules: RuleSet, currency: str, on: date) -> frozenset[str]:
    """The currencies whose rate to `currency` the day needs: of thresholds, of fixed amounts."""
    found: list[Exchange] = []
    while lacks := on_day(turned(rules, currency, rules.decimals, tuple(found)), on).lacks:
        found.append(Exchange(lacks, currency, Fraction(1), Span(on), "ours"))
    return frozenset(row.source for row in found)


@lru_cache(maxsize=1024)
def turned(rules: RuleSet, currency: str, decimals: int, exchange: tuple[Exchange, ...]) -> RuleSet:
    """The same law, reckoned in `currency`: each amount that named no currency now names the one it was in.

    The steps of a law's own rounding belong to its currency: rules that have some cannot be turned.
    """
    held = tuple(row for row in exchange if row.target == currency)
    if currency == rules.currency:
        return replace(rules, exchange=(*rules.exchange, *held)) if held else rules
    if any(part.rounding or part.base_rounding for part in rules.components):
        raise BadShipment("currency")
    return replace(
        rules,
        currency=currency,
        decimals=decimals,
        rounding=Rounding(rules.rounding.mode, Fraction(1, 10**decimals)),
        exchange=held,
        limits=tuple(_limit(limit, rules) for limit in rules.limits),
        components=tuple(
            replace(part, rows=tuple(_row(row, rules) for row in part.rows)) for part in rules.components
        ),
    )


def _limit(limit: Limit, rules: RuleSet) -> Limit:
    return replace(limit, when=_when(limit.when, rules))


def _row(row: Row, rules: RuleSet) -> Row:
    return replace(row, when=_when(row.when, rules), charge=_charge(row.charge, rules.currency))


def _when(when: When, rules: RuleSet) -> When:
    return replace(
        when,
        measured=tuple(_threshold(one, rules) for one in when.measured),
        not_all=None if when.not_all is None else _when(when.not_all, rules),
    )


def _threshold(one: Threshold, rules: RuleSet) -> Threshold:
    counted = {f"quota.{quota.name}" for quota in rules.quotas if not quota.is_money}
    if one.currency or one.of in ("units", "codes", "weight_kg") or one.of in counted:
        return one
    return replace(one, currency=rules.currency)


def _charge(charge: Charge, own: str) -> Charge:
    match charge:
        case Rate():
            return charge
        case Fixed(amount, currency):
            return Fixed(amount, currency or own)
        case Per(each, amount, currency):
            return Per(each, amount, currency or own)
        case Combined(how, of):
            return Combined(how, tuple(_charge(part, own) for part in of))
