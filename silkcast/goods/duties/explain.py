# SPDX-License-Identifier: Apache-2.0
"""The law behind each figure: formula, rate, dates, mark and source, in signs any language can show.

What a row says of itself is put together once for a rule set; the figures of a shipment come to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from silkcast.ground.price import Step

from .check import show_base
from .values import (
    AppliedRow,
    Charge,
    Combined,
    ComponentCost,
    Exact,
    Explained,
    Fixed,
    LandedCost,
    Per,
    Rate,
    Row,
    RuleSet,
    When,
)

MOST_PLACES = 13
PER: dict[str, str] = {"unit": "per_unit", "kg": "per_kg", "code": "per_code"}


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says whatever the shipment."""

    rule: str
    rate: str
    share: str
    """Empty where all of it is levied."""
    sources: tuple[str, ...]
    source: str
    why: tuple[Step, ...]
    code: str
    asked: Mapping[str, str]


def explain(rules: RuleSet, cost: LandedCost) -> tuple[Explained, ...]:
    """One entry a row that applied, in the order of the components."""
    said = _said(rules)
    return tuple(
        [
            _entry(said[id(applied.row)], part, applied, cost)
            for part in cost.components
            for applied in part.rows
        ]
    )


@lru_cache(maxsize=512)
def _said(rules: RuleSet) -> Mapping[int, _Said]:
    """By the identity of a row: rules are known by theirs, and keep their rows."""
    return {id(row): _says(row, part.name, rules) for part in rules.components for row in part.rows}


def _says(row: Row, component: str, rules: RuleSet) -> _Said:
    sources = tuple(rules.sources.get(key, key) for key in row.src)
    rate = rate_text(row.charge, rules.decimals, rules.currency)
    code, asked = "combined", {"rate": rate}
    match row.charge:
        case Rate(_, _, inside):
            code = "inside" if inside else "rate"
        case Fixed(amount, currency):
            code = "fixed"
            asked = {"each": plain(amount, rules.decimals), "currency": currency or rules.currency}
        case Per(each, amount, currency):
            code = PER[each]
            asked = {"each": plain(amount, rules.decimals), "currency": currency or rules.currency}
        case _:
            pass
    return _Said(
        rule=row.name or component,
        rate=rate,
        share="" if row.share == 1 else percent(row.share),
        sources=sources,
        source="; ".join(sources),
        why=tuple(_why(row.when, rules)),
        code=code,
        asked=asked,
    )


def _entry(said: _Said, part: ComponentCost, applied: AppliedRow, cost: LandedCost) -> Explained:
    row, decimals = applied.row, cost.decimals
    based, charged, levied_ratio = applied.ratios
    base = None if based is None else show_base(Fraction(*based), decimals)
    charge = _money(charged, decimals)
    levied = charge if not said.share else _money(levied_ratio, decimals)
    count = _count(applied, decimals, cost.currency) if isinstance(row.charge, Per) else ""
    return Explained(
        component=part.name,
        kind=part.kind,
        amount=part.amount,
        currency=cost.currency,
        payer=part.payer,
        rule=said.rule,
        rate=said.rate,
        base=base,
        formula=_formula(said, row, base, count, levied, decimals),
        valid_from=row.span.first,
        valid_to=row.span.last,
        mark=row.mark,
        sources=said.sources,
        steps=tuple(_steps(said, row, base, count, charge, levied)),
    )


def _steps(said: _Said, row: Row, base: str | None, count: str, charge: str, levied: str) -> Iterator[Step]:
    yield from said.why
    if base is not None:
        yield Step("base", {"of": ",".join(row.base), "base": base})
    asked = {**said.asked, "amount": charge}
    if base is not None:
        asked["base"] = base
    if count:
        asked["count"] = count
    span = row.span
    yield Step(said.code, asked, said.rule, row.mark, said.source, span.first, span.last)
    if said.share:
        yield Step("share", {"share": said.share, "amount": levied})


def _why(when: When, rules: RuleSet) -> Iterator[Step]:
    """Why a row holds, as far as its condition says: words, then measures. What must not hold is not told."""
    for field, words in when.words:
        yield Step(f"word.{field}", {"words": ", ".join(sorted(words))})
    if when.proof is not None:
        yield Step("word.proof", {"words": ", ".join(sorted(when.proof))})
    counted = {f"quota.{quota.name}" for quota in rules.quotas if not quota.is_money}
    for one in when.measured:
        is_money = one.of not in ("units", "codes", "weight_kg") and one.of not in counted
        for bound in one.bounds:
            facts = {"measure": one.of, "bound": plain(bound.amount, rules.decimals if is_money else 0)}
            if is_money:
                facts["currency"] = one.currency or rules.currency
            yield Step(f"when.{bound.how}", facts)
            if one.excess and bound.how == "over":
                yield Step("excess", facts)


def _count(applied: AppliedRow, decimals: int, own: str) -> str:
    """How many units, kilograms or codes, where the amount for each is in the rules' currency."""
    charge = applied.row.charge
    assert isinstance(charge, Per)
    if charge.currency not in (None, own) or not charge.amount:
        return ""
    above, below = applied.ratios[1]
    return plain(Fraction(above, below * 10**decimals) / charge.amount)


def _formula(said: _Said, row: Row, base: str | None, count: str, levied: str, decimals: int) -> str:
    rate = said.rate
    if count and isinstance(row.charge, Per):
        rate = f"{count} × {plain(row.charge.amount, decimals)}"
    asked = rate if base is None else f"{base} × {rate}"
    if said.share:
        asked = f"{asked} × {said.share}"
    return asked if asked == levied else f"{asked} = {levied}"


def _money(ratio: tuple[int, int], decimals: int) -> str:
    above, below = ratio
    if below == 1 and decimals == 2:
        return f"{above // 100}.{above % 100:02d}"
    return plain(Fraction(above, below * 10**decimals), decimals)


def rate_text(charge: Charge, decimals: int, own: str) -> str:
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
