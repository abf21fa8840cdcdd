# SPDX-License-Identifier: Apache-2.0
"""What a shipment is worth: its values in the rules' currency, its measures, and which conditions hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from silkcast.goods.duties.errors import BadShipment
from silkcast.goods.duties.values import VALUE_NAMES, Exact, RuleSet, Shipment
from silkcast.ground.money import BadMoney, minor_units

from .day import Day
from .exact import minor, rounded, shared, weight
from .plan import Open

Parts = tuple[Sequence[Exact], Sequence[Exact], Sequence[Exact]]
"""Of a component by line: its amount, its exact sum, and what of it is charged at checkout."""
MOST_PLACES = 4


class Worth:
    """Values of one shipment in minor units, whole and by line; measures are counted when first asked for."""

    __slots__ = ("_later", "_measures", "_parts", "line_totals", "rules", "shipment", "totals")

    def __init__(self, rules: RuleSet, shipment: Shipment, day: Day) -> None:
        self.rules = rules
        self.shipment = shipment
        self.line_totals, freight, insurance = _converted(rules, shipment, day)
        goods = sum(self.line_totals)
        self.totals: dict[str, Exact] = {
            "goods": goods,
            "intrinsic": goods,
            "fob": goods,
            "goods_freight": goods + freight,
            "cif": goods + freight + insurance,
            "freight": freight,
            "insurance": insurance,
            "freight.charged": 0 if "freight" in shipment.seller_bears else freight,
            "insurance.charged": 0 if "insurance" in shipment.seller_bears else insurance,
        }
        self.totals["customs_value"] = self.totals[rules.value_basis]
        self._parts: dict[str, Sequence[Exact]] = {}
        self._later: dict[str, Callable[[], Parts]] = {}
        self._measures: dict[str, Exact] = {}

    def whole(self, name: str) -> int:
        """A value that is a whole number of minor units."""
        return int(self.totals[name])

    def put_later(self, name: str, parts: Callable[[], Parts]) -> None:
        """How a component lies on the lines: worked out if a later base takes only some of them."""
        self._later[name] = parts

    def parts(self, name: str) -> Sequence[Exact]:
        """An amount of a base as it lies on the lines."""
        known = self._parts.get(name)
        if known is None:
            known = self._parts[name] = self._split(name)
        return known

    def _split(self, name: str) -> Sequence[Exact]:
        if name in ("goods", "intrinsic", "fob"):
            return self.line_totals
        if name == "customs_value":
            return self.parts(self.rules.value_basis)
        if name == "goods_freight":
            return [a + b for a, b in zip(self.line_totals, self.parts("freight"), strict=True)]
        if name == "cif":
            return [a + b for a, b in zip(self.parts("goods_freight"), self.parts("insurance"), strict=True)]
        component = name.removesuffix(".full").removesuffix(".charged")
        if component not in self._later:
            return shared(self.whole(name), self.line_totals)
        amount, full, charged = self._later[component]()
        self._parts |= {component: amount, f"{component}.full": full, f"{component}.charged": charged}
        return self._parts[name]

    def measure(self, name: str) -> Exact:
        """A value, or something counted. A component may be called `units`: its amount is no measure."""
        if name in VALUE_NAMES:
            return self.totals[name]
        known = self._measures.get(name)
        if known is None:
            known = self._measures[name] = self._count(name)
        return known

    def _count(self, name: str) -> Exact:
        lines = self.shipment.lines
        if name == "units":
            return sum(line.quantity for line in lines)
        if name == "codes":
            return len({line.hs[:6] for line in lines})
        if name == "weight_kg":
            return Fraction(*weight([line.net_weight_kg for line in lines]))
        return self.quota(name.removeprefix("quota."))

    def quota(self, name: str) -> Exact:
        """Used before plus this shipment; in minor units if it counts money."""
        quota = next(one for one in self.rules.quotas if one.name == name)
        used = self.shipment.quota_used.get(name)
        before = 0
        if used is not None:
            before = minor(used, self.rules.decimals if quota.is_money else 0, f"quota_used.{name}")
        return before + (1 if quota.counts == "shipments" else self.measure(quota.counts))


def places(currency: str) -> int:
    """Decimals of a currency; the most there are for one that no list knows, or knows no more."""
    try:
        return minor_units(currency)
    except BadMoney:
        return MOST_PLACES


def _converted(rules: RuleSet, shipment: Shipment, day: Day) -> tuple[list[int], int, int]:
    own = shipment.currency == rules.currency
    decimals = rules.decimals if own else places(shipment.currency)
    if not shipment.lines:
        raise BadShipment("lines")
    totals = []
    for line in shipment.lines:
        total = line.quantity * minor(line.unit_value, decimals, "unit_value")
        total -= minor(line.discount, decimals, "discount")
        if total < 0 or line.quantity < 1:
            raise BadShipment("discount" if total < 0 else "quantity")
        totals.append(total)
    freight = minor(shipment.freight, decimals, "freight")
    insurance = minor(shipment.insurance, decimals, "insurance")
    if own:
        return totals, freight, insurance
    rate = day.rates[shipment.currency] * 10**rules.decimals / 10**decimals
    mode, step = day.rounding
    turned = [rounded(amount * rate, mode, step) for amount in (*totals, freight, insurance)]
    return turned[:-2], turned[-2], turned[-1]


def holds(still: Open | None, worth: Worth) -> bool:
    """Whether what is open of a condition holds of the shipment."""
    if still is None:
        return True
    for one in still.bounds:
        value = worth.measure(one.of)
        if not one.holds(value.numerator * one.below, one.above * value.denominator):
            return False
    return still.no is None or not holds(still.no, worth)
