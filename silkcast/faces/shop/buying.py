# SPDX-License-Identifier: Apache-2.0
"""Buying: what the pages of the buy sheet show, worked out from a basket."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from silkcast.faces.format import Format
from silkcast.faces.house import House
from silkcast.faces.refusal_words import not_sold_words
from silkcast.faces.shop.address import number_name
from silkcast.faces.shop.basket import MOST_UNITS, Basket, Receiver, claim_in
from silkcast.faces.shop.buy_views import (
    BuyView,
    DeliveryChoice,
    DoneView,
    NotSoldView,
    PaymentChoice,
    SoldOutView,
)
from silkcast.faces.shop.closed import view_of
from silkcast.faces.shop.pieces import choices, first_image, market_now, options_label, product_href
from silkcast.faces.shop.price_words import lines_of
from silkcast.faces.shop.views import VariantChoice, Window
from silkcast.faces.shop.window import return_fact
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.flows import offers
from silkcast.flows.calling_off import BY_BUYER
from silkcast.flows.errors import SaleBarred, SalePapersNeeded
from silkcast.flows.offers import Wanted, Whole
from silkcast.flows.terms import at_deal_price, with_coupon
from silkcast.goods.catalog import service as catalog
from silkcast.goods.stock import service as stock
from silkcast.goods.stock.values import Available
from silkcast.ground.ids import VariantId, new_secret
from silkcast.ground.language import Words
from silkcast.ground.money import Money
from silkcast.ground.places import Address
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.catalogs import named
from silkcast.plumbing.db import Db
from silkcast.stage.deals import coupons, handing
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import ClaimOver, CouponNotHere, NoSuchClaim
from silkcast.stage.deals.values import Claim, LaneId
from silkcast.stage.rooms import service as rooms
from silkcast.stage.rooms.errors import NoSuchShow
from silkcast.trade.orders import receiving
from silkcast.trade.orders.values import Order
from silkcast.trade.quotes.errors import NotSoldHere
from silkcast.who.closings.errors import MarketIsClosed
from silkcast.who.markets.values import Market


@dataclass(frozen=True, slots=True)
class CouponUse:
    """The coupon in the price, and what it would be without; or one that cannot be used here."""

    code: str = ""
    name: str = ""
    """As the form sends it: id, dot, number."""
    without: Wanted | None = None
    idle: str = ""
    """The code of one that is not for this price: it does not come on top of a deal's."""


@dataclass(frozen=True, slots=True)
class Table:
    """What lies before the buyer: the goods, how many are free, and where they came from."""

    wanted: Wanted
    basket: Basket
    levels: dict[VariantId, Available]
    close: str
    claim: Claim | None = None
    """A claim of a flash deal: its unit is held already, at the deal's price."""
    coupon: CouponUse = CouponUse()
    quota_used: Mapping[str, Decimal] = field(default_factory=dict)
    """By whoever receives it, if that is known."""

    def to(self, address: Address | None) -> Table:
        """The same for somebody who lives there: tax may differ by region."""
        without = self.coupon.without
        coupon = replace(self.coupon, without=without and without.to(address))
        return replace(self, wanted=self.wanted.to(address), coupon=coupon)

    @property
    def free(self) -> int:
        return self.claim.units if self.claim else self.levels[self.wanted.variant.id].free


async def lay(db: Db, basket: Basket, visit: Visit, marks: Sequence[UUID] = ()) -> Table:
    """The goods of a basket, or `NotFound`; with a claim, at its deal's price, for whoever has it."""
    market = market_now(visit)
    claim = await claim_of(db, basket, marks)
    found = await offers.gather(db, {basket.variant: basket.units}, market)
    wanted = found.get(basket.variant)
    if wanted is None or wanted.product.status == "draft":
        raise NotFound
    if claim is not None:
        lane = (await deals.deal_of(db, claim.lane)).lane(basket.variant)
        if lane is None or lane.id != claim.lane:
            raise NotFound
        wanted = at_deal_price(wanted, lane, market)
    levels = await stock.levels(db, [one.id for one in (*wanted.product.variants, wanted.variant)])
    close = product_href(wanted.product, wanted.seller)
    if basket.show_id is not None:
        with suppress(NoSuchShow):
            close = f"/room/{(await rooms.the_show(db, basket.show_id)).slug}"
    wanted, use = await couponed(db, wanted, market, marks, is_deal=claim is not None)
    return Table(wanted, basket, dict(levels), close, claim, use)


async def couponed(
    db: Db, wanted: Wanted, market: Market, marks: Sequence[UUID], *, is_deal: bool
) -> tuple[Wanted, CouponUse]:
    """The price with the best coupon this buyer has of the shop, if one makes it lower."""
    if not marks or wanted.price is None:
        return wanted, CouponUse()
    best, use, idle = wanted, CouponUse(), ""
    for coupon, claimed in await coupons.of_buyer(db, wanted.seller.id, marks):
        try:
            made = with_coupon(wanted, coupon, market, is_deal=is_deal)
        except CouponNotHere:
            idle = idle or (coupon.code if is_deal and not coupon.stacks else "")
            continue
        assert made.price is not None, "a coupon keeps the price"
        if best.price is not None and made.price.amount < best.price.amount:
            best, use = made, CouponUse(coupon.code, f"{coupon.id}.{claimed.number}", wanted)
    return best, use if use.code else CouponUse(idle=idle)


