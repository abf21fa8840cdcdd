# SPDX-License-Identifier: Apache-2.0
"""Checkout: goods are held and the order placed in one transaction, then the provider is asked.

    reserve        hold the stock, keep the quote, place the order        undone by: cancel, let go
    write_payment  the payment and its key are written                    undone by: void
    ask_provider   the provider is asked, outside of any transaction

A refusal of the provider undoes all of it. A silence undoes nothing: the key was written, so whoever asks
again gets the same answer. A declined card keeps the order held, for the buyer to try another until time
is up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from silkcast.goods.stock import service as stock
from silkcast.ground.ids import HoldId, OrderId, PaymentId, QuoteId, ShowId, VariantId
from silkcast.ground.money import Money
from silkcast.ground.places import Address
from silkcast.plumbing.catalogs import named
from silkcast.plumbing.db import Actor, Tx
from silkcast.stage.deals import coupons
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import NoSuchClaim
from silkcast.stage.deals.values import Claim, Coupon, CouponClaim, Lane
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.errors import KeyReused
from silkcast.trade.orders.values import Buyer, Delivery, NewOrder, Order, Placed, ReceiverNumber
from silkcast.trade.payments import service as payments
from silkcast.trade.payments.errors import AlreadyPaid
from silkcast.trade.payments.port import Action, Method
from silkcast.trade.payments.values import Payment
from silkcast.trade.quotes import service as quotes
from silkcast.trade.quotes.errors import PriceChanged
from silkcast.who.closings import service as closings
from silkcast.who.closings.errors import MarketIsClosed
from silkcast.who.markets import service as markets
from silkcast.who.markets.values import Market

from . import offers, receiving, settlement
from .claiming import ClaimOf, CouponOf
from .errors import CashNotTaken, MethodNotOffered, NoDelivery, NothingWanted, OrderNotPayable, TwoShops
from .scene import Scene
from .settlement import alone
from .steps import Flow, Notes, Step, run
from .terms import at_deal_price, line_of, with_coupon

LAST_MINUTES = timedelta(minutes=3)
"""Who finishes a claim at the last moment has so long for the payment itself."""
_HOLDS = UUID("6f1d0a3c-4c0e-4c39-9a0e-1f6f5e1b7a52")
"""The hold of a checkout is named by the checkout's key: two at once hold once."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to buy. `shown` is the price they saw: another one is refused and shown first."""

    want: Mapping[VariantId, int]
    market: Market
    language: str
    buyer: Buyer
    ship_to: Address
    delivery: str
    method: str
    shown: Money | None = None
    show: ShowId | None = None
    claim: ClaimOf | None = None
    """The claim this finishes: its unit is held already, at the deal's price."""
    coupon: CouponOf | None = None
    """The coupon this spends."""
    numbers: Mapping[str, str] = field(default_factory=dict)
    """The receiver's numbers that customs asks for, by their code."""

    def __repr__(self) -> str:
        return f"Wish({self.market.code}, …)"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where a checkout stands: the order, the secret of its page, and what the buyer has to do."""

    order: Order
    secret: str
    payment: Payment
    action: Action | None

    def __repr__(self) -> str:
        return f"Outcome({self.order.id}, {self.payment.status})"


async def buy(scene: Scene, wish: Wish, *, key: str, actor: Actor) -> Outcome:
    """Buy: the whole checkout. The same key again gives the same order and the same payment."""
    async with scene.database.write(actor) as tx:
        placed = await reserve(tx, scene, wish, key=key)
    return await pay(scene, placed.order, placed.secret, wish.method)


async def reserve(tx: Tx, scene: Scene, wish: Wish, *, key: str) -> Placed:
    """Hold the stock, keep the quote and place the order: all of it or nothing."""
    ship_to = markets.check_address(wish.ship_to, wish.market)
    wish = replace(wish, ship_to=ship_to)
    before = await orders.placed_under(tx, key)
    if before is not None:
        return await _again(tx, before, wish, ship_to)
    claim = (
        await deals.claim(tx, wish.claim.lane, wish.claim.number, buyer=wish.claim.buyer)
        if wish.claim
        else None
    )
    await _through_gate(tx, wish, is_claimed=claim is not None)
    coupon = await _coupon(tx, wish)
    wanted = await _wanted(tx, scene, wish, claim, coupon[0] if coupon else None)
    numbers = markets.check_recipient_numbers(wish.market, wish.numbers, offers.worth_of(wanted, wish.market))
    used = await receiving.used_alone(tx, wish.market, wish.buyer, numbers)
    whole = _priced(tx, scene, wish, wanted, used)
    until = tx.now + scene.settings.hold
    if claim is not None:
        until = max(claim.until or tx.now, tx.now + LAST_MINUTES)
    kept = await quotes.keep(tx, whole.offer, delivery=offers.option_key(whole.chosen), until=until)
    # after all that concerns this buyer alone: others wait for these rows until the transaction ends
    if claim is not None:
        held = await deals.take_up(tx, claim, _persons(tx, wish), until=until)
    else:
        held = (await stock.hold(tx, wish.want, until=until, reference=uuid5(_HOLDS, key))).id
    new = _new_order(wish, wanted, whole, numbers, hold=held, until=until, quote=kept.id)
    if claim is not None and claim.order is not None:
        placed = await orders.complete(tx, claim.order, new, key=key)
    else:
        placed = await orders.place(tx, new, key=key)
    await receiving.count(tx, placed.order, wish.market, whole.offer, numbers)
    if coupon is not None:
        await coupons.use(tx, coupon[1], placed.order.id)
    return placed


def _new_order(
    wish: Wish,
    wanted: Sequence[offers.Wanted],
    whole: offers.Whole,
    numbers: Mapping[str, str],
    *,
    hold: HoldId,
    until: datetime,
    quote: QuoteId,
) -> NewOrder:
    chosen = whole.chosen
    return NewOrder(
        seller=offers.seller_of(wanted),
        market=wish.market.code,
        currency=wish.market.currency,
        buyer=wish.buyer,
        ship_to=wish.ship_to,
        lines=tuple(line_of(one, wish.language) for one in wanted),
        price_lines=whole.offer.lines,
        total=whole.offer.total,
        due_at_door=whole.offer.due_at_door,
        delivery=Delivery(
            service=offers.option_key(chosen),
            name=named(chosen.name, wish.language),
            promise_from=chosen.promise.from_day,
            promise_to=chosen.promise.to_day,
        ),
        payment_method=wish.method,
        language=wish.language,
        hold=hold,
        held_until=until,
        quote=quote,
        show=wish.show,
        numbers=tuple(ReceiverNumber(code, number) for code, number in numbers.items()),
    )


async def _through_gate(tx: Tx, wish: Wish, *, is_claimed: bool) -> None:
    """No new orders where a market is closed. What was claimed before is an open order: it finishes, unless
    open orders are refunded there."""
    try:
        await closings.check(tx, wish.market.code)
    except MarketIsClosed:
        closure = await closings.of_market(tx, wish.market.code)
        if not is_claimed or closure is None or closure.open_orders == "refund":
            raise


async def _coupon(tx: Tx, wish: Wish) -> tuple[Coupon, CouponClaim] | None:
    """The coupon that is spent, if it is the buyer's and not spent yet."""
    if wish.coupon is None:
        return None
    return await coupons.one_of_buyer(tx, wish.coupon.coupon, wish.coupon.number, wish.coupon.buyers)


