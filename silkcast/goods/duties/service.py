# SPDX-License-Identifier: Apache-2.0
"""The door of duties: landed cost by dated rules, the rules kept for each market, HS codes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path

from . import check as checking
from . import compare as comparing
from . import explain as explaining
from . import hs, packs, taxes, turning
from . import hs_search as searching
from .errors import NoExchangeRate, NoRateForGoods, NoRules, NoSuchRules, NotShippable, OverLimit
from .rules.assess import assess
from .rules.day import on_day
from .tariff import changes as changing
from .tariff import files as tariffs
from .tariff.changes import Change
from .tariff.files import Duty
from .values import (
    Checked,
    Compared,
    Exchange,
    Explained,
    HsCode,
    LandedCost,
    Refused,
    RuleSet,
    Shipment,
    TaxRate,
)


def landed_cost(rules: RuleSet, shipment: Shipment, as_of: date) -> LandedCost:
    """What the shipment costs in all on a day, or a `NotShippable` refusal that says why it may not go."""
    if rules.covers is not None:
        for line in shipment.lines:
            if not line.hs.startswith(rules.covers):
                raise NoRateForGoods(line.hs)
    cost = assess(rules, shipment, as_of)
    if not isinstance(cost, Refused):
        if rules.covers is not None:
            _check_known(shipment, cost)
        return cost
    if cost.code == "no_rules" and cost.mark is None:
        raise NoRules(rules.name)
    if cost.code == "no_rate" and cost.mark is None:
        raise NoExchangeRate(on_day(rules, as_of).lacks or shipment.currency)
    raise OverLimit(cost.code)


def landed_costs(
    rules: RuleSet, shipments: Iterable[Shipment], as_of: date
) -> list[LandedCost | NotShippable]:
    """Many shipments by one law on one day, each its cost or why it may not go: the cards of a page, say."""
    found: list[LandedCost | NotShippable] = []
    for shipment in shipments:
        try:
            found.append(landed_cost(rules, shipment, as_of))
        except NotShippable as refusal:
            found.append(refusal)
    return found


def _check_known(shipment: Shipment, cost: LandedCost) -> None:
    """Goods that no row of duty speaks for, not even one of nothing, have a rate that is not known."""
    every = len(shipment.lines)
    known: set[int] = set()
    for part in cost.components:
        if part.kind == "duty":
            for row in part.rows:
                if len(row.lines) == every:
                    return
                known.update(row.lines)
    if len(known) < every:
        raise NoRateForGoods(next(line.hs for at, line in enumerate(shipment.lines) if at not in known))


def rules_for(market: str, on: date) -> RuleSet:
    """The rules kept for a market that speak for the day."""
    for rules in packs.rule_sets(market):
        if rules.span.holds(on):
            return rules
    raise NoSuchRules(market)


def rules_in(rules: RuleSet, currency: str, *, decimals: int, exchange: tuple[Exchange, ...] = ()) -> RuleSet:
    """The same law for amounts in another currency, with the rates of the day that it needs."""
    return turning.turned(rules, currency, decimals, exchange)


def currencies_wanted(rules: RuleSet, currency: str, on: date) -> frozenset[str]:
    """Which currencies need a rate to `currency` before the rules can be asked in it."""
    return turning.wanted(rules, currency, on)


def markets() -> tuple[str, ...]:
    """The markets rules are kept for."""
    return packs.markets()


def rule_sets(market: str) -> tuple[RuleSet, ...]:
    """All rules kept for a market, of past and coming days too."""
    return packs.rule_sets(market)


def covers_all(rules: RuleSet) -> bool:
    """Whether the rows alone say which goods a rate is known for."""
    return rules.covers == packs.ALL_GOODS


def rule_words() -> frozenset[str]:
    """The names of all rows kept, as they stand: what the pages must have words for."""
    return frozenset(
        row.name
        for market in packs.markets()
        for rules in packs.rule_sets(market)
        for part in rules.components
        for row in part.rows
        if row.name
    )


def explain(rules: RuleSet, cost: LandedCost) -> tuple[Explained, ...]:
    """The law behind each figure: formula, rate, dates, mark and source, one entry a row that applied."""
    return explaining.explain(rules, cost)


def tax_rates(market: str, on: date) -> tuple[TaxRate, ...]:
    """The rates of tax in force on a day, past days too."""
    return taxes.in_force(market, on)


def compare_vat(text: str | bytes, on: date) -> Iterator[Compared]:
    """A published table of the VAT of the Union beside what is kept. Raises `BrokenRules` if it is none."""
    return taxes.compare(text, on)


def check(text: str | bytes) -> Iterator[Checked]:
    """How each case of a file comes out. Raises `BrokenRules` if it is no file of cases."""
    return checking.check_cases(text)


def compare(text: str | bytes) -> Iterator[Checked]:
    """How each case of a file comes out by the rules that are kept, and why where it differs."""
    return comparing.compare_cases(text)


def read(text: str | bytes) -> tuple[str, tuple[RuleSet, ...]]:
    """The market of a file of rules and its rule sets, read as strictly as those that are kept."""
    market = packs.market_of(text)
    return market, packs.read_pack(text, market)


def put(text: str | bytes, folder: Path) -> Path:
    """Keep a file of rules among an operator's packs, whole or not at all."""
    market, _ = read(text)
    return packs.put(text, market, folder)


def read_tariff(shape: str, content: bytes) -> tuple[Duty, ...]:
    """The ordinary duties of an official file (`uk`, `taric`, `hts`). Raises `BrokenTariff` with the line."""
    return tariffs.read(shape, content)


def tariff_changes(new: Sequence[Duty], old: Sequence[Duty], day: date) -> list[Change]:
    """New, changed, ended and coming duties of a file against an earlier one."""
    return changing.against_earlier(new, old, day)


def tariff_against_rules(duties: Sequence[Duty], market: str, day: date) -> tuple[list[Change], int]:
    """Where the rules kept for a market differ, and how many codes they do not name. Raises `NoSuchRules`."""
    for rules in packs.rule_sets(market):
        if rules.span.holds(day):
            return changing.against_rules(duties, rules, day)
    raise NoSuchRules(market)


def tariff_not_understood(duties: Sequence[Duty]) -> list[Change]:
    """Rates of a file that are listed rather than guessed."""
    return changing.not_understood(duties)


def tariff_rows(duties: Sequence[Duty], day: date, currency: str, source: str) -> str:
    """Rows of a file of rules, for a person to check and to say when they hold."""
    return changing.as_rows(duties, day, currency, source)


def hs_exists(code: str) -> bool:
    """Whether the first six digits are a code of the edition in force; six to ten digits."""
    return hs.exists(code)


def hs_code(code: str) -> HsCode | None:
    """The code with its text and edition; None if there is none."""
    return hs.describe(code)


def hs_suggest(texts: Iterable[str], limit: int = 10) -> tuple[HsCode, ...]:
    """Codes for one thing named several times, in several languages: best together, each with its reasons."""
    return searching.together(texts, limit)


def hs_search(text: str, limit: int = 10) -> tuple[HsCode, ...]:
    """Codes that fit a description in English or Chinese, best first: for a person to confirm."""
    return searching.suggest(text, limit)
