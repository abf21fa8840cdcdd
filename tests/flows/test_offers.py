# SPDX-License-Identifier: Apache-2.0
"""The whole price as pages show it: pure once its facts are gathered."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from silkcast.engines.carrier.sheet import sandbox_sheet
from silkcast.flows import offers
from silkcast.flows.offers import Wanted
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Restriction
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.values import Exchange, Span
from silkcast.goods.pricing import service as pricing
from silkcast.ground.ids import VariantId, new_uuid
from silkcast.ground.money import Currency, Money
from silkcast.ground.places import Address, Country
from silkcast.ground.quantity import Weight
from silkcast.money.rates import service as rates
from silkcast.money.rates.values import Quoted
from silkcast.plumbing.db import Tx
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.trade.quotes.values import QuoteLine
from silkcast.trade.shipping.port import Carrier
from silkcast.trade.shipping.values import RateSheet
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import LeastPrice, Market
from tests.goods.catalog.build import new_product
from tests.who.sellers.build import open_shop

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass
class SheetOnly:
    """A carrier of which only the prices are asked."""

    name: str = "sandbox"
    sheet: RateSheet = field(default_factory=sandbox_sheet)


CARRIERS: tuple[Carrier, ...] = (SheetOnly(),)  # type: ignore[assignment]


def market(code: str) -> Market:
    return markets.market(code, NOW.date())


async def cup(tx: Tx, code: str, price: str, units: int = 1) -> Wanted:
    """A listed cup with a price in one market."""
    shop = await open_shop(tx)
    product = await catalog.list_product(tx, shop.id, new_product())
    variant = product.variants[0]
    currency = market(code).currency
    await pricing.set_price(tx, variant.id, Country(code), Money.of(price, currency), currency=currency)
    return (await offers.gather(tx, {variant.id: units}, market(code)))[variant.id]


@pytest.mark.parametrize(
    ("code", "price"), [("FR", "12.50"), ("US", "14.00"), ("SA", "55.00"), ("SG", "18.00")]
)
async def test_the_lines_add_up_in_the_markets_own_money(tx: Tx, code: str, price: str) -> None:
    one = await cup(tx, code, price, units=3)

    whole = offers.whole([one], market(code), CARRIERS, at=NOW)

    assert whole.offer.goods == Money.of(price, market(code).currency) * 3
    asked = [line.amount for line in whole.offer.lines if line.collected_at == "checkout"]
    assert sum((amount.amount for amount in asked), start=asked[0].amount * 0) == whole.offer.total.amount
    assert {line.amount.currency for line in whole.offer.lines} == {market(code).currency}


async def test_a_law_in_dollars_is_asked_in_the_markets_money_at_the_rate_of_the_day(tx: Tx) -> None:
    today = tx.now.date()
    quoted = [
        Quoted(Currency("EUR"), Currency(code), today, Decimal(rate), "market", "made up", "ours")
        for code, rate in (("USD", "1.25"), ("BRL", "6.75"))
    ]
    await rates.add_rates(tx, quoted)
    brazil = replace(
        market("FR"), code=Country("BR"), currency=Currency("BRL"), scheme="REMESSA_CONFORME", digits="latn"
    )
    shop = await open_shop(tx)
    variant = (await catalog.list_product(tx, shop.id, new_product())).variants[0].id
    await pricing.set_price(tx, variant, Country("BR"), Money.of("260.00", "BRL"), currency=Currency("BRL"))

    (one,) = (await offers.gather(tx, {variant: 1}, brazil)).values()
    (none,) = (await offers.gather(tx, {variant: 1}, market("FR"))).values()

    # 6.75 / 1.25 = 5.40: 50 USD are 270.00 BRL
    assert [(row.source, row.target, row.rate) for row in one.exchange] == [("USD", "BRL", Fraction("5.4"))]
    assert none.exchange == ()
    rules = duties.rules_in(duties.rules_for("BR", today), "BRL", decimals=2, exchange=one.exchange)
    line = QuoteLine(variant, 1, Money.of("260.00", "BRL"), "691110", Country("CN"), "cup", Weight(300))
    made = [
        quotes.work_out(
            market=brazil, lines=[line], freight=Money.of(freight, "BRL"), rules=rules, as_of=today
        )
        for freight in ("10.00", "20.00")
    ]
    duty = [[line.amount for line in one.lines if line.kind == "duty"] for one in made]
    # 280.00 x 60 % - 30 USD = 168.00 - 162.00
    assert duty == [[Money.of("0.00", "BRL")], [Money.of("6.00", "BRL")]]


def address(country: str, region: str) -> Address:
    return Address(country=Country(country), name="A", street="B 1", city="C", region=region)


def test_a_region_is_told_by_its_code_only() -> None:
    assert offers.region_of(address("CA", "ON")) == "CA-ON"
    assert offers.region_of(address("CA", "Ontario")) is None
    assert offers.region_of(address("FR", "")) is None


@pytest.mark.parametrize(("region", "tax"), [("ON", "9.20"), ("AB", "3.54"), ("", "3.54")])
async def test_tax_follows_the_region_once_the_address_tells_it(tx: Tx, region: str, tax: str) -> None:
    canada = replace(
        market("FR"), code=Country("CA"), currency=Currency("CAD"), scheme="none", channel="express"
    )
    shop = await open_shop(tx)
    variant = (await catalog.list_product(tx, shop.id, new_product())).variants[0].id
    (wanted,) = (await offers.gather(tx, {variant: 1}, canada)).values()
    there = wanted.to(address("CA", region))
    line = QuoteLine(variant, 1, Money.of("60.00", "CAD"), "610910", Country("CN"), "shirt", Weight(300))

    made = quotes.work_out(
        market=canada,
        lines=[line],
        freight=Money.of("8.00", "CAD"),
        rules=duties.rules_for("CA", NOW.date()),
        as_of=NOW.date(),
        region=there.region,
    )

    # 60.00 x 18 % = 10.80; 70.80 x 5 % = 3.54; in Ontario 70.80 x 8 % = 5.66 more
    assert sum(line.amount.amount for line in made.lines if line.kind == "tax") == Decimal(tax)


async def test_the_cheapest_delivery_unless_one_is_named(tx: Tx) -> None:
    one = await cup(tx, "FR", "12.50")

    cheapest = offers.whole([one], market("FR"), CARRIERS, at=NOW)
    named = offers.whole([one], market("FR"), CARRIERS, at=NOW, delivery="sandbox/express_line")

    assert offers.option_key(cheapest.chosen) == "sandbox/post_tracked"
    assert cheapest.chosen == min(cheapest.options, key=lambda option: option.price.amount)
    assert offers.option_key(named.chosen) == "sandbox/express_line"
    assert named.offer.amount("freight") == named.chosen.price > cheapest.chosen.price


async def test_cash_costs_its_fee_once_and_takes_only_services_that_collect(tx: Tx) -> None:
    one = await cup(tx, "SA", "55.00", units=2)

    card = offers.whole([one], market("SA"), CARRIERS, at=NOW, method="card")
    cash = offers.whole([one], market("SA"), CARRIERS, at=NOW, method="cod")

    fees = [line for line in cash.offer.lines if line.code == "fee.cash_on_delivery"]
    assert [fee.amount for fee in fees] == [Money.of("15.00", "SAR")]
    assert cash.offer.total == card.offer.total + Money.of("15.00", "SAR")
    assert all(option.cod_ok for option in cash.options)


async def test_no_delivery_takes_cash_in_france(tx: Tx) -> None:
    one = await cup(tx, "FR", "12.50")

    with pytest.raises(NotSoldHere) as refused:
        offers.whole([one], market("FR"), CARRIERS, at=NOW, method="cod")

    assert refused.value.reason == "no_service"


async def test_why_something_is_not_sold(tx: Tx) -> None:
    one = await cup(tx, "FR", "12.50")
    wrong = {
        "no_price": replace(one, price=None),
        "not_listed": replace(one, product=replace(one.product, status="withdrawn")),
        "papers_missing": replace(
            one, product=replace(one.product, restrictions=(Restriction(Country("FR"), "papers_missing"),))
        ),
        "no_service": replace(one, variant=replace(one.variant, gross=Weight(40_000))),
    }
    for reason, wanted in wrong.items():
        with pytest.raises(NotSoldHere) as refused:
            offers.whole([wanted], market("FR"), CARRIERS, at=NOW)
        assert (refused.value.reason, refused.value.market) == (reason, "FR")
    with pytest.raises(NotSoldHere) as refused:
        offers.whole([one], market("FR"), (), at=NOW)
    assert refused.value.reason == "no_service"


async def test_nothing_goes_under_a_price_that_the_law_sets(tx: Tx) -> None:
    one = await cup(tx, "FR", "12.50")
    fact = market("FR").tax
    law = (LeastPrice("69", Money.of("12.50", "EUR"), fact), LeastPrice("6911", Money.of("9", "EUR"), fact))
    strict = replace(market("FR"), least_prices=(*law, LeastPrice("62", Money.of("99", "EUR"), fact)))
    assert offers.whole([one], strict, CARRIERS, at=NOW).offer.goods == Money.of("12.50", "EUR")
    assert one.price is not None
    cheaper = replace(one, price=replace(one.price, amount=Money.of("12.49", "EUR")))
    with pytest.raises(NotSoldHere) as refused:
        offers.whole([cheaper], strict, CARRIERS, at=NOW)
    assert refused.value.reason == "under_least_price"


async def test_a_least_price_in_the_laws_own_money_is_turned_at_the_rate_of_the_day(tx: Tx) -> None:
    one = await cup(tx, "FR", "92.00")
    in_dollars = LeastPrice("", Money.of("100", "USD"), market("FR").tax)
    strict = replace(market("FR"), least_prices=(in_dollars,))
    euro = Exchange("USD", "EUR", Fraction(92, 100), Span(NOW.date(), NOW.date()), "verified")
    assert offers.whole([replace(one, exchange=(euro,))], strict, CARRIERS, at=NOW)
    dearer = Exchange("USD", "EUR", Fraction(9201, 10000), Span(NOW.date(), NOW.date()), "verified")
    for exchange, reason in (((dearer,), "under_least_price"), ((), "no_rate")):
        with pytest.raises(NotSoldHere) as refused:
            offers.whole([replace(one, exchange=exchange)], strict, CARRIERS, at=NOW)
        assert refused.value.reason == reason


UNKNOWN = {"duty_rate_unknown", "no_rules", "under_least_price"}
"""What a market's law may leave open for a cup: then it is not sold there, and says so."""


