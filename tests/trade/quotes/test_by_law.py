# SPDX-License-Identifier: Apache-2.0
"""Quotes by rules of all kinds: preferences of origin, quotas of a person, and what cannot be quoted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from silkcast.flows import offers
from silkcast.flows.errors import TwoShops
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BadShipment, NoExchangeRate, NoRules, NoSuchRules
from silkcast.goods.duties.reader.document import load
from silkcast.goods.duties.reader.rule_sets import read_rules
from silkcast.goods.duties.reader.shape import Place
from silkcast.goods.duties.values import Line, RuleSet, Shipment
from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.money import Money
from silkcast.ground.places import Country
from silkcast.ground.quantity import Weight
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import BadQuote, NotSoldHere, TwoOrigins
from silkcast.trade.quotes.values import Offer, QuoteLine
from silkcast.who.markets import service as markets

DAY = date(2026, 11, 22)
LAW = """
name: a law with a treaty and a quota of the year
valid_from: '2026-01-01'
currency: EUR
decimals: 2
value_basis: cif
quotas:
- {name: year_value, counts: customs_value}
- {name: parcels, counts: shipments}
limits:
- code: over_yearly_limit
  valid_from: '2026-01-01'
  when: {measured: [{of: quota.year_value, over: '100'}]}
  mark: ours
components:
- name: duty
  kind: duty
  rows:
  - name: by treaty
    valid_from: '2026-01-01'
    when: {origin: [CN], proof: [CHAFTA]}
    base: [customs_value]
    charge: {rate: '0'}
    collected_by: border
    mark: ours
  - name: ordinary
    valid_from: '2026-01-01'
    when: {not: {origin: [CN], proof: [CHAFTA]}, measured: [{of: quota.parcels, up_to: '5'}]}
    base: [customs_value]
    charge: {rate: '0.10'}
    collected_by: border
    mark: ours
  - name: from the sixth parcel of the year
    valid_from: '2026-01-01'
    when: {not: {origin: [CN], proof: [CHAFTA]}, measured: [{of: quota.parcels, over: '5'}]}
    base: [customs_value]
    charge: {rate: '0.20'}
    collected_by: border
    mark: ours
