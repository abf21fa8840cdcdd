# SPDX-License-Identifier: Apache-2.0
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody

from silkcast.faces.asking import VISITOR, actor_of, house_of, page, user_of
from silkcast.faces.house import House
from silkcast.faces.refusal_words import words_of
from silkcast.faces.shop import address
from silkcast.faces.shop.basket import (
    COOKIE,
    Basket,
    Receiver,
    claim_in,
    coupon_in,
    read,
    receiver_cookie,
    receiver_in,
)
from silkcast.faces.shop.buying import (
    Table,
    choose_view,
    closed_view,
    lay,
    not_sold_view,
    price,
    sold_out_view,
    without_coupon,
)
from silkcast.faces.shop.closed import closed_here
from silkcast.faces.shop.paying import after_outcome
from silkcast.faces.shop.pieces import market_now
from silkcast.faces.shop.why import why_view
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog
from silkcast.flows import checkout, local, receiving
from silkcast.flows.checkout import Outcome, Wish
from silkcast.flows.claiming import ClaimOf, CouponOf, mark_of
from silkcast.flows.errors import CashNotTaken, MethodNotOffered, NoDelivery
from silkcast.goods.stock.errors import StockShort
from silkcast.ground.money import BadMoney, Money
from silkcast.ground.refusals import NotFound, Refusal
from silkcast.plumbing.db import Db
from silkcast.stage.deals import handing
from silkcast.stage.deals import service as deals
from silkcast.stage.deals.errors import ClaimOver, CouponNotHere, NoSuchClaim, NoSuchCoupon, OverLimit
from silkcast.stage.deals.values import LaneId
from silkcast.trade.orders.errors import KeyReused
from silkcast.trade.orders.values import Buyer
from silkcast.trade.payments.port import EngineRefused, EngineSilent
from silkcast.trade.quotes.errors import NotSoldHere, PriceChanged
from silkcast.who.closings.errors import MarketIsClosed
from silkcast.who.identity import one_tap
from silkcast.who.identity.values import OneTap, User
from silkcast.who.markets.errors import BadAddress, BadPhone, BadRecipientNumber, OtherCountry

Form = URLEncodedBody[dict[str, str]]
Asked = Request[Any, Any, State]
AGAIN = (
    CashNotTaken,
    MethodNotOffered,
    NoDelivery,
    KeyReused,
    EngineRefused,
    EngineSilent,
    PriceChanged,
    OverLimit,
    NoSuchCoupon,
    CouponNotHere,
)
"""Refusals after which the page is shown once more with what is wrong."""


def sheet(request: Asked, template: str, view: object, visit: Visit, status: int = 200) -> Response[str]:
    """A page of the sheet, or the same as a page of its own."""
    fragment = "x-fragment" in request.headers
    return page(template, view, visit, status=status, fragment=fragment, is_listed=False)


async def receiver_of(request: Asked, house: House, visit: Visit) -> Receiver | None:
    """Where it goes: as typed in this browser, else as the account keeps it."""
    found = receiver_in(house.database.vault, request.cookies.get(COOKIE, ""), visit.market)
    if found is not None:
        return found
    saved = await saved_by(request, house, visit)
    return Receiver(saved.address, saved.email) if saved else None


async def saved_by(request: Asked, house: House, visit: Visit) -> OneTap | None:
    """What the account keeps for one tap in this market."""
    user = await user_of(request)
    if user is None:
        return None
    async with house.database.read() as db:
        return await one_tap.of_user(db, user.id, market_now(visit).code)


@get("/buy/{variant:uuid}")
async def choose(request: Asked, house: House, visit: Visit, variant: UUID) -> Response[str]:
    """Variant, the price line by line, the day it arrives, where to, how it is paid."""
    basket = read(variant, dict(request.query_params))
    async with house.database.read() as db:
        return await chosen(request, db, house, visit, basket)


async def marks_of(request: Asked) -> tuple[UUID, ...]:
    """By which digests this browser may have claimed: as who it is now, and as the guest it was."""
    user = await user_of(request)
    visitor = request.cookies.get(VISITOR, "")
    return tuple(mark for mark in (user.id if user else None, mark_of(visitor) if visitor else None) if mark)


