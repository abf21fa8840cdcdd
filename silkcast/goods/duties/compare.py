# SPDX-License-Identifier: Apache-2.0
"""Cases asked of the rules that are kept: what differs from what a case expects, and which rows made it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from . import packs
from .check import outcome, short
from .errors import BadShipment, BrokenRules, NotShippable, UnclearCollector
from .explain import explain
from .reader.cases import AMOUNTS, Case, read_cases
from .rules.assess import assess
from .rules.day import on_day
from .turning import turned
from .values import Checked, ComponentCost, LandedCost, Refused, RuleSet

KINDS = {"duty": "duty", "excise": "excise", "tax": "tax", "fees": "fee"}


def compare_cases(text: str | bytes) -> Iterator[Checked]:
    """One outcome a case, by our own law of its market on its day. Raises `BrokenRules` as `check` does."""
    for case in read_cases(text):
        if isinstance(case, Case):
            yield _compare(case)
        else:
            name, broken = case
            yield Checked(name, "broken", f"{name} broken: {broken}")


def _compare(case: Case) -> Checked:
    try:
        rules = _ours(case)
        if rules is None:
            reason = f"no rules are kept for {case.market} on {case.as_of}"
            return Checked(case.id, "not_covered", f"{case.id} not covered: {reason}")
        missing = [line.hs for line in case.shipment.lines if not line.hs.startswith(rules.covers or ("",))]
        if missing:
            reason = f"the rate of {', '.join(missing)} is not known in {case.market}"
            return Checked(case.id, "not_covered", f"{case.id} not covered: {reason}")
        ours = assess(rules, case.shipment, case.as_of)
    except (BadShipment, UnclearCollector) as refusal:
        return Checked(case.id, "broken", f"{case.id} broken: {refusal.code} {refusal.facts()}")
    except (NotShippable, BrokenRules) as refusal:
        return Checked(case.id, "not_covered", f"{case.id} not covered: {refusal.code} {refusal.facts()}")
    found, expected = outcome(ours), case.expected
    differs = [
        key for key in ("status", "code", *AMOUNTS) if key in expected and expected[key] != found.get(key)
    ]
    if not differs:
        return Checked(case.id, "ok", f"{case.id} ok")
    theirs = assess(case.rules, case.shipment, case.as_of)
    if "status" in differs:
        differs = [key for key in ("status", "code", "landed_total") if key in expected or key in found]
    line = f"{case.id} MISMATCH expected {_part(expected, differs)} got {_part(found, differs)}"
    return Checked(case.id, "mismatch", "\n".join([line, *_why(case, rules, ours, theirs, differs)]))


def _ours(case: Case) -> RuleSet | None:
    """Our law of the day, in the money of the case and with its rates of exchange."""
    if case.market not in packs.markets():
        return None
    for rules in packs.rule_sets(case.market):
        if rules.span.holds(case.as_of):
            return turned(rules, case.rules.currency, case.rules.decimals, case.rules.exchange)
    return None


def _part(outcome: Mapping[str, Any], keys: Sequence[str]) -> str:
    return short({key: outcome[key] for key in keys if key in outcome})


def _why(
    case: Case,
    rules: RuleSet,
    ours: LandedCost | Refused,
    theirs: LandedCost | Refused,
    differs: Sequence[str],
) -> Iterator[str]:
    for label, judged, law in (("ours", ours, rules), ("case", theirs, case.rules)):
        if isinstance(judged, Refused):
            lacks = on_day(law, case.as_of).lacks or case.shipment.currency
            reason = f"no rate from {lacks}" if judged.code == "no_rate" else judged.code
            yield f"    refused, {label}: {reason}{_mark(judged.mark or '', _sources(law, judged.src))}"
    kinds = [kind for key, kind in KINDS.items() if key in differs]
    if "status" in differs or not kinds:
        kinds = list(KINDS.values())
    for kind in kinds:
        for label, judged, law in (("ours", ours, rules), ("case", theirs, case.rules)):
            if isinstance(judged, LandedCost):
                yield from _rows(kind, label, judged, law)


def _rows(kind: str, label: str, cost: LandedCost, rules: RuleSet) -> Iterator[str]:
    explained = explain(rules, cost)
    parts: list[ComponentCost] = [part for part in cost.components if part.kind == kind]
    if not parts:
        yield f"    {kind}, {label}: nothing"
    for part in parts:
        yield f"    {kind} {part.name}, {label}: {part.amount:f}, paid at {part.payer or 'no place'}"
        for row in explained:
            if row.component == part.name:
                until = "" if row.valid_to is None else f" to {row.valid_to}"
                yield (
                    f"        {row.rule}: {row.formula}; from {row.valid_from}{until}"
                    f"{_mark(row.mark, row.sources)}"
                )


def _sources(rules: RuleSet, src: Sequence[str]) -> Sequence[str]:
    return [rules.sources.get(key, key) for key in src]


def _mark(mark: str, sources: Sequence[str]) -> str:
    return "".join(f"; {word}" for word in (mark, *sources) if word)