"""


@pytest.fixture(scope="module")
def law() -> RuleSet:
    return read_rules(Place.of(load(LAW)))


def cup(
    price: str = "40.00", *, origin: str = "CN", hs: str = "691110", proofs: tuple[str, ...] = ()
) -> QuoteLine:
    price_ = Money.of(price, "EUR")
    return QuoteLine(
        VariantId(new_uuid()), 1, price_, hs, Country(origin), "cup", Weight(300), frozenset(proofs)
    )


def offer(law: RuleSet, *lines: QuoteLine, freight: str = "0.00", **used: str) -> Offer:
    return quotes.work_out(
        market=markets.market("FR", DAY),
        lines=lines,
        freight=Money.of(freight, "EUR"),
        rules=law,
        as_of=DAY,
        quota_used={name: Decimal(amount) for name, amount in used.items()},
    )


def duty(made: Offer) -> str:
    return str(made.amount("duty").amount)


def test_a_proof_of_origin_takes_the_rate_of_the_treaty(law: RuleSet) -> None:
    assert duty(offer(law, cup(proofs=("CHAFTA",)))) == "0.00"
    assert duty(offer(law, cup())) == "4.00"
    assert duty(offer(law, cup(origin="VN", proofs=("CHAFTA",)))) == "4.00"


def test_a_proof_counts_only_if_all_goods_of_the_parcel_have_it(law: RuleSet) -> None:
    assert duty(offer(law, cup(proofs=("CHAFTA",)), cup("10.00"))) == "5.00"
    assert duty(offer(law, cup(proofs=("CHAFTA",)), cup("10.00", proofs=("CHAFTA", "B")))) == "0.00"


def test_what_a_person_used_of_the_year_counts_and_the_offer_says_what_it_adds(law: RuleSet) -> None:
    made = offer(law, cup(), year_value="60.00")
    assert made.quotas == {"year_value": "40.00", "parcels": "1"}
    with pytest.raises(NotSoldHere) as refused:
        offer(law, cup(), year_value="60.01")
    assert refused.value.reason == "over_yearly_limit"


def test_the_sixth_parcel_of_the_year_is_judged_as_the_sixth(law: RuleSet) -> None:
    assert duty(offer(law, cup(), parcels="4")) == "4.00"
    assert duty(offer(law, cup(), parcels="5")) == "8.00"


def test_the_adds_of_orders_are_what_the_next_one_has_used(law: RuleSet) -> None:
    first = offer(law, cup("30.00"))
    then = offer(law, cup("30.00"), **first.quotas)
    used = {name: str(Decimal(of) + Decimal(then.quotas[name])) for name, of in first.quotas.items()}
    assert used == {"year_value": "60.00", "parcels": "2"}


@pytest.mark.parametrize("hs", ["691", "69111", "6911.10", "", "69111O", "٦٩١١١٠"])
def test_a_code_of_too_few_digits_is_refused(law: RuleSet, hs: str) -> None:
    with pytest.raises(BadQuote) as refused:
        offer(law, cup(hs=hs))
    assert refused.value.code == "quotes.bad"
    assert refused.value.field == "hs_code"
    line = Line(hs, "cup", 1, Decimal("1.00"), Decimal(0), Decimal(0))
    shipment = Shipment("EUR", "CN", "post", "DDP", "none", (line,), Decimal(0), Decimal(0))
    with pytest.raises(BadShipment) as bad:
        duties.landed_cost(law, shipment, DAY)
    assert bad.value.field == "hs"


def test_a_negative_price_or_freight_is_refused(law: RuleSet) -> None:
    with pytest.raises(BadQuote) as refused:
        offer(law, cup("-1.00"))
    assert refused.value.field == "unit_price"
    with pytest.raises(BadQuote) as refused:
        offer(law, cup(), freight="-0.01")
    assert refused.value.field == "freight"


def test_goods_of_two_origins_are_refused_with_both(law: RuleSet) -> None:
    with pytest.raises(TwoOrigins) as refused:
        offer(law, cup(), cup(origin="VN"))
    assert refused.value.code == "quotes.two_origins"
    assert refused.value.origins == ("CN", "VN")


def test_goods_of_two_shops_are_refused() -> None:
    class Shop:
        def __init__(self) -> None:
            self.seller = self
            self.id = new_uuid()

    with pytest.raises(TwoShops):
        offers.whole([Shop(), Shop()], markets.market("FR", DAY), (), at=None)  # type: ignore[list-item,arg-type]


def test_a_day_before_the_rules_is_refused(law: RuleSet) -> None:
    line = Line("691110", "cup", 1, Decimal("1.00"), Decimal(0), Decimal(0))
    shipment = Shipment("EUR", "CN", "post", "DDP", "none", (line,), Decimal(0), Decimal(0))
    with pytest.raises(NoRules):
        duties.landed_cost(law, shipment, date(2025, 12, 31))
    with pytest.raises(NoSuchRules):
        duties.rules_for("FR", date(1990, 1, 1))


def test_a_currency_without_a_rate_is_refused_by_its_name(law: RuleSet) -> None:
    line = Line("691110", "cup", 1, Decimal("1"), Decimal(0), Decimal(0))
    shipment = Shipment("JPY", "CN", "post", "DDP", "none", (line,), Decimal(0), Decimal(0))
    with pytest.raises(NoExchangeRate) as refused:
        duties.landed_cost(law, shipment, DAY)
    assert refused.value.currency == "JPY"


def test_many_shipments_are_judged_in_one_call_each_for_itself(law: RuleSet) -> None:
    good = Line("691110", "cup", 1, Decimal("10.00"), Decimal(0), Decimal(0))
    dear = Line("691110", "cup", 1, Decimal("101.00"), Decimal(0), Decimal(0))
    parcels = [
        Shipment("EUR", "CN", "post", "DDP", "none", (line,), Decimal(0), Decimal(0))
        for line in (good, dear, good)
    ]
    first, second, third = duties.landed_costs(law, parcels, DAY)
    assert first == third == duties.landed_cost(law, parcels[0], DAY)
    assert second.code == "duties.limit"  # type: ignore[union-attr]