async def chosen(
    request: Asked,
    db: Db,
    house: House,
    visit: Visit,
    basket: Basket,
    *,
    refusal: Refusal | None = None,
    key: str = "",
) -> Response[str]:
    """The page of a basket: the price, or that it is sold out, or why it is not sold here."""
    try:
        table = await lay(db, basket, visit, await marks_of(request))
    except ClaimOver:
        return Response("", status_code=303, headers={"location": f"/claims/{basket.claim}"})
    here = closed_here(house, visit) if not basket.claim else None
    closed = refusal if isinstance(refusal, MarketIsClosed) else here and here.closed
    if closed:
        shut = closed_view(table, closed, visit)
        return sheet(request, "buy/not_sold.html", shut, visit, status=409 if refusal else 200)
    receiver = await receiver_of(request, house, visit)
    table = table.to(receiver.address if receiver else None)
    if receiver is not None:
        buyer = buyer_of(receiver, await user_of(request))
        used = await receiving.used(db, market_now(visit), buyer, receiver.numbers)
        table = replace(table, quota_used=used)
    try:
        whole = price(db, house, table, visit)
    except NotSoldHere as not_sold:
        if basket.payment and not_sold.reason == "no_service":
            return await chosen(
                request, db, house, visit, _without_payment(basket), refusal=refusal or not_sold
            )
        return sheet(request, "buy/not_sold.html", not_sold_view(table, not_sold, visit), visit)
    if table.free <= 0 or isinstance(refusal, StockShort):
        return await sold_out(request, db, house, visit, table, status=409 if refusal else 200)
    problem = words_of(refusal, visit.language) if refusal else ""
    without = without_coupon(db, house, table, visit)
    view = choose_view(
        house, table, whole, visit, receiver, now=db.now, key=key, problem=problem, without=without
    )
    if text := await local.text_for(db, market_now(visit).code, visit.language):
        view = replace(view, market_text=text)
    if view.is_cash and receiver is not None and await user_of(request) is not None:
        view = replace(view, one_tap="on" if await saved_by(request, house, visit) else "off")
    return sheet(request, "buy/choose.html", view, visit, status=409 if refusal else 200)


def _without_payment(basket: Basket) -> Basket:
    return replace(basket, payment="")


async def sold_out(
    request: Asked, db: Db, house: House, visit: Visit, table: Table, *, status: int
) -> Response[str]:
    view = await sold_out_view(db, house, table, visit)
    return sheet(request, "buy/sold_out.html", view, visit, status)


@post("/buy/{variant:uuid}")
async def pay(
    request: Asked, house: House, visit: Visit, user: User | None, variant: UUID, data: Form
) -> Response[str]:
    """Hold the goods, place the order, and go on to the payment. The same form again is the same order."""
    basket = read(variant, data)
    receiver = await receiver_of(request, house, visit)
    if receiver is None:
        return Response("", status_code=303, headers={"location": basket.address_href})
    key = data.get("key", "")
    if not 16 <= len(key) <= 64:
        return Response("", status_code=303, headers={"location": basket.href})
    wish = Wish(
        want={basket.variant: basket.units},
        market=market_now(visit),
        language=visit.language,
        buyer=buyer_of(receiver, user),
        ship_to=receiver.address,
        delivery=basket.delivery,
        method=basket.payment,
        shown=shown(data, visit),
        show=basket.show_id,
        claim=await finished(request, basket),
        coupon=await spent(request, basket),
        numbers=receiver.numbers,
    )
    placed = await place(request, house, visit, user, basket, wish, key=f"shop/{key}", form_key=key)
    if not isinstance(placed, Outcome):
        return placed
    if user is not None and data.get("one_tap_asked"):
        await keep_one_tap(house, user, visit, receiver, basket.payment, is_on=bool(data.get("one_tap")))
    return await after_outcome(request, house, visit, placed)


def buyer_of(receiver: Receiver, user: User | None) -> Buyer:
    return Buyer(receiver.address.name, receiver.email, receiver.address.phone, user.id if user else None)


