# SPDX-License-Identifier: Apache-2.0
from contextlib import suppress
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from litestar.params import URLEncodedBody

from silkcast.faces.asking import actor_of, known_user, page
from silkcast.faces.guarding import content_policy
from silkcast.faces.house import House
from silkcast.faces.shop.buy_views import AgainView, CardView, PaymentChoice, WaitView
from silkcast.faces.shop.buying import done_view, ordered_view
from silkcast.faces.shop.journey import OVER, TITLES, UNPAID, Story, order_view, story_of
from silkcast.faces.shop.order_views import OrderRow, OrdersView
from silkcast.faces.shop.paying import after_outcome, quiet
from silkcast.faces.shop.pieces import first_image
from silkcast.faces.shop.views import Window
from silkcast.faces.shop.why import why_view
from silkcast.faces.visit import Visit
from silkcast.faces.words.catalog import catalog as words_in
from silkcast.flows import calling_off, checkout, reconciliation
from silkcast.goods.catalog import service as catalog
from silkcast.ground.refusals import NotFound
from silkcast.plumbing.db import Db
from silkcast.trade.orders import service as orders
from silkcast.trade.orders.values import Order
from silkcast.trade.payments.port import EngineRefused, EngineSilent
from silkcast.trade.payments.values import Payment
from silkcast.who.identity.values import User

Form = URLEncodedBody[dict[str, str]]
Asked = Request[Any, Any, State]
UNDECIDED = ("created", "requires_action", "pending")
SOON = timedelta(seconds=4)
"""A provider that was asked this short ago is not asked again."""


@get("/order/{secret:str}")
async def order(request: Asked, house: House, visit: Visit, secret: str) -> Response[Any]:
    """Where it is, when it comes, what it cost; by its secret link alone."""
    if request.headers.get("sec-fetch-dest") == "iframe":
        return in_frame(house, visit, secret)
    story = await told(house, secret)
    if "charge" in request.query_params:
        story = await asked_bank(house, story, secret)
        if is_confirming(story):
            return wait_page(story, secret, visit)
    async with house.database.read() as db:
        view = await order_view(db, story, secret, visit)
    return quiet(page("order/order.html", view, visit, is_listed=False))


async def told(house: House, secret: str) -> Story:
    async with house.database.read() as db:
        return await story_of(db, await orders.by_secret(db, secret))


async def asked_bank(house: House, story: Story, secret: str) -> Story:
    """Back from the bank: the provider is asked at once, so that nobody waits for its news."""
    payment = story.last_payment
    if payment is None or story.order.state not in UNPAID or payment.status not in UNDECIDED:
        return story
    with suppress(EngineSilent, EngineRefused):
        await reconciliation.look(house.scene, payment.id)
    return await told(house, secret)


def is_confirming(story: Story) -> bool:
    """The bank has said yes or is thinking, and the order has not heard of it yet."""
    payment = story.last_payment
    return story.order.state in UNPAID and payment is not None and payment.status in ("pending", "succeeded")


def wait_page(story: Story, secret: str, visit: Visit) -> Response[Any]:
    view = WaitView(f"/order/{secret}?charge=asked", story.order.total)
    return quiet(page("buy/wait.html", view, visit, is_listed=False))


def in_frame(house: House, visit: Visit, secret: str) -> Response[Any]:
    """The bank's page, in a frame beside the show, leads back here: the sheet around it goes on by itself."""
    answer = quiet(page("buy/back.html", None, visit, is_listed=False))
    policy = content_policy(house.scene.payment_pages, framed_by="'self'")
    answer.headers["content-security-policy"] = policy.decode("ascii")
    return answer


@get("/order/{secret:str}/wait")
async def wait(request: Asked, house: House, visit: Visit, secret: str) -> Response[Any]:
    """Asked by a sheet every two seconds: 204 until the payment is decided."""
    if "x-fragment" not in request.headers:
        return Response("", status_code=303, headers={"location": f"/order/{secret}?charge=asked"})
    story = await told(house, secret)
    payment = story.last_payment
    if story.order.state in UNPAID and payment is not None and payment.status in UNDECIDED:
        if house.database.clock.now() - payment.updated_at > SOON:
            story = await asked_bank(house, story, secret)
        payment = story.last_payment
    if story.order.state in UNPAID and payment is not None:
        if payment.status in (*UNDECIDED, "succeeded"):
            return Response(None, status_code=204)
        return quiet(
            page("buy/again.html", again_view(house, story, secret, payment, visit), visit, fragment=True)
        )
    if story.order.state in OVER:
        return Response("", headers={"x-location": f"/order/{secret}"}, media_type="text/html")
    async with house.database.read() as db:
        view = await done_view(db, story.order, secret, visit)
    return quiet(page("buy/done.html", view, visit, fragment=True))


