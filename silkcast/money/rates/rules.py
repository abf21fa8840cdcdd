# SPDX-License-Identifier: Apache-2.0
"""Which rates lead from one currency to another, and which price a habit makes of an amount."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from silkcast.ground.money import Currency, Money, minor_units

from .values import Band, Mark, Quoted, Rate

WEAKEST_FIRST: tuple[Mark, ...] = ("knowledge", "ours", "verified")


def cross(base: Currency, quote: Currency, quoted: Iterable[Quoted], on: date) -> Rate | None:
    """The rate over the fewest steps, each taken forwards or backwards; None if nothing leads there."""
    if base == quote:
        return Rate(base, quote, Fraction(1), on, "verified", ())
    rows = sorted(quoted, key=lambda row: (row.base, row.quote))
    paths: deque[tuple[Currency, Fraction, tuple[Quoted, ...]]] = deque([(base, Fraction(1), ())])
    seen = {base}
    while paths:
        at, rate, steps = paths.popleft()
        if at == quote:
            return _rate(base, quote, rate, steps, on)
        for row in rows:
            if at not in (row.base, row.quote):
                continue
            forwards = row.base == at
            there = row.quote if forwards else row.base
            if there not in seen:
                seen.add(there)
                factor = Fraction(row.rate) if forwards else 1 / Fraction(row.rate)
                paths.append((there, rate * factor, (*steps, row)))
    return None


def _rate(base: Currency, quote: Currency, rate: Fraction, steps: tuple[Quoted, ...], on: date) -> Rate:
    published = [row.on for row in steps if row.kind == "market"]
    mark = min((row.mark for row in steps), key=WEAKEST_FIRST.index)
    return Rate(base, quote, rate, min(published, default=on), mark, steps)


def habit_price(amount: Fraction, currency: Currency, bands: Sequence[Band]) -> Money:
    """The least price of the habit that is not below the amount, and over zero: a suggestion never eats
    into what it was reckoned from."""
    least = max(amount, Fraction(1, 10 ** minor_units(currency)))
    for band in bands:
        step, ending = Fraction(band.step), Fraction(band.ending)
        price = max(0, -(-(least - ending) // step)) * step + ending
        if price >= least and (band.below is None or price < band.below):
            return Money.rounded(price, currency)
    return Money.rounded(least, currency, "up")