def _persons(tx: Tx, wish: Wish) -> list[bytes]:
    """Digests of who buys: the same person under several names has one limit."""
    marks = [wish.buyer.email.strip().lower(), wish.buyer.phone, str(wish.buyer.user or "")]
    return [tx.vault.blind(mark, "deals.person") for mark in marks if mark]


async def _again(tx: Tx, before: Order, wish: Wish, ship_to: Address) -> Placed:
    """The key was answered before: the same answer, whatever prices and stock are now."""
    asked = (
        {line.variant: line.units for line in before.lines},
        before.market,
        before.payment_method,
        before.buyer,
        before.ship_to,
        before.delivery.service,
    )
    delivery = wish.delivery or before.delivery.service
    if asked != (dict(wish.want), wish.market.code, wish.method, wish.buyer, ship_to, delivery):
        raise KeyReused()
    numbers = markets.check_recipient_numbers(wish.market, wish.numbers, Money.zero(before.currency))
    if not await orders.same_numbers(
        tx, before.id, [ReceiverNumber(code, number) for code, number in numbers.items()]
    ):
        raise KeyReused()
    return Placed(before, await orders.link_secret(tx, before.id), is_new=False)


async def _wanted(
    tx: Tx, scene: Scene, wish: Wish, claim: Claim | None, coupon: Coupon | None
) -> list[offers.Wanted]:
    """What is wished at the price it has for this buyer, or the reason why it cannot be bought so."""
    if not wish.want or any(units < 1 for units in wish.want.values()):
        raise NothingWanted()
    if wish.method not in {method.code for method in scene.methods(wish.market)}:
        raise MethodNotOffered(wish.method)
    wanted = list((await offers.gather(tx, wish.want, wish.market)).values())
    if len(wanted) != len(wish.want):
        raise NothingWanted()
    if claim is not None:
        wanted = [at_deal_price(wanted[0], await _lane(tx, claim, wish), wish.market)]
    if len({one.seller.id for one in wanted}) > 1:
        raise TwoShops()
    if coupon is not None:
        wanted = [with_coupon(one, coupon, wish.market, is_deal=claim is not None) for one in wanted]
    return [one.to(wish.ship_to) for one in wanted]


def _priced(
    tx: Tx, scene: Scene, wish: Wish, wanted: Sequence[offers.Wanted], used: Mapping[str, Decimal]
) -> offers.Whole:
    """The whole price of it, if that is the one that was shown."""
    whole = offers.whole(
        wanted,
        wish.market,
        scene.carriers.values(),
        at=tx.now,
        delivery=wish.delivery,
        method=wish.method,
        quota_used=used,
    )
    if wish.delivery and offers.option_key(whole.chosen) != wish.delivery:
        raise NoDelivery(wish.delivery)
    if wish.shown is not None and whole.offer.total != wish.shown:
        raise PriceChanged(wish.shown, whole.offer.total)
    cod = wish.market.cod
    if wish.method == "cod" and (cod is None or whole.offer.total > cod.most):
        raise CashNotTaken(cod.most if cod else None)
    return whole


