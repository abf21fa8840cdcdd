# SPDX-License-Identifier: Apache-2.0
"""Terms: what a claim or an order is made on. Goods at the price that counts, and the whole price of a claim,
kept once for all who claim the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from silkcast.ground.ids import TermsId, VariantId
from silkcast.ground.places import Address
from silkcast.plumbing.catalogs import named
from silkcast.plumbing.db import Tx
from silkcast.stage.deals import coupons
from silkcast.stage.deals.errors import CouponNotHere, NoSuchDeal
from silkcast.stage.deals.values import Coupon, Deal, Lane
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer, Delivery, NewLine, NewOrder
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.markets.values import Market

from . import offers
from .offers import Wanted
from .scene import Scene


def at_deal_price(wanted: Wanted, lane: Lane, market: Market) -> Wanted:
    """The same goods at the deal's price. A market the deal does not name has no deal."""
    amount = lane.prices.get(market.code)
    if amount is None or wanted.price is None:
        raise NotSoldHere(market.code, "no_deal")
    return replace(wanted, price=replace(wanted.price, amount=amount))


def with_coupon(wanted: Wanted, coupon: Coupon, market: Market, *, is_deal: bool) -> Wanted:
    """The same goods at the price a coupon makes of it, or `CouponNotHere`."""
    if coupon.seller != wanted.seller.id or (is_deal and not coupon.stacks) or wanted.price is None:
        raise CouponNotHere
    price = coupons.lowered(wanted.price.amount, coupon, market.code)
    if price is None:
        raise CouponNotHere
    return replace(wanted, price=replace(wanted.price, amount=price))


async def keep_terms(
    tx: Tx, scene: Scene, deal: Deal, want: Mapping[VariantId, int], market: Market, language: str
) -> dict[VariantId, TermsId]:
    """The whole price of claims, kept once for all who claim the same. For one variant that is not sold
    there, the reason is raised; of several it is left out."""
    lanes = {lane.variant: lane for lane in deal.lanes if lane.variant in want}
    found = await offers.gather(tx, want, market)
    made: dict[VariantId, TermsId] = {}
    for variant, units in want.items():
        lane, wanted = lanes.get(variant), found.get(variant)
        if lane is None or wanted is None:
            raise NoSuchDeal
        try:
            priced = at_deal_price(wanted, lane, market)
            whole = offers.whole([priced], market, scene.carriers.values(), at=tx.now)
        except NotSoldHere:
            if len(want) == 1:
                raise
            continue
        assert priced.units == units, "gathered for so many"
        made[variant] = await _keep(tx, deal, lane, priced, whole, market, language)
    return made


async def _keep(
    tx: Tx, deal: Deal, lane: Lane, priced: Wanted, whole: offers.Whole, market: Market, language: str
) -> TermsId:
    assert lane.hold is not None, "a launched lane has its units"
    until = (deal.ends_at or tx.now) + deal.pay_within
    delivery = offers.option_key(whole.chosen)
    kept = await quotes.keep(tx, whole.offer, delivery=delivery, until=max(until, tx.now + deal.pay_within))
    new = NewOrder(
        seller=deal.seller,
        market=market.code,
        currency=market.currency,
        buyer=Buyer(""),
        ship_to=Address(market.code, "", "", ""),
        lines=(line_of(priced, language),),
        price_lines=whole.offer.lines,
        total=whole.offer.total,
        due_at_door=whole.offer.due_at_door,
        delivery=Delivery(
            service=delivery,
            name=named(whole.chosen.name, language),
            promise_from=whole.chosen.promise.from_day,
            promise_to=whole.chosen.promise.to_day,
        ),
        payment_method="",
        language=language,
        hold=lane.hold,
        held_until=until,
        quote=kept.id,
        show=deal.show,
    )
    return await orders.keep_terms(tx, new)


def line_of(one: Wanted, language: str) -> NewLine:
    """Goods as they are at the moment of buying."""
    assert one.price is not None, "what is ordered has a price"
    return NewLine(
        variant=one.variant.id,
        product=one.product.id,
        sku=one.variant.sku,
        name=one.product.names,
        options=one.variant.label(language),
        units=one.units,
        unit_price=one.price.amount,
        hs_code=one.product.hs_code,
        origin=one.product.origin,
        net=one.variant.net,
        gross=one.variant.gross,
        unit_code=one.variant.unit_code,
    )
