# SPDX-License-Identifier: Apache-2.0
"""What holds of every law that the format can write, on rules and shipments made up by chance."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from silkcast.goods.duties.reader.cases import Case, _case
from silkcast.goods.duties.reader.rule_sets import read_rules
from silkcast.goods.duties.reader.shape import Place
from silkcast.goods.duties.rules.assess import assess
from silkcast.goods.duties.values import Combined, Fixed, LandedCost, Line, RuleSet, Shipment, When

from .chance import Chance

Doc = dict[str, Any]
TODAY = date(2026, 11, 22)
seeds = st.integers(0, 10**9)


def by_chance(seed: int) -> Case:
    return _case(Place(Chance(seed).case("C"), "case"), {})


def cost(rules: RuleSet, shipment: Shipment) -> LandedCost:
    found = assess(rules, shipment, TODAY)
    assume(isinstance(found, LandedCost))
    assert isinstance(found, LandedCost)
    return found


def applied(found: LandedCost) -> list[list[int]]:
    return [[id(row.row) for row in part.rows] for part in found.components]


@given(seeds)
@settings(max_examples=200, deadline=None)
def test_nothing_is_negative_and_parts_sum_to_the_whole_in_every_currency(seed: int) -> None:
    case = by_chance(seed)
    found = cost(case.rules, case.shipment)
    money = [getattr(found, one.name) for one in fields(found)]
    money += [part.amount for part in found.components] + list(found.quota_after.values())
    assert all(amount >= 0 for amount in money if isinstance(amount, Decimal))
    assert not any(isinstance(amount, float) for amount in money)
    sent = found.goods + found.freight + found.insurance
    levied = sum(part.amount for part in found.components if part.kind != "notional")
    assert found.landed_total == sent + levied
    assert found.landed_total == sent + found.duty + found.excise + found.tax + found.fees
    assert found.landed_total == found.charged_at_checkout + found.due_at_door + found.paid_by_seller
    assert all(part.amount.as_tuple().exponent == -found.decimals for part in found.components)


@given(seeds, st.integers(0, 9000))
@settings(max_examples=300, deadline=None)
def test_inside_a_band_dearer_goods_never_bear_less(seed: int, more: int) -> None:
    """The same rows apply to both, and one kind of goods bears all: every amount grows with the value."""
    case = by_chance(seed)
    line = case.shipment.lines[0]
    cheap = replace(case.shipment, lines=(line,))
    unit = Decimal(1) if case.shipment.currency == "JPY" or not case.rules.decimals else Decimal("0.01")
    dear = replace(cheap, lines=(replace(line, unit_value=line.unit_value + more * unit),))
    less, dearer = cost(case.rules, cheap), cost(case.rules, dear)
    assume(applied(less) == applied(dearer))
    for part, other in zip(less.components, dearer.components, strict=True):
        assert part.amount <= other.amount
    assert less.landed_total <= dearer.landed_total


def thresholds(when: When) -> Iterator[object]:
    yield from when.measured
    if when.not_all is not None:
        yield from thresholds(when.not_all)


def deducts(charge: object) -> bool:
    """Takes something off for each parcel, or the least of several: each parcel may choose another."""
    if isinstance(charge, Combined):
        return charge.how == "min" or any(deducts(part) for part in charge.of)
    return isinstance(charge, Fixed) and charge.amount < 0


def plainly(rules: RuleSet) -> RuleSet:
    """Without what a law gives to each shipment anew (thresholds, amounts taken off, bases cut down), and
    for all goods alike: what lies on goods of one rate may move to those of another."""
    parts = []
    for part in rules.components:
        kept = [row for row in part.rows if not list(thresholds(row.when)) and not deducts(row.charge)]
        rows = tuple(replace(row, hs=None, not_hs=()) for row in kept)
        parts.append(replace(part, rows=rows, base_rounding=None))
    return replace(rules, components=tuple(parts), limits=())


@given(seeds)
@settings(max_examples=300, deadline=None)
def test_two_parcels_pay_no_less_than_one_but_for_what_is_rounded(seed: int) -> None:
    """Fees, floors and caps fall on each parcel; a cent may be rounded away, no more."""
    case = by_chance(seed)
    assume(len(case.shipment.lines) > 1)
    rules = plainly(case.rules)
    sent = replace(case.shipment, freight=Decimal(0), insurance=Decimal(0), quota_used={})
    one = cost(rules, sent)
    first = cost(rules, replace(sent, lines=sent.lines[:1]))
    then = cost(rules, replace(sent, lines=sent.lines[1:]))
    steps = {part.name: (part.rounding or rules.rounding).step for part in rules.components}
    slack = Decimal(0)
    for whole, *parts in zip(one.components, first.components, then.components, strict=True):
        # What an earlier amount lost to rounding is lost to those that are reckoned on it, times their rate.
        slack = slack * 7 + Decimal(str(float(steps[whole.name]))) * 2
        assert whole.amount <= sum(part.amount for part in parts) + slack


LAW: Doc = {
    "name": "a threshold that counts what the person has had before",
    "valid_from": "2026-01-01",
    "currency": "EUR",
    "decimals": 2,
    "value_basis": "cif",
    "quotas": [{"name": "day", "counts": "intrinsic"}],
}


def law(of: str) -> RuleSet:
    row = {"valid_from": "2026-01-01", "mark": "ours", "collected_by": "seller", "base": ["goods"]}
    free = row | {"when": {"measured": [{"of": of, "up_to": "150"}]}, "charge": {"rate": "0"}}
    full = row | {"when": {"measured": [{"of": of, "over": "150"}]}, "charge": {"rate": "0.10"}}
    duty = {"name": "duty", "kind": "duty", "rows": [free, full]}
    return read_rules(Place(LAW | {"components": [duty]}, "law"))


@given(st.lists(st.integers(1, 40_000), min_size=2, max_size=6))
def test_a_rule_against_splitting_judges_each_parcel_by_all_that_came_before(cents: list[int]) -> None:
    """Where the law adds up a person's parcels, its file measures a quota: from the parcel on that crosses
    the threshold each pays as if all had come together. Where it measures the parcel, so do we."""
    by_person, by_parcel = law("quota.day"), law("intrinsic")
    used = Decimal(0)
    for amount in cents:
        line = Line("691110", "cup", 1, Decimal(amount) / 100, Decimal(0), Decimal(0))
        parcel = Shipment("EUR", "CN", "post", "DDP", "none", (line,), Decimal(0), Decimal(0))
        judged = cost(by_person, replace(parcel, quota_used={"day": used}))
        alone = cost(by_parcel, parcel)
        used += line.unit_value
        assert judged.quota_after == {"day": used}
        assert (judged.components[0].rows[0].row.when.measured[0].bounds[0].how == "over") == (used > 150)
        assert judged.duty >= alone.duty


def test_a_component_called_like_a_measure_is_not_taken_for_it() -> None:
    row = {"valid_from": "2026-01-01", "mark": "ours", "collected_by": "seller"}
    named = {"name": "units", "kind": "fee", "rows": [row | {"charge": {"fixed": "9.00"}}]}
    over = row | {"when": {"measured": [{"of": "units", "over": "2"}]}, "charge": {"fixed": "1.00"}}
    then = {"name": "more", "kind": "fee", "rows": [over]}
    rules = read_rules(Place(LAW | {"components": [named, then]}, "law"))
    line = Line("691110", "cup", 2, Decimal("5.00"), Decimal(0), Decimal(0))
    sent = Shipment("EUR", "CN", "post", "DDP", "none", (line,), Decimal(0), Decimal(0))
    few, many = (
        assess(rules, sent, TODAY),
        assess(rules, replace(sent, lines=(replace(line, quantity=3),)), TODAY),
    )
    assert isinstance(few, LandedCost)
    assert isinstance(many, LandedCost)
    assert (str(few.fees), str(many.fees)) == ("9.00", "10.00")
