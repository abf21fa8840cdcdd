# SPDX-License-Identifier: Apache-2.0
"""The outcome: a shipment judged by a rule set on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import MAX_PREC, Context, Decimal
from functools import partial

from silkcast.goods.duties.errors import UnclearCollector
from silkcast.goods.duties.values import (
    AppliedRow,
    ComponentCost,
    Exact,
    LandedCost,
    Payer,
    Refused,
    RuleSet,
    Shipment,
)

from .day import on_day
from .exact import Ratio, added, reduced, rounded_ratio, shared, shared_exactly
from .plan import PlannedComponent, PlannedRow, payer, planned
from .worth import Worth, holds

ALL: Ratio = 1, 1
EXACTLY = Context(prec=MAX_PREC)


def assess(rules: RuleSet, shipment: Shipment, as_of: date) -> LandedCost | Refused:
    """What the shipment costs in all, or why it may not go. Refusals in the order the format gives."""
    if not rules.span.holds(as_of):
        return Refused("no_rules")
    day = on_day(rules, as_of)
    if day.lacks is not None or shipment.currency not in day.rates:
        return Refused("no_rate")
    worth = Worth(rules, shipment, day)
    plan = planned(day, shipment)
    for limit, when in plan.limits:
        if when is None or holds(when, worth):
            return Refused(limit.code, limit.mark, limit.src)
    return _sums(rules, worth, as_of, [_component(part, worth) for part in plan.components])


def _component(part: PlannedComponent, worth: Worth) -> ComponentCost:
    rows = [_applied(row, part, worth) for row in part.rows if row.when is None or holds(row.when, worth)]
    payer = part.payer if rows else None
    if rows and not part.is_clear:
        payer = _named(part, rows, worth)
    above, below = rows[0].ratios[2] if len(rows) == 1 else added([row.ratios[2] for row in rows])
    amount = rounded_ratio(above, below, *part.rounding)
    worth.totals[part.name] = amount
    if part.charged is not None:
        worth.totals[part.charged] = amount if payer == "checkout" else 0
    if part.full is not None:
        worth.totals[part.full] = reduced(*added([row.ratios[1] for row in rows]))
    if part.is_split:
        worth.put_later(part.name, partial(_on_lines, amount, payer == "checkout", rows, worth))
    return ComponentCost(part.name, part.kind, decimal(amount, worth.rules.decimals), payer, tuple(rows))


def _applied(row: PlannedRow, part: PlannedComponent, worth: Worth) -> AppliedRow:
    based: Ratio | None = None
    above, below = 0, 1
    if row.base:
        based = above, below = _base(row, part, worth)
    charged = row.asks(above, below, worth.shipment.lines)
    if charged[0] < 0:
        charged = 0, 1
    share = row.share
    levied = charged if share == ALL else (charged[0] * share[0], charged[1] * share[1])
    return AppliedRow(row.row, row.lines, (based, charged, levied))


def _base(row: PlannedRow, part: PlannedComponent, worth: Worth) -> Ratio:
    """Sum, less the excess, then cut."""
    base: Exact = 0
    for name in row.base:
        if row.is_whole:
            base += worth.totals[name]
        else:
            parts = worth.parts(name)
            for index in row.lines:
                base += parts[index]
    above, below = base.numerator, base.denominator
    if row.excess[0]:
        over, under = row.excess
        above, below = max(0, above * under - over * below), below * under
    if part.base_rounding is not None:
        return rounded_ratio(above, below, *part.base_rounding), 1
    return above, below


def _on_lines(
    amount: int, charged: bool, rows: Sequence[AppliedRow], worth: Worth
) -> tuple[Sequence[Exact], Sequence[Exact], Sequence[Exact]]:
    """How a component lies on the lines: its amount, its exact sum, and what of it is charged."""
    full: list[Exact] = [0] * len(worth.line_totals)
    levied: list[Exact] = [0] * len(worth.line_totals)
    for row in rows:
        weights = [worth.line_totals[index] for index in row.lines]
        for index, part in zip(row.lines, shared_exactly(row.charge, weights), strict=True):
            full[index] += part
            levied[index] += part * row.row.share
    parts = shared(amount, levied)
    return parts, full, parts if charged else [0] * len(parts)


def _named(part: PlannedComponent, rows: Sequence[AppliedRow], worth: Worth) -> Payer:
    collectors = {row.row.collected_by for row in rows}
    if len(collectors) > 1:
        raise UnclearCollector(part.name)
    return payer(part.name, collectors == {"seller"}, worth.shipment)


def _sums(rules: RuleSet, worth: Worth, as_of: date, costs: Sequence[ComponentCost]) -> LandedCost:
    by_kind = {"duty": 0, "excise": 0, "tax": 0, "fee": 0}
    by_payer = {
        "checkout": worth.whole("goods") + worth.whole("freight.charged") + worth.whole("insurance.charged"),
        "door": 0,
        "seller": 0,
    }
    by_payer["seller"] = worth.whole("cif") - by_payer["checkout"]
    for cost in costs:
        if cost.payer is not None:
            by_kind[cost.kind] += worth.whole(cost.name)
            by_payer[cost.payer] += worth.whole(cost.name)
    quotas = {
        quota.name: decimal(int(worth.quota(quota.name)), rules.decimals if quota.is_money else 0)
        for quota in rules.quotas
    }

    def shown(units: int) -> Decimal:
        return decimal(units, rules.decimals)

    return LandedCost(
        rules=rules.name,
        as_of=as_of,
        currency=rules.currency,
        decimals=rules.decimals,
        customs_value=shown(worth.whole("customs_value")),
        goods=shown(worth.whole("goods")),
        freight=shown(worth.whole("freight")),
        insurance=shown(worth.whole("insurance")),
        duty=shown(by_kind["duty"]),
        excise=shown(by_kind["excise"]),
        tax=shown(by_kind["tax"]),
        fees=shown(by_kind["fee"]),
        charged_at_checkout=shown(by_payer["checkout"]),
        due_at_door=shown(by_payer["door"]),
        paid_by_seller=shown(by_payer["seller"]),
        landed_total=shown(sum(by_payer.values())),
        components=tuple(costs),
        quota_after=quotas,
    )


def decimal(units: int, decimals: int) -> Decimal:
    """Whole minor units as a decimal with exactly `decimals` decimals, whatever its size."""
    return Decimal(units).scaleb(-decimals, EXACTLY)