async def claim_of(db: Db, basket: Basket, marks: Sequence[UUID]) -> Claim | None:
    """The claim a basket finishes; another's, or one whose time is over, is refused."""
    named = claim_in(basket.claim)
    if named is None:
        return None
    claim = await deals.claim(db, LaneId(named[0]), named[1])
    if not await handing.belongs(db, claim, marks):
        raise NoSuchClaim
    if claim.state != "open":
        raise ClaimOver
    if claim.units != basket.units:
        raise NotFound
    return claim


def price(db: Db, house: House, table: Table, visit: Visit) -> Whole:
    """The whole price of the basket, or `NotSoldHere`."""
    basket = table.basket
    return _whole(db, house, table.wanted, basket, visit, table.quota_used)


def without_coupon(db: Db, house: House, table: Table, visit: Visit) -> Money | None:
    """The whole price if there were no coupon; none where there is none."""
    if table.coupon.without is None:
        return None
    return _whole(db, house, table.coupon.without, table.basket, visit, table.quota_used).offer.total


def _whole(
    db: Db, house: House, wanted: Wanted, basket: Basket, visit: Visit, used: Mapping[str, Decimal]
) -> Whole:
    return offers.whole(
        [wanted],
        market_now(visit),
        house.scene.carriers.values(),
        at=db.now,
        delivery=basket.delivery or None,
        method=basket.payment or None,
        quota_used=used,
    )


def choose_view(
    house: House,
    table: Table,
    whole: Whole,
    visit: Visit,
    receiver: Receiver | None,
    *,
    now: datetime,
    key: str = "",
    problem: str = "",
    without: Money | None = None,
) -> BuyView:
    """The whole price with every choice there is."""
    basket, wanted, claim = table.basket, table.wanted, table.claim
    chosen = offers.option_key(whole.chosen)
    payments = payment_choices(house, whole, visit, basket.payment)
    method = next((one.key for one in payments if one.is_on), "")
    gone = {id: level.free <= 0 for id, level in table.levels.items()}
    service = named(whole.chosen.name, visit.language)
    asked: dict[str, str | int] = {
        "from": "buy",
        "units": basket.units,
        "delivery": chosen,
        "show": basket.show,
        "payment": method,
        "claim": basket.claim,
    }
    return BuyView(
        name=wanted.product.names,
        shop=wanted.seller.name,
        image=first_image(wanted.product, visit.language),
        variants=[] if claim else choices(wanted.product, wanted.variant.id, gone, "/buy/{}" + basket.query),
        lines=lines_of(whole.offer.lines, visit, delivery=service, why=f"/why/{basket.variant}", asked=asked),
        total=whole.offer.total,
        deliveries=[
            DeliveryChoice(
                offers.option_key(option),
                Window(option.promise.from_day, option.promise.to_day),
                named(option.name, visit.language),
                option.price,
                offers.option_key(option) == chosen,
            )
            for option in whole.options
        ],
        payments=payments,
        action=f"/buy/{basket.variant}",
        refresh=f"/buy/{basket.variant}",
        close=table.close,
        show=basket.show,
        units=basket.units,
        units_most=1 if claim else max(1, min(MOST_UNITS, table.free)),
        held_until=claim.until if claim else None,
        held_seconds=max(0, int((claim.until - now).total_seconds())) if claim and claim.until else None,
        claim=basket.claim,
        coupon=table.coupon.name,
        coupon_code=table.coupon.code or table.coupon.idle,
        without_coupon=without,
        at_door=None if whole.offer.is_all_included else whole.offer.due_at_door,
        address=receiver.line if receiver else None,
        address_href=basket.address_href,
        number_missing=number_missing(receiver, whole, visit),
        numbers=[
            (number_name(code, visit.language), receiving.tail(number))
            for code, number in (receiver.numbers if receiver else {}).items()
        ],
        is_cash=method == "cod",
        after=after_words(visit),
        problem=problem,
        key=key or new_secret(18),
    )


def number_missing(receiver: Receiver | None, whole: Whole, visit: Visit) -> str:
    """The name of a number without which customs there lets nothing in, if it is not known yet."""
    if receiver is None:
        return ""
    for asked in market_now(visit).recipient:
        if asked.code not in receiver.numbers and asked.is_needed(whole.offer.goods):
            return number_name(asked.code, visit.language)
    return ""


