# SPDX-License-Identifier: Apache-2.0
"""The outcome: a shipment judged by a rule set on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
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

from .charges import apply, on_lines
from .day import DayComponent, Taking, on_day
from .exact import rounded
from .worth import Worth, holds


def assess(rules: RuleSet, shipment: Shipment, as_of: date) -> LandedCost | Refused:
    """What the shipment costs in all, or why it may not go. Refusals in the order the format gives."""
    if not rules.span.holds(as_of):
        return Refused("no_rules")
    day = on_day(rules, as_of)
    if day.lacks is not None or shipment.currency not in day.rates:
        return Refused("no_rate")
    worth = Worth(rules, shipment, day)
    for limit, when in day.limits:
        if holds(when, worth):
            return Refused(limit.code, limit.mark, limit.src)
    codes = tuple(line.hs for line in shipment.lines)
    costs = tuple(
        _component(part, taking, worth)
        for part, taking in zip(day.components, day.taking(codes), strict=True)
    )
    return _sums(rules, worth, as_of, costs)


def _component(part: DayComponent, taking: Taking, worth: Worth) -> ComponentCost:
    name = part.component.name
    rows = [applied for row, taken in taking if (applied := apply(part, row, taken, worth)) is not None]
    levied: Exact = sum(row.levied for row in rows)
    amount = rounded(levied, *part.rounding)
    payer = _payer(part, rows, worth.shipment)
    worth.totals[name] = amount
    worth.totals[f"{name}.charged"] = amount if payer == "checkout" else 0
    worth.totals[f"{name}.full"] = sum(row.charge for row in rows)
    worth.put_later(name, partial(on_lines, amount, payer == "checkout", rows, worth))
    base = rows[0].base if rows and all(row.base == rows[0].base for row in rows) else None
    return ComponentCost(
        name, part.component.kind, decimal(amount, worth.rules.decimals), payer, tuple(rows), base
    )


def _payer(part: DayComponent, rows: list[AppliedRow], shipment: Shipment) -> Payer | None:
    if part.component.kind == "notional" or not rows:
        return None
    collectors = {row.row.collected_by for row in rows}
    if len(collectors) > 1:
        raise UnclearCollector(part.component.name)
    if part.component.name in shipment.seller_bears:
        return "seller"
    return "checkout" if collectors == {"seller"} or shipment.incoterm == "DDP" else "door"


def _sums(rules: RuleSet, worth: Worth, as_of: date, costs: tuple[ComponentCost, ...]) -> LandedCost:
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
        components=costs,
        quota_after=quotas,
    )


def decimal(units: int, decimals: int) -> Decimal:
    """Whole minor units as a decimal with exactly `decimals` decimals, whatever its size."""
    return Decimal(f"{units}e-{decimals}")
