# SPDX-License-Identifier: Apache-2.0
"""How goods, freight and law become the lines of a price."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import NoRateForGoods, NotShippable, OverLimit
from silkcast.goods.duties.values import ComponentCost, Explained, LandedCost, Line, RuleSet, Shipment
from silkcast.ground.money import Money, total
from silkcast.ground.price import CollectedAt, LineKind, PriceLine
from silkcast.who.markets.values import Market

from .errors import BadQuote, NotSoldHere, TwoOrigins
from .values import Offer, QuoteLine

KINDS: dict[str, LineKind] = {"duty": "duty", "excise": "excise", "tax": "tax", "fee": "fee"}
NOTHING = Decimal(0)
NO_QUOTA: Mapping[str, Decimal] = {}
CODE = re.compile(r"[0-9]{6,12}")
ALWAYS_SHOWN = ("duty", "tax")
"""A line of these kinds stands even at zero, with its reason."""


def work_out(
    *,
    market: Market,
    lines: Sequence[QuoteLine],
    freight: Money,
    rules: RuleSet,
    as_of: date,
    region: str | None = None,
    quota_used: Mapping[str, Decimal] = NO_QUOTA,
) -> Offer:
    """The whole price, or `NotSoldHere` with its reason. `quota_used`: by this buyer before, this year."""
    _check(market, lines, freight)
    shipment = _shipment(market, lines, freight, region, quota_used)
    try:
        cost = duties.landed_cost(rules, shipment, as_of)
    except OverLimit as refusal:
        raise NotSoldHere(market.code, refusal.limit) from None
    except NoRateForGoods:
        raise NotSoldHere(market.code, "duty_rate_unknown") from None
    except NotShippable as refusal:
        raise NotSoldHere(market.code, refusal.code.removeprefix("duties.")) from None
    if cost.currency != market.currency:
        raise NotSoldHere(market.code, "currency_of_rules")
    priced = (*_goods(lines), _freight(freight), *_levies(market, rules, cost))
    return Offer(
        market=market.code,
        currency=market.currency,
        as_of=as_of,
        lines=priced,
        total=_sum(priced, "checkout", market.currency),
        due_at_door=_sum(priced, "door", market.currency),
        rules=rules.name,
        quotas={
            name: f"{after - quota_used.get(name, Decimal(0)):f}" for name, after in cost.quota_after.items()
        },
    )


def with_fee(offer: Offer, fee: Money, code: str) -> Offer:
    """The offer with one more fee at checkout: what cash on delivery costs, say."""
    if fee.is_zero:
        return offer
    line = PriceLine("fee", fee, code, mark="ours")
    return replace(offer, lines=(*offer.lines, line), total=offer.total + fee)


def _check(market: Market, lines: Sequence[QuoteLine], freight: Money) -> None:
    if not lines:
        raise BadQuote("lines")
    for line in lines:
        if line.units < 1:
            raise BadQuote("units")
        if line.unit_price.currency != market.currency or line.unit_price.amount < 0:
            raise BadQuote("unit_price")
        if not CODE.fullmatch(line.hs_code):
            raise BadQuote("hs_code")
        if line.origin != lines[0].origin:
            raise TwoOrigins(tuple(dict.fromkeys(one.origin for one in lines)))
    if freight.currency != market.currency or freight.amount < 0:
        raise BadQuote("freight")


def _shipment(
    market: Market,
    lines: Sequence[QuoteLine],
    freight: Money,
    region: str | None,
    quota_used: Mapping[str, Decimal],
) -> Shipment:
    return Shipment(
        currency=market.currency,
        origin=lines[0].origin,
        channel=market.channel,
        incoterm=market.incoterm,
        scheme=market.scheme,
        lines=tuple(
            Line(
                hs=line.hs_code,
                description=line.description,
                quantity=line.units,
                unit_value=line.unit_price.amount,
                discount=NOTHING,
                net_weight_kg=(line.net * line.units).kilograms,
            )
            for line in lines
        ),
        freight=freight.amount,
        insurance=NOTHING,
        region=region,
        quota_used=quota_used,
        proofs=frozenset.intersection(*(line.proofs for line in lines)),
    )


def _goods(lines: Sequence[QuoteLine]) -> Iterator[PriceLine]:
    for line in lines:
        facts = {
            "units": str(line.units),
            "unit_price": str(line.unit_price.amount),
            "variant": str(line.variant),
        }
        yield PriceLine("goods", line.unit_price * line.units, "goods.line", facts=facts)


def _freight(freight: Money) -> PriceLine:
    return PriceLine("freight", freight, "freight.free" if freight.is_zero else "freight.delivery")


def _levies(market: Market, rules: RuleSet, cost: LandedCost) -> Iterator[PriceLine]:
    explained = duties.explain(rules, cost)
    shown = set()
    for part in cost.components:
        if part.kind == "notional" or part.payer == "seller":
            continue
        rows = [row for row in explained if row.component == part.name]
        if not part.amount and part.kind not in ALWAYS_SHOWN:
            continue
        shown.add(part.kind)
        yield _levy(market, part, rows)
    for kind in ALWAYS_SHOWN:
        if kind not in shown:
            yield PriceLine(KINDS[kind], Money.zero(market.currency), f"{kind}.none", mark="verified")


def _levy(market: Market, part: ComponentCost, rows: Sequence[Explained]) -> PriceLine:
    place: CollectedAt = "door" if part.payer == "door" else "checkout"
    amount = Money(part.amount, market.currency)
    if not rows:
        return PriceLine(KINDS[part.kind], amount, f"{part.kind}.none", place)
    base = next((Decimal(row.base) for row in rows if row.base is not None), None)
    return PriceLine(
        kind=KINDS[part.kind],
        amount=amount,
        code=f"{part.kind}.rule" if part.amount else f"{part.kind}.free",
        collected_at=place,
        rule="; ".join(row.rule for row in rows),
        rate=" + ".join(row.rate for row in rows),
        base=Money.rounded(base, market.currency) if base is not None else None,
        valid_from=max(row.valid_from for row in rows),
        source="; ".join(dict.fromkeys(source for row in rows for source in row.sources)),
        mark="knowledge" if any(row.mark == "knowledge" for row in rows) else rows[0].mark,
        facts={"component": part.name, "formula": "; ".join(row.formula for row in rows)},
        steps=tuple(step for row in rows for step in row.steps),
    )


def _sum(lines: Sequence[PriceLine], place: CollectedAt, currency: str) -> Money:
    return total((line.amount for line in lines if line.collected_at == place), currency)
