# SPDX-License-Identifier: Apache-2.0
"""Offers: the whole price of goods in a market (goods, freight, duty, tax), and when they arrive."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from silkcast.goods.admission import service as admission
from silkcast.goods.admission.values import Verdict
from silkcast.goods.catalog import service as catalog
from silkcast.goods.catalog.values import Product, Variant
from silkcast.goods.duties import service as duties
from silkcast.goods.duties.errors import BadShipment, NoSuchRules
from silkcast.goods.duties.values import Exchange, RuleSet, Span
from silkcast.goods.pricing import service as pricing
from silkcast.goods.pricing.values import Price
from silkcast.ground.clock import day
from silkcast.ground.ids import SellerId, VariantId
from silkcast.ground.money import Money, minor_units, total
from silkcast.ground.places import Address
from silkcast.money.rates import service as rates
from silkcast.money.rates.errors import NoRate
from silkcast.plumbing.db import Db
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.trade.quotes.values import Offer, QuoteLine
from silkcast.trade.shipping import service as shipping
from silkcast.trade.shipping.errors import NoService
from silkcast.trade.shipping.port import Carrier
from silkcast.trade.shipping.values import Option, Packed, Piece, RateAsk
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market
from silkcast.who.sellers import service as sellers
from silkcast.who.sellers.values import Seller

from .admitting import check_admitted, goods_of
from .errors import TwoShops

NOTHING_USED: Mapping[str, Decimal] = {}
REGION = re.compile(r"[A-Z0-9]{1,3}\Z")


@dataclass(frozen=True, slots=True)
class Wanted:
    """One variant that somebody wants some of, with all that its price depends on."""

    variant: Variant
    product: Product
    seller: Seller
    units: int
    price: Price | None
    verdict: Verdict | None = None
    """Whether the market lets it in; none where nothing was asked."""
    exchange: tuple[Exchange, ...] = ()
    """Rates of the day, where the law of the market measures in another currency than it pays in."""
    region: str | None = None
    """Where in the country it goes, as ISO 3166-2 has it (CA-ON); None until an address tells."""

    def to(self, address: Address | None) -> Wanted:
        """The same for somebody who lives there."""
        return self if address is None else replace(self, region=region_of(address))


@dataclass(frozen=True, slots=True)
class Whole:
    """The whole price with one of the delivery choices, and the other choices there are."""

    offer: Offer
    chosen: Option
    options: tuple[Option, ...]
    packed: Packed


def region_of(address: Address) -> str | None:
    """The code of the region, where the country's addresses tell it by its code."""
    return f"{address.country}-{address.region}" if REGION.match(address.region) else None


def option_key(option: Option) -> str:
    """How forms and orders name a delivery choice."""
    return f"{option.carrier}/{option.service}"


async def gather(db: Db, want: Mapping[VariantId, int], market: Market) -> dict[VariantId, Wanted]:
    """What the price of these depends on, in a handful of questions for all of them."""
    found = await catalog.variants(db, list(want))
    prices = await pricing.prices(db, list(want), market.code)
    shops = await sellers.sellers_of(db, list({of.product.seller for of in found.values()}))
    products = {of.product.id: of.product for of in found.values()}
    goods = [goods_of(product) for product in products.values()]
    verdicts = await admission.verdicts(db, goods, market.code)
    exchange = await _exchange(db, market)
    return {
        id: Wanted(
            of.variant,
            of.product,
            shops[of.product.seller],
            want[id],
            prices.get(id),
            verdicts[of.product.id],
            exchange,
        )
        for id, of in found.items()
    }


async def _exchange(db: Db, market: Market) -> tuple[Exchange, ...]:
    """What the law of the market needs to be asked in its money; without a rate it refuses by itself."""
    on = day(db.now)
    try:
        rules = duties.rules_for(market.code, on)
        wanted = duties.currencies_wanted(rules, market.currency, on)
        wanted |= {one.least.currency for one in market.least_prices} - {market.currency}
    except (NoSuchRules, BadShipment):
        return ()
    found = []
    for code in sorted(wanted):
        try:
            rate = await rates.rate(db, code, market.currency, on)
        except NoRate:
            continue
        found.append(Exchange(code, market.currency, rate.rate, Span(on, on), rate.mark))
    return tuple(found)