@get("/order/{secret:str}/card")
async def card(request: Asked, house: House, visit: Visit, secret: str) -> Response[Any]:
    """The provider's own card form. Its script may run in this page and in no other of ours."""
    story = await told(house, secret)
    order, payment = story.order, story.last_payment
    form = house.scene.payments[payment.engine].form if payment else None
    action = payment.action if payment and payment.status == "requires_action" else None
    if order.state not in UNPAID or form is None or action is None or action.kind != "client_secret":
        return Response("", status_code=303, headers={"location": f"/order/{secret}"})
    view = CardView(
        kind=form.kind,
        script=form.script,
        key=form.key,
        secret=action.value,
        done=f"/order/{secret}?charge=asked",
        amount=order.total,
        back=f"/order/{secret}",
        held_until=order.held_until,
        held_seconds=seconds_held(house, order),
        is_framed=request.headers.get("sec-fetch-dest") == "iframe",
    )
    answer = quiet(page("buy/card.html", view, visit, is_listed=False))
    policy = content_policy(house.scene.payment_pages, framed_by="'self'", form=form)
    answer.headers["content-security-policy"] = policy.decode("ascii")
    return answer


def seconds_held(house: House, order: Order) -> int:
    return max(0, (order.held_until - house.database.clock.now()) // timedelta(seconds=1))


def again_view(house: House, story: Story, secret: str, payment: Payment | None, visit: Visit) -> AgainView:
    """Another try at paying: what went wrong, and how it can be paid."""
    _ = words_in(visit.language).gettext
    order = story.order
    methods = [
        method for method in house.scene.all_methods(order.market, order.currency) if method.code != "cod"
    ]
    failed = payment is not None and payment.status == "failed"
    return AgainView(
        amount=order.total,
        payments=[
            PaymentChoice(one.code, _("Card"), is_on=number == 0) for number, one in enumerate(methods)
        ],
        action=f"/order/{secret}/pay",
        back=f"/order/{secret}",
        problem=_("The bank said no. Nothing was charged.") if failed else "",
        held_until=order.held_until,
        held_seconds=seconds_held(house, order),
    )


@get("/order/{secret:str}/pay")
async def pay_again(request: Asked, house: House, visit: Visit, secret: str) -> Response[Any]:
    story = await told(house, secret)
    if story.order.state not in UNPAID:
        return Response("", status_code=303, headers={"location": f"/order/{secret}"})
    view = again_view(house, story, secret, story.last_payment, visit)
    fragment = "x-fragment" in request.headers
    return quiet(page("buy/again.html", view, visit, fragment=fragment, is_listed=False))


@post("/order/{secret:str}/pay")
async def pay(request: Asked, house: House, visit: Visit, secret: str, data: Form) -> Response[Any]:
    """Another attempt, with another card if one likes. An attempt still open is gone on with."""
    async with house.database.read() as db:
        found = await orders.by_secret(db, secret)
    outcome = await checkout.pay(house.scene, found, secret, data.get("payment", found.payment_method))
    return await after_outcome(request, house, visit, outcome)


@get("/order/{secret:str}/ordered")
async def ordered(request: Asked, house: House, visit: Visit, secret: str) -> Response[Any]:
    """What one tap ordered: what, for how much, where to; and how it is called off."""
    async with house.database.read() as db:
        view = await ordered_view(db, await orders.by_secret(db, secret), secret, visit)
    fragment = "x-fragment" in request.headers
    return quiet(page("buy/done.html", view, visit, fragment=fragment, is_listed=False))


@post("/order/{secret:str}/call-off")
async def call_off(house: House, user: User | None, secret: str) -> Response[Any]:
    """Not wanted after all, while nothing is paid and nothing packed."""
    async with house.database.write(actor_of(user)) as tx:
        await calling_off.by_buyer(tx, (await orders.by_secret(tx, secret)).id)
    return quiet(Response("", status_code=303, headers={"location": f"/order/{secret}/ordered"}))


@get("/order/{secret:str}/why")
async def why(request: Asked, house: House, visit: Visit, secret: str, line: int = 0) -> Response[Any]:
    async with house.database.read() as db:
        found = await orders.by_secret(db, secret)
    if not 0 <= line < len(found.price_lines):
        raise NotFound
    view = why_view(found.price_lines[line], visit, f"/order/{secret}")
    fragment = "x-fragment" in request.headers
    return quiet(page("buy/why.html", view, visit, fragment=fragment, is_listed=False))


@get("/orders")
async def all_orders(
    house: House, visit: Visit, user: User | None, after: str | None = None
) -> Response[Any]:
    """The orders of the person who is logged in."""
    known = await known_user(user)
    async with house.database.read() as db:
        found = await orders.orders(db, user=known.id, after=after, limit=20)
        rows = [await row(db, one, visit) for one in found.items]
    view = OrdersView(rows, f"/orders?after={found.next}" if found.next else "")
    return quiet(page("order/orders.html", view, visit, is_listed=False))


async def row(db: Db, order: Order, visit: Visit) -> OrderRow:
    line = order.lines[0]
    products = await catalog.products(db, [line.product])
    product = products.get(line.product)
    state = words_in(visit.language).gettext(TITLES[order.state])
    return OrderRow(
        href=f"/order/{await orders.link_secret(db, order.id)}",
        number=order.number,
        name=line.name,
        image=first_image(product, visit.language) if product else None,
        state=state,
        kind="madder" if order.state in OVER else "saffron" if order.state in UNPAID else "jade",
        promise=Window(order.delivery.promise_from, order.delivery.promise_to)
        if order.state not in (*OVER, "delivered")
        else None,
        total=order.total,
        placed_at=order.placed_at,
    )


ROUTES = (order, wait, card, pay_again, pay, ordered, call_off, why, all_orders)