def payment_choices(house: House, whole: Whole, visit: Visit, asked: str) -> list[PaymentChoice]:
    """The ways to pay that the market has and some engine takes; cash only up to the carrier's most."""
    words = words_in(visit.language)
    f = Format.of(visit)
    market = market_now(visit)
    methods = [
        method
        for method in house.scene.methods(market)
        if method.code != "cod" or may_be_cash(market, whole, asked)
    ]
    codes = [method.code for method in methods]
    on = asked if asked in codes else next(iter(codes), "")
    made = []
    for method in methods:
        is_cash = method.code == "cod"
        fact = f"+{f.money_text(market.cod.fee)}" if is_cash and market.cod else ""
        name = words.gettext("Cash on delivery") if is_cash else words.gettext("Card")
        icon = "money" if is_cash else "credit-card"
        made.append(PaymentChoice(method.code, name, fact, icon, method.code == on))
    return made


def may_be_cash(market: Market, whole: Whole, asked: str) -> bool:
    if market.cod is None or not any(option.cod_ok for option in whole.options):
        return False
    total = whole.offer.total if asked == "cod" else whole.offer.total + market.cod.fee
    return total <= market.cod.most


def after_words(visit: Visit) -> str:
    words = words_in(visit.language)
    days = market_now(visit).returns.days
    until = words.ngettext("%(num)s day to return", "%(num)s days to return", days)
    said = until % {"num": Format.of(visit).number_text(days)}
    return f"{said}. {return_fact(visit)}"


def law_of(refusal: NotSoldHere) -> str:
    """The law that bars it, by its own name."""
    return refusal.law if isinstance(refusal, SaleBarred | SalePapersNeeded) else ""


def not_sold_view(table: Table, refusal: NotSoldHere, visit: Visit) -> NotSoldView:
    return NotSoldView(
        name=table.wanted.product.names,
        image=first_image(table.wanted.product, visit.language),
        sentences=[not_sold_words(refusal.reason, visit.language)],
        close=table.close,
        source=law_of(refusal),
    )


def closed_view(table: Table, closed: MarketIsClosed, visit: Visit) -> NotSoldView:
    """The market takes no orders: since when, why, and where else."""
    said = view_of(closed, visit)
    image = first_image(table.wanted.product, visit.language)
    return NotSoldView(table.wanted.product.names, image, [said.words], table.close, link=said.link)


async def sold_out_view(db: Db, house: House, table: Table, visit: Visit) -> SoldOutView:
    """How many are in checkouts, and which other variant can be had."""
    product, basket = table.wanted.product, table.basket
    gone = {id: level.free <= 0 for id, level in table.levels.items()}
    others = [one for one in product.variants if not gone[one.id] and one.id != basket.variant]
    wholes = await offers.for_pages(
        db, [one.id for one in others[:1]], market_now(visit), house.scene.carriers.values()
    )
    other: VariantChoice | None = None
    whole = wholes.get(others[0].id) if others else None
    if others and isinstance(whole, Whole):
        href = f"/buy/{others[0].id}" + (f"?show={basket.show}" if basket.show else "")
        other = VariantChoice(str(others[0].id), options_label(others[0]), href)
    return SoldOutView(
        name=product.names,
        shop=table.wanted.seller.name,
        image=first_image(product, visit.language),
        close=table.close,
        in_checkouts=table.levels[basket.variant].held,
        variants=choices(product, basket.variant, gone, "/buy/{}" + basket.query),
        other=other,
        other_price=whole.offer.total if other and isinstance(whole, Whole) else None,
        other_left=table.levels[others[0].id].free if other else None,
    )


async def ordered_view(db: Db, order: Order, secret: str, visit: Visit) -> DoneView:
    """The same for who was asked nothing any more: what it is, where it goes, and the way back."""
    line, where = order.lines[0], order.ship_to
    may_call_off = order.state in BY_BUYER
    return replace(
        await done_view(db, order, secret, visit),
        fact=f"{Format.of(visit).number_text(line.units)} × {line.options or line.sku}",
        where=None if order.erased_at else Receiver(where).line,
        call_off=f"/order/{secret}/call-off" if may_call_off else "",
        is_off=order.state == "cancelled",
    )


async def done_view(db: Db, order: Order, secret: str, visit: Visit) -> DoneView:
    """It is theirs."""
    products = await catalog.products(db, [order.lines[0].product])
    product = products.get(order.lines[0].product)
    close = "/"
    if order.show is not None:
        close = f"/room/{(await rooms.the_show(db, order.show)).slug}"
    return DoneView(
        number=order.number,
        href=f"/order/{secret}",
        name=Words(order.lines[0].name.by_language),
        image=first_image(product, visit.language) if product else None,
        total=order.total,
        promise=Window(order.delivery.promise_from, order.delivery.promise_to),
        close=close,
        is_cash=order.payment_method == "cod",
        sent_to=masked(order.buyer.email),
    )


def masked(email: str) -> str:
    """`c…@example.com`: enough to know one's own."""
    name, at, host = email.partition("@")
    return f"{name[:1]}…@{host}" if at else ""