async def place(
    request: Asked,
    house: House,
    visit: Visit,
    user: User | None,
    basket: Basket,
    wish: Wish,
    *,
    key: str,
    form_key: str = "",
) -> Outcome | Response[str]:
    """The order and its payment; or the page that says what is wrong, and what can be done."""
    try:
        return await checkout.buy(house.scene, wish, key=key, actor=actor_of(user))
    except (BadAddress, BadPhone, OtherCountry, BadRecipientNumber):
        return Response("", status_code=303, headers={"location": basket.address_href})
    except ClaimOver:
        return Response("", status_code=303, headers={"location": f"/claims/{basket.claim}"})
    except (*AGAIN, StockShort, NotSoldHere, MarketIsClosed) as refusal:
        kept = form_key if isinstance(refusal, EngineSilent) else ""
        async with house.database.read() as db:
            return await chosen(request, db, house, visit, basket, refusal=refusal, key=kept)


async def keep_one_tap(
    house: House, user: User, visit: Visit, receiver: Receiver, method: str, *, is_on: bool
) -> None:
    """As the tick in the sheet says, if this way to pay asks for nothing more."""
    market = market_now(visit)
    can = any(one.code == method and one.at_door for one in house.scene.methods(market))
    async with house.database.write(actor_of(user)) as tx:
        if is_on and can:
            await one_tap.switch_on(tx, user.id, market.code, receiver.address, receiver.email, method)
        elif not is_on:
            await one_tap.switch_off(tx, user.id, market.code)


async def finished(request: Asked, basket: Basket) -> ClaimOf | None:
    """The claim that this finishes, with the digest it was made under, or `NoSuchClaim`."""
    named = claim_in(basket.claim)
    if named is None:
        return None
    async with house_of(request).database.read() as db:
        claim = await deals.claim(db, LaneId(named[0]), named[1])
        if not await handing.belongs(db, claim, await marks_of(request)):
            raise NoSuchClaim
    return ClaimOf(claim.lane, claim.number, claim.buyer)


async def spent(request: Asked, basket: Basket) -> CouponOf | None:
    """The coupon that was in the price shown."""
    named = coupon_in(basket.coupon)
    return CouponOf(*named, await marks_of(request)) if named else None


def shown(data: Mapping[str, str], visit: Visit) -> Money | None:
    """The price the buyer saw."""
    try:
        return Money.of(data.get("shown", ""), market_now(visit).currency)
    except BadMoney:
        return None


@get("/buy/{variant:uuid}/address")
async def ask_address(request: Asked, house: House, visit: Visit, variant: UUID) -> Response[str]:
    basket = read(variant, dict(request.query_params))
    if not basket.claim and closed_here(house, visit):
        async with house.database.read() as db:
            return await chosen(request, db, house, visit, basket)
    typed = address.typed_from(await receiver_of(request, house, visit))
    view = address.view(
        visit,
        market_now(visit),
        typed,
        {},
        action=basket.address_href,
        back=basket.href,
        keep_days=house.scene.settings.receiver_number_days,
    )
    return sheet(request, "buy/address.html", view, visit)


@post("/buy/{variant:uuid}/address")
async def keep_address(
    request: Asked, house: House, visit: Visit, variant: UUID, data: Form
) -> Response[str]:
    """Checked by the country's own rules; what was typed stays when something is wrong."""
    basket = read(variant, dict(request.query_params))
    market = market_now(visit)
    before = await receiver_of(request, house, visit)
    known = before.numbers if before else {}
    receiver, wrong = address.read(data, market, visit, known)
    if receiver is None:
        problem = catalog(visit.language).gettext("Some fields are not right yet.")
        view = address.view(
            visit,
            market,
            {**data, **address.tails_of(known)},
            wrong,
            action=basket.address_href,
            back=basket.href,
            problem=problem,
            keep_days=house.scene.settings.receiver_number_days,
        )
        return sheet(request, "buy/address.html", view, visit, status=422)
    return Response(
        "",
        status_code=303,
        headers={"location": basket.href},
        cookies=[receiver_cookie(house, receiver)],
    )


@get("/why/{variant:uuid}")
async def why(request: Asked, house: House, visit: Visit, variant: UUID, line: int = 0) -> Response[str]:
    """One line of a price explained: the sum, the rate, since when, by which source."""
    given = dict(request.query_params)
    basket = read(variant, given)
    async with house.database.read() as db:
        table = await lay(db, basket, visit, await marks_of(request))
        whole = price(db, house, table, visit)
    if not 0 <= line < len(whole.offer.lines):
        raise NotFound
    back = basket.href if given.get("from") == "buy" else table.close
    return sheet(request, "buy/why.html", why_view(whole.offer.lines[line], visit, back), visit)


ROUTES = (choose, pay, ask_address, keep_address, why)
