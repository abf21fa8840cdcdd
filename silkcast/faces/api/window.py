# SPDX-License-Identifier: Apache-2.0
"""Shop windows of others' making: markets, whole prices, checkout. No token: a buyer has none."""

from typing import Annotated
from uuid import UUID

from litestar import Response, get, post
from litestar.params import JSONBody, QueryParameter

from silkcast.faces.house import House
from silkcast.flows import checkout, offers
from silkcast.goods.catalog.errors import ProductNotFound
from silkcast.ground.ids import ShowId, VariantId
from silkcast.plumbing import tongues
from silkcast.plumbing.db import Actor
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Buyer
from silkcast.trade.shipping.values import Option
from silkcast.who.markets import service as markets

from .answering import BadField, Key
from .shapes.money import Amount, PriceLine
from .shapes.orders import PromisedDelivery
from .shapes.window import (
    Checkout,
    DeliveryChoice,
    Market,
    MarketList,
    NewCheckout,
    NextStep,
    Offer,
    OwnOrder,
    ReceiverNumber,
)

MOST_KINDS = 50


@get("/markets", tags=["Window"], operation_id="listMarkets", security=[{}])
async def list_markets(house: House) -> MarketList:
    """The markets there are, with their currencies and ways to pay."""
    found = markets.markets(house.database.clock.now().date())
    return MarketList(
        [
            Market(
                one.code,
                dict(one.names.by_language),
                one.currency,
                list(one.languages),
                [method.code for method in house.scene.methods(one)],
                one.returns.days,
                [
                    ReceiverNumber(
                        asked.code, asked.asked, asked.hint, Amount.of(asked.over) if asked.over else None
                    )
                    for asked in one.recipient
                ],
            )
            for one in found
        ]
    )


@get("/offers", tags=["Window"], operation_id="getOffer", security=[{}])
async def get_offer(
    house: House,
    variant: Annotated[UUID, QueryParameter(description="What somebody wants.")],
    market: Annotated[str, QueryParameter(description="Two letters: FR, SA.", max_length=2)],
    units: Annotated[int, QueryParameter(ge=1, le=1000)] = 1,
    delivery: Annotated[
        str | None, QueryParameter(description="The key of a delivery choice.", max_length=100)
    ] = None,
    method: Annotated[
        str, QueryParameter(description="How it is to be paid: cash has its own fee.", max_length=40)
    ] = "card",
) -> Offer:
    """The whole price: goods, freight, duty and tax, line by line, and when it arrives."""
    id = VariantId(variant)
    async with house.database.read() as db:
        of = markets.market(market, db.now.date())
        wanted = await offers.gather(db, {id: units}, of)
        if not wanted:
            raise ProductNotFound()
        whole = offers.whole(
            tuple(wanted.values()),
            of,
            house.scene.carriers.values(),
            at=db.now,
            delivery=delivery,
            method=method,
        )
    found = whole.offer
    return Offer(
        variant=variant,
        market=of.code,
        units=units,
        total=Amount.of(found.total),
        due_at_door=Amount.of(found.due_at_door),
        lines=[PriceLine.of(line) for line in found.lines],
        delivery=_choice(whole.chosen),
        choices=[_choice(option) for option in whole.options],
        rules=found.rules,
    )


def _choice(option: Option) -> DeliveryChoice:
    return DeliveryChoice(
        offers.option_key(option),
        dict(option.name.by_language),
        Amount.of(option.price),
        option.promise.from_day,
        option.promise.to_day,
        option.cod_ok,
    )


@post("/checkouts", tags=["Window"], operation_id="createCheckout", security=[{}])
async def create_checkout(house: House, data: JSONBody[NewCheckout], idempotency_key: Key) -> Checkout:
    """Buy: the goods are held, the order placed, the payment asked for. Make the key of chance: it is the
    buyer's."""
    if not 0 < len(data.wanted) <= MOST_KINDS:
        raise BadField("wanted", "too_few_or_many")
    of = markets.market(data.market, house.database.clock.now().date())
    wish = checkout.Wish(
        want={VariantId(one.variant): one.units for one in data.wanted},
        market=of,
        language=str(tongues.nearest(data.language) or markets.page_language(of)),
        buyer=Buyer(data.buyer_name, data.email, data.phone or data.ship_to.phone),
        ship_to=data.ship_to.own(),
        delivery=data.delivery,
        method=data.method,
        shown=data.shown.money("shown") if data.shown else None,
        show=ShowId(data.show) if data.show else None,
        numbers=data.receiver_numbers,
    )
    done = await checkout.buy(house.scene, wish, key=f"api/{idempotency_key}", actor=Actor("guest"))
    return Checkout(
        number=done.order.number,
        secret=done.secret,
        state=done.order.state,
        payment=done.payment.status,
        total=Amount.of(done.order.total),
        next_step=NextStep(done.action.kind, done.action.value) if done.action else None,
    )


@get("/checkouts/{secret:str}", tags=["Window"], operation_id="getOwnOrder", security=[{}])
async def own_order(house: House, secret: str) -> Response[OwnOrder]:
    """The order whose secret somebody holds."""
    async with house.database.read() as db:
        found = await orders.by_secret(db, secret)
    delivery = found.delivery
    shown = OwnOrder(
        number=found.number,
        state=found.state,
        total=Amount.of(found.total),
        due_at_door=Amount.of(found.due_at_door),
        price_lines=[PriceLine.of(line) for line in found.price_lines],
        delivery=PromisedDelivery(
            delivery.service, delivery.name, delivery.promise_from, delivery.promise_to
        ),
    )
    return Response(shown, headers={"cache-control": "private, no-store"})


HANDLERS = [list_markets, get_offer, create_checkout, own_order]