async def _lane(tx: Tx, claim: Claim, wish: Wish) -> Lane:
    """The lane of a claim, if the claim is for just what is wished."""
    deal = await deals.deal_of(tx, claim.lane)
    lane = next(lane for lane in deal.lanes if lane.id == claim.lane)
    if dict(wish.want) != {lane.variant: claim.units}:
        raise NoSuchClaim
    return lane


async def pay(scene: Scene, order: Order, secret: str, method: str, *, attempt: int | None = None) -> Outcome:
    """Ask for the money of an order that is held; with another card or method, as another attempt."""
    async with scene.database.read() as db:
        order = await orders.order(db, order.id)
        tried = await payments.payments(db, order.id)
    for earlier in tried:
        if earlier.status == "succeeded" or (order.state == "cod_accepted" and earlier.method == "cod"):
            return Outcome(order, secret, earlier, None)
    if order.state not in ("held", "awaiting_payment"):
        raise OrderNotPayable(order.state)
    _check_method(scene, order, method)
    number = attempt if attempt is not None else _next_attempt(tried, method)
    notes = await run(
        scene,
        PAY,
        f"{order.id}/{number}",
        {
            "order": str(order.id),
            "method": method,
            "number": number,
            "secret": scene.database.vault.seal(secret, "flows.pay"),
        },
    )
    async with scene.database.read() as db:
        payment = await payments.payment(db, PaymentId(UUID(notes["payment"])))
        current = await orders.order(db, order.id)
    action = payment.action if payment.status == "requires_action" else None
    return Outcome(current, secret, payment, action)


def _check_method(scene: Scene, order: Order, method: str) -> Method:
    """The way to pay, if some engine has it. Cash was priced with the order: it is not changed to or from."""
    for found in scene.all_methods(order.market, order.currency):
        if found.code == method and (method == "cod") == (order.payment_method == "cod"):
            return found
    raise MethodNotOffered(method)


def _next_attempt(tried: tuple[Payment, ...], method: str) -> int:
    """The attempt under way with this method, if there is one, else one more."""
    for number, earlier in enumerate(tried, start=1):
        if earlier.method == method and earlier.status in ("created", "requires_action", "pending"):
            return number
    return len(tried) + 1


async def write_payment(scene: Scene, notes: Notes) -> Mapping[str, Any]:
    order_id = OrderId(UUID(notes["order"]))
    secret = scene.database.vault.open(notes["secret"], "flows.pay")
    async with scene.database.write() as tx:
        order = await orders.order(tx, order_id)
        method = _check_method(scene, order, notes["method"])
        if order.state not in ("held", "awaiting_payment"):
            raise OrderNotPayable(order.state)
        try:
            payment = await payments.start(
                tx,
                order.id,
                order.total,
                method.engine,
                method.code,
                key=f"pay/{order.id}/{notes['number']}",
                return_url=scene.link(f"/order/{secret}"),
                language=order.language,
                metadata={"order": order.number},
            )
        except AlreadyPaid as paid:
            return {"payment": str(paid.payment)}
        if order.state == "held" and not method.at_door:
            await orders.move(tx, order.id, "awaiting_payment", "payment asked for")
    return {"payment": str(payment.id)}


async def ask_provider(scene: Scene, notes: Notes) -> None:
    async with scene.database.read() as db:
        payment = await payments.payment(db, PaymentId(UUID(notes["payment"])))
    if payment.provider_id and payment.status != "created":
        return
    begun = await scene.payments[payment.engine].begin(payment.charge)
    async with scene.database.write() as tx:
        await settlement.keep_begun(tx, payment.id, begun)


async def give_up(scene: Scene, notes: Notes) -> None:
    """The provider will not: let go of the payments, then of the order, which frees its goods.

    An order that was paid meanwhile is left alone.
    """
    order_id = OrderId(UUID(notes["order"]))
    async with scene.database.read() as db:
        attempts = await payments.payments(db, order_id)
    for attempt in attempts:
        if attempt.provider_id and attempt.status in ("created", "requires_action", "pending"):
            if scene.payments[attempt.engine].by_hand:
                continue
            known = await scene.payments[attempt.engine].void(attempt.provider_id, key=f"void/{attempt.id}")
            async with scene.database.write() as tx:
                await payments.note_known(tx, attempt.id, known)
    async with scene.database.write() as tx:
        await alone(tx, order_id)
        paid = any(one.status == "succeeded" for one in await payments.payments(tx, order_id))
        order = await orders.order(tx, order_id)
        if not paid and order.state in ("held", "awaiting_payment"):
            await orders.move(tx, order_id, "cancelled", "the provider refused")


PAY = Flow(
    "checkout.pay", (Step("write_payment", write_payment, give_up), Step("ask_provider", ask_provider))
)
FLOWS = (PAY,)
