# SPDX-License-Identifier: Apache-2.0
"""The law behind each figure: formula, rate, dates, mark and source, in signs any language can show."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from .check import show_base
from .values import AppliedRow, Charge, Combined, Exact, Explained, Fixed, LandedCost, Per, Rate, RuleSet

MOST_PLACES = 13


def explain(rules: RuleSet, cost: LandedCost) -> tuple[Explained, ...]:
    """One entry a row that applied, in the order of the components."""
    return tuple(_entries(rules, cost))


def _entries(rules: RuleSet, cost: LandedCost) -> Iterator[Explained]:
    for part in cost.components:
        for applied in part.rows:
            row = applied.row
            base = None if applied.base is None else show_base(applied.base, cost.decimals)
            yield Explained(
                component=part.name,
                kind=part.kind,
                amount=part.amount,
                currency=cost.currency,
                payer=part.payer,
                rule=row.name or part.name,
                rate=rate_text(row.charge, cost.decimals, cost.currency),
                base=base,
                formula=_formula(applied, base, cost),
                valid_from=row.span.first,
                valid_to=row.span.last,
                mark=row.mark,
                sources=tuple(rules.sources.get(key, key) for key in row.src),
            )


def _formula(applied: AppliedRow, base: str | None, cost: LandedCost) -> str:
    charge, decimals = applied.row.charge, cost.decimals
    rate = rate_text(charge, decimals, cost.currency)
    if isinstance(charge, Per) and charge.currency in (None, cost.currency) and charge.amount:
        count = Fraction(applied.charge) / 10**decimals / charge.amount
        rate = f"{plain(count)} × {plain(charge.amount, decimals)}"
    parts = [rate if base is None else f"{base} × {rate}"]
    if applied.row.share != 1:
        parts.append(percent(applied.row.share))
    levied = plain(Fraction(applied.levied) / 10**decimals, decimals)
    asked = " × ".join(parts)
    return asked if asked == levied else f"{asked} = {levied}"


@lru_cache(maxsize=4096)
def rate_text(charge: Charge, decimals: int, own: str) -> str:
    """A charge as people read it; amounts name their currency where it is not the rules' `own`."""
    match charge:
        case Rate(rate, divisor, inside):
            text = percent(rate) if divisor == 1 else f"{plain(rate)}/{plain(divisor)}"
            return f"{text} / (1 − {text})" if inside else text
        case Fixed(amount, currency):
            return _priced(amount, None if currency == own else currency, decimals)
        case Per(each, amount, currency):
            price = _priced(amount, None if currency == own else currency, decimals)
            return f"{price} / {'HS6' if each == 'code' else each}"
        case Combined("sum", of):
            return " + ".join(rate_text(part, decimals, own) for part in of).replace("+ -", "− ")
        case Combined(how, of):
            return f"{how}({'; '.join(rate_text(part, decimals, own) for part in of)})"


def _priced(amount: Exact, currency: str | None, decimals: int) -> str:
    return plain(amount, decimals) + (f" {currency}" if currency else "")


def percent(share: Exact) -> str:
    return f"{plain(share * 100)} %"


def plain(number: Exact, least: int = 0) -> str:
    """A decimal as people write it, with at least so many decimals; six, cut, where it never ends."""
    numerator, denominator = number.numerator, number.denominator
    for places in range(least, MOST_PLACES):
        if 10**places % denominator == 0:
            return f"{Decimal(f'{numerator * 10**places // denominator}e-{places}'):f}"
    return f"{Decimal(f'{numerator * 10**6 // denominator}e-6'):f}…"