def whole(
    wanted: Sequence[Wanted],
    market: Market,
    carriers: Iterable[Carrier],
    *,
    at: datetime,
    delivery: str | None = None,
    method: str | None = None,
    quota_used: Mapping[str, Decimal] = NOTHING_USED,
) -> Whole:
    """The whole price, or `NotSoldHere` with the reason. The cheapest delivery unless one is named.
    `quota_used`: by this buyer before; on pages for strangers nothing."""
    if len({one.seller.id for one in wanted}) > 1:
        raise TwoShops()
    for one in wanted:
        check_sold(one, market)
    goods = worth_of(wanted, market)
    packed = shipping.packed([Piece(one.units, one.variant.gross, one.variant.size) for one in wanted])
    options = _options(wanted[0].seller, market, carriers, packed, goods, at, method)
    chosen = next((option for option in options if option_key(option) == delivery), options[0])
    offer = quotes.work_out(
        market=market,
        lines=[_line(one) for one in wanted],
        freight=chosen.price,
        rules=_rules(market, day(at), wanted[0].exchange),
        as_of=day(at),
        region=wanted[0].region,
        quota_used=quota_used,
    )
    if method == "cod" and market.cod is not None:
        offer = quotes.with_fee(offer, market.cod.fee, "fee.cash_on_delivery")
    return Whole(offer, chosen, options, packed)


def _rules(market: Market, on: date, exchange: tuple[Exchange, ...]) -> RuleSet:
    """The law of the day, reckoned in the market's money."""
    try:
        rules = duties.rules_for(market.code, on)
        return duties.rules_in(
            rules, market.currency, decimals=minor_units(market.currency), exchange=exchange
        )
    except NoSuchRules:
        raise NotSoldHere(market.code, "no_rules") from None
    except BadShipment:
        raise NotSoldHere(market.code, "currency_of_rules") from None


def check_sold(one: Wanted, market: Market) -> None:
    """Refuse what the seller does not sell there, with the reason."""
    if not one.seller.is_active or not one.product.is_listed or not one.variant.is_sold:
        raise NotSoldHere(market.code, "not_listed")
    restriction = one.product.restriction(market.code)
    if restriction is not None:
        raise NotSoldHere(market.code, restriction.reason)
    if one.verdict is not None:
        check_admitted(one.verdict)
    if one.price is None:
        raise NotSoldHere(market.code, "no_price")
    for least in markets.least_prices(market, one.product.hs_code):
        _check_least(one.price.amount, least, one.exchange, market)


def _check_least(price: Money, least: Money, exchange: tuple[Exchange, ...], market: Market) -> None:
    """Not under the law's least price, at the rate of the day; without a rate nothing is sold."""
    rates_to = {price.currency: Fraction(1)} | {one.source: one.rate for one in exchange}
    if least.currency not in rates_to:
        raise NotSoldHere(market.code, "no_rate")
    if Fraction(price.amount) < Fraction(least.amount) * rates_to[least.currency]:
        raise NotSoldHere(market.code, "under_least_price")


def worth_of(wanted: Sequence[Wanted], market: Market) -> Money:
    """What the goods alone come to."""
    priced = [one.price.amount * one.units for one in wanted if one.price is not None]
    return total(priced, market.currency)


def _options(
    seller: Seller,
    market: Market,
    carriers: Iterable[Carrier],
    packed: Packed,
    goods: Money,
    at: datetime,
    method: str | None,
) -> tuple[Option, ...]:
    ask = RateAsk(seller.country, market.code, packed.weight, day(at), packed.size, goods)
    days = markets.workdays((seller.country, market.code), day(at))
    found: list[Option] = []
    for carrier in carriers:
        try:
            found += shipping.options(carrier.sheet, ask, at=at, days=days)
        except NoService:
            continue
    fitting = [option for option in found if option.price.currency == market.currency]
    if method == "cod":
        fitting = [option for option in fitting if option.cod_ok]
    if not fitting:
        raise NotSoldHere(market.code, "no_service")
    return tuple(sorted(fitting, key=lambda option: (option.price.amount, option.promise.to_day)))


def _line(one: Wanted) -> QuoteLine:
    assert one.price is not None, "only what has a price is quoted"
    return QuoteLine(
        variant=one.variant.id,
        units=one.units,
        unit_price=one.price.amount,
        hs_code=one.product.hs_code,
        origin=one.product.origin,
        description=one.product.names.text("en"),
        net=one.variant.net,
    )


async def for_pages(
    db: Db, variants: Sequence[VariantId], market: Market, carriers: Iterable[Carrier]
) -> dict[VariantId, Whole | NotSoldHere]:
    """The whole price of one unit of each, for pages; or why it is not sold there."""
    carriers = tuple(carriers)
    found: dict[VariantId, Whole | NotSoldHere] = {}
    for id, one in (await gather(db, dict.fromkeys(variants, 1), market)).items():
        try:
            found[id] = whole([one], market, carriers, at=db.now)
        except NotSoldHere as refusal:
            found[id] = refusal
    return found


def seller_of(wanted: Sequence[Wanted]) -> SellerId:
    """The one shop an order is with."""
    first, *others = {one.seller.id for one in wanted}
    assert not others, "an order is with one shop"
    return first
