# SPDX-License-Identifier: Apache-2.0
"""Rates of tax asked by date, and compared with a published table of the VAT of the European Union."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from . import packs
from .errors import BrokenRules, NoSuchRules
from .explain import percent, rate_text
from .reader.shape import Place
from .values import Compared, Rate, RuleSet, TaxRate

GREECE = {"EL": "GR"}


def in_force(market: str, on: date) -> tuple[TaxRate, ...]:
    """The rows of tax in force on the day, also of days before the rules as a whole begin."""
    return tuple(rate for rules in packs.rule_sets(market) for rate in _of(rules, on))


def _of(rules: RuleSet, on: date) -> Iterator[TaxRate]:
    for part in rules.components:
        for row in part.rows:
            if part.kind == "tax" and row.span.holds(on):
                yield TaxRate(
                    component=part.name,
                    rule=row.name,
                    rate=rate_text(row.charge, rules.decimals, rules.currency),
                    hs=row.hs,
                    not_hs=row.not_hs,
                    valid_from=row.span.first,
                    valid_to=row.span.last,
                    mark=row.mark,
                    sources=tuple(rules.sources.get(key, key) for key in row.src),
                )


def standard(market: str, on: date) -> Fraction:
    """The one rate that goods take unless a row names them."""
    found = {
        row.charge.factor
        for rules in packs.rule_sets(market)
        for part in rules.components
        for row in part.rows
        if part.kind == "tax" and row.span.holds(on) and row.hs is None and isinstance(row.charge, Rate)
    }
    if len(found) != 1:
        raise NoSuchRules(market)
    return found.pop()


def compare(text: str | bytes, on: date) -> Iterator[Compared]:
    """Each member state of a table in the form of `eu-vat-rates-data` beside the rules kept for it.

    Where they differ, a row is proposed: in force from the day of the table, the first it speaks for.
    """
    keys = Place(_json(text), "file").keys(("version", "rates"), ("source", "publisher"))
    version = keys["version"].day()
    states = keys["rates"].keys((), keys["rates"].value)
    for code, place in sorted(states.items()):
        facts = place.keys(("eu_member", "standard"), place.value)
        if facts["eu_member"].truth():
            yield _compared(GREECE.get(code, code), _percent(facts["standard"]), version, on)


def _compared(market: str, published: Fraction, version: date, on: date) -> Compared:
    try:
        kept = standard(market, on)
    except NoSuchRules:
        return Compared(market, False, f"{market} not kept: published {percent(published)}")
    if kept == published:
        return Compared(market, True, f"{market} ok {percent(kept)}")
    rate = percent(published / 100).removesuffix(" %")
    row = f"{{valid_from: '{version}', charge: {{rate: '{rate}'}}, mark: verified, src: […]}}"
    line = f"{market} differs: kept {percent(kept)}, published {percent(published)}; row {row}"
    return Compared(market, False, line)


def _percent(place: Place) -> Fraction:
    if isinstance(place.value, bool) or not isinstance(place.value, (int, float)) or place.value < 0:
        place.wrong("a rate in percent is wanted")
    return Fraction(str(place.value)) / 100


def _json(text: str | bytes) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BrokenRules("file", f"not JSON: {error}") from None