async def test_every_market_has_a_whole_price_for_a_cup_or_says_that_its_duty_is_unknown(tx: Tx) -> None:
    await rates.load_shipped_rates(tx)
    shop = await open_shop(tx)
    variant = (await catalog.list_product(tx, shop.id, new_product())).variants[0].id
    left_out = {}
    for of in markets.markets(NOW.date()):
        price = await rates.suggest(tx, Money.of("90", "CNY"), of, NOW.date())
        await pricing.set_price(tx, variant, of.code, price, currency=of.currency)
        one = (await offers.gather(tx, {variant: 1}, of))[variant]
        try:
            whole = offers.whole([one], of, CARRIERS, at=NOW)
        except NotSoldHere as refused:
            left_out[of.code] = refused.reason
            continue
        assert whole.offer.currency == of.currency
        assert whole.offer.total >= price
        assert markets.works(of, whole.chosen.promise.from_day)
        assert markets.works(of, whole.chosen.promise.to_day)
    assert set(left_out.values()) <= UNKNOWN
    assert len(left_out) < 12, left_out


async def test_a_closed_shop_sells_nothing(tx: Tx) -> None:
    one = await cup(tx, "FR", "12.50")

    with pytest.raises(NotSoldHere) as refused:
        offers.whole(
            [replace(one, seller=replace(one.seller, status="suspended"))], market("FR"), CARRIERS, at=NOW
        )

    assert refused.value.reason == "not_listed"


async def test_pages_get_a_price_or_a_reason_for_each(tx: Tx) -> None:
    sold = await cup(tx, "FR", "12.50")
    elsewhere = await cup(tx, "US", "14.00")
    unknown = VariantId(new_uuid())

    shown = await offers.for_pages(
        tx, [sold.variant.id, elsewhere.variant.id, unknown], market("FR"), CARRIERS
    )

    assert isinstance(shown[sold.variant.id], offers.Whole)
    refused = shown[elsewhere.variant.id]
    assert isinstance(refused, NotSoldHere)
    assert refused.reason == "no_price"
    assert unknown not in shown
